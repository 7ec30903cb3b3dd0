package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// What was told to the carrier, or may have been, never becomes due but by the
// word of who knows that it was not, or that it reached nobody.
func TestTheTableOfStates(t *testing.T) {
	t.Parallel()
	for from, want := range map[store.SendState][]store.SendState{
		store.SendDue:      {store.SendDue, store.SendIntent, store.SendAccepted, store.SendDone, store.SendLapsed},
		store.SendIntent:   {store.SendDue, store.SendUnknown, store.SendAccepted, store.SendDone, store.SendFailed},
		store.SendUnknown:  {store.SendDue, store.SendAccepted, store.SendDone, store.SendFailed, store.SendLapsed},
		store.SendAccepted: {store.SendDue, store.SendDone, store.SendFailed},
		store.SendDone:     nil,
		store.SendFailed:   nil,
		store.SendLapsed:   nil,
	} {
		if got := from.Leads(); !slices.Equal(got, want) {
			t.Errorf("%s leads to %v", from, got)
		}
	}
}

var everyState = []store.SendState{
	store.SendDue, store.SendIntent, store.SendUnknown, store.SendAccepted, store.SendDone, store.SendFailed, store.SendLapsed,
}

// Every statement that changes a state is held to the table, from each state to
// each other; and whatever the table leads to, one of them does.
func TestStatementsFollowTheTable(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	hour := midday.Add(time.Hour)
	ways := map[string]func(ctx context.Context, x store.Outgoing, to store.SendState) error{
		"settle": func(ctx context.Context, x store.Outgoing, to store.SendState) error {
			return errOf(b.Settle(ctx, midday, x, store.Settled{To: to, Again: hour}, generous))
		},
		"heard": func(ctx context.Context, x store.Outgoing, to store.SendState) error {
			return errOf(b.Heard(ctx, midday, store.Heard{Line: b.line, Row: x.ID, Attempt: x.Attempts, Settled: store.Settled{To: to, Again: hour}}))
		},
		"resolve": func(ctx context.Context, x store.Outgoing, to store.SendState) error {
			return b.Resolve(ctx, midday, store.Unknown{Outgoing: x}, store.Settled{To: to, Again: hour})
		},
		"intend": func(_ context.Context, x store.Outgoing, _ store.SendState) error {
			b.intend(t, midday, &x, generous)
			return nil
		},
		"tidy": func(ctx context.Context, _ store.Outgoing, _ store.SendState) error {
			return errOf(b.Tidy(ctx, midday.Add(25*time.Hour)))
		},
	}
	became := map[string][]store.SendState{}
	n := 0
	for _, from := range everyState {
		for _, to := range everyState {
			for name, way := range ways {
				n++
				id := b.put(t, n, midday)
				x := b.claim(t, midday)
				do(t, b.sql, `UPDATE outbox SET state = $2, attempts = 1, intent_at = due_at WHERE outbox_id = $1`, id, string(from))
				err := way(t.Context(), x, to)
				is := b.state(t, id)
				if is != from {
					became[string(from)] = append(became[string(from)], is)
				}
				if is != from && !slices.Contains(from.Leads(), is) || err != nil && (is != from || !errors.Is(err, store.ErrNotFound)) {
					t.Errorf("%s to %s takes it from %s to %s: %v", name, to, from, is, err)
				}
				if name == "settle" && err == nil && is != to && !slices.Contains([]store.SendState{store.SendAccepted, store.SendDone, store.SendFailed}, is) {
					t.Errorf("settled as %s, and the row is %s", to, is)
				}
				do(t, b.sql, `DELETE FROM outbox`)
			}
		}
	}
	for _, from := range everyState {
		for _, to := range from.Leads() {
			if to != from && !slices.Contains(became[string(from)], to) {
				t.Errorf("nothing takes a row from %s to %s", from, to)
			}
		}
	}
}

// The carrier tells of a text in any order, more than once, and before it has
// answered: the row ends as the text did.
func TestWhatTheCarrierTellsComesInAnyOrder(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	word := func(to store.SendState, o store.Outcome) store.Heard {
		return store.Heard{Line: b.line, SID: someSID, Settled: store.Settled{To: to, Again: midday.Add(time.Hour)}, Outcome: o}
	}
	onItsWay := word(store.SendAccepted, "")
	for _, end := range []store.Heard{
		word(store.SendDone, store.Delivered), word(store.SendFailed, store.NotDelivered), word(store.SendDue, store.NotDelivered),
	} {
		words := []store.Heard{onItsWay, onItsWay, onItsWay, onItsWay, end} // accepted, queued, sending, sent
		n := 0
		permute(words, func(order []store.Heard) {
			n++
			for reply := range len(order) + 1 { // after so many callbacks
				id := b.put(t, n, midday)
				x := b.claim(t, midday)
				b.intend(t, midday, &x, generous)
				ends := 0
				for i, h := range append(order, order...) {
					if i == reply {
						b.settle(t, midday, x, store.Settled{To: store.SendAccepted, SID: someSID})
					}
					h.Row = id
					changed, err := b.Heard(t.Context(), midday, h)
					if err != nil {
						t.Fatal(err)
					}
					if changed && h.To == end.To {
						ends++
					}
				}
				if ends != 1 {
					t.Fatalf("%v, and the reply after %d: its end changes it %d times", order, reply, ends)
				}
				if is := b.state(t, id); is != end.To {
					t.Fatalf("%v, and the reply after %d: it is %s", order, reply, is)
				}
				do(t, b.sql, `DELETE FROM outbox`)
				if n > 5 { // where the last one stands is what differs
					break
				}
			}
		})
		if n != 120 {
			t.Fatalf("%d orders", n)
		}
	}
}

// permute calls do with every order of all.
func permute[T any](all []T, do func([]T)) {
	var from func(int)
	from = func(i int) {
		if i == len(all) {
			do(slices.Clone(all))
			return
		}
		for j := i; j < len(all); j++ {
			all[i], all[j] = all[j], all[i]
			from(i + 1)
			all[i], all[j] = all[j], all[i]
		}
	}
	from(0)
}

func TestWhatIsToldOfAnEarlierAttemptChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.put(t, 1, midday)
	for attempt := range 2 {
		x := b.claim(t, midday)
		b.intend(t, midday, &x, generous)
		b.settle(t, midday, x, store.Settled{To: store.SendAccepted, SID: fmt.Sprint("SM", attempt)})
		if attempt == 0 {
			h := store.Heard{Line: b.line, Row: id, Attempt: 0, Settled: store.Settled{To: store.SendDue, Again: midday}, Outcome: store.Busy}
			if _, err := b.Heard(t.Context(), midday, h); err != nil {
				t.Fatal(err)
			}
		}
	}
	h := store.Heard{Line: b.line, Row: id, Attempt: 0, Settled: store.Settled{To: store.SendDone}, Outcome: store.Busy, SID: "SMlate"}
	if changed, err := b.Heard(t.Context(), midday, h); err != nil || changed || b.state(t, id) != store.SendAccepted {
		t.Errorf("it is %s, %v", b.state(t, id), err)
	}
	h.Attempt = 1
	if changed, err := b.Heard(t.Context(), midday, h); err != nil || !changed || b.state(t, id) != store.SendDone {
		t.Errorf("it is %s, %v", b.state(t, id), err)
	}
	h.Row, h.SID = "00000000-0000-4000-8000-00000000ffff", "SMgone"
	if _, err := b.Heard(t.Context(), midday, h); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of a row that is gone: %v", err)
	}
	// Also what changes nothing is marked: it is not one of which we do not know.
	sids := []string{"SM0", "SMother", "SM1", "SMlate", "SMgone"}
	if got, err := b.Unmarked(t.Context(), b.line, sids); err != nil || !slices.Equal(got, []string{"SMother"}) {
		t.Errorf("unmarked: %v, %v", got, err)
	}
}

// Who is busy, or does not come, is rung once more, whatever became of the requests
// in between; told twice of one call, it is one.
func TestWhoWasNotReachedIsRungOnceMore(t *testing.T) {
	t.Parallel()
	type does func(b box, x store.Outgoing)
	told := func(o store.Outcome) does {
		return func(b box, x store.Outgoing) {
			for range 2 {
				if _, err := b.Heard(context.Background(), midday, store.Heard{
					Line: b.line, Row: x.ID, Attempt: x.Attempts, Settled: store.Settled{To: store.SendDue, Again: midday}, Outcome: o,
				}); err != nil {
					t.Error(err)
				}
			}
		}
	}
	answered := func(s store.Settled) does { return func(b box, x store.Outgoing) { b.settle(t, midday, x, s) } }
	refused, taken, unknown := answered(store.Settled{To: store.SendDue, Again: midday}), answered(store.Settled{To: store.SendAccepted}), answered(store.Settled{To: store.SendUnknown})
	busy, nobody, undelivered := told(store.Busy), told(store.NoAnswer), told(store.NotDelivered)
	for name, tt := range map[string]struct {
		attempts [][]does
		want     store.SendState
	}{
		"once":                        {[][]does{{taken, busy}}, store.SendDue},
		"twice":                       {[][]does{{taken, busy}, {taken, busy}}, store.SendDone},
		"busy, then nobody":           {[][]does{{taken, busy}, {nobody, taken}}, store.SendDone},
		"refused first":               {[][]does{{refused}, {taken, nobody}}, store.SendDue},
		"refused first, then twice":   {[][]does{{refused}, {refused}, {taken, nobody}, {taken, busy}}, store.SendDone},
		"refused in between":          {[][]does{{busy, taken}, {refused}, {taken, busy}}, store.SendDone},
		"told before the answer":      {[][]does{{busy, taken}, {busy, taken}}, store.SendDone},
		"told of what nobody knew":    {[][]does{{busy, taken}, {unknown, busy}}, store.SendDone},
		"a text is not a call":        {[][]does{{undelivered}, {undelivered}}, store.SendDue},
		"the second is on its way":    {[][]does{{busy, taken}, {taken}}, store.SendAccepted},
		"nobody knows of the second":  {[][]does{{busy, taken}, {unknown}}, store.SendUnknown},
		"the second is just refused":  {[][]does{{busy, taken}, {refused}}, store.SendDue},
		"the second is for good":      {[][]does{{busy, taken}, {answered(store.Settled{To: store.SendFailed})}}, store.SendFailed},
		"and the first is told again": {[][]does{{taken, busy}, {taken, func(b box, x store.Outgoing) { x.Attempts--; busy(b, x) }}}, store.SendAccepted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			id := b.put(t, 1, midday)
			for _, attempt := range tt.attempts {
				x := b.claim(t, midday)
				b.intend(t, midday, &x, generous)
				for _, do := range attempt {
					do(b, x)
				}
			}
			if is := b.state(t, id); is != tt.want {
				t.Errorf("it is %s, want %s", is, tt.want)
			}
		})
	}
}

// What is to be sent once more can be put off or lapse, as at the first time.
func TestWhoIsToBeRungOnceMoreCanWait(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.put(t, 1, midday)
	x := b.claim(t, midday)
	b.intend(t, midday, &x, generous)
	if _, err := b.Heard(t.Context(), midday, store.Heard{Line: b.line, Row: id, Settled: store.Settled{To: store.SendDue, Again: midday}, Outcome: store.Busy}); err != nil {
		t.Fatal(err)
	}
	x = b.claim(t, midday)
	b.settle(t, midday, x, store.Settled{To: store.SendDue, Again: midday.Add(2 * time.Hour)})
	if !b.idle(t, midday.Add(time.Hour)) {
		t.Error("it is not put off")
	}
	x = b.claim(t, midday.Add(2*time.Hour))
	ringing := store.Heard{Line: b.line, Row: id, Settled: store.Settled{To: store.SendAccepted}}
	if changed, err := b.Heard(t.Context(), midday, ringing); err != nil || changed { // of the first call, late
		t.Error(changed, err)
	}
	b.settle(t, midday.Add(2*time.Hour), x, store.Settled{To: store.SendLapsed, Reason: "no safe hour in time"})
	if is := b.state(t, id); is != store.SendLapsed {
		t.Errorf("it is %s", is)
	}
}
