package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/hearthline/hearthline/handlers/simulator"
	"github.com/hearthline/hearthline/store"
)

// The demo's group that a facilitator holds. Only who has the code finds it. The
// facilitator's number is of none of the phones on the page, so that winding the
// clock does not stop where they are rung.
const (
	circleCode  = "371946"
	circlePIN   = "58204917"
	circlePhone = "+12025550190"
	circleFile  = `groups:
  - code: "` + circleCode + `"
    name: {en: Kitchen table circle, es: Círculo de la mesa}
    discreet_name: Kitchen call
    topics: [grief]
    languages: [en]
    access: code
    host: required
    capacity: 10
    reminders: [24h, 15m]
    meetings:
      - {start: "%s", rrule: "FREQ=WEEKLY", minutes: 60}
    facilitators:
      - {alias: Rose, phone: "` + circlePhone + `", pin: "` + circlePIN + `"}
`
)

// circleIn is how long after the demo's start its circle begins: its door is open,
// and nobody is there to hold it.
const circleIn = 8 * time.Minute

// circle is that group, as an import reads it, with what to try. Like the samples it
// is in English and has a code of six digits, whatever the line's settings are.
func (d *demo) circle() (store.Group, []simulator.Try, error) {
	circle, err := d.meets(circleFile, circleIn)
	if err != nil {
		return store.Group{}, nil, err
	}
	return circle, []simulator.Try{
		{Keys: "1 " + circleCode + " 1", Label: "wait for the facilitator of " + circle.Name.In("en")},
		{Keys: "1 " + circleCode + " 3 " + circlePIN, Label: "be the facilitator, on another phone; then * # and wait for the keys"},
	}, nil
}

// meets is the one group of a file that has a place for when it meets first, so long
// after now.
func (d *demo) meets(file string, in time.Duration) (store.Group, error) {
	c := d.app.config
	zone, err := time.LoadLocation(c.zone)
	if err != nil {
		return store.Group{}, err
	}
	start := d.clock.Now().In(zone).Add(in).Format("2006-01-02T15:04")
	groups, faults := store.ParseGroups("demo", strings.NewReader(fmt.Sprintf(file, start)), store.ParseOptions{
		Languages: []string{"en", "es"}, CodeLength: len(circleCode), Timezone: c.zone,
	})
	if len(groups) != 1 {
		return store.Group{}, fmt.Errorf("the demo's groups: %v", faults)
	}
	return groups[0], nil
}
