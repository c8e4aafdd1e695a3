"""The story with Python's standard library: the argument is the URL of a server that plays Ombori."""

import json
import sys
import urllib.request

API = sys.argv[1] + "/api/v1"


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data=data, method=method)
    if data is not None:
        request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


ask("POST", "/accounts", {"name": "python", "vendor": "ombori", "seed": 1})
account = "/accounts/python"
ask("POST", account + "/actions?wait=delivered", {"phrase": "Anna takes a walk-in ticket"})
for action in ["call", "check-in"]:
    arguments = {"arguments": {"who": "Anna"}}
    ask("POST", f"{account}/actions/{action}?wait=delivered", arguments)
ask("POST", account + "/clock/advance", {"by": "10m"})
for delivery in json.loads(ask("GET", account + "/deliveries"))["items"]:
    print(delivery["trigger"])
stream = ask("GET", "/events?until=now&account=python")
print(stream.split("\n").count("event: attempted"))
