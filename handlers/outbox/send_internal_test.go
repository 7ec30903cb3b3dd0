package outbox

import (
	"testing"
	"time"
	"unsafe"
)

// walled is t after the wall clock alone was moved, by whole seconds.
func walled(t time.Time, by time.Duration) time.Time {
	seconds := (*uint64)(unsafe.Pointer(&t)) // above 30 bits of nanoseconds
	*seconds += uint64(by/time.Second) << 30
	return t
}

// A machine that slept is late by its wall clock alone, one whose time was set back
// by its monotonic clock alone.
func TestPassedSeesASuspendedMachine(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	woken := walled(begun.Add(time.Second), time.Hour)
	if by, wall := woken.Sub(begun), woken.Round(0).Sub(begun.Round(0)); by != time.Second || wall != time.Hour+time.Second {
		t.Fatalf("the test's clocks are %s and %s", by, wall)
	}
	for name, tt := range map[string]struct {
		from, to time.Time
		want     time.Duration
	}{
		"suspended": {begun, woken, time.Hour + time.Second},
		"set back":  {woken, begun.Add(6 * time.Second), 5 * time.Second},
		"awake":     {begun, begun.Add(2 * time.Second), 2 * time.Second},
		"made up":   {noon24, noon24.Add(10 * time.Second), 10 * time.Second},
	} {
		if got := passed(tt.from, tt.to); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
