//go:build privacy

package store_test

import "time"

const (
	timingTries  = 1
	timingTrials = 60
)

// timingTolerance is the promise itself, which takes a machine of one's own.
func timingTolerance(time.Duration) time.Duration { return 5 * time.Millisecond * slack }
