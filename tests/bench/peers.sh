#!/bin/bash
# The benchmark against other tools, on a throwaway server: docs/speed.md.
#
#   tests/bench/peers.sh BUILD
#
# Needs the packages of `make deps-bench`. From npm it fetches dbmate, as the tests have it, and node-pg-migrate with
# its dependencies, in the versions of peers/npm.
set -euo pipefail

build=$1
peers=$(dirname "$0")/peers

mkdir -p "$build/bench/npm"
cp "$peers/npm/package.json" "$peers/npm/package-lock.json" "$build/bench/npm"
(cd "$build/bench/npm" && npm ci --silent --no-audit --no-fund)

FSYNC=on tests/servers.sh run dbmate \
	tests/throwaway.sh env PGUSER=fitsdata python3 -B "$peers/bench.py" "$build"
