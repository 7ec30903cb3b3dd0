package main

import "testing"

// The scan of make privacy with fewer callers.
func TestNobodyLearnsWhoCalled(t *testing.T) {
	t.Parallel()
	numbers := callers(len(visits))
	w := newWatch(t, numbers, whatVisitsNeed, withDesk)
	w.outside()
	for i, number := range numbers {
		if w.visit(visits[i], number); !visits[i].leads(w.carrier.Phone(number)) {
			t.Errorf("%s: does not lead to %q", visits[i].flow, visits[i].words)
		}
	}
	desk := w.sits()
	desk.works(numbers[0], numbers[1])
	w.strict()
	if told := w.topics().told(w.started()); len(told) > 0 {
		t.Errorf("the carrier is told %q", told)
	}
	for _, fault := range w.requestFaults() {
		t.Error(fault)
	}
	w.night()
	w.plantEverywhere(canary)
	desk.plant(canary)
	results := w.scan(append(w.sinks(), desk.reads()...))
	w.clean(results)
	t.Log("\n" + w.table(results))
}
