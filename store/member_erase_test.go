package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// personalTables are those in which somebody leaves a row of their own.
var personalTables = []string{"member", "keys.member", "membership", "keys.membership", "outbox", "attempt", "dialogue"}

func (l *lineUnderTest) wantNothing(t testing.TB, when string) {
	t.Helper()
	for _, table := range personalTables {
		n := l.count(t, `SELECT count(*) FROM `+table)
		if table == "attempt" { // all callers' together are nobody's
			n -= l.count(t, `SELECT count(*) FROM attempt WHERE counter IN ($1, $2)`,
				l.lineCounter(noon, "line"), l.lineCounter(noon.AddDate(0, 0, -1), "line"))
		}
		if n != 0 {
			t.Errorf("%s there are %d rows in %s", when, n, table)
		}
	}
}

// leaveTraces has ann be a member with everything there is to erase.
func (l *lineUnderTest) leaveTraces(t testing.TB) (member string) {
	t.Helper()
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	member = l.member(t, ann, "482913")
	if err := l.Join(t.Context(), l.act(member), l.groups[2], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
	l.byPhone(t, ann, "482913", l.groups[1])
	yesterday := l.login(t, ann, "", "0", noon.AddDate(0, 0, -1))
	own := l.login(t, ann, "", "0", noon)
	own.Verified = true
	for _, x := range []store.Login{yesterday, own, l.login(t, ann, "", "0", noon)} {
		l.logIn(t, x)
	}
	l.ask(t, ann)
	box := box{Outbox: store.NewOutbox(l.db, l.keys), db: l.db, sql: l.look, line: l.id}
	l.remind(t, l.groups[0], noon.Format(time.DateOnly), "15m", store.Reminder, flows.ByCall)
	ring := box.taken(t, flows.ByCall, noon)
	must(box.Intend(t.Context(), noon, &ring[0], number(t, ann), careful))
	l.remind(t, l.groups[2], noon.Format(time.DateOnly), "15m", store.Reminder, flows.ByText)
	for _, table := range personalTables {
		if l.count(t, `SELECT count(*) FROM `+table) == 0 {
			t.Fatalf("%s is empty", table)
		}
	}
	return member
}

// ask leaves a question open to n.
func (l *lineUnderTest) ask(t testing.TB, n string) {
	t.Helper()
	text := store.Text{Line: l.id, Caller: l.keys.Index(l.id, number(t, n)), Message: []byte("m1"), At: noon}
	if _, err := store.NewDialogues(l.db, l.keys).Answer(t.Context(), text, func([]byte) store.Answer {
		return store.Answer{Reply: "?", State: []byte("open")}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestEraseLeavesNothing(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for name, erase := range map[string]func(member string) error{
		"signed in": func(member string) error { return l.Erase(t.Context(), l.act(member), l.groups) },
		"by number": func(string) error { return l.EraseNumber(t.Context(), l.event(noon), number(t, ann), l.groups) },
		"by operator": func(string) error {
			return l.EraseNumber(t.Context(), store.Event{Line: l.id, At: noon}, number(t, ann), l.groups)
		},
		"with a directory that is behind": func(member string) error {
			return l.Erase(t.Context(), l.act(member), l.groups[:1])
		},
	} {
		member := l.leaveTraces(t)
		if err := erase(member); err != nil {
			t.Fatal(err)
		}
		l.wantNothing(t, name)
		if !l.holdings(t, ann).Empty() {
			t.Errorf("%s: something is held", name)
		}
		if _, err := l.Load(t.Context(), l.id, member, l.groups); !isNotFound(err) {
			t.Errorf("%s: load: %v", name, err)
		}
		if err := erase(member); err != nil {
			t.Errorf("%s: again: %v", name, err)
		}
	}
	if n := l.count(t, `SELECT sum(count) FROM daily_count WHERE name = 'erased'`); n != 4 {
		t.Errorf("counted %d", n)
	}
}

func TestErasingWhoNeverEnrolledRemovesWhatACallerLeaves(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	if h := l.holdings(t, bea); !h.Empty() {
		t.Errorf("held of a stranger: %+v", h)
	}
	l.ask(t, bea)
	l.logIn(t, l.login(t, bea, "", "0", noon))
	h := l.holdings(t, bea)
	if h.Member != nil || h.DialogueUntil == nil || !h.DialogueUntil.Equal(noon.Add(24*time.Hour)) || h.Attempts != 1 {
		t.Errorf("held of a caller: %+v", h)
	}
	if err := l.EraseNumber(t.Context(), l.event(noon), number(t, bea), l.groups); err != nil {
		t.Fatal(err)
	}
	if h := l.holdings(t, bea); !h.Empty() {
		t.Errorf("held afterwards: %+v", h)
	}
}

// The text that asks for it holds its dialogue's row.
func TestEraseFromWithinADialogue(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.leaveTraces(t)
	text := store.Text{Line: l.id, Caller: l.keys.Index(l.id, number(t, ann)), Message: []byte("m2"), At: noon}
	if _, err := store.NewDialogues(l.db, l.keys).Answer(t.Context(), text, func([]byte) store.Answer {
		if err := l.EraseNumber(t.Context(), l.event(noon), number(t, ann), l.groups); err != nil {
			t.Error(err)
		}
		return store.Answer{Reply: "All is erased."}
	}); err != nil {
		t.Fatal(err)
	}
	if h := l.holdings(t, ann); h.Member != nil || h.DialogueUntil == nil || h.DialogueUntil.After(noon.Add(2*time.Minute)) {
		t.Errorf("held: %+v", h)
	}
}

// An erasure that stops at its k-th deletion is finished by the next.
func TestAnErasureThatWasInterruptedIsFinished(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	look := l.look
	exec := func(statement string) {
		t.Helper()
		if _, err := look.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE SEQUENCE deletions; CREATE TABLE stop_at (k int); INSERT INTO stop_at VALUES (0)`)
	exec(`CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF nextval('deletions') = (SELECT k FROM stop_at) THEN RAISE EXCEPTION 'stop'; END IF;
		RETURN NULL;
	END $$`)
	for _, table := range personalTables {
		exec(`CREATE TRIGGER stop AFTER DELETE ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION stop()`)
	}
	interrupted := 0
	for k := 1; ; k++ {
		exec(`UPDATE stop_at SET k = 0`)
		member := l.leaveTraces(t)
		exec(fmt.Sprintf(`UPDATE stop_at SET k = %d; SELECT setval('deletions', 1, false)`, k))
		a := l.act(member)
		err := l.Erase(t.Context(), a, l.groups)
		if err == nil {
			l.wantNothing(t, "at the end")
			break
		}
		interrupted++
		if n := l.count(t, `SELECT count(*) FROM member`); n != 1 {
			t.Fatalf("interrupted at deletion %d, the identity is gone: what is left cannot be found", k)
		}
		if err := l.Erase(t.Context(), a, l.groups); err != nil {
			t.Fatal(err)
		}
		l.wantNothing(t, fmt.Sprintf("after an interruption at deletion %d", k))
	}
	if interrupted < 10 {
		t.Errorf("it was interrupted %d times", interrupted)
	}
}

// Who joins while being erased is either erased too or did not join: no membership
// is left that nobody can find.
func TestWhoJoinsWhileBeingErasedLeavesNothing(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for range 6 {
		l.byPhone(t, ann, "482913", l.groups[0])
		member := l.member(t, ann, "482913")
		done := make(chan error)
		for i := range 4 {
			go func() {
				err := l.Join(t.Context(), l.act(member), l.groups[i], flows.AccessOpen)
				if isNotFound(err) {
					err = nil
				}
				done <- err
			}()
		}
		err := l.Erase(t.Context(), l.act(member), l.groups)
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"member", "keys.member", "membership", "keys.membership"} {
			if n := l.count(t, `SELECT count(*) FROM `+table); n != 0 {
				t.Fatalf("%d rows are left in %s", n, table)
			}
		}
	}
}

func TestErasureTakesLessThanFiveSeconds(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for _, id := range column(t, l.look, `
		INSERT INTO groups (line_id, group_id, code, name, discreet_name, topics, languages, format, access, host, stage, capacity, reminders, place)
		SELECT line_id, gen_random_uuid(), (200000 + n)::text, name, discreet_name, topics, languages, format, access, host, stage, capacity, reminders, ''
		FROM groups, generate_series(1, 296) n
		WHERE code = '482105'
		RETURNING group_id::text`) {
		l.groups = append(l.groups, string(id))
	}
	l.byPhone(t, ann, "482913", "")
	l.confirm(t, ann)
	member := l.member(t, ann, "482913")
	for _, group := range l.groups {
		if err := l.Join(t.Context(), l.act(member), group, flows.AccessOpen); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.holdings(t, ann).Groups; len(got) != len(l.groups) {
		t.Fatalf("in %d of %d groups", len(got), len(l.groups))
	}
	if n, err := l.NumberOf(t.Context(), l.id, member); err != nil || n.Reveal(vault.ForDial) != number(t, ann).Reveal(vault.ForDial) {
		t.Errorf("the member's number is not theirs (%v)", err)
	}
	start := time.Now()
	if err := l.Erase(t.Context(), l.act(member), l.groups); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	if _, err := l.NumberOf(t.Context(), l.id, member); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the number of nobody: %v", err)
	}
	t.Logf("%d groups: %v", len(l.groups), took)
	if took > 5*time.Second*slack {
		t.Errorf("it took %v", took)
	}
	l.wantNothing(t, "afterwards")
}

func TestTheKeysAreVacuumedAfterAnErasure(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	vacuumed := func(want int) {
		t.Helper()
		if n := l.count(t, `SELECT count(*) FROM pg_stat_user_tables WHERE schemaname = 'keys' AND vacuum_count > 0`); n != want {
			t.Errorf("%d of 2 tables of keys were vacuumed, want %d", n, want)
		}
	}
	member := l.leaveTraces(t)
	vacuumed(0)
	if err := l.Erase(t.Context(), l.act(member), l.groups); err != nil {
		t.Fatal(err)
	}
	vacuumed(0) // not in a call
	if err := l.Vacuum(t.Context()); err != nil {
		t.Fatal(err)
	}
	vacuumed(2)
}
