package store_test

import "testing"

// What serve does, as a login that owns nothing. What calls and texts do takes the
// rights of web alone: see [TestCallsAndTextsWorkAsWeb].
func TestServeWorksAsWebAndJobs(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	serve := login(t, dsn, "", "hearthline_web", "hearthline_jobs")
	for _, path := range writePaths {
		if !path.web {
			path.takeAs(t, dsn, serve)
		}
	}
	p := newPaths(t, dsn)
	p.by(t, serve)
	if err := p.db.Migrate(t.Context()); err != nil {
		t.Errorf("migrate, with nothing pending: %v", err)
	}
	if _, err := p.audit.Verify(t.Context(), p.id, nil); err != nil {
		t.Errorf("verify: %v", err)
	}
}

// What calls and texts do takes the rights of web, and no others.
func TestCallsAndTextsWorkAsWeb(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	web := login(t, dsn, "", "hearthline_web")
	taken := 0
	for _, path := range writePaths {
		if path.web {
			path.takeAs(t, dsn, web)
			taken++
		}
	}
	if taken == 0 {
		t.Error("no path is taken by calls and texts")
	}

	p := newPaths(t, dsn)
	member(t, p)
	p.by(t, web)
	if err := watch(t, p.db, p.keys, t.TempDir()).Load(t.Context()); err != nil {
		t.Errorf("snapshots: %v", err)
	}
	if _, err := p.archive.Load(t.Context(), p.id, hash); !isNotFound(err) {
		t.Errorf("a flow that nobody saved: %v", err)
	}
	p.load(t, p.mine.Member)
	_, quick := p.Quick(t.Context(), p.id, p.ann)
	_, belongs := p.Belongs(t.Context(), p.id, p.mine.Member, p.groups[0])
	if quick != nil || belongs != nil {
		t.Error(quick, belongs)
	}
}

// takeAs takes a path in an empty database, as a login, from its beginning on, which
// is the owner's work; and empties it again.
func (w writePath) takeAs(t *testing.T, dsn, login string) {
	t.Helper()
	p := newPaths(t, dsn)
	defer func() { _, _ = p.db.Close(), p.look.Close() }()
	if w.before != nil {
		w.before(t, p)
	}
	p.by(t, login)
	if err := w.do(t.Context(), p); err != nil {
		t.Errorf("%s: %v", w.name, err)
	}
	withoutTriggers(t, p.look, `DELETE FROM %1$s`)
}
