package schedule

import "time"

// Occurrence is one date of a meeting. Date is the one that the rule gave and
// names the occurrence for good: moving the occurrence, or a change of clocks
// at midnight, may put Start on another day. Start and End carry the meeting's
// zone.
type Occurrence struct {
	Meeting    string // the meeting's ID
	Date       Date
	Start, End time.Time
}

// DoorOpensBefore is how long before its start an occurrence can be entered.
const DoorOpensBefore = 10 * time.Minute

// Door returns when the occurrence can be entered: from opens on, and before
// closes.
func (o Occurrence) Door() (opens, closes time.Time) {
	return o.Start.Add(-DoorOpensBefore), o.End
}

// DoorOpen reports whether the occurrence can be entered at now.
func (o Occurrence) DoorOpen(now time.Time) bool {
	opens, closes := o.Door()
	return !now.Before(opens) && now.Before(closes)
}
