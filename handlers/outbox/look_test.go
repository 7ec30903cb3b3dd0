package outbox_test

import (
	"cmp"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
)

// Who agreed to reminders in the hours that are quiet for everybody agreed to those
// hours of theirs: one that is late by more waits for the morning.
func TestALateReminderComesAtItsHour(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC) // eleven in New York
	morning := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		purpose string
		late    bool
		p       flows.Preferences
		after   time.Duration // its hour
		state   string
		due     time.Time
	}{
		"at its hour":                  {"24h", true, flows.Preferences{}, 0, "accepted", night},
		"a little later":               {"24h", true, flows.Preferences{}, 29 * time.Minute, "accepted", night},
		"much later":                   {"24h", true, flows.Preferences{}, 31 * time.Minute, "due", morning},
		"in the middle of the night":   {"24h", true, flows.Preferences{}, 5 * time.Hour, "due", morning},
		"much later, of no use by day": {"1h", true, flows.Preferences{}, 31 * time.Minute, "lapsed", night},
		"who did not agree":            {"24h", false, flows.Preferences{}, 0, "due", morning},
		"who is safe at another hour":  {"24h", true, flows.Preferences{Hours: flows.Mornings}, 0, "due", morning},
		"by day":                       {"24h", true, flows.Preferences{Zone: "Pacific/Auckland"}, 5 * time.Hour, "accepted", night},
	} {
		r := newRig(t)
		r.clock.set(night)
		who := asked(t, ida)
		who.Preferences.Late, who.Preferences.Hours = tt.late, tt.p.Hours
		who.Preferences.Zone = cmp.Or(tt.p.Zone, who.Preferences.Zone)
		offset, _ := schedule.ParseOffset(tt.purpose)
		start := night.Add(offset.Spans() - tt.after)
		id := r.tells(1, store.Reminder, tt.purpose, flows.ByText, who, start)
		r.do(`UPDATE firing SET start_at = $1`, start)
		r.pass(outbox.New(r.o))
		if state, reason, due := r.row(id); state != tt.state || !due.Equal(tt.due) {
			t.Errorf("%s: it is %s, %q, due at %s", name, state, reason, due)
		}
	}
}

// What was planned for a channel that its member has left does not come by it.
func TestWhoChoseAnotherChannelIsNotReachedByTheOldOne(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind  store.Kind
		by    flows.Channel
		p     flows.Preferences
		state string
	}{
		"a reminder by call":                {store.Reminder, flows.ByCall, flows.Preferences{Channel: flows.ByText}, "lapsed"},
		"also of who is rung when they ask": {store.Reminder, flows.ByCall, flows.Preferences{Channel: flows.ByText, Ring: true}, "lapsed"},
		"a reminder by text":                {store.Reminder, flows.ByText, flows.Preferences{Channel: flows.ByCall}, "lapsed"},
		"a change by call":                  {store.Change, flows.ByCall, flows.Preferences{Channel: flows.ByText}, "lapsed"},
		"a reminder as they wish":           {store.Reminder, flows.ByCall, flows.Preferences{Channel: flows.ByCall}, "accepted"},
		"who asked to be rung":              {store.CallMe, flows.ByCall, flows.Preferences{Channel: flows.ByText, Ring: true}, "accepted"},
		"who gets calls and asked":          {store.CallMe, flows.ByCall, flows.Preferences{Channel: flows.ByCall}, "accepted"},
		"whether it is still safe":          {store.Recheck, flows.ByCall, flows.Preferences{Channel: flows.ByText}, "lapsed"},
		"the same, as they wish":            {store.Recheck, flows.ByText, flows.Preferences{}, "accepted"},
		"who enrols":                        {store.Confirmation, flows.ByCall, flows.Preferences{Channel: flows.ByText}, "accepted"},
		"who asked and wants no more calls": {store.CallMe, flows.ByCall, flows.Preferences{Channel: flows.ByText}, "lapsed"},
	} {
		r := newRig(t)
		who := asked(t, ida)
		who.Preferences.Channel, who.Preferences.Ring = tt.p.Channel, tt.p.Ring
		var id string
		if purpose, theirs := map[store.Kind]string{store.Reminder: "6h", store.Change: "skipped", store.CallMe: "start"}[tt.kind]; theirs {
			id = r.tells(1, tt.kind, purpose, tt.by, who, begins)
		} else {
			id = r.put(1, tt.by, who)
			r.do(`UPDATE outbox SET kind = $1`, string(tt.kind))
		}
		r.pass(outbox.New(r.o))
		state, reason, _ := r.row(id)
		if state != tt.state || state == "lapsed" && reason != "another channel by now" || r.carrier.requests() > 1 {
			t.Errorf("%s: it is %s, %q", name, state, reason)
		}
	}
}
