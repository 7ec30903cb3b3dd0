package store

import (
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// StartOf is when an occurrence begins as [Outbox.Plan] sees it.
func StartOf(m schedule.Meeting, date schedule.Date) (time.Time, bool) {
	c := newCalendar()
	c.add("", m)
	return c.start(Firing{Meeting: m.ID, Date: date})
}

// OccurrenceOn is an occurrence of a date as [DB.SkipBy] finds it.
func OccurrenceOn(m schedule.Meeting, date schedule.Date) (o schedule.Occurrence, given bool) {
	found := on(m, date)
	return found.Occurrence, found.given
}
