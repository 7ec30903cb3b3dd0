//go:build !privacy

package store_test

import "time"

// timingTries is how often a difference in time is measured before it is believed,
// on a machine that does much besides; timingTrials how many rounds each takes.
const (
	timingTries  = 5
	timingTrials = 12
)

// timingTolerance is how far apart two medians may be that should be the same.
func timingTolerance(median time.Duration) time.Duration {
	return max(5*time.Millisecond, median*15/100)
}
