package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows/schedule"
)

const (
	// calendarAhead is how far ahead a group's calendar reaches.
	calendarAhead = 365 * 24 * time.Hour
	// icsTime is a moment in UTC (RFC 5545 §3.3.5): without a zone of its own, a date
	// is at the right time in every calendar.
	icsTime = "20060102T150405Z"
)

// calendar is a group's dates as a file for calendars. It has the group's discreet name
// and no code: a calendar is shared more easily than one thinks.
func (p *page) calendar() error {
	name := p.group.DiscreetName.In(p.lang)
	if name == "" {
		var err error
		if name, err = p.T("groups.calendar_name"); err != nil {
			return err
		}
	}
	p.Response().Header().Set("Content-Disposition", `attachment; filename="dates.ics"`)
	return p.Blob(http.StatusOK, "text/calendar; charset=utf-8", ics(name, p.line, p.group.Meetings, p.now))
}

// ics is dates as RFC 5545 has them; those that are skipped are there as cancelled.
func ics(name, line string, meetings []schedule.Meeting, now time.Time) []byte {
	var b strings.Builder
	add := func(content string) { b.WriteString(folded(content)) }
	add("BEGIN:VCALENDAR")
	add("VERSION:2.0")
	add("PRODID:-//Hearthline//Schedule//EN")
	add("CALSCALE:GREGORIAN")
	event := func(o schedule.Occurrence, status string) {
		id := sha256.Sum256([]byte("hearthline calendar " + line + " " + o.Meeting + " " + o.Date.String()))
		add("BEGIN:VEVENT")
		add("UID:" + hex.EncodeToString(id[:16]) + "@hearthline.invalid")
		add("DTSTAMP:" + now.UTC().Format(icsTime))
		add("DTSTART:" + o.Start.UTC().Format(icsTime))
		add("DTEND:" + o.End.UTC().Format(icsTime))
		add("SUMMARY:" + escaped(name))
		add("STATUS:" + status)
		add("END:VEVENT")
	}
	until := now.Add(calendarAhead)
	for _, m := range meetings {
		for _, o := range m.Between(now, until) {
			event(o, "CONFIRMED")
		}
		plain := m
		plain.Skipped, plain.Moved = nil, nil
		for _, o := range plain.Between(now, until) {
			for _, d := range m.Skipped {
				if d == o.Date {
					event(o, "CANCELLED")
				}
			}
		}
	}
	add("END:VCALENDAR")
	return []byte(b.String())
}

// escaped is a text as RFC 5545 §3.3.11 has it.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "").Replace(text)
}

// folded is a line of at most 75 bytes, and more after it if it is longer (§3.1).
func folded(content string) string {
	var b strings.Builder
	for width := 75; len(content) > width; width = 74 { // a space goes first
		at := width
		for !utf8.RuneStart(content[at]) {
			at--
		}
		b.WriteString(content[:at] + "\r\n ")
		content = content[at:]
	}
	return b.String() + content + "\r\n"
}
