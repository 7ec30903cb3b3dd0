package flows

import (
	"cmp"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// yourCall is the prompt of what a group is called that has no discreet name.
const yourCall = "_your_call"

// reach and reachPlace are the prompts of what the line's number is called for.
const (
	reach      = "_reach"
	reachPlace = "_reach_place"
)

// longestReminded is what a reminder has room for of a name, in letters.
const longestReminded = 30

// reminderName is what a text or a call of ours may call its group: its name if
// the member lets us, else one that tells nothing.
func (t *turn) reminderName() string {
	g, _ := t.view.Directory.Group(t.s.About.Group)
	name := g.DiscreetName.In(t.s.Lang)
	if t.s.About.Named {
		name = g.Name.In(t.s.Lang)
	}
	if name == "" {
		return t.label(yourCall)
	}
	return t.view.clip(name, cmp.Or(t.view.Clip, longestReminded))
}

// reminderCall says what to call for, in front of the line's number: where a group
// meets in person, the place.
func (t *turn) reminderCall() string {
	if g, _ := t.view.Directory.Group(t.s.About.Group); g.Place != "" {
		return t.label(reachPlace)
	}
	return t.label(reach)
}

// moment is the first of two times that there is, in Unix minutes, as the channel
// gives it.
func (t *turn) moment(minute, otherwise int64) string {
	at := time.Unix(cmp.Or(minute, otherwise)*60, 0)
	return t.view.when(t.s.Lang, at.In(t.zoneOf(at)))
}

// zoneOf is the zone of the meeting that has an occurrence then, of those of the
// group that is told of; else of its first, and else the line's.
func (t *turn) zoneOf(at time.Time) *time.Location {
	d, group := t.view.Directory, t.s.About.Group
	if o := d.Between(group, at, at.Add(time.Minute)); len(o) > 0 {
		return o[0].Start.Location()
	}
	if g, ok := d.Group(group); ok && len(g.Meetings) > 0 {
		if zone, err := schedule.LoadZone(g.Meetings[0].Zone); err == nil {
			return zone
		}
	}
	return d.zone
}
