package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// types are answered in the order in which they are typed.
type typed struct{ args, says string }

func (s *stage) typesAll(all []typed) {
	s.t.Helper()
	for _, c := range all {
		if got := strings.TrimSpace(s.types("", strings.Split(c.args, " ")...)); got != c.says {
			s.t.Errorf("%s:\n%s\nwant:\n%s", c.args, got, c.says)
		}
	}
}

func TestADateCommandSaysWhoIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	s.enrolled(ida, "836254", "739146")
	s.typesAll([]typed{
		{"group skip 836254 2026-12-03", "Not held: Thu Dec 3, 7 pm ET. 1 member is told."},
		{"group skip 836254 2026-12-03", "Not held: Thu Dec 3, 7 pm ET. It was so before; nothing changed."},
	})
	s.enrolled(sam, "836254", "739146")
	s.till("2026-11-25 10:00")
	s.typesAll([]typed{
		{"group unskip 836254 2026-12-03", "Held as the schedule has it: Thu Dec 3, 7 pm ET. 2 members are told."},
		{"group move 836254 2026-12-24 2026-12-23T18:00", "Moved to: Wed Dec 23, 6 pm ET. Members are told a week before."},
		{"group skip 836254 2026-12-17", "Not held: Thu Dec 17, 7 pm ET. Members are told a week before."},
		{"group skip 836254 2026-12-31", "Not held: Thu Dec 31, 7 pm ET. Members are told a week before."},
		{"group unskip 836254 2026-12-31", "Held as the schedule has it: Thu Dec 31, 7 pm ET. Nobody is told."},
		{"group add-date 836254 2026-12-05T10:00", "Added: Sat Dec 5, 10 am ET. Members are reminded of it as of every date."},
		{"group add-date 836254 2026-12-05T10:00", "Nothing changed: the group meets then already, Sat Dec 5, 10 am ET."},
	})
	if got := s.types("", "group", "move", "836254", "2026-12-24", "2026-12-23 19:00"); !strings.HasPrefix(got, "Moved to: Wed Dec 23, 7 pm ET. Members") {
		t.Error(got)
	}
	mention(t, s.types("", "group", "list"), "1 cancelled, 1 moved")
	acts := s.column(open(t, s.config.databaseURL), `SELECT act || ': ' || detail FROM audit ORDER BY seq`)
	for _, act := range []string{
		"group.skip: group 836254 on 2026-12-03", "group.unskip: group 836254 on 2026-12-03",
		"group.move: group 836254 on 2026-12-24 to 2026-12-23T18:00", "group.add_date: group 836254 at 2026-12-05T10:00",
	} {
		if !slices.Contains(acts, act) {
			t.Errorf("%q is not in the log:\n%s", act, strings.Join(acts, "\n"))
		}
	}
	mention(t, s.types("", "audit", "verify"), "The audit log is whole: 8 entries")
}

func TestADateCommandSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	for _, c := range []struct {
		code int
		args string
		says string
	}{
		{exitUsage, "group skip 836254 3.12.2026", `hearthline: DATE: "3.12.2026" is not a date; write it like 2026-11-24`},
		{exitUsage, "group move 836254 2026-12-03 6pm", "hearthline: TO: on which day?; add it, like"},
		{exitUsage, "group add-date 836254 2026-12-05", "hearthline: AT: at what time?; add it, like 7 pm or 19:00"},
		{exitUsage, "group add-date 836254 2026-12-05T10:00 --timezone=Eastern", "hearthline: --timezone is not an IANA time zone; write it like"},
		{exitFailed, "group add-date 836254 2026-11-01T10:00", "that time is past: 2026-11-01T10:00"},
		{exitFailed, "group skip 836254 2026-11-25", "the group has no meeting on 2026-11-25"},
		{exitFailed, "group skip 111111 2026-11-26", "no group has the code 111111"},
	} {
		got := s.fails(c.code, "", strings.Split(c.args, " ")...)
		if !strings.Contains(got, c.says) || strings.Contains(got, "settings") {
			t.Errorf("%s: %s", c.args, got)
		}
	}
}

// Whoever comes each week hears of a date that was cancelled long before.
func TestACancelledDateIsToldAWeekBefore(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	member := s.enrolled(ida, "836254", "739146")
	s.types("", "group", "skip", "836254", "2026-12-24")
	var told []string
	for s.clock.Now().Before(time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC)) {
		s.carrier.Advance(24 * time.Hour)
		if err := s.replica.app.nightly(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := len(member.Texts())
		s.sendDue()
		if strings.Contains(member.since(before), "Thu Dec 24, 7 pm ET, will not be held") {
			told = append(told, s.clock.Now().In(time.UTC).Format(time.DateOnly))
		}
	}
	if len(told) != 1 || told[0] != "2026-12-18" {
		t.Errorf("told on %v:\n%s", told, member.Thread())
	}
}
