package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// A table in which nothing ends by itself says why.
func TestEveryTableHasARule(t *testing.T) {
	t.Parallel()
	look := raw(t, storetest.URL(t))
	tables := texts(t, look, `
		SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname
		FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
		WHERE relkind IN ('r', 'p', 'm', 'f') AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_'`)
	ruled := map[string]bool{}
	for _, r := range store.Rules() {
		ruled[r.Table] = true
		if r.Name == "" || r.What == "" || r.Period == "" || !slices.Contains(tables, r.Table) {
			t.Errorf("rule %+v is not whole, or of no table", r)
		}
	}
	for _, table := range tables {
		if why := store.Kept[table]; ruled[table] == (why != "") {
			t.Errorf("%s: ruled %t, kept because %q: it must be one of them", table, ruled[table], why)
		}
	}
	for table := range store.Kept {
		if !slices.Contains(tables, table) {
			t.Errorf("%s is kept, and is not there", table)
		}
	}
}

// ageing is a row of a rule's table, and when it is over.
type ageing struct {
	rule   string
	insert func(t *testing.T, s simulation, at time.Time)
	count  string // of such rows
	over   func(at time.Time) time.Time
	// daily says that there is one row a day, which is over when its day is.
	daily bool
}

type simulation struct {
	audited
	retention *store.Retention
	expired   *int
}

func newSimulation(t *testing.T) simulation {
	t.Helper()
	a, expired := newAudit(t), new(int)
	return simulation{audited: a, expired: expired, retention: store.NewRetention(openURL(t, a.url), func(context.Context, string, time.Time) (int, error) {
		*expired++
		return 3, nil
	})}
}

// row makes an insert of a statement in which $1 is the line and $2 the time.
func row(statement string) func(*testing.T, simulation, time.Time) {
	return func(t *testing.T, s simulation, at time.Time) { do(t, s.look, statement, s.line, at) }
}

func after(years, months, days int) func(time.Time) time.Time {
	return func(at time.Time) time.Time { return at.AddDate(years, months, days) }
}

// sinceMonday is when what stands under a week is over.
func sinceMonday(at time.Time) time.Time {
	at = at.UTC()
	return after(0, 13, 0)(time.Date(at.Year(), at.Month(), at.Day()-(int(at.Weekday())+6)%7, 0, 0, 0, 0, time.UTC))
}

var ageings = []ageing{
	{"questions", row(`INSERT INTO dialogue SELECT $1, uuid_send(gen_random_uuid()), '', '', NULL, NULL, '', $2::timestamptz + interval '1 day'`),
		`SELECT count(*) FROM dialogue`, after(0, 0, 1), false},
	{"effects", row(`INSERT INTO effect SELECT $1, uuid_send(gen_random_uuid()), '', $2::timestamptz + interval '1 day'`),
		`SELECT count(*) FROM effect`, after(0, 0, 1), false},
	{"attempts", row(`INSERT INTO attempt SELECT $1, uuid_send(gen_random_uuid()), 1, 1, $2, $2::timestamptz + interval '1 day'`),
		`SELECT count(*) FROM attempt`, after(0, 0, 1), false},
	{"outbox", row(`INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts, ended_at) VALUES ($1, gen_random_uuid(), 'confirmation', 'text', gen_random_uuid(), 'lapsed', $2, $2, 1, $2)`),
		`SELECT count(*) FROM outbox WHERE state = 'lapsed'`, after(0, 0, 1), false},
	{"outbox", row(`INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts, ended_at) VALUES ($1, gen_random_uuid(), 'confirmation', 'text', gen_random_uuid(), 'done', $2, $2::timestamptz + interval '1 day', 1, $2)`),
		`SELECT count(*) FROM outbox WHERE state = 'done'`, after(0, 0, 2), false},
	{"outbox", row(`INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts, ended_at) VALUES ($1, gen_random_uuid(), 'confirmation', 'text', gen_random_uuid(), 'unknown', $2, $2::timestamptz + interval '2 days', 1, NULL)`),
		`SELECT count(*) FROM outbox WHERE ended_at IS NULL`, after(0, 0, 3), false},
	{"firings", row(`INSERT INTO firing SELECT line_id, gen_random_uuid(), group_id, gen_random_uuid(), $2::timestamptz::date, '24h', $2, NULL, $2 FROM groups WHERE line_id = $1 LIMIT 1`),
		`SELECT count(*) FROM firing`, after(0, 0, 7), false},
	{"marks of what was sent", row(`INSERT INTO sent_mark SELECT $1, uuid_send(gen_random_uuid()), $2::timestamptz + interval '2 hours'`),
		`SELECT count(*) FROM sent_mark`, func(at time.Time) time.Time { return at.Add(2 * time.Hour) }, false},
	{"sessions", row(`INSERT INTO keys.session SELECT $1, uuid_send(gen_random_uuid()), '', $2, $2::timestamptz + interval '2 hours'`),
		`SELECT count(*) FROM keys.session`, func(at time.Time) time.Time { return at.Add(2 * time.Hour) }, false},
	{"messages", row(`INSERT INTO message SELECT line_id, gen_random_uuid(), group_id, '', 'sent', $2, 3 FROM groups WHERE line_id = $1 LIMIT 1`),
		`SELECT count(*) FROM message`, after(0, 0, 30), false},
	{"erased voice messages", row(`INSERT INTO voicemail SELECT $1, gen_random_uuid(), 'left', NULL, '', $2, 0, 'erased'`),
		`SELECT count(*) FROM voicemail WHERE state = 'erased'`, after(0, 0, 1), false},
	{"prompts not kept", row(`INSERT INTO voicemail SELECT $1, gen_random_uuid(), 'script', NULL, 'en', $2, 7, 'lost'`),
		`SELECT count(*) FROM voicemail WHERE purpose = 'script'`, after(0, 0, 1), false},
	{"voice messages", row(`INSERT INTO voicemail SELECT $1, gen_random_uuid(), 'left', NULL, 'en', $2, 7, 'lost'`),
		`SELECT count(*) FROM voicemail WHERE state <> 'erased' AND purpose = 'left'`, after(0, 0, 30), false},
	{"replicas", row(`INSERT INTO replica SELECT $1, gen_random_uuid(), 'x', $2::timestamptz`),
		`SELECT count(*) FROM replica`, after(0, 0, 1), false},
	{"traffic", row(`INSERT INTO traffic SELECT $1, $2::timestamptz, 'call_in', 5`),
		`SELECT count(*) FROM traffic`, after(0, 13, 0), false},
	{"counts", row(`INSERT INTO daily_count SELECT $1, $2::timestamptz::date, 'code_right', 5`),
		`SELECT count(*) FROM daily_count`, after(0, 13, 0), true},
	{"attendance", row(`INSERT INTO attendance SELECT $1, gen_random_uuid(), date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC')::date, 1, 5`),
		`SELECT count(*) FROM attendance`, sinceMonday, true},
	{"last sessions", row(`INSERT INTO last_session SELECT $1, gen_random_uuid(), $2::timestamptz::date, 5`),
		`SELECT count(*) FROM last_session`, after(0, 13, 0), true},
	{"stops", row(`INSERT INTO stop SELECT $1, date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC')::date, (ARRAY['main','language','code','now','soon','find','topic'])[extract(isodow FROM $2::timestamptz AT TIME ZONE 'UTC')], 5, 2`),
		`SELECT count(*) FROM stop`, sinceMonday, true},
	{"versions", row(`INSERT INTO flow_version SELECT $1, encode(sha256(uuid_send(gen_random_uuid())), 'hex'), '', date_trunc('month', $2::timestamptz AT TIME ZONE 'UTC'), $2`),
		`SELECT count(*) FROM flow_version`, after(0, 0, 1), false},
	{"ledger", row(`INSERT INTO sweep SELECT $1, $2::timestamptz::date, 'planted', 5`),
		`SELECT count(*) FROM sweep WHERE rule = 'planted'`, after(1, 0, 0), true},
	{"audit", func(t *testing.T, s simulation, at time.Time) { s.record(t, s.entry("act", at)) },
		`SELECT count(*) FROM audit`, after(1, 0, 0), false},
}

// orphans are halves of what is only kept whole.
var orphans = map[string]string{
	"members without key":        `INSERT INTO member SELECT line_id, gen_random_uuid(), uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 1, '', '', '', 'confirmed', NULL FROM line`,
	"keys without member":        `INSERT INTO keys.member SELECT line_id, gen_random_uuid(), '', '' FROM line`,
	"memberships without key":    `INSERT INTO membership SELECT line_id, uuid_send(gen_random_uuid()), group_id, '', '', 'text', NULL, 'active' FROM groups LIMIT 1`,
	"keys without voice message": `INSERT INTO keys.voicemail SELECT line_id, gen_random_uuid(), '' FROM line`,
	"keys without membership":    `INSERT INTO keys.membership SELECT line_id, uuid_send(gen_random_uuid()), '' FROM line`,
}

// Thirty days, in each of which every kind of row is made; before them, rows whose
// time comes in those days. Afterwards there is no row that is over, and none is
// missing that is not.
func TestThirtyDaysLeaveNothingOver(t *testing.T) {
	t.Parallel()
	s := newSimulation(t)
	db := openURL(t, s.url)
	if _, err := db.ImportGroups(t.Context(), s.keys, s.line, sampleGroups(t)); err != nil {
		t.Fatal(err)
	}
	plantMember(t, s.look, s.line)
	// Of the month, so that a period of months has one meaning; not after the
	// server's own clock, by which the audit log goes.
	now := time.Now().UTC()
	end := time.Date(now.Year(), now.Month(), 1, 3, 0, 0, 0, time.UTC)
	const days = 30
	start := end.AddDate(0, 0, -days)

	made := map[*ageing][]time.Time{}
	insert := func(a *ageing, at time.Time) {
		a.insert(t, s, at)
		made[a] = append(made[a], at)
	}
	for i := range ageings {
		a := &ageings[i]
		period := a.over(start).Sub(start)
		for d := range days {
			insert(a, start.Add(-period).Add(time.Duration(d-10)*24*time.Hour+5*time.Hour))
		}
	}
	for d := range days {
		at := start.AddDate(0, 0, d+1)
		for i := range ageings {
			insert(&ageings[i], at.Add(-19*time.Hour))
			if !ageings[i].daily {
				insert(&ageings[i], at.Add(-time.Hour))
			}
		}
		for _, statement := range orphans {
			do(t, s.look, statement)
		}
		if err := s.retention.Lapse(t.Context(), at.Add(-30*time.Minute)); err != nil {
			t.Fatal(err)
		}
		for table, end := range map[string]string{
			"dialogue": "expires_at", "effect": "expires_at", "attempt": "expires_at", "sent_mark": "expires_at", "keys.session": "gone_at",
		} {
			if n := count(t, s.look, `SELECT count(*) FROM `+table+` WHERE `+end+` <= $1`, at.Add(-30*time.Minute)); n != 0 {
				t.Errorf("day %d: %d rows of %s are over after Lapse", d, n, table)
			}
		}
		removed, err := s.retention.Sweep(t.Context(), s.line, at)
		if err != nil {
			t.Fatal(err)
		}
		if len(removed) != len(store.Rules()) {
			t.Errorf("day %d: rules run: %v", d, removed)
		}
		for name := range orphans {
			if removed[name] != 1 {
				t.Errorf("day %d: %s: %d removed, want 1", d, name, removed[name])
			}
		}
	}
	for i := range ageings {
		a := &ageings[i]
		want := 0
		for _, at := range made[a] {
			if a.over(at).After(end) {
				want++
			}
		}
		if got := count(t, s.look, a.count); got != want || want == len(made[a]) || want == 0 {
			t.Errorf("%s: %d rows are left of %d, want %d", a.rule, got, len(made[a]), want)
		}
	}
	for table := range secretTables {
		if n := count(t, s.look, `SELECT count(*) FROM `+table); n != 1 {
			t.Errorf("%s: %d rows, want the one that is whole", table, n)
		}
	}
	if *s.expired != days {
		t.Errorf("members were looked at %d times in %d days", *s.expired, days)
	}
	if n := count(t, s.look, `SELECT sum(removed) FROM sweep WHERE rule = 'members'`); n != 3*days {
		t.Errorf("the ledger says that %d members were erased, want %d", n, 3*days)
	}
	if report := s.verify(t, s.head(t)); !report.Whole() || report.Retired == 0 {
		t.Errorf("the audit log: %+v", report)
	}
}

func TestSweepRunsOnceADay(t *testing.T) {
	t.Parallel()
	s := newSimulation(t)
	runs := make([]map[string]int, 4)
	var all sync.WaitGroup
	for i := range runs {
		all.Go(func() {
			var err error
			if runs[i], err = s.retention.Sweep(t.Context(), s.line, noon); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	by := map[string]int{}
	for _, run := range runs {
		for name := range run {
			by[name]++
		}
	}
	for _, r := range store.Rules() {
		if by[r.Name] != 1 {
			t.Errorf("%s was run %d times", r.Name, by[r.Name])
		}
	}
	plant := func() {
		do(t, s.look, `INSERT INTO effect SELECT $1, uuid_send(gen_random_uuid()), '', $2`, s.line, noon.Add(-48*time.Hour))
	}
	plant()
	if again, err := s.retention.Sweep(t.Context(), s.line, noon.Add(6*time.Hour)); err != nil || len(again) != 0 || *s.expired != 1 {
		t.Errorf("later that day: %v, %v, members looked at %d times", again, err, *s.expired)
	}
	if next, err := s.retention.Sweep(t.Context(), s.line, noon.Add(12*time.Hour)); err != nil || next["effects"] != 1 || *s.expired != 2 {
		t.Errorf("the next day (UTC): %v, %v", next, err)
	}
}

// One rule that fails does not keep the others from their work, and is run again.
func TestSweepGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	broken := errors.New("broken")
	fails := true
	r := store.NewRetention(openURL(t, a.url), func(context.Context, string, time.Time) (int, error) {
		if fails {
			return 0, broken
		}
		return 7, nil
	})
	removed, err := r.Sweep(t.Context(), a.line, noon)
	if _, ran := removed["members"]; !errors.Is(err, broken) || ran || len(removed) != len(store.Rules())-1 {
		t.Errorf("removed %v, %v", removed, err)
	}
	fails = false
	if removed, err = r.Sweep(t.Context(), a.line, noon); err != nil || fmt.Sprint(removed) != "map[members:7]" {
		t.Errorf("again: %v, %v", removed, err)
	}
}
