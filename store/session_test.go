package store_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// live are the sessions of a line.
type live struct {
	*lineUnderTest
	*store.Sessions
}

func setUpSessions(t testing.TB) live {
	t.Helper()
	dsn := storetest.URL(t)
	l := &lineUnderTest{url: dsn, db: openURL(t, dsn), look: raw(t, dsn), keys: storetest.Keyring(t)}
	l.id = ensureLine(t, l.db, l.keys)
	return live{l, store.NewSessions(l.db, l.keys)}
}

// to is a change to a state, whatever the one before, with something to do at noon.
func to(state string) func([]byte) (store.SessionChange, error) {
	return func([]byte) (store.SessionChange, error) {
		return store.SessionChange{State: []byte(state), Wake: noon, Gone: noon.Add(time.Hour)}, nil
	}
}

func (l live) change(t testing.TB, room string, change func([]byte) (store.SessionChange, error)) {
	t.Helper()
	if err := l.Change(t.Context(), l.ID(l.id, room), change); err != nil {
		t.Fatal(err)
	}
}

// wantState is what is kept of a room; "" for nothing.
func (l live) wantState(t testing.TB, room, want string) {
	t.Helper()
	got, err := l.Read(t.Context(), l.ID(l.id, room))
	if err != nil || string(got) != want || (got == nil) != (want == "") {
		t.Errorf("%s: %q, %v, want %q", room, got, err, want)
	}
}

func TestChangeKeepsAState(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	l.wantState(t, "a", "")
	l.change(t, "a", func(state []byte) (store.SessionChange, error) {
		if state != nil {
			t.Errorf("a session that is not there: %q", state)
		}
		return store.SessionChange{}, nil
	})
	l.wantState(t, "a", "")
	if n := l.count(t, `SELECT count(*) FROM keys.session`); n != 0 {
		t.Errorf("%d rows of a session that was left alone", n)
	}
	l.change(t, "a", to("one"))
	l.change(t, "b", to("other"))
	broken := errors.New("broken")
	err := l.Change(t.Context(), l.ID(l.id, "a"), func(state []byte) (store.SessionChange, error) {
		if string(state) != "one" {
			t.Errorf("the state is %q", state)
		}
		return store.SessionChange{State: []byte("bad"), Gone: noon}, broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("a change that fails: %v", err)
	}
	if err := l.Change(t.Context(), l.ID(l.id, "a"), func([]byte) (store.SessionChange, error) {
		return store.SessionChange{State: []byte("for ever")}, nil
	}); err == nil {
		t.Error("a session is kept that is never gone")
	}
	l.wantState(t, "a", "one")
	l.change(t, "a", to("two"))
	l.wantState(t, "a", "two")
	l.wantState(t, "b", "other")
	if all, err := l.Live(t.Context(), l.id); err != nil || len(all) != 2 {
		t.Errorf("live: %q, %v", all, err)
	}
}

// Clients of two replicas begin a session and change it, all at once: none loses what
// another has done.
func TestChangesTakeTurns(t *testing.T) {
	t.Parallel()
	const clients, each = 8, 20
	l := setUpSessions(t)
	replicas := []*store.Sessions{l.Sessions, store.NewSessions(openURL(t, l.url), l.keys)}
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			for range each {
				if err := replicas[i%2].Change(t.Context(), l.ID(l.id, "a"), func(state []byte) (store.SessionChange, error) {
					n, _ := strconv.Atoi(string(state))
					return store.SessionChange{State: []byte(strconv.Itoa(n + 1)), Gone: noon}, nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	l.wantState(t, "a", strconv.Itoa(clients*each))
}

func TestSessionsAreDueInTurn(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	if _, ok, err := l.NextWake(t.Context(), l.id); ok || err != nil {
		t.Errorf("without a session: %t, %v", ok, err)
	}
	for room, wake := range map[string]time.Time{
		"later": noon.Add(5 * time.Second), "next": noon.Add(1001 * time.Millisecond), "never": {}, "over": noon.Add(-time.Minute),
	} {
		l.change(t, room, func([]byte) (store.SessionChange, error) {
			return store.SessionChange{State: []byte(room), Wake: wake, Gone: noon.Add(time.Hour)}, nil
		})
	}
	for _, c := range []struct {
		after time.Duration
		most  int
		want  []string
	}{
		{0, 9, []string{"over"}},
		// A time is kept rounded up, so that who comes then finds something to do.
		{1099 * time.Millisecond, 9, []string{"over"}},
		{1100 * time.Millisecond, 9, []string{"over", "next"}},
		{time.Hour, 9, []string{"over", "next", "later"}},
		{time.Hour, 2, []string{"over", "next"}},
	} {
		due, err := l.Due(t.Context(), l.id, noon.Add(c.after), c.most)
		if err != nil {
			t.Fatal(err)
		}
		var rooms []string
		for _, id := range due {
			state, err := l.Read(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			rooms = append(rooms, string(state))
		}
		if !slices.Equal(rooms, c.want) {
			t.Errorf("after %v, %d at most: %v, want %v", c.after, c.most, rooms, c.want)
		}
	}
	if at, ok, err := l.NextWake(t.Context(), l.id); !at.Equal(noon.Add(-time.Minute)) || !ok || err != nil {
		t.Errorf("next: %v, %t, %v", at, ok, err)
	}
	other := "00000000-0000-4000-8000-000000000000"
	if due, err := l.Due(t.Context(), other, noon.Add(time.Hour), 9); len(due) != 0 || err != nil {
		t.Errorf("of another line: %v, %v", due, err)
	}
}

func TestSessionsGo(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	for room, gone := range map[string]time.Time{"a": noon.Add(59 * time.Second), "b": noon.Add(60 * time.Second)} {
		l.change(t, room, func([]byte) (store.SessionChange, error) {
			return store.SessionChange{State: []byte(room), Wake: noon, Gone: gone}, nil
		})
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{-time.Second, 0}, {0, 1}, {59 * time.Second, 0}, {time.Minute, 1}, {time.Hour, 0}} {
		if n, err := l.Drop(t.Context(), l.id, noon.Add(c.after)); n != c.want || err != nil {
			t.Errorf("after %v: %d are gone, want %d (%v)", c.after, n, c.want, err)
		}
	}
}

// What lies there tells neither the room nor how many are in it, and opens nowhere
// else.
func TestASessionTellsNothing(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	l.change(t, "few", to("Blue Heron"))
	l.change(t, "many", to(string(bytes.Repeat([]byte("Blue Heron"), 819))))
	l.change(t, "more", to(string(bytes.Repeat([]byte("Blue Heron"), 820))))
	sizes := column(t, l.look, `SELECT state FROM keys.session ORDER BY octet_length(state)`)
	if len(sizes[0]) != len(sizes[1]) || len(sizes[2])-len(sizes[1]) != 8<<10 {
		t.Errorf("sizes are %d, %d, %d", len(sizes[0]), len(sizes[1]), len(sizes[2]))
	}
	for _, state := range sizes {
		if bytes.Contains(state, []byte("Heron")) {
			t.Error("a state is not sealed")
		}
	}
	if marks := column(t, l.look, `SELECT mark FROM keys.session WHERE encode(mark, 'escape') LIKE '%few%'`); len(marks) != 0 {
		t.Error("a mark tells the room's name")
	}
	do(t, l.look, `UPDATE keys.session SET state = (SELECT state FROM keys.session WHERE mark = $1) WHERE mark = $2`, l.ID(l.id, "few").Mark, l.ID(l.id, "more").Mark)
	if _, err := l.Read(t.Context(), l.ID(l.id, "more")); !errors.Is(err, vault.ErrNotOpened) {
		t.Errorf("another's state: %v", err)
	}
	if err := l.Change(t.Context(), l.ID(l.id, "more"), to("x")); !errors.Is(err, vault.ErrNotOpened) {
		t.Errorf("change of another's state: %v", err)
	}
}

func TestStatesOfEveryLength(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	for n, want := range map[int]int{
		0: 8 << 10, 1: 8 << 10, 8<<10 - 2: 8 << 10, 8<<10 - 1: 16 << 10, 8 << 10: 16 << 10,
		16<<10 - 2: 16 << 10, 16<<10 - 1: 32 << 10, 70_000: 128 << 10,
	} {
		state := string(bytes.Repeat([]byte{0}, n)) // as the filling is
		l.change(t, "a", to(state))
		got, err := l.Read(t.Context(), l.ID(l.id, "a"))
		if err != nil || got == nil || string(got) != state {
			t.Errorf("%d bytes come back as %d (%v)", n, len(got), err)
		}
		if sealed := l.count(t, `SELECT octet_length(state) FROM keys.session`); sealed != want+l.sealing() {
			t.Errorf("%d bytes are kept in %d", n, sealed)
		}
	}
}

// sealing is what sealing adds: the key's id, a nonce and a tag.
func (l live) sealing() int { return 5 + 12 + 16 }

// What staff did is in the log if it was done, and only then.
func TestChangeIsAudited(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	act := func(state []byte, detail string) store.SessionChange {
		return store.SessionChange{State: state, Gone: noon, Audit: []store.AuditEntry{
			{Line: l.id, Actor: "facilitator", Act: "session.lock", Detail: detail, At: noon},
			{Line: l.id, Actor: "ann", Act: "session.close", Detail: detail, At: noon},
		}}
	}
	l.change(t, "a", func([]byte) (store.SessionChange, error) { return act([]byte("locked"), "g"), nil })
	l.change(t, "a", func([]byte) (store.SessionChange, error) { return act(nil, "not done"), nil })
	for _, spoilt := range []func(*store.SessionChange){
		func(c *store.SessionChange) { c.Audit[1].Act = "No Act" },
		func(c *store.SessionChange) { c.Gone = time.Time{} },
	} {
		if err := l.Change(t.Context(), l.ID(l.id, "a"), func([]byte) (store.SessionChange, error) {
			c := act([]byte("spoilt"), "spoilt")
			spoilt(&c)
			return c, nil
		}); err == nil {
			t.Error("an act that cannot be entered is done")
		}
	}
	l.wantState(t, "a", "locked")
	if got := texts(t, l.look, `SELECT act || ' ' || actor || ' ' || detail FROM audit ORDER BY seq`); !slices.Equal(got, []string{"session.lock facilitator g", "session.close ann g"}) {
		t.Errorf("the log: %q", got)
	}
	if report, err := store.NewAudit(l.db, l.keys).Verify(t.Context(), l.id, nil); err != nil || !report.Whole() {
		t.Errorf("the log: %+v, %v", report, err)
	}
}

// A row that somebody holds is waited for no longer than a caller can.
func TestChangeDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	l.change(t, "a", to("one"))
	tx, err := l.look.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `SELECT FROM keys.session FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := l.Change(ctx, l.ID(l.id, "a"), to("two")); err == nil || ctx.Err() != nil {
		t.Errorf("a session that is locked: %v", err)
	}
	if err := l.Change(ctx, l.ID(l.id, "b"), to("two")); err != nil {
		t.Errorf("another room waits too: %v", err)
	}
}

func TestChangeAllForgetsInEach(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	for _, room := range []string{"a", "b", "damaged", "c"} {
		l.change(t, room, to("ann and "+room))
	}
	do(t, l.look, `UPDATE keys.session SET state = '\x00' WHERE mark = $1`, l.ID(l.id, "damaged").Mark)
	err := l.ChangeAll(t.Context(), l.id, func(state []byte) (store.SessionChange, error) {
		rest, held := bytes.CutPrefix(state, []byte("ann and "))
		if !held || string(rest) == "b" {
			return store.SessionChange{}, nil
		}
		return store.SessionChange{State: rest, Gone: noon}, nil
	})
	if !errors.Is(err, vault.ErrNotOpened) {
		t.Errorf("the damaged one: %v", err)
	}
	for room, want := range map[string]string{"a": "a", "b": "ann and b", "c": "c"} {
		l.wantState(t, room, want)
	}
}

func TestTheCircleBeginsAtTheOtherEnd(t *testing.T) {
	t.Parallel()
	l := setUpSessions(t)
	if _, err := l.db.ImportGroups(t.Context(), l.keys, l.id, sampleGroups(t)); err != nil {
		t.Fatal(err)
	}
	groups := texts(t, l.look, `SELECT group_id FROM groups ORDER BY code`)
	for _, c := range []struct {
		group, date string
		want        bool
	}{
		{groups[0], "2026-11-24", false},
		{groups[0], "2026-11-24", false},
		{groups[0], "2026-12-01", true},
		{groups[1], "2026-12-01", false}, // another group has its own
		{groups[0], "2026-11-24", false}, // late, and the same as before
		{groups[0], "2026-12-01", true},
		{groups[0], "2026-12-15", false},
		{groups[0], "2026-12-15", false},
	} {
		if got, err := l.Reversed(t.Context(), l.id, c.group, c.date); got != c.want || err != nil {
			t.Errorf("%s: %t, %v", c.date, got, err)
		}
	}
}

// A session is sealed anew while its room goes on.
func TestARotationMovesSessions(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	sessions := store.NewSessions(e.db, e.keys)
	id := sessions.ID(e.line, "a")
	if err := sessions.Change(t.Context(), id, to("one")); err != nil {
		t.Fatal(err)
	}
	e.step(t, e.file.Add, e.keys)
	e.step(t, e.file.Promote, e.keys)
	if left, err := store.NewRotation(e.db, e.keys).Left(t.Context()); err != nil || !slices.Contains(left, store.Left{Table: "keys.session", Older: 1}) {
		t.Errorf("left: %v, %v", left, err)
	}
	e.move(t, e.keys)
	e.step(t, e.file.Drop, e.keys)
	if again := sessions.ID(e.line, "a"); hex.EncodeToString(again.Mark) != hex.EncodeToString(id.Mark) {
		t.Error("a rotation has renamed the session")
	}
	if state, err := sessions.Read(t.Context(), id); err != nil || string(state) != "one" {
		t.Errorf("after it: %q, %v", state, err)
	}
}
