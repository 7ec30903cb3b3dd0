#!/bin/sh
# Fuzzes every target for $FUZZTIME, one after the other: go test takes one at a
# time.
set -eu

list=$("$GO" test -run '^$' -list '^Fuzz' ./...)
echo "$list" | awk '
	/^Fuzz/ { targets[++n] = $1 }
	/^ok/ { for (i = 1; i <= n; i++) print $2, targets[i]; n = 0 }
' | while read -r package target; do
	echo "$package $target"
	# Without a limit, making one new input shorter takes a minute, and most of FUZZTIME.
	"$GO" test -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 1s "$package" </dev/null
done
