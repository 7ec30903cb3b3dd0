package store

import (
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// toldAhead is how far ahead of a date that changes members are told.
const toldAhead = 14 * 24 * time.Hour

// changes are what became of dates: what waits to be sent of them is stale, and
// some are told to everybody.
type changes struct {
	stale []staleDate
	told  []toldDate
}

// toldDate is what is to be told of a date, if members know what it was before.
type toldDate struct {
	Firing
	before Purpose   // under which they were told that; "" if it was as the rule says
	rule   time.Time // when it begins by the rule
}

// earlier is the firing by which members were told what the date was before.
func (t toldDate) earlier() Firing {
	f := t.Firing
	f.Purpose = t.before
	return f
}

// staleDate is an occurrence of which nothing goes out any more that was made
// before. Without a date it is all of the meeting's, without a meeting all of the
// group's.
type staleDate struct {
	Group   string  `json:"group_id"`
	Meeting *string `json:"meeting_id"`
	Date    *string `json:"date"`
	Reason  string  `json:"reason"`
}

// The reasons for which a stale row lapses, for an operator.
const (
	dateChanged = "the date changed"
	notMeeting  = "does not meet"
)

func (c *changes) drop(group, meeting string) {
	c.stale = append(c.stale, staleDate{Group: group, Meeting: &meeting, Reason: notMeeting})
}

func (c *changes) pause(group string) {
	c.stale = append(c.stale, staleDate{Group: group, Reason: notMeeting})
}

// compare adds what changes when one meeting becomes another, at now. A date is
// told that was skipped, moved, or put back, and begins or would have begun
// within two weeks. A series that changes its hour is not: its dates are other
// ones.
func (c *changes) compare(group string, was, is schedule.Meeting, now time.Time) {
	dates := changedDates(was, is)
	if !sameTimes(was, is) {
		for _, o := range was.Between(now, now.Add(toldAhead)) {
			dates = append(dates, o.Date)
		}
		slices.SortFunc(dates, schedule.Date.Compare)
		dates = slices.Compact(dates)
	}
	for _, date := range dates {
		if !nearby(was, date, now) && !nearby(is, date, now) {
			continue
		}
		before, after := on(was, date), on(is, date)
		if !before.given || before.held == after.held && (!before.held || before.Start.Equal(after.Start)) {
			continue // nobody knew of it, or it is as it was
		}
		id, day := is.ID, date.String()
		c.stale = append(c.stale, staleDate{Group: group, Meeting: &id, Date: &day, Reason: dateChanged})
		if f, ok := notice(was, is, date); ok && f.within(now) {
			f.Group, f.Due = group, now
			c.told = append(c.told, toldDate{f, before.purpose(), on(byRule(was), date).Start})
		}
	}
}

// changedDates are those that only one of the two skips, or that they move to
// different times, in order.
func changedDates(a, b schedule.Meeting) []schedule.Date {
	var dates []schedule.Date
	for _, pair := range [][2]schedule.Meeting{{a, b}, {b, a}} {
		for _, date := range pair[0].Skipped {
			if !slices.Contains(pair[1].Skipped, date) {
				dates = append(dates, date)
			}
		}
		for _, move := range pair[0].Moved {
			if !slices.Contains(pair[1].Moved, move) {
				dates = append(dates, move.Date)
			}
		}
	}
	slices.SortFunc(dates, schedule.Date.Compare)
	return slices.Compact(dates)
}

// nearby reports whether a date of m may concern anybody at now, in any zone: it
// spares working it out.
func nearby(m schedule.Meeting, date schedule.Date, now time.Time) bool {
	first, last := schedule.DateOf(now.UTC()).Add(-3), schedule.DateOf(now.UTC().Add(toldAhead)).Add(3)
	for _, d := range []schedule.Date{date, wallOn(m, date).Date} {
		if d.Compare(first) >= 0 && d.Compare(last) <= 0 {
			return true
		}
	}
	return false
}

// notice is what is told of a date, if anything.
func notice(was, is schedule.Meeting, date schedule.Date) (Firing, bool) {
	before, after := on(was, date), on(is, date)
	f := Firing{Meeting: is.ID, Date: date, Start: after.Start}
	switch {
	case !after.given:
		return f, false
	case !after.held:
		f.Purpose, f.Start = NotHeld, before.Start
		return f, true
	case before.held && before.move == after.move: // the rule's hour is another
		return f, false
	case before.held:
		f.Was = before.Start
	case after.Start.Equal(before.Start):
		f.Purpose = HeldAfterAll
		return f, true
	default: // was skipped, and is held at another time
		f.Was = before.Start
	}
	f.Purpose = movedTo(wallOn(is, date))
	return f, true
}

// within reports whether a notice is of use at now, and sets until when it is: the
// earlier one of the two times that is to come.
func (f *Firing) within(now time.Time) bool {
	f.Expires = time.Time{}
	useful := false
	for _, at := range []time.Time{f.Was, f.Start} {
		if !at.After(now) {
			continue
		}
		useful = useful || !at.After(now.Add(toldAhead))
		if f.Expires.IsZero() || at.Before(f.Expires) {
			f.Expires = at
		}
	}
	return useful
}

// occurrenceOn is an occurrence of a meeting, held or not.
type occurrenceOn struct {
	schedule.Occurrence               // of one that is skipped: as it would be
	given               bool          // by the rule
	held                bool          // given, and not skipped
	move                schedule.Wall // zero if it is not moved
}

// on returns a meeting's occurrence of a date that the rule may give.
func on(m schedule.Meeting, date schedule.Date) occurrenceOn {
	plain := byRule(m)
	midnight := schedule.Wall{Date: date}.In(time.UTC)
	found := plain.Between(midnight.AddDate(0, 0, -2), midnight.AddDate(0, 0, 3))
	at := slices.IndexFunc(found, func(o schedule.Occurrence) bool { return o.Date == date })
	if at < 0 {
		return occurrenceOn{}
	}
	o := occurrenceOn{Occurrence: found[at], given: true, held: !slices.Contains(m.Skipped, date)}
	for _, move := range m.Moved {
		if move.Date == date {
			o.move = move.To
			o.Start = move.To.In(o.Start.Location())
			o.End = o.Start.Add(time.Duration(m.Minutes) * time.Minute)
		}
	}
	return o
}

// byRule is a meeting none of whose dates is skipped or moved.
func byRule(m schedule.Meeting) schedule.Meeting {
	m.Skipped, m.Moved = nil, nil
	return m
}

// purpose is that under which members are told that a date is so; "" for one that
// is as the rule says.
func (o occurrenceOn) purpose() Purpose {
	switch {
	case !o.held:
		return NotHeld
	case o.move != schedule.Wall{}:
		return movedTo(o.move)
	}
	return ""
}

func movedTo(to schedule.Wall) Purpose { return MovedTo + " " + Purpose(to.String()) }
