package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// paths is what the write paths work with: a line that is there, and inputs that
// are the same at every repetition.
type paths struct {
	*lineUnderTest
	file     vault.File
	config   store.LineConfig
	sample   []store.Group
	feed     store.Feed
	ann, bea vault.Number
	came     store.Event    // at noon
	mine     store.Act      // by it, ann's
	inHand   store.Outgoing // to ann
	row      string         // of what reminded her
	meeting  string         // of a Thursday
	key      string         // of ann on the roster

	nobodyKnows store.Unknown

	dialogues *store.Dialogues
	archive   *store.FlowArchive
	audit     *store.Audit
	retention *store.Retention
	outbox    *store.Outbox
	replicas  *store.Replicas
	rotation  *store.Rotation
	sessions  *store.Sessions
	staff     *store.Staff
	messages  *store.Messages
	voicemail *store.Voicemail
	coming    store.ComingVoice
	accounts  *store.Accounts

	recordings *store.Recordings
}

// newPaths makes the line in a database that is empty.
func newPaths(t testing.TB, dsn string) *paths {
	t.Helper()
	p := &paths{
		file: vault.File{Path: filepath.Join(t.TempDir(), "keyset.json")}, sample: sampleGroups(t),
		ann: number(t, ann), bea: number(t, bea), config: lineConfig(t),
	}
	p.lineUnderTest = &lineUnderTest{url: dsn, look: raw(t, dsn), keys: must(p.file.Create())}
	p.config.Name, p.config.Numbers = "Renamed", []vault.Number{number(t, otherNumber), number(t, lineNumber)}
	p.feed, _ = store.ParseMeetingGuide("feed.json", strings.NewReader(
		`[{"name": "First circle", "slug": "first", "day": 1, "time": "19:00", "conference_phone": "+13015550161", "location": "Hall"},
		{"name": "Second circle", "slug": "second", "day": 2, "time": "19:00", "location": "Hall", "city": "Bowie"}]`), guideOptions)
	p.feed.Name = "feed"
	p.by(t, dsn)
	p.id = ensureLine(t, p.db, p.keys)
	p.came = store.Event{Line: p.id, SID: "CA" + strings.Repeat("0", 32), Turn: 3, At: noon}
	return p
}

// by has the paths go by another connection string from now on.
func (p *paths) by(t testing.TB, dsn string) {
	t.Helper()
	if p.db != nil {
		_ = p.db.Close()
	}
	p.db = openURL(t, dsn)
	p.Members = store.NewMembers(p.db, p.keys)
	p.dialogues = store.NewDialogues(p.db, p.keys)
	p.archive = store.NewFlowArchive(p.db, filepath.Join(t.TempDir(), "state"))
	p.audit = store.NewAudit(p.db, p.keys)
	p.outbox = store.NewOutbox(p.db, p.keys)
	p.replicas = store.NewReplicas(p.db)
	p.rotation = store.NewRotation(p.db, p.keys)
	p.sessions, p.staff = store.NewSessions(p.db, p.keys), store.NewStaff(p.db, p.keys)
	p.messages, p.voicemail = store.NewMessages(p.db, p.keys), store.NewVoicemail(p.db, p.keys)
	p.recordings = store.NewRecordings(p.db, p.keys)
	p.accounts = store.NewAccounts(p.db, p.keys, func() time.Time { return noon })
	p.retention = store.NewRetention(p.db, func(ctx context.Context, line string, now time.Time) (int, error) {
		return p.Expire(ctx, line, now, p.groups)
	})
}

// writePath is a way in which the package writes: what a caller does, and does
// again with the same input when it fails.
type writePath struct {
	name string
	// covers are the exported functions by which it goes, "Type.Method".
	covers string
	// web says that calls and texts go by it, with the rights of web alone.
	web bool
	// before puts rows there for it to work on; nil for none.
	before func(*testing.T, *paths)
	do     func(context.Context, *paths) error
	// once says that no caller tries again: what was asked for may be left out,
	// and is never done twice.
	once bool
	// still says that what it changes is in none of the rows' values.
	still bool
}

// writePaths are all of them: a test fails when an exported method that writes
// is in none.
var writePaths = slices.Concat(
	linePaths,
	memberPaths,
	sendingPaths,
	keyPaths,
	planPaths,
	sessionPaths,
	accountPaths,
	deskPaths,
	rosterPaths,
	groupPaths,
	wordPaths,
	coverPaths,
	goingPaths,
	flowPaths,
	recordingPaths,
)

// hash names a flow.
var hash = strings.Repeat("ab", 32)

// auditID is the same at every repetition of one act.
const auditID = "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70aa11"

var linePaths = []writePath{
	{name: "EnsureLine", covers: "DB.EnsureLine", web: true, do: func(ctx context.Context, p *paths) error {
		_, err := p.db.EnsureLine(ctx, p.keys, p.config)
		return err
	}},
	{name: "ImportGroups", covers: "DB.ImportGroups", do: func(ctx context.Context, p *paths) error {
		_, err := p.db.ImportGroups(ctx, p.keys, p.id, p.sample)
		return err
	}},
	{name: "ImportFeed", covers: "DB.ImportFeed", do: func(ctx context.Context, p *paths) error {
		_, err := p.db.ImportFeed(ctx, p.keys, p.id, p.feed)
		return err
	}},
	{name: "AddCounts", covers: "DB.AddCounts", web: true, once: true, do: func(ctx context.Context, p *paths) error {
		return p.db.AddCounts(ctx, p.id, day, map[store.Count]int{store.CodeRight: 1, store.CodeWrong: 2})
	}},
	{name: "AddStops", covers: "DB.AddStops", web: true, once: true, do: func(ctx context.Context, p *paths) error {
		return p.db.AddStops(ctx, p.id, day, map[store.Stop]store.Stopped{"main": {Asked: 2, Stayed: 1}, "code": {Asked: 1}})
	}},
	{name: "AddTraffic", covers: "DB.AddTraffic", once: true, do: func(ctx context.Context, p *paths) error {
		return p.db.AddTraffic(ctx, map[store.TrafficHour]int{{Hour: noon, Kind: store.CallIn}: 1, {Hour: noon, Kind: store.TextOut}: 2})
	}},
	{name: "Save", covers: "FlowArchive.Save", web: true, do: func(ctx context.Context, p *paths) error {
		return p.archive.Save(ctx, p.id, hash, []byte("start: welcome\n"), noon)
	}},
	{name: "Keep", covers: "FlowArchive.Keep", web: true, before: func(t *testing.T, p *paths) {
		t.Helper()
		if err := p.archive.Save(t.Context(), p.id, hash, []byte("start: welcome\n"), noon); err != nil {
			t.Fatal(err)
		}
		do(t, p.look, `UPDATE flow_version SET idle_since = $1`, noon)
	}, do: func(ctx context.Context, p *paths) error { return p.archive.Keep(ctx, p.id, hash, noon) }},
	{name: "Looked", covers: "Audit.Looked", once: true, do: func(ctx context.Context, p *paths) error {
		return p.audit.Looked(ctx, p.id, staffAct, "roster.read", "group 482105")
	}},
	{name: "Record", covers: "Audit.Record", do: func(ctx context.Context, p *paths) error {
		return p.audit.Record(ctx, store.AuditEntry{Line: p.id, ID: auditID, Actor: "test", Act: "member.erase", At: noon})
	}},
	{name: "Lapse", covers: "Retention.Lapse", before: lapsedDialogue, do: func(ctx context.Context, p *paths) error {
		return p.retention.Lapse(ctx, noon)
	}},
	{name: "Sweep", covers: "Retention.Sweep", before: lapsedDialogue, do: func(ctx context.Context, p *paths) error {
		_, err := p.retention.Sweep(ctx, p.id, noon)
		return err
	}},
	{name: "Rewrite", covers: "DB.Rewrite", before: fifty, still: true, do: func(ctx context.Context, p *paths) error {
		return p.db.Rewrite(ctx, p.id)
	}},
}

// notPaths are exported functions that open a transaction for writing and are
// not held to the sweep, with the reason.
var notPaths = map[string]string{
	"DB.PreviewImport": "writes nothing",
	"DB.PreviewFeed":   "writes nothing",
	"DB.CheckGroup":    "writes nothing",
	"DB.ApplyRoles":    "an operator's, all or nothing and repeatable",

	"Accounts.SetPassword": "as SetRole, and its hash takes long", "Accounts.SetUp": "as SetRole, and its hash takes long",
	"Accounts.Join": "a link that was used up is told so; its hash takes long", "Accounts.SignIn": "nobody tries again by themselves; its hash takes long",
	"Accounts.Prove": "as SignIn", "Accounts.Try": "what SignIn begins with", "Accounts.UsedPasskey": "as SetRole", "Accounts.AddPasskey": "as SetRole",
	"Accounts.RemovePasskey": "as SetRole", "Accounts.NewCodes": "as SetRole", "Accounts.SetName": "as SetRole", "Accounts.Enable": "as Disable", "Accounts.Delete": "as Disable",
	"Accounts.ClearPhone": "as SetPhone", "Accounts.MayRing": "counts each ring", "Accounts.EndSessionOf": "as EndSessions", "Accounts.EndSession": "as EndSessions", "Accounts.SawSession": "as PutSession",
	"Accounts.KnowDevice": "as PutSession", "Accounts.Relink": "as Invite", "Accounts.FirstLink": "each makes another link", "Accounts.BeginFirst": "a link that was used up is told so",
}

func lapsedDialogue(t *testing.T, p *paths) {
	do(t, p.look, `INSERT INTO dialogue (line_id, caller, message, reply, expires_at) VALUES ($1, '\x30313233343536373839616263646566', '', '', $2)`,
		p.id, noon.Add(-time.Hour))
}

// withGroups are those of the sample, without the PINs of facilitators, which take
// long to hash.
func withGroups(t *testing.T, p *paths) {
	t.Helper()
	groups := slices.Clone(p.sample)
	for i := range groups {
		groups[i].Facilitators = nil
	}
	if _, err := p.db.ImportGroups(t.Context(), p.keys, p.id, groups); err != nil {
		t.Fatal(err)
	}
	p.groups = texts(t, p.look, `SELECT group_id FROM groups ORDER BY code`)
}

// fifty are members, made one after the other.
func fifty(t *testing.T, p *paths) {
	withGroups(t, p)
	for range 50 {
		plantMember(t, p.look, p.id)
	}
}

// plantMember makes a member in a group, with keys of nobody. The sealed parts are
// anything: what moves them does not look inside.
func plantMember(t testing.TB, look *sql.DB, line string) {
	t.Helper()
	do(t, look, `
		WITH identity AS (
			INSERT INTO member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state)
			SELECT line_id, gen_random_uuid(), uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 1, uuid_send(gen_random_uuid()), '', '', 'confirmed'
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
