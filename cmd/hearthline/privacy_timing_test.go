//go:build privacy

package main

import (
	"slices"
	"testing"
	"time"
)

// asSoon measures up to three times: what a program gives away shows each time,
// what else the machine does in one of them.
func (f *findings) asSoon(promise string, h *hooks, kinds []who, keys string, rounds int, between time.Duration) {
	f.t.Helper()
	far := longestDistance
	for range 3 {
		if far = min(far, farthest(h.medians(kinds, keys, rounds, between))); far < longestDistance {
			break
		}
	}
	f.held(promise, far < longestDistance, "medians of %d calls each are at most %s apart", rounds, far.Round(time.Microsecond))
}

// medians are how long each kind of caller waits for each turn, in the middle of
// many calls: one of each kind at a time, and between them some time by the clock.
func (h *hooks) medians(kinds []who, keys string, rounds int, between time.Duration) map[string][]time.Duration {
	h.t.Helper()
	all := map[string][][]time.Duration{}
	for range rounds {
		h.s.carrier.Advance(between)
		for _, kind := range kinds {
			_, took := h.call(kind, keys)
			for i, d := range took {
				if len(all[kind.name]) <= i {
					all[kind.name] = append(all[kind.name], nil)
				}
				all[kind.name][i] = append(all[kind.name][i], d)
			}
		}
	}
	middle := map[string][]time.Duration{}
	for kind, turns := range all {
		for _, took := range turns {
			slices.Sort(took)
			middle[kind] = append(middle[kind], took[len(took)/2])
		}
	}
	return middle
}

// farthest is the largest difference between the medians of two kinds.
func farthest(medians map[string][]time.Duration) time.Duration {
	var far time.Duration
	for _, a := range medians {
		for _, b := range medians {
			for i := range min(len(a), len(b)) {
				far = max(far, a[i]-b[i])
			}
		}
	}
	return far
}

func TestPrivacyTiming(t *testing.T) {
	t.Parallel()
	if got := farthest(map[string][]time.Duration{"a": {1, 9, 5}, "b": {2, 3, 5}, "c": {1}}); got != 6 {
		t.Errorf("the largest of some differences is %d", got)
	}
}
