#!/usr/bin/env bash
# The story with curl: BASE is the URL of a server that plays Ombori.
set -euo pipefail
base=$1
api=$base/api/v1
json='content-type: application/json'

post() { curl --silent --show-error --fail --request POST --header "$json" --data "$2" "$api$1"; }
get() { curl --silent --show-error --fail "$api$1"; }

post /accounts '{"name":"curl","vendor":"ombori","seed":1}' >/dev/null
post '/accounts/curl/actions?wait=delivered' '{"phrase":"Anna takes a walk-in ticket"}' >/dev/null
post '/accounts/curl/actions/call?wait=delivered' '{"arguments":{"who":"Anna"}}' >/dev/null
post '/accounts/curl/actions/check-in?wait=delivered' '{"arguments":{"who":"Anna"}}' >/dev/null
post /accounts/curl/clock/advance '{"by":"10m"}' >/dev/null
get /accounts/curl/deliveries | grep -o '"trigger":"[a-zA-Z]*"' | cut -d'"' -f4
get '/events?until=now&account=curl' | grep -c '^event: attempted'
