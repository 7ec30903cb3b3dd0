package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// meetingID is a meeting of any group.
const meetingID = "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70aa13"

// remind puts a row for everybody in a group into the outbox, due at noon and over
// an hour later.
func (l *lineUnderTest) remind(t testing.TB, group, date, purpose string, kind store.Kind, ch flows.Channel) {
	t.Helper()
	do(t, l.look, `
		WITH f AS (
			INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, expires_at)
			VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, $6::timestamptz + interval '1 hour', $6::timestamptz + interval '1 hour')
			ON CONFLICT (line_id, group_id, meeting_id, date, purpose, start_at) DO UPDATE SET expires_at = excluded.expires_at
			RETURNING *)
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT line_id, gen_random_uuid(), $7, $8, pseudonym, firing_id, 'due', $6, expires_at, 0
		FROM membership JOIN f USING (line_id, group_id)
		WHERE state = 'active'`, l.id, group, meetingID, date, purpose, noon, string(kind), string(ch))
}

// reminded is a line on which ann is in two groups, and its outbox.
func reminded(t testing.TB) (*lineUnderTest, box) {
	t.Helper()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	l.byText(t, ann, l.groups[2])
	l.confirm(t, ann)
	return l, box{Outbox: store.NewOutbox(l.db, l.keys), db: l.db, sql: l.look, line: l.id}
}

var careful = store.Limits{PerNumber: 1, PerHour: 1, Barred: 5, PerMeeting: 2, CallsAWeek: 3}

func (b box) taken(t testing.TB, ch flows.Channel, now time.Time) []store.Outgoing {
	t.Helper()
	all, err := b.Claim(context.Background(), now, b.line, ch, store.Sender{Name: string(ch), PerSecond: 100, Burst: 100}, 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAMembershipGetsTwoRemindersOfAMeeting(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	for _, purpose := range []string{"24h", "2h", "1h", "15m"} {
		l.remind(t, l.groups[0], "2026-11-24", purpose, store.Reminder, flows.ByText)
	}
	rows := b.taken(t, flows.ByText, noon)
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	permits := make([]store.Permit, len(rows))
	var all sync.WaitGroup
	for i := range rows { // at once: each sees what the others do
		all.Go(func() { permits[i] = b.intend(t, noon, &rows[i], careful) })
	}
	all.Wait()
	slices.Sort(permits)
	if want := []store.Permit{store.MeetingSpent, store.MeetingSpent, store.Permitted, store.Permitted}; !slices.Equal(permits, want) {
		t.Fatalf("of four reminders: %v", permits)
	}
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'lapsed' AND reason = 'enough for this meeting' AND ended_at = $1`, noon.Truncate(24*time.Hour)); n != 2 {
		t.Errorf("%d have lapsed", n)
	}
	another := func() store.Permit {
		t.Helper()
		l.remind(t, l.groups[0], "2026-11-24", "30m", store.Reminder, flows.ByText)
		x := b.taken(t, flows.ByText, noon)[0]
		p := b.intend(t, noon, &x, careful)
		do(t, l.look, `DELETE FROM firing WHERE purpose = '30m'`)
		return p
	}
	for name, c := range map[string]struct {
		as   string // one of those that were sent
		want store.Permit
	}{
		"delivered":   {`state = 'done'`, store.MeetingSpent},
		"nobody knew": {`state = 'lapsed', reason = 'nobody knows'`, store.MeetingSpent},
		"refused":     {`state = 'failed', reason = 'filtered'`, store.Permitted},
		"not sent":    {`state = 'lapsed', reason = 'expired'`, store.Permitted},
	} {
		do(t, l.look, `UPDATE outbox SET `+c.as+` WHERE outbox_id = (SELECT min(outbox_id::text)::uuid FROM outbox WHERE attempts > 0)`)
		if got := another(); got != c.want {
			t.Errorf("once one was %s: another is %s", name, got)
		}
	}
	do(t, l.look, `UPDATE outbox SET state = 'done' WHERE attempts > 0`)
	l.remind(t, l.groups[0], "2026-12-01", "1h", store.Reminder, flows.ByText)
	l.remind(t, l.groups[2], "2026-11-24", "1h", store.Reminder, flows.ByText)
	l.remind(t, l.groups[0], "2026-11-24", "skipped", store.Change, flows.ByText)
	l.remind(t, l.groups[0], "2026-11-24", "start", store.CallMe, flows.ByText)
	rows = b.taken(t, flows.ByText, noon)
	for i := range rows {
		if p := b.intend(t, noon, &rows[i], careful); p != store.Permitted {
			t.Errorf("%s for %s of %s: %s", rows[i].Kind, rows[i].Firing.Purpose, rows[i].Firing.Date, p)
		}
	}
	if len(rows) != 4 {
		t.Errorf("%d rows of others", len(rows))
	}
}

// Who asked to be rung when it starts, and is on the line by then, may be in the room.
func TestWhoIsBusyWhenItStartsIsNotRungAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind    store.Kind
		purpose string
		outcome store.Outcome
		want    store.SendState
	}{
		{store.CallMe, "start", store.Busy, store.SendDone},
		{store.CallMe, "start", store.NoAnswer, store.SendDue},
		{store.Reminder, "1h", store.Busy, store.SendDue},
		{store.Change, "skipped", store.Busy, store.SendDue},
	} {
		l, b := reminded(t)
		l.remind(t, l.groups[0], "2026-11-24", c.purpose, c.kind, flows.ByCall)
		x := b.taken(t, flows.ByCall, noon)[0]
		if p := b.intend(t, noon, &x, careful); p != store.Permitted {
			t.Fatal(p)
		}
		for range 2 { // told twice, it is one call
			if _, err := b.Heard(t.Context(), noon, store.Heard{
				Line: l.id, Row: x.ID, Settled: store.Settled{To: store.SendDue, Again: noon}, Outcome: c.outcome,
			}); err != nil {
				t.Fatal(err)
			}
		}
		if is := b.state(t, x.ID); is != c.want {
			t.Errorf("%s, %s: it is %s, want %s", c.kind, c.outcome, is, c.want)
		}
	}
}

func TestANumberIsRungThreeTimesAWeek(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	ring := func(group int, date string, now time.Time) (store.Outgoing, store.Permit) {
		t.Helper()
		l.remind(t, l.groups[group], date, "1h", store.Reminder, flows.ByCall)
		do(t, l.look, `UPDATE outbox SET due_at = $1, expires_at = $1::timestamptz + interval '1 hour' WHERE state = 'due' AND lease_until IS NULL AND attempts = 0`, now)
		rows := b.taken(t, flows.ByCall, now)
		p, err := b.Intend(t.Context(), now, &rows[0], number(t, ann), careful)
		if err != nil {
			t.Fatal(err)
		}
		return rows[0], p
	}
	first, p := ring(0, "2026-11-24", noon)
	if p != store.Permitted {
		t.Fatal(p)
	}
	if n := l.count(t, `SELECT count(*) FROM outbox o, attempt a WHERE o.xmin = a.xmin`); n != 0 {
		t.Error("one transaction wrote what a number got and a membership's row")
	}
	if r := l.holdings(t, ann); r.Rung != 1 || len(r.Outbox) != 1 || r.Outbox[0].Kind != string(store.Reminder) {
		t.Errorf("held: rung %d times, %v", r.Rung, r.Outbox)
	}
	// What rang nobody is given back, once.
	for range 2 {
		b.settle(t, noon, first, store.Settled{To: store.SendDue, Again: noon.Add(30 * time.Minute)})
	}
	for i, date := range []string{"2026-11-25", "2026-11-26", "2026-11-27"} {
		if _, p := ring(i%2*2, date, noon); p != store.Permitted {
			t.Errorf("call %d is %s", i, p)
		}
	}
	last, p := ring(0, "2026-11-28", noon)
	if p != store.WeekSpent || b.state(t, last.ID) != store.SendLapsed {
		t.Errorf("the fourth is %s, and the row %s", p, b.state(t, last.ID))
	}
	l.remind(t, l.groups[0], "2026-11-29", "1h", store.Reminder, flows.ByText)
	l.remind(t, l.groups[0], "2026-11-29", "start", store.CallMe, flows.ByCall)
	for _, x := range slices.Concat(b.taken(t, flows.ByText, noon), b.taken(t, flows.ByCall, noon)) {
		if p := b.intend(t, noon, &x, careful); p != store.Permitted {
			t.Errorf("a %s by %s: %s", x.Kind, x.Channel, p)
		}
	}
	if until := texts(t, l.look, `SELECT (max(expires_at) AT TIME ZONE 'UTC')::text FROM attempt`)[0]; until != "2026-11-30 00:00:00" {
		t.Errorf("it is counted until %s", until)
	}
	if _, p := ring(0, "2026-12-05", noon.AddDate(0, 0, 6)); p != store.Permitted {
		t.Errorf("the next week it is %s", p)
	}
	if err := l.EraseNumber(t.Context(), l.event(noon.AddDate(0, 0, 6)), number(t, ann), l.groups); err != nil {
		t.Fatal(err)
	}
	l.wantNothing(t, "after an erasure")
}

// A database that stumbles costs nobody a call.
func TestACallThatWasNeverPlacedIsNotCounted(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	for i := range 3 {
		l.remind(t, l.groups[0], fmt.Sprintf("2026-11-2%d", 4+i), "1h", store.Reminder, flows.ByCall)
	}
	wantRung := func(when string, want int) {
		t.Helper()
		if n := l.count(t, `SELECT coalesce(sum(total), 0) FROM attempt`); n != want {
			t.Errorf("%s: %d calls are counted, want %d", when, n, want)
		}
	}
	const trigger = `CREATE %s TRIGGER boom %s UPDATE ON outbox %s FOR EACH ROW EXECUTE FUNCTION boom()`
	do(t, l.look, `CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'intent' THEN RAISE EXCEPTION 'x'; END IF; RETURN NEW; END $$`)
	for i, when := range []string{fmt.Sprintf(trigger, "", "BEFORE", ""), fmt.Sprintf(trigger, "CONSTRAINT", "AFTER", "DEFERRABLE INITIALLY DEFERRED")} {
		do(t, l.look, when)
		at := noon.Add(time.Duration(i) * time.Minute)
		for _, x := range b.taken(t, flows.ByCall, at) {
			if _, err := b.Intend(t.Context(), at, &x, number(t, ann), careful); err == nil {
				t.Fatal("no error")
			}
			wantRung("the queue failed", 0)
			for range 2 {
				b.settle(t, at, x, store.Settled{To: store.SendDue, Again: at.Add(time.Minute)})
			}
		}
		do(t, l.look, `DROP TRIGGER boom ON outbox`)
		wantRung("settled", 0)
	}
	// The counter could not be given back at once, and is by who settles.
	at := noon.Add(2 * time.Minute)
	do(t, l.look, fmt.Sprintf(trigger, "", "BEFORE", ""))
	do(t, l.look, `CREATE FUNCTION less() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'x'; END $$`)
	do(t, l.look, `CREATE TRIGGER less BEFORE UPDATE ON attempt FOR EACH ROW WHEN (NEW.total < OLD.total) EXECUTE FUNCTION less()`)
	rows := b.taken(t, flows.ByCall, at)
	if _, err := b.Intend(t.Context(), at, &rows[0], number(t, ann), careful); err == nil {
		t.Fatal("no error")
	}
	wantRung("nothing can be given back", 1)
	do(t, l.look, `DROP TRIGGER boom ON outbox`)
	do(t, l.look, `DROP TRIGGER less ON attempt`)
	for range 2 {
		b.settle(t, at, rows[0], store.Settled{To: store.SendDue, Again: at})
	}
	wantRung("given back by who settles", 0)
	for i := range rows[1:] {
		if p := b.intend(t, at, &rows[1+i], careful); p != store.Permitted {
			t.Errorf("call %d is %s", i, p)
		}
	}
	wantRung("two are placed", 2)
}

func TestRecipients(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	l.byPhone(t, bea, "482913", l.groups[0])
	l.remind(t, l.groups[0], "2026-11-24", "1h", store.Reminder, flows.ByText)
	l.remind(t, l.groups[2], "2026-11-24", "1h", store.Reminder, flows.ByText)
	rows := b.taken(t, flows.ByText, noon)
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	open := func() (all []string) {
		t.Helper()
		got, err := l.Recipients(t.Context(), rows)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range rows {
			r, ok := got[x.ID]
			switch {
			case !ok:
				all = append(all, "nobody")
			case r.Err != nil || r.Preferences.Language != "en":
				t.Errorf("%+v", r)
			case r.Number.Equal(number(t, ann)):
				all = append(all, "ann")
			case r.Number.Equal(number(t, bea)) && r.Asked:
				all = append(all, "bea, asked")
			}
		}
		slices.Sort(all)
		return all
	}
	if diff := cmp.Diff([]string{"ann", "ann", "bea, asked"}, open()); diff != "" {
		t.Error(diff)
	}
	if err := l.LeaveNumber(t.Context(), l.event(noon), number(t, ann), l.groups[2]); err != nil {
		t.Fatal(err)
	}
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE pseudonym IS NOT NULL`); n != 1 {
		t.Errorf("%d rows are left of who left one of two groups", n)
	}
	if diff := cmp.Diff([]string{"ann", "bea, asked", "nobody"}, open()); diff != "" {
		t.Error(diff)
	}
	for _, who := range []string{ann, bea} {
		if err := l.Stop(t.Context(), l.event(noon), number(t, who), true, l.groups); err != nil {
			t.Fatal(err)
		}
	}
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'lapsed' AND reason = 'not wanted' AND lease_until IS NULL`); n != 2 {
		t.Errorf("%d rows have lapsed", n)
	}
	if diff := cmp.Diff([]string{"nobody", "nobody", "nobody"}, open()); diff != "" {
		t.Error(diff)
	}
	for i := range rows {
		if p := b.intend(t, noon, &rows[i], generous); p != store.Superseded {
			t.Errorf("a row in hand is %s", p)
		}
	}

	// One whom a replica cannot open keeps nobody else from theirs.
	if err := l.Stop(t.Context(), l.event(noon), number(t, ann), false, l.groups); err != nil {
		t.Fatal(err)
	}
	do(t, l.look, `UPDATE membership SET number = ''`)
	for _, x := range rows {
		if len(x.Pseudonym) > 0 && x.Firing.Group == l.groups[0] {
			if got, err := l.Recipients(t.Context(), rows); err != nil || len(got) != 1 || got[x.ID].Err == nil || !got[x.ID].Number.IsZero() {
				t.Errorf("what cannot be opened: %v, %v", got, err)
			}
		}
	}
	if none, err := l.Recipients(t.Context(), nil); err != nil || len(none) != 0 {
		t.Error(none, err)
	}
}

// The database itself refuses a second live row of one purpose, whatever program
// puts it there. Who was rung and lost the line may ask again.
func TestARowOfOnePurposeIsAlone(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	for kind, purpose := range map[store.Kind]string{store.Reminder: "1h", store.Change: "skipped", store.CallMe: "start"} {
		l.remind(t, l.groups[0], "2026-11-24", purpose, kind, flows.ByCall)
		for _, state := range everyState {
			do(t, l.look, `UPDATE outbox SET state = $2 WHERE kind = $1`, string(kind), string(state))
			_, err := l.look.ExecContext(t.Context(), `
				INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
				SELECT line_id, gen_random_uuid(), kind, channel, pseudonym, firing_id, 'due', due_at, expires_at, 0
				FROM outbox WHERE line_id = $1 AND kind = $2`, b.line, string(kind))
			over := state == store.SendFailed || state == store.SendLapsed || state == store.SendDone && kind == store.CallMe
			if constraint := violated(err); over != (err == nil) || !over && constraint != "outbox_live" {
				t.Errorf("a second %s while one is %s: %v", kind, state, err)
			}
			do(t, l.look, `DELETE FROM outbox WHERE kind = $1 AND outbox_id <> (SELECT min(outbox_id::text)::uuid FROM outbox WHERE kind = $1)`, string(kind))
		}
	}
	// A member's are held to it by kind alone, whatever they were about.
	for _, kind := range []store.Kind{store.Confirmation, store.Recheck} {
		for i, state := range everyState {
			id := fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
			const put = `
				INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
				VALUES ($1, gen_random_uuid(), $2, 'text', $3, $4, $5, $5, 0)`
			do(t, l.look, put, b.line, string(kind), id, string(state), noon)
			_, err := l.look.ExecContext(t.Context(), put, b.line, string(kind), id, "due", noon)
			over := state == store.SendFailed || state == store.SendLapsed
			if constraint := violated(err); over != (err == nil) || !over && constraint != "outbox_live_member" {
				t.Errorf("a second %s while one is %s: %v", kind, state, err)
			}
			do(t, l.look, `DELETE FROM outbox WHERE member_id = $1`, id)
		}
	}
}

// violated is the constraint that a statement would have violated.
func violated(err error) string {
	var e *pq.Error
	if errors.As(err, &e) {
		return e.Constraint
	}
	return ""
}
