package flows

import (
	"errors"
	"fmt"
	"time"
)

// Told is what a scripted call of ours is about.
type Told struct {
	Group string `yaml:"group"` // its code
	Start string `yaml:"start"` // RFC 3339; "" is when the group next begins
	Was   string `yaml:"was"`   // RFC 3339, "" for none
	Named bool   `yaml:"named"`
}

// about finds what a call is about, in the directory of a view.
func (told *Told) about(v View) (a About, err error) {
	if told == nil {
		return a, nil
	}
	g, ok := v.Directory.ByCode(told.Group)
	if !ok {
		return a, fmt.Errorf("no group has the code %s", told.Group)
	}
	a = About{Row: "row", Group: g.ID, Named: told.Named}
	for text, minute := range map[string]*int64{told.Start: &a.Start, told.Was: &a.Was} {
		if text == "" {
			continue
		}
		at, err := parseClock(text)
		if err != nil {
			return a, err
		}
		*minute = at.Unix() / 60
	}
	if next := v.Directory.Next(g.ID, v.Now, 1); told.Start == "" && told.Was == "" && len(next) > 0 {
		a.Start = next[0].Start.Unix() / 60
	}
	return a, nil
}

func parseClock(s string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return at, errors.New("the time is not like 2026-11-24T19:05:00-05:00")
	}
	if at.Year() < firstYear || at.Year() > lastYear {
		return at, fmt.Errorf("the time is not of the years %d to %d", firstYear, lastYear)
	}
	return at, nil
}

// The years that a dialogue may be set in: in others there are no zones, or no dates.
const firstYear, lastYear = 2000, 2199
