//go:build !torture

package outbox_test

// How much the tests try; make torture tries more.
const (
	fateReminders = 600
	fateSeeds     = 1
)
