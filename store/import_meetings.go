package store

import (
	"context"
	"maps"
	"slices"

	"github.com/hearthline/hearthline/flows/schedule"
)

// putMeetings makes wanted the group's meetings.
func (im *importer) putMeetings(ctx context.Context, group string, wanted []schedule.Meeting) (bool, error) {
	put, gone := im.planMeetings(group, wanted)
	return len(put)+len(gone) > 0, im.writeMeetings(ctx, put, gone)
}

// planMeetings returns what is to be written and deleted so that wanted become
// the group's meetings, and notes what members are to be told of it. It keeps the
// ids of meetings that stay, and of those that change: what refers to a meeting
// outlives a change of its hour.
func (im *importer) planMeetings(group string, wanted []schedule.Meeting) (put []meetingRow, gone []string) {
	have := im.meetings[group]
	stays := make([]bool, len(have))
	for i, at := range pairMeetings(have, wanted) {
		m := wanted[i]
		if at < 0 {
			m.ID = newID()
			put = append(put, im.meetingRow(group, m))
			continue
		}
		stays[at] = true
		m.ID = have[at].ID
		if m = keepDates(have[at], m); !sameMeeting(have[at], m) {
			put = append(put, im.meetingRow(group, m))
			im.told.compare(group, have[at], m, im.now)
		}
	}
	for at, m := range have {
		if !stays[at] {
			gone = append(gone, m.ID)
			im.told.drop(group, m.ID)
		}
	}
	return put, gone
}

// keepDates is what m becomes of have: a file that says nothing of skipped dates, or
// of moved ones, leaves those that are, since they may have been told by telephone
// or command. Of a meeting at another time none is left.
func keepDates(have, m schedule.Meeting) schedule.Meeting {
	if !sameTimes(have, m) {
		return m
	}
	if m.Skipped == nil {
		m.Skipped = slices.DeleteFunc(slices.Clone(have.Skipped), func(d schedule.Date) bool {
			return slices.ContainsFunc(m.Moved, func(move schedule.Move) bool { return move.Date == d })
		})
	}
	if m.Moved == nil {
		m.Moved = slices.DeleteFunc(slices.Clone(have.Moved), func(move schedule.Move) bool { return slices.Contains(m.Skipped, move.Date) })
	}
	return m
}

// pairMeetings returns, for each wanted meeting, which of have it is, or -1 if it
// is new: the same one; one at the same time; the only one of the same days; and
// if as many are left over on either side, the one in its place. If not, one may
// have been removed, and its id must not be another's: what was to happen on a
// date of the one has happened, and would not on the other's.
func pairMeetings(have, wanted []schedule.Meeting) []int {
	is := make([]int, len(wanted))
	for i := range is {
		is[i] = -1
	}
	left := func(same func(h, w schedule.Meeting) bool, w schedule.Meeting) (all []int) {
		for at, h := range have {
			if !slices.Contains(is, at) && same(h, w) {
				all = append(all, at)
			}
		}
		return all
	}
	for _, same := range []func(h, w schedule.Meeting) bool{sameMeeting, sameTimes} {
		for i, w := range wanted {
			if found := left(same, w); is[i] < 0 && len(found) > 0 {
				is[i] = found[0]
			}
		}
	}
	fresh := func(same func(h, w schedule.Meeting) bool, h schedule.Meeting) (all []int) {
		for i, w := range wanted {
			if is[i] < 0 && same(h, w) {
				all = append(all, i)
			}
		}
		return all
	}
	for i, w := range wanted {
		if found := left(sameDays, w); is[i] < 0 && len(found) == 1 && len(fresh(sameDays, have[found[0]])) == 1 {
			is[i] = found[0]
		}
	}
	anyMeeting := func(schedule.Meeting, schedule.Meeting) bool { return true }
	old, new := left(anyMeeting, schedule.Meeting{}), fresh(anyMeeting, schedule.Meeting{})
	if len(old) == len(new) {
		for n, i := range new {
			is[i] = old[n]
		}
	}
	return is
}

func sameMeeting(a, b schedule.Meeting) bool {
	return sameTimes(a, b) && a.Minutes == b.Minutes &&
		slices.Equal(a.Skipped, b.Skipped) && maps.Equal(moveStrings(a.Moved), moveStrings(b.Moved))
}

func sameTimes(a, b schedule.Meeting) bool { return a.Start == b.Start && sameDays(a, b) }

func sameDays(a, b schedule.Meeting) bool { return a.Zone == b.Zone && a.Rule == b.Rule }

func (im *importer) meetingRow(group string, m schedule.Meeting) meetingRow {
	return meetingRow{
		LineID: im.line.LineID, GroupID: group, MeetingID: m.ID, Start: m.Start.String(), Zone: m.Zone, Rule: m.Rule,
		Minutes: m.Minutes, Skipped: emptyNotNull(dateStrings(m.Skipped)), Moved: moveStrings(m.Moved),
	}
}
