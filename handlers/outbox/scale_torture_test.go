//go:build torture

package outbox_test

import (
	"os"
	"strconv"
)

// tortureSeeds is how often the program is killed at each point, by the environment
// TORTURE_SEEDS.
var tortureSeeds = func() int {
	if n, err := strconv.Atoi(os.Getenv("TORTURE_SEEDS")); err == nil {
		return n
	}
	return 10
}()

const (
	fateReminders = 10_000
	fateSeeds     = 1
)
