package main

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
)

// Whatever the line's settings are: those of the demo's other groups do not matter
// to it either.
func TestTheDemosCircleIsOpenAndWaitsForItsFacilitator(t *testing.T) {
	t.Parallel()
	d := &demo{clock: emulator.NewVirtualClock(evening), app: app{config: config{zone: "America/Chicago", languages: []string{"fr"}, codeLength: 4}}}
	g, tries, err := d.circle()
	if err != nil {
		t.Fatal(err)
	}
	if g.Host != flows.HostRequired || g.Access != flows.AccessCode || len(g.Facilitators) != 1 || len(tries) != 2 {
		t.Errorf("the demo's circle is %+v, with %d things to try", g.Group, len(tries))
	}
	o, ok := first(g, evening)
	if door := o.Start.Add(-10 * time.Minute); !ok || door.After(evening) || o.Start.Before(evening.Add(5*time.Minute)) {
		t.Errorf("it begins at %s", o.Start)
	}
}
