package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// ownFlow is a version of a flow, published the same at every repetition.
var (
	ownFlow   = store.FlowVersion{Hash: strings.Repeat("cd", 32), Content: []byte(`{"main.yaml":"start: welcome\n"}`)}
	ownersAct = store.By{Actor: "Ann Owner", Event: "flow", At: noon}
)

func (p *paths) flows() *store.FlowVersions { return store.NewFlowVersions(p.db, p.keys, p.archive) }

func flowPath(name, method string, before, do func(context.Context, *paths) error) writePath {
	w := writePath{name: name, covers: "FlowVersions." + method, do: do}
	if before != nil {
		w.before = func(t *testing.T, p *paths) {
			t.Helper()
			if err := before(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
	}
	return w
}

var flowPaths = []writePath{
	flowPath("Publish", "Publish", nil, func(ctx context.Context, p *paths) error { return p.flows().Publish(ctx, p.id, ownersAct, ownFlow) }),
	flowPath("Rollback", "Rollback", func(ctx context.Context, p *paths) error { return p.flows().Publish(ctx, p.id, ownersAct, ownFlow) },
		func(ctx context.Context, p *paths) error { return p.flows().Rollback(ctx, p.id, ownersAct, "") }),
	flowPath("Draft", "Draft", nil, func(ctx context.Context, p *paths) error { return p.flows().Draft(ctx, p.id, ownersAct, ownFlow) }),
	flowPath("Edit", "Edit", nil, func(ctx context.Context, p *paths) error {
		return p.flows().Edit(ctx, p.id, ownersAct, "", ownFlow, "main")
	}),
	flowPath("DropDraft", "DropDraft", func(ctx context.Context, p *paths) error { return p.flows().Draft(ctx, p.id, ownersAct, ownFlow) },
		func(ctx context.Context, p *paths) error { return p.flows().DropDraft(ctx, p.id, ownersAct) }),
	flowPath("AddTester", "AddTester", nil, func(ctx context.Context, p *paths) error { return p.flows().AddTester(ctx, p.id, ownersAct, p.ann) }),
	flowPath("RemoveTester", "RemoveTester", func(ctx context.Context, p *paths) error { return p.flows().AddTester(ctx, p.id, ownersAct, p.ann) },
		func(ctx context.Context, p *paths) error { return p.flows().RemoveTester(ctx, p.id, ownersAct, p.ann) }),
}

// A version is published, taken back and drafted; each replica is told, and the log.
func TestFlowVersions(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	ctx, f := t.Context(), p.flows()
	live := func() string {
		t.Helper()
		h, err := f.Heard(ctx, p.id)
		if err != nil {
			t.Fatal(err)
		}
		return h.Live
	}
	well := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	by := store.By{Actor: "Ann Owner", At: noon}
	theirs := store.FlowVersion{Hash: strings.Repeat("ef", 32), Content: []byte(`{}`)}
	if err := f.Rollback(ctx, p.id, by, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nothing taken back: %v", err)
	}
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return f.Publish(ctx, p.id, by, ownFlow) }, ownFlow.Hash},
		{func() error { return f.Publish(ctx, p.id, by, ownFlow) }, ownFlow.Hash},
		{func() error { return f.Publish(ctx, p.id, by, theirs) }, theirs.Hash},
		{func() error { return f.Rollback(ctx, p.id, by, "") }, ownFlow.Hash},
		{func() error { return f.Publish(ctx, p.id, by, theirs) }, theirs.Hash},
		{func() error { return f.Rollback(ctx, p.id, by, "") }, ownFlow.Hash},
		{func() error { return f.Rollback(ctx, p.id, by, "") }, ""},
	} {
		well(step.do())
		if got := live(); got != step.want || f.LastLive(p.id) != got {
			t.Fatalf("%s is heard, want %s", got, step.want)
		}
	}
	// Who looked at the page before somebody else published takes back nothing of theirs.
	if err := f.Rollback(ctx, p.id, by, theirs.Hash); !errors.Is(err, store.ErrHeardElse) {
		t.Errorf("another's version taken back: %v", err)
	}
	all, err := f.Publications(ctx, p.id)
	if err != nil || len(all) != 3 || all[0].Seq != 3 || all[0].Hash != theirs.Hash || all[0].Withdrawn.IsZero() {
		t.Errorf("published: %+v, %v", all, err)
	}
	if content, err := p.archive.Load(ctx, p.id, theirs.Hash); err != nil || string(content) != "{}" {
		t.Errorf("a version that was taken back: %s, %v", content, err)
	}
	well(f.Draft(ctx, p.id, by, theirs))
	if err := f.Edit(ctx, p.id, by, "", ownFlow, "main"); !errors.Is(err, store.ErrDraftMoved) {
		t.Errorf("a draft that has moved is changed: %v", err)
	}
	well(f.Edit(ctx, p.id, by, theirs.Hash, ownFlow, "main"))
	well(f.Edit(ctx, p.id, by, ownFlow.Hash, theirs, "main"))
	well(f.AddTester(ctx, p.id, by, p.ann))
	well(f.AddTester(ctx, p.id, by, p.ann))
	h, err := f.Heard(ctx, p.id)
	if err != nil || h.Draft != theirs.Hash || len(h.Testers) != 1 || !h.Testers[0].Equal(p.ann) {
		t.Errorf("the draft: %+v, %v", h, err)
	}
	if held, err := p.Members.Holdings(ctx, p.id, p.ann, p.groups, noon); err != nil || !held.Tester || held.Empty() {
		t.Errorf("what is held of a tester's number: %+v, %v", held, err)
	}
	well(f.DropDraft(ctx, p.id, by))
	well(f.RemoveTester(ctx, p.id, by, p.ann))
	if h, err := f.Heard(ctx, p.id); err != nil || h.Draft != "" || len(h.Testers) != 0 {
		t.Errorf("after all is removed: %+v, %v", h, err)
	}
	if got := strings.Join(texts(t, p.look, `SELECT act FROM audit ORDER BY seq`), " "); got != "flow.publish flow.publish flow.rollback flow.publish flow.rollback flow.rollback flow.draft flow.edit flow.edit flow.tester.add flow.draft.drop flow.tester.remove" {
		t.Errorf("the log says %s", got)
	}
}

// A draft that the next one replaces goes at once, from disk too, unless a tester may be on
// it, or it was kept for something else.
func TestAReplacedDraftGoes(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	ctx, dir := t.Context(), t.TempDir()
	archive := store.NewFlowArchive(p.db, dir)
	f := store.NewFlowVersions(p.db, p.keys, archive)
	by := store.By{Actor: "Ann Owner", At: noon}
	version := func(letters string) store.FlowVersion {
		return store.FlowVersion{Hash: strings.Repeat(letters, 32), Content: []byte(`{"main.yaml":"# ` + letters + `"}`)}
	}
	own, first, second, heard, last := version("aa"), version("bb"), version("cc"), version("dd"), version("ee")
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	there := func(want string) {
		t.Helper()
		if got := strings.Join(texts(t, p.look, `SELECT left(hash, 2) FROM flow_version ORDER BY hash`), " "); got != want {
			t.Errorf("there are %s, not %s", got, want)
		}
	}
	do(archive.Save(ctx, p.id, own.Hash, own.Content, noon))
	do(f.Draft(ctx, p.id, by, own))
	do(f.Edit(ctx, p.id, by, own.Hash, first, "main"))
	do(f.Edit(ctx, p.id, by, first.Hash, second, "main"))
	there("aa cc")
	if _, err := os.Stat(filepath.Join(dir, "flows", first.Hash)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its copy on disk: %v", err)
	}
	if _, err := archive.Load(ctx, p.id, first.Hash); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what is gone is loaded: %v", err)
	}
	do(f.Publish(ctx, p.id, by, second))
	do(f.Rollback(ctx, p.id, by, second.Hash))
	do(f.Draft(ctx, p.id, by, heard))
	there("aa cc dd")
	do(f.AddTester(ctx, p.id, by, p.ann))
	do(f.Draft(ctx, p.id, by, last))
	there("aa cc dd ee")
}

// A draft that the next one replaces stays where somebody may be on a call on it who tested
// drafts until a moment ago; and the copies here stay while another line has that version.
func TestAReplacedDraftStaysForWhoMayHearIt(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	ctx, dir := t.Context(), t.TempDir()
	archive := store.NewFlowArchive(p.db, dir)
	f := store.NewFlowVersions(p.db, p.keys, archive)
	by := store.By{Actor: "Ann Owner", At: noon}
	const other = "00000000-0000-4000-8000-000000000002"
	if _, err := p.look.ExecContext(ctx, `
		INSERT INTO line SELECT (l2).* FROM (SELECT jsonb_populate_record(line, jsonb_build_object('line_id', $1::text, 'ordinal', ordinal + 1)) AS l2 FROM line) AS l`, other); err != nil {
		t.Fatal(err)
	}
	version := func(letters string) store.FlowVersion {
		return store.FlowVersion{Hash: strings.Repeat(letters, 32), Content: []byte(`{"main.yaml":"# ` + letters + `"}`)}
	}
	heard, both, next := version("aa"), version("bb"), version("cc")
	for _, err := range []error{
		f.AddTester(ctx, p.id, by, p.ann), f.Draft(ctx, p.id, by, heard), f.RemoveTester(ctx, p.id, by, p.ann), f.Draft(ctx, p.id, by, both),
		f.Publish(ctx, other, by, both), f.Draft(ctx, p.id, by, next),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(texts(t, p.look, `SELECT left(hash, 2) FROM flow_version WHERE line_id = '`+p.id+`' ORDER BY hash`), " "); got != "aa cc" {
		t.Errorf("there are %s", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "flows", both.Hash)); err != nil {
		t.Errorf("the copy on disk of what another line hears: %v", err)
	}
}

// Who makes a version the draft while another draft replaces that very version has it kept.
func TestADraftThatIsReplacedMeanwhileIsMadeAgain(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	ctx, f := t.Context(), p.flows()
	by := store.By{Actor: "Ann Owner", At: noon}
	again := store.FlowVersion{Hash: strings.Repeat("bb", 32), Content: []byte(`{"main.yaml":"# bb"}`)}
	if err := p.archive.Save(ctx, p.id, again.Hash, again.Content, noon); err != nil {
		t.Fatal(err)
	}
	first, err := p.look.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Rollback() }()
	if _, err := first.ExecContext(ctx, `SELECT FROM line FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	drafted := make(chan error, 1)
	go func() { drafted <- f.Draft(ctx, p.id, by, again) }()
	soon, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for count(t, p.look, `
		SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
		if soon.Err() != nil {
			t.Fatal("it does not come to wait")
		}
	}
	if _, err := first.ExecContext(ctx, `DELETE FROM flow_version`); err != nil {
		t.Fatal(err)
	}
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-drafted; err != nil {
		t.Error(err)
	}
	if h, err := f.Heard(ctx, p.id); err != nil || h.Draft != again.Hash {
		t.Errorf("the draft: %+v, %v", h, err)
	}
}

// Versions that nobody begins a call on are removed after a day: what was published or
// stands as the draft stays, and so does what a program says it answers with.
func TestOldVersionsAreRemoved(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	ctx, f := t.Context(), p.flows()
	by := store.By{Actor: "Ann Owner", At: noon}
	version := func(letters string) store.FlowVersion {
		return store.FlowVersion{Hash: strings.Repeat(letters, 32), Content: []byte(`{"main.yaml":"# ` + letters + `"}`)}
	}
	before, live, drafted, draft, own := version("aa"), version("bb"), version("cc"), version("dd"), version("ee")
	dir := t.TempDir()
	here := store.NewFlowArchive(p.db, dir)
	for _, err := range []error{
		f.Publish(ctx, p.id, by, before), f.Publish(ctx, p.id, by, live), f.Publish(ctx, p.id, by, ownFlow), f.Rollback(ctx, p.id, by, ownFlow.Hash),
		f.AddTester(ctx, p.id, by, p.ann), f.Draft(ctx, p.id, by, drafted), f.Draft(ctx, p.id, by, draft), here.Save(ctx, p.id, own.Hash, own.Content, noon),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := here.Keep(ctx, p.id, drafted.Hash, noon); err != nil { // a copy on this machine
		t.Fatal(err)
	}
	retention := store.NewRetention(p.db, func(context.Context, string, time.Time) (int, error) { return 0, nil })
	sweep := func(at time.Time) string {
		t.Helper()
		if _, err := retention.Sweep(ctx, p.id, at); err != nil {
			t.Fatal(err)
		}
		return strings.Join(texts(t, p.look, `SELECT left(hash, 2) FROM flow_version ORDER BY hash`), " ")
	}
	if got := sweep(noon); got != "aa bb cc cd dd ee" {
		t.Errorf("at first there are %s", got)
	}
	if err := here.Keep(ctx, p.id, own.Hash, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := f.Draft(ctx, p.id, by, drafted); err != nil { // again
		t.Fatal(err)
	}
	if got := sweep(noon.Add(24 * time.Hour)); got != "aa bb cc cd dd ee" {
		t.Errorf("a day later there are %s", got)
	}
	if got := sweep(noon.Add(48 * time.Hour)); got != "aa bb cc cd" {
		t.Errorf("two days later there are %s", got)
	}
	if _, err := p.archive.Load(ctx, p.id, before.Hash); err != nil {
		t.Errorf("what was heard before: %v", err)
	}
	for _, at := range []time.Duration{0, 25 * time.Hour} {
		want := at == 0
		if err := here.Tidy(ctx, time.Now().Add(at)); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(filepath.Join(dir, "flows", own.Hash))
		if _, kept := os.Stat(filepath.Join(dir, "flows", drafted.Hash)); (err == nil) != want || kept != nil {
			t.Errorf("after %s, the copy of what was removed is there: %v, %v", at, err == nil, kept)
		}
	}
}
