#!/bin/sh
# Runs go vet and every test; deploy/install.sh test has found what they need.
set -eu

# Everything that the tests leave behind, were they killed, goes with this
# folder. Postgres, when root starts it, runs as another user, who must be able
# to pass through.
# In memory where there is room, since hundreds of databases are made and dropped;
# what the compiler leaves behind stays on the disk.
tmp=${TMPDIR:-/tmp}
export GOTMPDIR="${GOTMPDIR:-$tmp}"
room=$(df -kP /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
if [ "${room:-0}" -gt 4000000 ] && ! grep -q ' /dev/shm .*noexec' /proc/mounts; then tmp=/dev/shm; fi
TMPDIR=$(mktemp -d "$tmp/hearthline-test.XXXXXX")
export TMPDIR
chmod 711 "$TMPDIR"
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM

# Tests make much garbage and keep little: collected less often, it costs a tenth less.
export GOGC="${GOGC:-300}"

# What reads YAML starts nothing and shares nothing, and under the race detector it would be
# a third of the work of the pages that show a flow.
[ -z "$RACE" ] || RACE="$RACE -gcflags=go.yaml.in/yaml/v3=-race=false"

# go vet is built as the tests are, so that nothing is compiled twice; it says
# more than the few checks that go test would make by itself.
"$GO" vet $RACE ./...
# The flows start nothing and share only what is worked out once, which a test of their
# imports holds: there the race detector has nothing to find, and every other package
# calls them under it.
"$GO" test -vet=off -timeout 20m ./flows/...
"$GO" test $RACE -vet=off -timeout 20m $("$GO" list ./... | grep -v /flows)

# What sends is killed at every point of its work, once; `make torture` does so
# ten times. The points are compiled in for this alone.
TORTURE_SEEDS=1 "$GO" test $RACE -vet=off -timeout 10m -tags torture -run '^TestKilledAtAnyPoint$' ./handlers/outbox
