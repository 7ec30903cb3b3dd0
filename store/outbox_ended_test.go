package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// When rows of one person ended at the same moment, that moment would tie them: the
// day is all that is kept, whatever ended them.
func TestOfWhenARowEndedTheDayIsKept(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	at := noon.Add(7*time.Minute + 123*time.Millisecond)
	for name, ends := range map[string]func() error{
		"a stop": func() error { return l.Stop(t.Context(), l.event(at), number(t, ann), true, l.groups) },
		"OUT":    func() error { return l.Coming(t.Context(), l.event(at), number(t, ann), false, l.groups) },
		"a sign": func() error { return l.Seen(t.Context(), l.event(at.AddDate(0, 1, 0)), number(t, ann)) },
		"a word from the carrier": func() error {
			var all error
			for _, x := range b.taken(t, flows.ByText, at) {
				b.intend(t, at, &x, careful)
				_, err := b.Heard(t.Context(), at, store.Heard{
					Line: b.line, Row: x.ID, Attempt: x.Attempts, Settled: store.Settled{To: store.SendDone}, Outcome: store.Delivered,
				})
				all = errors.Join(all, err)
			}
			return all
		},
		"a limit": func() error {
			for _, x := range b.taken(t, flows.ByText, at) {
				b.intend(t, at, &x, store.Limits{Barred: 5})
			}
			return nil
		},
		"its time": func() error {
			_, err := b.Tidy(t.Context(), at.AddDate(0, 0, 15))
			return err
		},
		"nobody's knowing": func() error {
			do(t, l.look, `UPDATE outbox SET state = 'unknown', intent_at = $1 WHERE state = 'due'`, noon)
			_, err := b.Tidy(t.Context(), at.Add(10*time.Minute))
			return err
		},
	} {
		do(t, l.look, `DELETE FROM firing`)
		do(t, l.look, `DELETE FROM outbox`)
		if err := l.Stop(t.Context(), l.event(noon), number(t, ann), false, l.groups); err != nil {
			t.Fatal(err)
		}
		for _, group := range []string{l.groups[0], l.groups[2]} {
			told := circle(group)
			told.Meeting = meetingID
			l.toldOf(t, ann, told, store.Reminder, store.SendAccepted, noon)
			l.remind(t, group, told.Date.String(), "1h", store.Reminder, flows.ByText)
		}
		do(t, l.look, `
			INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
			SELECT line_id, gen_random_uuid(), 'recheck', 'text', member_id, 'due', $1, $1::timestamptz + interval '14 days', 0 FROM member`, noon)
		if err := ends(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if l.count(t, `SELECT count(*) FROM outbox WHERE ended_at IS NOT NULL`) == 0 {
			t.Errorf("%s: nothing ended", name)
		}
		if n := l.count(t, `SELECT count(*) FROM outbox WHERE ended_at <> date_trunc('day', ended_at, 'UTC')`); n != 0 {
			t.Errorf("%s: of %d rows the moment is kept", name, n)
		}
	}
}
