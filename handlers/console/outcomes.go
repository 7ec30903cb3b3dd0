package console

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// toldOf is how many of those whom something went to it reached, or why it did not.
type toldOf struct {
	Words   string // a key of the catalogue
	Channel string
	People  int
	Mark    string // "good", "warn", "bad", "" while it is on its way
}

// toldBy is what became of a firing, in words: what has failed first.
func (p *page) toldBy(o store.Outcomes) []toldOf {
	var all []toldOf
	for _, f := range o.Fates {
		words, mark := outcome(f)
		one := toldOf{Words: "outcomes." + words, Channel: string(f.Channel), People: f.Rows, Mark: mark}
		if i := slices.IndexFunc(all, func(t toldOf) bool { return t.Words == one.Words && t.Channel == one.Channel }); i >= 0 {
			all[i].People += one.People
			continue
		}
		all = append(all, one)
	}
	rank := []string{"bad", "warn", "", "good"}
	slices.SortStableFunc(all, func(a, b toldOf) int { return slices.Index(rank, a.Mark) - slices.Index(rank, b.Mark) })
	return all
}

// carrierCode is the carrier's number at the end of a reason.
var carrierCode = regexp.MustCompile(`[0-9]{5}$`)

// codeWords are why a text or a call came to nothing, by the carrier's number.
// Source: https://www.twilio.com/docs/api/errors
var codeWords = map[string]string{
	"30003": "phone_off", "30004": "blocked", "30005": "no_such_number", "30006": "landline", "30007": "filtered", "30008": "no_reason",
	"30034": "unregistered", "30032": "unregistered", "21610": "opted_out", "21211": "no_such_number", "21214": "no_such_number",
	"21217": "no_such_number", "21614": "landline", "21635": "landline", "21408": "country", "13227": "country", "20003": "account",
	"30002": "account", "30001": "carrier_full", "20429": "carrier_full",
}

// reasonWords are why a row waits, or never left, by what the queue keeps of it.
var reasonWords = map[string]string{
	"waits for a safe hour": "waits_hour", "no safe hour in time": "no_hour", "country": "country", "another channel by now": "changed",
	"nobody is there": "gone", "not wanted": "not_wanted", "not wanted any more": "not_wanted", "the date changed": "date_changed",
	"its group does not meet": "not_met", "enough for this meeting": "enough", "enough calls this week": "enough_calls", "number spent": "enough",
	"its words are no single segment": "no_words",
}

// outcome is a fate in words, a key of outcomes, and how good it is.
func outcome(f store.FiringFate) (words, mark string) {
	code := codeWords[carrierCode.FindString(f.Reason)]
	switch f.State {
	case store.SendDue:
		if w := reasonWords[f.Reason]; w != "" {
			return w, ""
		}
		return "waits", ""
	case store.SendIntent, store.SendAccepted:
		return "on_its_way", ""
	case store.SendUnknown:
		return "unknown", ""
	case store.SendLapsed:
		if w := reasonWords[f.Reason]; w != "" {
			return w, "warn"
		}
		return "lapsed", "warn"
	case store.SendFailed:
		if code != "" {
			return code, "bad"
		}
		return "failed", "bad"
	}
	switch f.Outcome {
	case store.Delivered:
		return "delivered", "good"
	case store.Answered:
		return "answered", "good"
	case store.Machine:
		return "machine", "warn"
	case store.Busy:
		return "busy", "warn"
	case store.NoAnswer:
		return "no_answer", "warn"
	case store.NotDelivered, store.CallFailed:
		if code != "" {
			return code, "bad"
		}
		return "not_delivered", "bad"
	}
	return "given", "good"
}

// toldDate is one date of a group, and what was told of it.
type toldDate struct {
	When              string
	Tellings          []telling
	Coming, NotComing int
}

// telling is what was told of a date at one moment.
type telling struct {
	Words  string // a key of the catalogue
	Offset string
	Told   []toldOf
}

// outcomesKept is how far back what was sent is told of, by count.
const outcomesKept = 8 * 24 * time.Hour

// reminders is what the group's members were sent about each of its dates, and what
// became of it.
func (p *page) reminders() error {
	all, err := p.desk.Messages.Outcomes(p.ctx(), p.line, p.group.ID, p.now.Add(-outcomesKept))
	if err != nil {
		return err
	}
	var dates []toldDate
	var at []time.Time
	for _, o := range all {
		if o.Purpose == store.Broadcast {
			continue
		}
		i := slices.IndexFunc(at, o.Start.Equal)
		if i < 0 {
			i, at = len(dates), append(at, o.Start)
			dates = append(dates, toldDate{When: p.written(o.Start)})
		}
		words, offset := tellingOf(o.Purpose)
		d := &dates[i]
		d.Coming, d.NotComing = d.Coming+o.Coming, d.NotComing+o.NotComing
		d.Tellings = append(d.Tellings, telling{Words: "outcomes." + words, Offset: offset, Told: p.toldBy(o)})
	}
	data := struct {
		Dates []toldDate
		Usual []string // when the group's members are reminded
	}{Dates: dates}
	for _, r := range p.group.Reminders {
		data.Usual = append(data.Usual, offsetKey(r))
	}
	return p.show("reminders", "outcomes.title", data)
}

// tellingOf is what a firing is for, in words.
func tellingOf(purpose store.Purpose) (words, offset string) {
	switch {
	case purpose == store.Starting:
		return "told_start", ""
	case purpose == store.NotHeld:
		return "told_skipped", ""
	case purpose == store.HeldAfterAll:
		return "told_held", ""
	case strings.HasPrefix(string(purpose), string(store.MovedTo)):
		return "told_moved", ""
	}
	return "told_before", offsetKey(string(purpose))
}

// offsetKey is how long before a meeting an offset is: "24 h".
func offsetKey(text string) string {
	o, ok := schedule.ParseOffset(text)
	if !ok {
		return text
	}
	if spans := o.Spans(); spans%time.Hour == 0 {
		return fmt.Sprintf("%d h", int(spans.Hours()))
	}
	return fmt.Sprintf("%d min", int(o.Spans().Minutes()))
}
