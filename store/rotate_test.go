package store_test

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// callers look members up without a pause, each with the keyring of a program.
type callers struct {
	found  atomic.Int64
	turns  chan struct{} // gets a value for each look-up, if anybody waits
	stop   context.CancelFunc
	failed []error
	mu     sync.Mutex
	all    sync.WaitGroup
}

func (e *enrolled) call(t *testing.T, who ...*vault.Keyring) *callers {
	ctx, stop := context.WithCancel(context.Background())
	c := &callers{turns: make(chan struct{}), stop: stop}
	for _, k := range who {
		c.all.Go(func() {
			for turn := 0; ctx.Err() == nil; turn++ {
				// Every other one is who enrolled last.
				i := int(e.found.Load()) - 1
				if turn%2 == 0 {
					i = 7 * turn % i
				}
				if err := e.find(context.WithoutCancel(ctx), t, k, i); err != nil {
					c.mu.Lock()
					c.failed = append(c.failed, err)
					c.mu.Unlock()
				}
				c.found.Add(1)
				select {
				case c.turns <- struct{}{}:
				default:
				}
			}
		})
	}
	t.Cleanup(c.end)
	return c
}

// more waits until n look-ups have ended, of which all but a few have begun since.
func (c *callers) more(n int) {
	for range n {
		<-c.turns
	}
}

func (c *callers) end() {
	c.stop()
	c.all.Wait()
}

// Two programs share a database. The second takes each step of the file over
// only after the first has used it.
func TestARotationWhileCallsGoOn(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	first, second := e.keys, e.load(t)
	before := first.Frozen()
	e.enrol(t, first, 3000)
	e.enrol(t, first, 1)
	dialogues := store.NewDialogues(e.db, first)
	ask := store.Text{Line: e.line, Caller: first.Index(e.line, e.number(t, 1)), Message: []byte("m1"), At: monday}
	if _, err := dialogues.Answer(t.Context(), ask, func([]byte) store.Answer { return store.Answer{Reply: "asked", State: []byte("open")} }); err != nil {
		t.Fatal(err)
	}
	effect := vault.Cell{Table: "effect", Column: "outcome", Row: e.line + "/" + hex.EncodeToString(make([]byte, 16))}
	if _, err := e.look.ExecContext(t.Context(), `INSERT INTO effect (line_id, effect_id, outcome, expires_at) VALUES ($1, $2, $3, now()), ($1, decode(repeat('01', 16), 'hex'), NULL, now())`,
		e.line, make([]byte, 16), must(first.Seal(effect, []byte("done")))); err != nil {
		t.Fatal(err)
	}
	w := watch(t, e.db, second, t.TempDir())
	if err := w.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := e.call(t, first, second)
	calls.more(20)

	e.step(t, e.file.Add, first)
	calls.more(20)
	if err := store.NewRotation(e.db, first).Announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.reload(t, second)
	calls.more(20)
	e.step(t, e.file.Promote, first)
	// Both write, each under another key.
	e.enrol(t, first, 500)
	e.enrol(t, second, 500)
	calls.more(20)
	e.reload(t, second)
	rotation := store.NewRotation(e.db, first)
	var told []store.Moved
	if err := rotation.Move(t.Context(), func(m store.Moved) { told = append(told, m) }); err != nil {
		t.Fatal(err)
	}
	// 3501 members are moved three times: index, keys, and the keys of a membership.
	if last := told[len(told)-1]; last.Damaged != 0 || last.Rows < 3*3501 || !slices.IsSortedFunc(told, func(a, b store.Moved) int { return a.Rows - b.Rows }) {
		t.Errorf("progress ends with %+v", last)
	}
	calls.more(20)
	if err := rotation.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.move(t, first) // does nothing
	e.step(t, e.file.Drop, first)
	calls.more(20)
	w.Refresh(t.Context())
	w.checkSample(t)
	e.reload(t, second)
	calls.more(20)
	calls.end()
	for _, err := range calls.failed[:min(5, len(calls.failed))] {
		t.Error(err)
	}
	t.Logf("%d look-ups, %d failed", calls.found.Load(), len(calls.failed))

	fresh := e.load(t)
	for i := range e.told {
		if err := e.find(t.Context(), t, fresh, i); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := store.NewRotation(e.db, fresh).Left(t.Context()); err != nil || left != nil {
		t.Errorf("left: %v, %v", left, err)
	}
	if left, err := store.NewRotation(e.db, before).Left(t.Context()); err != nil || len(left) != 9 || slices.ContainsFunc(left, func(l store.Left) bool { return l.Lost == 0 || l.Older != 0 }) {
		t.Errorf("under the old keys: %v, %v", left, err)
	}
	if err := e.find(t.Context(), t, before, 3); err == nil {
		t.Error("the dropped keys still find")
	}
	var sealed []byte
	if err := e.look.QueryRowContext(t.Context(), `SELECT outcome FROM effect WHERE effect_id = $1`, make([]byte, 16)).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if plain, err := fresh.Open(effect, sealed); err != nil || string(plain) != "done" {
		t.Errorf("an outcome: %v", err)
	}
	// A dialogue is found by an index that nobody can make any more; its row is sealed
	// anew all the same.
	reply, err := store.NewDialogues(e.db, fresh).Answer(t.Context(), ask, nil)
	if err != nil || reply != "asked" {
		t.Errorf("a dialogue: %q, %v", reply, err)
	}
	w.Refresh(t.Context())
	w.checkSample(t)
	if id := ensureLine(t, e.db, fresh); id != e.line {
		t.Error("another line was made")
	}
	var unknown *store.UnknownKeysetError
	if _, err := e.db.EnsureLine(t.Context(), before, lineConfig(t)); !errors.As(err, &unknown) || !slices.Equal(unknown.Needs, []string{fresh.Fingerprint()}) {
		t.Errorf("the old keyset: %v", err)
	}
}

// Rows that another transaction has locked are moved when it lets go of them.
func TestLockedRowsAreMovedLast(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	e.enrol(t, e.keys, 20)
	e.step(t, e.file.Add, e.keys)
	e.step(t, e.file.Promote, e.keys)
	tx, err := e.look.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	for _, table := range []string{"member", "keys.member"} {
		if _, err := tx.ExecContext(t.Context(), `SELECT 1 FROM `+table+` WHERE member_id = $1 FOR UPDATE`, uuidOf(1, 7)); err != nil {
			t.Fatal(err)
		}
	}
	rotation := store.NewRotation(e.db, e.keys)
	free := sync.OnceFunc(func() {
		left, err := rotation.Left(t.Context())
		if err == nil {
			err = tx.Commit()
		}
		if err != nil {
			t.Error(err)
		}
		if want := []store.Left{{Table: "member", Older: 1}, {Table: "keys.member", Older: 1}}; !cmp.Equal(left, want) {
			t.Errorf("while it is locked: %v", left)
		}
	})
	err = rotation.Move(t.Context(), func(m store.Moved) {
		if m.Rows == 0 { // a second pass, which finds nothing but what is locked
			t.Error("nothing was moved")
		}
		if left, err := rotation.Left(t.Context()); err == nil && len(left) == 2 {
			free()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.told {
		if err := e.find(t.Context(), t, e.keys, i); err != nil {
			t.Error(err)
		}
	}
}

func TestDamagedRowsAreToldOf(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	e.enrol(t, e.keys, 20)
	e.step(t, e.file.Add, e.keys)
	e.step(t, e.file.Promote, e.keys)
	// One row has been put in another's place, one member's number was enrolled
	// again under the new key, one member's keys are destroyed, one row is of
	// other keys.
	for _, change := range []string{
		`UPDATE keys.membership SET data_key = (SELECT data_key FROM keys.membership ORDER BY pseudonym DESC LIMIT 1)
			WHERE pseudonym = (SELECT pseudonym FROM keys.membership ORDER BY pseudonym LIMIT 1)`,
		`UPDATE member SET member_id = '00000009-0000-4000-8000-000000000009' WHERE member_id = '` + uuidOf(1, 9) + `'`,
		`UPDATE keys.member SET link_secret = '\x0100000000' || link_secret WHERE member_id = '` + uuidOf(1, 5) + `'`,
	} {
		if _, err := e.look.ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	duplicate := e.number(t, 4)
	if _, err := e.look.ExecContext(t.Context(), `UPDATE member SET number_index = $1, index_key = $2 WHERE member_id = $3`,
		e.keys.Index(e.line, duplicate), e.keys.IndexKey(), uuidOf(1, 11)); err != nil {
		t.Fatal(err)
	}
	rotation := store.NewRotation(e.db, e.keys)
	var damaged *store.DamagedRowsError
	for range 2 {
		err := rotation.Move(t.Context(), func(store.Moved) {})
		want := []store.Left{{Table: "member", Older: 1}, {Table: "keys.membership", Older: 1}}
		if !errors.As(err, &damaged) || !cmp.Equal(damaged.Left, want) || !strings.Contains(err.Error(), "1 in member, 1 in keys.membership") {
			t.Fatalf("error %v", err)
		}
	}
	left, err := rotation.Left(t.Context())
	if want := []store.Left{{Table: "member", Older: 1}, {Table: "keys.member", Lost: 1}, {Table: "keys.membership", Older: 1}}; err != nil || !cmp.Equal(left, want) {
		t.Errorf("left: %v, %v", left, err)
	}
	if n := count(t, e.look, `SELECT count(*) FROM member WHERE index_key = $1`, e.keys.IndexKey()); n != 18 {
		t.Errorf("%d members were moved, want all but the one that clashes and the one without keys", n)
	}
}

func TestOneRotationAtATime(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	r := store.NewRotation(e.db, e.keys)
	ran := 0
	for range 2 {
		err := r.Alone(t.Context(), func() error {
			ran++
			if err := store.NewRotation(e.db, e.keys).Alone(t.Context(), func() error { ran++; return nil }); !errors.Is(err, store.ErrRotating) {
				t.Errorf("a second one: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if ran != 2 {
		t.Errorf("%d ran", ran)
	}
}

// otherBytes are the bytea columns that are not sealed under the keyring's cells
// key, and what they are.
var otherBytes = map[string]string{
	"line_number.number_index": "index", "member.number_index": "index", "member.handle_index": "index", "dialogue.caller": "index",
	"member.number": "own key", "member.profile": "own key", "member.pin": "own key", "membership.number": "own key", "membership.profile": "own key", "membership.said": "own key",
	"voicemail.number": "own key", "voicemail.sound": "own key",
	"membership.pseudonym": "HMAC", "keys.membership.pseudonym": "HMAC", "outbox.pseudonym": "HMAC", "sent_mark.mark": "HMAC", "keys.session.mark": "HMAC", "dialogue.message": "HMAC", "dialogue.before_message": "HMAC",
	"effect.effect_id": "HMAC", "attempt.counter": "HMAC", "audit.subject": "HMAC", "audit.mac": "HMAC", "audit_anchor.mac": "HMAC",
	"account.email_mark": "HMAC", "passkey.mark": "hash", "recovery_code.hash": "hash", "invitation.hash": "hash", "first_link.hash": "hash", "desk_session.hash": "hash", "known_device.hash": "hash",
	"audit.before": "hash", "audit.hash": "hash", "audit_anchor.hash": "hash", "flow_version.content": "public", "recording.sound": "public",
}

// Every column of bytes is either rotated or known for something else, and what
// is rotated is found by its table's primary key.
func TestNoSealedColumnIsForgotten(t *testing.T) {
	t.Parallel()
	look := sqlx.NewDb(raw(t, storetest.URL(t)), "postgres")
	var columns []string
	if err := look.SelectContext(t.Context(), &columns, `
		SELECT CASE table_schema WHEN 'public' THEN '' ELSE table_schema || '.' END || table_name || '.' || column_name
		FROM information_schema.columns
		WHERE data_type = 'bytea' AND table_schema NOT IN ('pg_catalog', 'information_schema')`); err != nil {
		t.Fatal(err)
	}
	var known []string
	for column := range otherBytes {
		known = append(known, column)
	}
	for table, sealed := range store.SealedColumns() {
		var key []string
		if err := look.SelectContext(t.Context(), &key, `
			SELECT a.attname || ' ' || format_type(a.atttypid, NULL)
			FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS part (number, place), pg_attribute a
			WHERE i.indrelid = $1::regclass AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = part.number
			ORDER BY part.place`, table); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(key, sealed.Key) {
			t.Errorf("%s: the key is %v, not %v", table, key, sealed.Key)
		}
		for _, c := range sealed.Columns {
			known = append(known, table+"."+c)
		}
	}
	slices.Sort(columns)
	slices.Sort(known)
	if diff := cmp.Diff(known, columns); diff != "" {
		t.Errorf("columns of bytes (-known +schema): add new ones to sealedTables, or here\n%s", diff)
	}
}

func TestReplicasSayWhatTheyHold(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	replicas, look := store.NewReplicas(i.db), raw(t, i.url)
	agree := func(keyset string) int {
		t.Helper()
		n, err := replicas.Agree(t.Context(), i.line, keyset)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	beat := func(id, keyset string) {
		t.Helper()
		if err := replicas.Beat(t.Context(), i.line, id, keyset); err != nil {
			t.Fatal(err)
		}
	}
	age := func(id string, by time.Duration) {
		t.Helper()
		if _, err := look.ExecContext(t.Context(), `UPDATE replica SET seen_at = seen_at - make_interval(secs => $2) WHERE replica_id = $1`, id, by.Seconds()); err != nil {
			t.Fatal(err)
		}
	}
	a, b := store.NewReplicaID(), store.NewReplicaID()
	seen := func(within time.Duration, want bool) {
		t.Helper()
		if ago, known, err := replicas.LastSeen(t.Context(), i.line); err != nil || known != want || ago < within-time.Minute || ago > within {
			t.Errorf("last seen %s ago, %t, %v", ago, known, err)
		}
	}
	if agree("old") != 0 {
		t.Error("somebody is there")
	}
	seen(0, false)
	beat(a, "old")
	age(a, 10*time.Minute)
	seen(11*time.Minute, true)
	beat(b, "old")
	seen(time.Minute, true)
	beat(a, "old")
	if agree("old") != 0 || agree("new") != 2 {
		t.Error("not two that hold the old one")
	}
	beat(a, "new")
	if agree("old") != 1 || agree("new") != 1 {
		t.Error("not one of each")
	}
	age(b, 40*time.Second)
	if agree("new") != 0 {
		t.Error("one that died is waited for")
	}
	beat(b, "old")
	if agree("new") != 1 {
		t.Error("one that came back is not waited for")
	}
	if err := replicas.Leave(t.Context(), i.line, b); err != nil || agree("new") != 0 {
		t.Errorf("one that left is waited for (%v)", err)
	}
	beat(b, "old")
	age(b, 2*time.Hour)
	beat(a, "new")
	if n := count(t, look, `SELECT count(*) FROM replica`); n != 1 {
		t.Errorf("%d rows, want that of the living one", n)
	}
}
