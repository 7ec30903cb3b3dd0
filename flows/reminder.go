package flows

import (
	"cmp"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// The hours of the day at which anybody may be reached: from DayBegins on, and
// before DayEnds. The others are quiet for everybody who has not asked for them.
const (
	DayBegins = 9
	DayEnds   = 20
)

// RingsWithin is how far ahead a date may be for somebody to ask to be rung when
// it starts.
const RingsWithin = 36 * time.Hour

// about is when what a call of ours is about begins.
func (t *turn) about() time.Time { return time.Unix(t.s.About.Start*60, 0) }

// reminderDoor says what stands between who takes a call of ours and what it is
// about: that occurrence alone, for another may be open now.
func reminderDoor(t *turn) string {
	g, ok := t.view.Directory.Group(t.s.About.Group)
	dates := t.view.Directory.Between(t.s.About.Group, t.about(), t.about().Add(time.Minute))
	switch {
	case !ok || !g.Stage.Meets() || len(dates) == 0 || !t.view.Now.Before(dates[0].End):
		return "over" // or moved, or taken out, since we dialled
	case g.Place != "":
		return "in_person"
	case !dates[0].DoorOpen(t.view.Now):
		return "ahead"
	case g.Bridge:
		return "elsewhere"
	}
	return "open"
}

// rings says whether who has signed in is somebody whom we ring, and the group in
// hand starts soon enough for that.
func rings(t *turn) bool {
	m, g := t.member(), t.view.group(t.s)
	if m.Channel != ByCall && !m.Ring || m.Stopped || g.Place != "" || !g.Stage.Meets() {
		return false
	}
	next, ok := t.next(g.ID)
	return ok && next.Start.Before(t.view.Now.Add(RingsWithin))
}

// quietReminders says whether reminders of the group in hand would come in the
// quiet hours: at the offset that is being chosen, else at the group's own. The
// hours are those of the zone that is being chosen or was, else the line's.
func quietReminders(t *turn) string {
	chosen := t.s.Vars[varOffsets]
	t.forget(varOffsets)
	if t.member().Late {
		return "no"
	}
	zone, err := schedule.LoadZone(cmp.Or(t.s.Vars[varZone], t.zone()))
	if err != nil {
		zone = t.view.Directory.zone
	}
	dates := t.view.Directory.Between(t.s.Group, t.view.Now, t.view.Directory.until)
	for _, offset := range t.offsets(chosen) {
		if slices.ContainsFunc(dates, func(o schedule.Occurrence) bool { return quiet(offset.Before(o.Start).In(zone)) }) {
			return "yes"
		}
	}
	return "no"
}

// offsets are what somebody chose of the reminders of the group in hand, or what
// the group does.
func (t *turn) offsets(chosen string) []schedule.Offset {
	texts := t.view.group(t.s).Reminders
	if chosen != "" && chosen != GroupsOwn {
		texts = []string{chosen} // none is not an offset
	}
	var all []schedule.Offset
	for _, text := range texts {
		if o, ok := schedule.ParseOffset(text); ok {
			all = append(all, o)
		}
	}
	return all
}

func quiet(at time.Time) bool { return at.Hour() < DayBegins || at.Hour() >= DayEnds }
