#!/usr/bin/env bash
# Submits a load in eight shards, and the job that joins their results. Its arguments are those of `standin load`.
#
#   START_IN=300 ./submit.sh --config standin.yaml --allow-host receiver.example.test --seed 7 --rate 8000/s --for 60s
set -euo pipefail

if [ $# -eq 0 ]; then
  echo "usage: $0 OPTIONS of \`standin load\`, at least --seed" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
# All tasks must have begun by then; one that is late sends nothing.
START_AT=$(date -u -d "+${START_IN:-300} seconds" +%FT%TZ)
RESULTS=$PWD/results/$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$(dirname "$RESULTS")"
# It fails if there are results already: they would be joined too.
mkdir "$RESULTS"
export START_AT RESULTS

# --parsable prints `ID` or `ID;CLUSTER`.
load=$(sbatch --parsable "$here/load.sbatch" "$@")
merge=$(sbatch --parsable --dependency="afterany:${load%%;*}" "$here/merge.sbatch")
echo "load ${load%%;*} starts at $START_AT; merge ${merge%%;*} writes $RESULTS/whole.json"
