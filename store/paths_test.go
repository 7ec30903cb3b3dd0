package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// paths is what the write paths work with: a line that is there, and inputs that
// are the same at every repetition.
type paths struct {
	db        *store.DB
	keys      *vault.Keyring
	line      string
	config    store.LineConfig
	groups    []store.Group
	feed      store.Feed
	dialogues *store.Dialogues
	archive   *store.FlowArchive
	audit     *store.Audit
	retention *store.Retention
}

func newPaths(t testing.TB, dsn string) paths {
	t.Helper()
	db, keys := openURL(t, dsn), storetest.Keyring(t)
	p := paths{db: db, keys: keys, line: ensureLine(t, db, keys), groups: sampleGroups(t)}
	p.config = lineConfig(t)
	p.config.Name, p.config.Numbers = "Renamed", []vault.Number{number(t, otherNumber), number(t, lineNumber)}
	p.feed, _ = store.ParseMeetingGuide("feed.json", strings.NewReader(
		`[{"name": "First circle", "slug": "first", "day": 1, "time": "19:00", "conference_phone": "+13015550161", "location": "Hall"},
		{"name": "Second circle", "slug": "second", "day": 2, "time": "19:00", "location": "Hall", "city": "Bowie"}]`), guideOptions)
	p.feed.Name = "feed"
	p.dialogues = store.NewDialogues(db, keys)
	p.archive = store.NewFlowArchive(db, filepath.Join(t.TempDir(), "state"))
	p.audit = store.NewAudit(db, keys)
	p.retention = store.NewRetention(db, func(context.Context, string, time.Time) (int, error) { return 0, nil })
	return p
}

// auditID is the same at every repetition of one act.
const auditID = "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70aa11"

// writePath is a way in which the package writes: what a caller does, and does
// again with the same input when it fails.
type writePath struct {
	name string
	// covers are the exported methods by which it goes, by their names.
	covers string
	// before puts rows there for it to work on; nil for none.
	before func(t *testing.T, p paths, look *sql.DB)
	do     func(context.Context, paths) error
	// once says that no caller tries again: what was asked for may be left out,
	// and is never done twice.
	once bool
}

// writePaths are all of them: a test fails when an exported method that writes
// is in none.
var writePaths = []writePath{
	{name: "EnsureLine", covers: "EnsureLine", do: func(ctx context.Context, p paths) error {
		_, err := p.db.EnsureLine(ctx, p.keys, p.config)
		return err
	}},
	{name: "ImportGroups", covers: "ImportGroups", do: func(ctx context.Context, p paths) error {
		_, err := p.db.ImportGroups(ctx, p.keys, p.line, p.groups)
		return err
	}},
	{name: "ImportFeed", covers: "ImportFeed", do: func(ctx context.Context, p paths) error {
		_, err := p.db.ImportFeed(ctx, p.keys, p.line, p.feed)
		return err
	}},
	{name: "AddCounts", covers: "AddCounts", once: true, do: func(ctx context.Context, p paths) error {
		return p.db.AddCounts(ctx, p.line, day, map[store.Count]int{store.CodeRight: 1, store.CodeWrong: 2})
	}},
	{name: "Answer", covers: "Answer", do: func(ctx context.Context, p paths) error {
		_, err := p.dialogues.Answer(ctx, store.Text{Line: p.line, Caller: []byte("0123456789abcdef"), Message: []byte("m1"), At: noon},
			func([]byte) store.Answer { return store.Answer{Reply: "1 or 2?", State: []byte("asked")} })
		return err
	}},
	{name: "Save", covers: "Save", do: func(ctx context.Context, p paths) error {
		return p.archive.Save(ctx, p.line, strings.Repeat("ab", 32), []byte("start: welcome\n"), noon)
	}},
	{name: "Record", covers: "Record", do: func(ctx context.Context, p paths) error {
		return p.audit.Record(ctx, store.AuditEntry{Line: p.line, ID: auditID, Actor: "test", Act: "member.erase", At: noon})
	}},
	{name: "Lapse", covers: "Lapse", before: plantDialogue, do: func(ctx context.Context, p paths) error {
		return p.retention.Lapse(ctx, noon)
	}},
	{name: "Sweep", covers: "Sweep", before: plantDialogue, do: func(ctx context.Context, p paths) error {
		_, err := p.retention.Sweep(ctx, p.line, noon)
		return err
	}},
	{name: "Rewrite", covers: "Rewrite", before: plantMembers, do: func(ctx context.Context, p paths) error {
		return p.db.Rewrite(ctx, p.line)
	}},
}

// notPaths are exported functions that open a transaction for writing and are
// not held to the sweep, with the reason.
var notPaths = map[string]string{
	"PreviewImport": "writes nothing",
	"PreviewFeed":   "writes nothing",
	"ApplyRoles":    "an operator's, all or nothing and repeatable",
}

func plantDialogue(t *testing.T, p paths, look *sql.DB) {
	do(t, look, `INSERT INTO dialogue (line_id, caller, message, reply, expires_at) VALUES ($1, '\x30313233343536373839616263646566', '', '', $2)`,
		p.line, noon.Add(-time.Hour))
}

// plantMembers makes fifty members, each in a group, in one order of time and
// with keys of another. The sealed parts are anything: what moves them does not
// look inside.
func plantMembers(t *testing.T, p paths, look *sql.DB) {
	t.Helper()
	if _, err := p.db.ImportGroups(t.Context(), p.keys, p.line, p.groups); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		plantMember(t, look, p.line)
	}
}

func plantMember(t testing.TB, look *sql.DB, line string) {
	t.Helper()
	do(t, look, `
		WITH identity AS (
			INSERT INTO member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state, stopped, seen_month)
			SELECT line_id, gen_random_uuid(), uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 1, uuid_send(gen_random_uuid()), '', '', 'confirmed', false, '2026-11-01'
			FROM line WHERE line_id = $1
			RETURNING line_id, member_id
		)
		INSERT INTO keys.member (line_id, member_id, data_key, link_secret)
		SELECT line_id, member_id, uuid_send(gen_random_uuid()), '' FROM identity`, line)
	do(t, look, `
		WITH belongs AS (
			INSERT INTO membership (line_id, pseudonym, group_id, number, profile, channel, state)
			SELECT line_id, uuid_send(gen_random_uuid()), group_id, uuid_send(gen_random_uuid()), '', 'text', 'active'
			FROM groups WHERE line_id = $1 ORDER BY code LIMIT 1
			RETURNING line_id, pseudonym
		)
		INSERT INTO keys.membership (line_id, pseudonym, data_key)
		SELECT line_id, pseudonym, uuid_send(gen_random_uuid()) FROM belongs`, line)
}
