package console

import (
	"errors"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// ofDate is the date that a form is about: of a meeting of this group.
func (p *page) ofDate(key string) (store.OfDate, bool) {
	meeting, day, _ := strings.Cut(key, "/")
	date, err := schedule.ParseDate(day)
	ok := err == nil && slices.ContainsFunc(p.group.Meetings, func(m schedule.Meeting) bool { return m.ID == meeting })
	return store.OfDate{Group: p.group.ID, Meeting: meeting, Date: date}, ok
}

// skipDates has the dates that were ticked not be held.
func (p *page) skipDates() error {
	form, err := p.FormParams()
	if err != nil || len(form["date"]) == 0 {
		return p.done(p.schedulePath(), "groups.nothing")
	}
	said := "groups.skipped"
	for _, key := range form["date"] {
		of, ok := p.ofDate(key)
		if !ok {
			return missing
		}
		done, err := p.desk.Setup.DB.SkipBy(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), of)
		switch {
		case errors.Is(err, store.ErrPast), errors.Is(err, store.ErrNoDate):
			return p.done(p.schedulePath(), "groups.over")
		case err != nil:
			return err
		case done.Told > 0:
			said = "groups.skipped_told"
		}
	}
	return p.done(p.schedulePath(), said)
}

func (p *page) unskipDate() error {
	of, ok := p.ofDate(p.FormValue("date"))
	if !ok {
		return missing
	}
	_, err := p.desk.Setup.DB.UnskipBy(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), of)
	switch {
	case errors.Is(err, store.ErrPast), errors.Is(err, store.ErrNoDate):
		return p.done(p.schedulePath(), "groups.over")
	case err != nil:
		return err
	}
	return p.done(p.schedulePath(), "groups.unskipped")
}

func (p *page) removeTime() error {
	id := p.FormValue("meeting")
	left := slices.DeleteFunc(slices.Clone(p.group.Meetings), func(m schedule.Meeting) bool { return m.ID == id })
	switch {
	case len(left) == len(p.group.Meetings):
		return missing
	case len(left) == 0:
		return p.done(p.schedulePath(), "groups.last_time")
	}
	if err := p.desk.Setup.DB.SetMeetings(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), p.group.ID, left); err != nil {
		return err
	}
	return p.done(p.schedulePath(), "groups.removed")
}

func (p *page) schedulePath() string { return p.inGroup("/console/groups/:group/schedule") }
