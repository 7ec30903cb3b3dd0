package phone

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// told are members that write down what they are asked to do.
type told struct {
	Away
	did    []string
	newest *store.Firing
	rows   map[string]store.Firing
}

func (m *told) note(format string, args ...any) error {
	m.did = append(m.did, fmt.Sprintf(format, args...))
	return nil
}

func (m *told) Load(context.Context, string, string, []string) (flows.Member, error) {
	return flows.Member{}, nil
}

func (m *told) Stop(_ context.Context, _ store.Event, _ vault.Number, stop bool, _ []string) error {
	return m.note("stop %t", stop)
}

func (m *told) StopMember(_ context.Context, a store.Act, stop bool, _ []string) error {
	return m.note("stop %s %t", a.Member, stop)
}

func (m *told) Seen(context.Context, store.Event, vault.Number) error { return m.note("seen") }

func (m *told) SetOffsets(_ context.Context, a store.Act, group string, offsets []string) error {
	return m.note("remind %s of %s %#v", a.Member, group, offsets)
}

func (m *told) Coming(_ context.Context, _ store.Event, _ vault.Number, coming bool, groups []string) error {
	return m.note("coming %t of %d", coming, len(groups))
}

func (m *told) ComingRow(_ context.Context, _ store.Event, row string, coming bool) error {
	return m.note("coming %s %t", row, coming)
}

func (m *told) Newest(context.Context, string, vault.Number, []string, time.Time) (store.Firing, bool, error) {
	if m.newest == nil {
		return store.Firing{}, false, nil
	}
	return *m.newest, true, nil
}

func (m *told) RowFiring(_ context.Context, _, row string) (store.Firing, error) {
	f, ok := m.rows[row]
	if !ok {
		return f, fmt.Errorf("row: %w", store.ErrNotFound)
	}
	return f, nil
}

func (m *told) RingMe(_ context.Context, _ store.Event, _ vault.Number, f store.Firing) error {
	return m.note("ring %s", rungAt(f))
}

func (m *told) RingMember(_ context.Context, a store.Act, f store.Firing) error {
	return m.note("ring %s %s", a.Member, rungAt(f))
}

func (m *told) RingRow(_ context.Context, _ store.Event, row string, f store.Firing) error {
	return m.note("ring %s %s", row, rungAt(f))
}

// rungAt is when somebody is rung to what.
func rungAt(f store.Firing) string {
	return fmt.Sprintf("%s %s %s-%s", f.Group, f.Purpose, f.Due.UTC().Format("Mon 15:04"), f.Expires.UTC().Format("15:04"))
}

// A Tuesday. The group "live" meets from 23:00 UTC on for an hour, "soon" at 23:30,
// "week" a week later, "daily" each day at 18:00 (UTC).
var tuesday = time.Date(2026, 11, 24, 23, 5, 30, 0, time.UTC)

func newTold(t *testing.T) (*Calls, *told, flows.View) {
	t.Helper()
	meets := func(start, rule string, minutes int) []schedule.Meeting {
		m, err := schedule.New(start, "UTC", rule, minutes)
		if err != nil {
			t.Fatal(err)
		}
		m.ID = "m"
		return []schedule.Meeting{m}
	}
	line := flows.Line{ID: "line", Zone: "UTC", Languages: []string{"en"}, CodeLength: 6}
	d := flows.NewDirectory(line, []flows.Group{
		{ID: "live", Meetings: meets("2026-11-24T23:00", "", 60)},
		{ID: "ends", Meetings: meets("2026-11-24T22:10", "", 60)},
		{ID: "soon", Meetings: meets("2026-11-24T23:30", "", 60)},
		{ID: "week", Meetings: meets("2026-12-01T23:00", "", 60)},
		{ID: "daily", Meetings: meets("2026-11-01T18:00", "FREQ=DAILY", 60)},
		{ID: "place", Place: "12 Elm St", Meetings: meets("2026-11-24T23:30", "", 60)},
		{ID: "paused", Stage: flows.StagePaused, Meetings: meets("2026-11-24T23:30", "", 60)},
	}, tuesday)
	m := &told{rows: map[string]store.Firing{}}
	c := New(Options{Rooms: refusing{}, Members: m, Now: func() time.Time { return tuesday }, Log: slog.New(slog.DiscardHandler)})
	return c, m, flows.View{Now: tuesday.Truncate(time.Minute), Directory: d}
}

func TestWhatReminderFunctionsAskOfTheStore(t *testing.T) {
	t.Parallel()
	on := func(day int) schedule.Date { return schedule.Date{Year: 2026, Month: time.November, Day: day} }
	ofDaily := store.Firing{Group: "daily", Meeting: "m", Date: on(26)}
	inCall := flows.About{Row: "row", Group: "soon"}
	for name, c := range map[string]struct {
		does   string
		state  flows.State
		text   bool
		newest *store.Firing
		row    store.Firing
		want   string
	}{
		"IN":                                {does: "coming", text: true, want: "coming true of 7"},
		"OUT":                               {does: "not_coming", text: true, want: "coming false of 7"},
		"a key for coming":                  {does: "coming", state: flows.State{About: inCall}, want: "coming row true, seen"},
		"a key for not coming":              {does: "not_coming", state: flows.State{About: inCall}, want: "coming row false, seen"},
		"coming, of who calls us":           {does: "coming"},
		"CALL with a code, live":            {does: "ring", text: true, state: flows.State{Group: "live"}, want: "ring live start Tue 23:05-23:25"},
		"CALL with a code, nearly over":     {does: "ring", text: true, state: flows.State{Group: "ends"}, want: "ring ends start Tue 23:05-23:10"},
		"CALL with a code, soon":            {does: "ring", text: true, state: flows.State{Group: "soon"}, want: "ring soon start Tue 23:30-23:50"},
		"CALL with a code, tomorrow":        {does: "ring", text: true, state: flows.State{Group: "daily"}, want: "ring daily start Wed 18:00-18:20"},
		"CALL with a code, next week":       {does: "ring", text: true, state: flows.State{Group: "week"}},
		"CALL to a place":                   {does: "ring", text: true, state: flows.State{Group: "place"}},
		"CALL to a group that is paused":    {does: "ring", text: true, state: flows.State{Group: "paused"}},
		"CALL to a group that is gone":      {does: "ring", text: true, state: flows.State{Group: "gone"}},
		"CALL without a code":               {does: "ring", text: true, newest: &ofDaily, want: "ring daily start Thu 18:00-18:20"},
		"CALL without a code or a reminder": {does: "ring", text: true},
		"CALL, of what was moved away":      {does: "ring", text: true, newest: &store.Firing{Group: "live", Meeting: "m", Date: on(20)}},
		"a key for a call": {does: "ring", state: flows.State{About: inCall, Group: "soon"}, row: store.Firing{Group: "soon", Meeting: "m", Date: on(24)},
			want: "ring row soon start Tue 23:30-23:50, seen"},
		"a key for a call, of what is live": {does: "ring", state: flows.State{About: inCall}, row: store.Firing{Group: "live", Meeting: "m", Date: on(24)},
			want: "ring row live start Tue 23:07-23:27, seen"},
		"a key for a call, of a row that is gone": {does: "ring", state: flows.State{About: inCall}, want: "seen"},
		"behind the PIN":            {does: "ring", state: flows.State{Member: "ann", Group: "live"}, want: "ring ann live start Tue 23:07-23:27"},
		"behind the PIN, next week": {does: "ring", state: flows.State{Member: "ann", Group: "week"}},
		"as the group does":         {does: "remind_when", state: flows.State{Member: "ann", Group: "live", Vars: map[string]string{"offsets": "group"}}, want: "remind ann of live []string(nil)"},
		"never":                     {does: "remind_when", state: flows.State{Member: "ann", Group: "live", Vars: map[string]string{"offsets": "none"}}, want: "remind ann of live []string{}"},
		"an hour before":            {does: "remind_when", state: flows.State{Member: "ann", Group: "live", Vars: map[string]string{"offsets": "1h"}}, want: `remind ann of live []string{"1h"}`},
		"stop, by text or by a key": {does: "stop", want: "stop true"},
		"stop, behind the PIN":      {does: "stop", state: flows.State{Member: "ann"}, want: "stop ann true"},
		"take it back":              {does: "resume", state: flows.State{Member: "ann"}, want: "stop ann false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls, members, view := newTold(t)
			members.newest = c.newest
			if c.row.Group != "" {
				members.rows["row"] = c.row
			}
			view.Text = c.text
			a := calls.member(t.Context(), call{view: view, flow: &flows.Flow{}}, flows.Request{Function: "member." + c.does, State: c.state})
			if a.Result != done {
				t.Errorf("it comes to %q", a.Result)
			}
			if diff := cmp.Diff(c.want, strings.Join(members.did, ", ")); diff != "" {
				t.Errorf("asked of the store (-want +got):\n%s", diff)
			}
		})
	}
}

// Who goes into the room from a call of ours has shown that it reaches them; nobody
// waits for that to be kept.
func TestWhoJoinsFromACallOfOursIsSeen(t *testing.T) {
	t.Parallel()
	c, members, view := newTold(t)
	in := call{view: view, flow: &flows.Flow{}}
	for about, want := range map[flows.About]string{{}: "", {Row: "row", Group: "live"}: "seen"} {
		members.did = nil
		if a := c.host(t.Context(), in)(flows.Request{Function: "session.admit", State: flows.State{Group: "live", About: about}}); a.Result != "gone" {
			t.Errorf("it comes to %q", a.Result)
		}
		if got := strings.Join(members.did, ", "); got != want {
			t.Errorf("asked of the store: %q, want %q", got, want)
		}
	}
	c.Members = Away{}
	if a := c.host(t.Context(), in)(flows.Request{Function: "session.admit", State: flows.State{About: flows.About{Row: "row"}}}); a.Result != "gone" {
		t.Errorf("without Postgres it comes to %q", a.Result)
	}
}
