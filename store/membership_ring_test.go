package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// starts is the start of a circle that is in two hours.
func starts(group string) store.Firing {
	f := circle(group)
	f.Purpose, f.Start = store.Starting, noon.Add(2*time.Hour)
	f.Due, f.Expires = f.Start, f.Start.Add(20*time.Minute)
	return f
}

func TestWhoIsRungWhenItStarts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(t *testing.T, l *lineUnderTest)
		ask    func(t *testing.T, l *lineUnderTest) error
		rings  int
	}{
		"who chose calls":  {prefers(flows.Preferences{Channel: flows.ByCall}), byNumber, 1},
		"who lets us ring": {prefers(flows.Preferences{Channel: flows.ByText, Ring: true}), byNumber, 1},
		"who chose texts":  {prefers(flows.Preferences{Channel: flows.ByText}), byNumber, 0},
		"behind the PIN":   {prefers(flows.Preferences{Channel: flows.ByText}), behindPIN, 1},
		"by a key in a call": {func(t *testing.T, l *lineUnderTest) {
			l.toldOf(t, ann, circle(l.groups[0]), store.Reminder, store.SendAccepted, noon)
		}, func(t *testing.T, l *lineUnderTest) error {
			row := texts(t, l.look, `SELECT outbox_id FROM outbox WHERE kind = 'reminder'`)[0]
			return l.RingRow(t.Context(), l.event(noon), row, starts(l.groups[0]))
		}, 1},
		"who told us to stop": {func(t *testing.T, l *lineUnderTest) {
			prefers(flows.Preferences{Channel: flows.ByCall})(t, l)
			l.stop(t, ann, true)
		}, byNumber, 0},
		"who told us to stop, behind the PIN": {func(t *testing.T, l *lineUnderTest) { l.stop(t, ann, true) }, behindPIN, 0},
		"another group": {prefers(flows.Preferences{Channel: flows.ByCall}), func(t *testing.T, l *lineUnderTest) error {
			return l.RingMe(t.Context(), l.event(noon), number(t, ann), starts(l.groups[2]))
		}, 0},
		"nobody": {nil, func(t *testing.T, l *lineUnderTest) error {
			return l.RingMe(t.Context(), l.event(noon), number(t, bea), starts(l.groups[0]))
		}, 0},
		"a row that is gone": {nil, func(t *testing.T, l *lineUnderTest) error {
			return l.RingRow(t.Context(), l.event(noon), "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70bb09", starts(l.groups[0]))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setUpMembers(t)
			l.byPhone(t, ann, "482913", l.groups[0])
			l.confirm(t, ann)
			if c.before != nil {
				c.before(t, l)
			}
			for range 2 { // who asks twice is rung once
				if err := c.ask(t, l); err != nil {
					t.Fatal(err)
				}
			}
			if n := l.count(t, `SELECT count(*) FROM outbox WHERE kind = 'call_me'`); n != c.rings {
				t.Fatalf("rung %d times", n)
			}
			if n := l.count(t, `SELECT count(*) FROM firing WHERE purpose = 'start'`); n != c.rings {
				t.Errorf("%d firings", n)
			}
			if c.rings == 0 {
				return
			}
			if n := l.count(t, `
				SELECT count(*) FROM outbox JOIN firing USING (line_id, firing_id)
				WHERE kind = 'call_me' AND state = 'due' AND channel = 'call' AND member_id IS NULL AND due_at = start_at AND outbox.expires_at = start_at + interval '20 minutes'`); n != 1 {
				t.Error("not as it was asked for")
			}
		})
	}
}

func prefers(p flows.Preferences) func(*testing.T, *lineUnderTest) {
	return func(t *testing.T, l *lineUnderTest) {
		t.Helper()
		if err := l.Prefer(t.Context(), l.act(l.member(t, ann, "482913")), p, l.groups); err != nil {
			t.Fatal(err)
		}
	}
}

func byNumber(t *testing.T, l *lineUnderTest) error {
	return l.RingMe(t.Context(), l.event(noon), number(t, ann), starts(l.groups[0]))
}

func behindPIN(t *testing.T, l *lineUnderTest) error {
	return l.RingMember(t.Context(), l.act(l.member(t, ann, "482913")), starts(l.groups[0]))
}

func (l *lineUnderTest) stop(t testing.TB, n string, stop bool) {
	t.Helper()
	if err := l.Stop(t.Context(), l.event(noon), number(t, n), stop, l.groups); err != nil {
		t.Fatal(err)
	}
}

func TestWhoLostTheLineIsRungAgain(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	ask := l.act(l.member(t, ann, "482913"))
	ring := func(a store.Act, want int) {
		t.Helper()
		if err := l.RingMember(t.Context(), a, starts(l.groups[0])); err != nil {
			t.Fatal(err)
		}
		if n := l.count(t, `SELECT count(*) FROM outbox WHERE kind = 'call_me'`); n != want {
			t.Errorf("rung %d times, want %d", n, want)
		}
	}
	ring(ask, 1)
	do(t, l.look, `UPDATE outbox SET state = 'done' WHERE kind = 'call_me'`)
	ring(ask, 1) // the carrier's repetition
	ring(l.act(ask.Member), 2)
}

// A text that asks to be rung can be forged, as often as somebody likes.
func TestNobodyIsRungWithoutEnd(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]struct {
		store.Settled
		outcome store.Outcome
	}{
		"a machine took it": {store.Settled{To: store.SendDone}, store.Machine},
		"it failed":         {store.Settled{To: store.SendFailed, Reason: "permanent"}, store.CallFailed},
	} {
		l := setUpMembers(t)
		l.byPhone(t, ann, "482913", l.groups[0])
		l.confirm(t, ann)
		prefers(flows.Preferences{Channel: flows.ByText, Ring: true})(t, l)
		b := box{Outbox: store.NewOutbox(l.db, l.keys), db: l.db, sql: l.look, line: l.id}
		var rung []time.Duration
		for after := time.Duration(0); after < 40*time.Minute; after += 30 * time.Second {
			at := noon.Add(after)
			f := starts(l.groups[0])
			f.Start, f.Due, f.Expires = noon, at, noon.Add(time.Hour)
			if err := l.RingMe(t.Context(), l.event(at), number(t, ann), f); err != nil {
				t.Fatal(err)
			}
			for _, x := range b.taken(t, flows.ByCall, at) {
				if p := b.intend(t, at, &x, careful); p != store.Permitted {
					t.Fatal(p)
				}
				rung = append(rung, after)
				b.settle(t, at, x, store.Settled{To: store.SendAccepted, SID: fmt.Sprint("CA", after)})
				if _, err := b.Heard(t.Context(), at, store.Heard{Line: b.line, Row: x.ID, Attempt: x.Attempts, Settled: end.Settled, Outcome: end.outcome}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if want := []time.Duration{0, 2 * time.Minute, 4 * time.Minute}; !slices.Equal(rung, want) {
			t.Errorf("%s: rung after %v, want %v", name, rung, want)
		}
	}
}

func TestOffsetsOfOnesOwn(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	a := l.act(l.member(t, ann, "482913"))
	for _, c := range []struct {
		offsets []string
		want    string
	}{{[]string{"24h", "15m"}, "{24h,15m}"}, {[]string{"1440m", "60m", "90m"}, "{24h,1h,90m}"}, {[]string{}, "{}"}, {nil, "the group's"}} {
		a.Event = l.event(noon)
		if err := l.SetOffsets(t.Context(), a, l.groups[0], c.offsets); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, l.look, `SELECT coalesce(offsets::text, 'the group''s') FROM membership`); !slices.Equal(got, []string{c.want}) {
			t.Errorf("chose %v: %s", c.offsets, got)
		}
	}
	for _, wrong := range [][]string{{"soon"}, {"1m"}, {"1h", "2h", "3h", "4h", "5h"}} {
		if err := l.SetOffsets(t.Context(), a, l.groups[0], wrong); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
	a.Event = l.event(noon)
	if err := l.SetOffsets(t.Context(), a, l.groups[3], []string{"1h"}); err != nil {
		t.Errorf("a group that they are not in: %v", err)
	}
	if err := l.SetOffsets(t.Context(), l.act("4f9c1a52-63d7-4a7e-9d5b-2f1e8c70bb09"), l.groups[0], nil); !isNotFound(err) {
		t.Errorf("nobody: %v", err)
	}
}
