package main

import "testing"

// The scan of make privacy with fewer callers.
func TestNobodyLearnsWhoCalled(t *testing.T) {
	t.Parallel()
	numbers := callers(2 * len(visits))
	w := newWatch(t, numbers, whatVisitsNeed)
	w.outside()
	for i, number := range numbers {
		w.visit(visits[i%len(visits)], number)
	}
	w.plantEverywhere(canary)
	results := w.scan(w.sinks())
	w.clean(results)
	t.Log("\n" + w.table(results))
}
