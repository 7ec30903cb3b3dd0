package store_test

import (
	"context"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

var deskPaths = []writePath{
	{name: "SaveSettings", covers: "DB.SaveSettings", do: saveSettings},
	{name: "AddDataRequest", covers: "DB.AddDataRequest", do: func(ctx context.Context, p *paths) error {
		_, err := p.db.AddDataRequest(p.atDesk(ctx), p.audit, p.id, byAda, store.RequestErase, day)
		return err
	}},
	{name: "CloseDataRequest", covers: "DB.CloseDataRequest", before: somebodyAsked, do: closeRequest},
}

// atDesk is the scope of an owner.
func (p *paths) atDesk(ctx context.Context) context.Context {
	return store.Within(ctx, store.Scope{Line: p.id, All: true})
}

var byAda = store.By{Actor: "Ada", Event: "form-1", At: noon}

func saveSettings(ctx context.Context, p *paths) error {
	return p.db.SaveSettings(p.atDesk(ctx), p.audit, p.id, byAda, func(s *store.Settings) {
		s.Name, s.Zone, s.Languages, s.CrisisName, s.Crisis, s.FirstRun = "Harbour line", "America/Chicago", []string{"es"}, "111", p.bea, store.FirstRunDone
	})
}

// somebodyAsked is a request of somebody who wrote to the line.
func somebodyAsked(t *testing.T, p *paths) {
	t.Helper()
	if _, err := p.db.AddDataRequest(t.Context(), p.audit, p.id, byAda, store.RequestExport, day); err != nil {
		t.Fatal(err)
	}
}

func closeRequest(ctx context.Context, p *paths) error {
	all, err := p.db.DataRequests(p.atDesk(ctx), p.id)
	if err != nil {
		return err
	}
	return p.db.CloseDataRequest(p.atDesk(ctx), p.audit, p.id, byAda, all[0].ID, day)
}

// What owners do at the desk takes the rights of the console, and no others.
func TestOwnersWorkAsConsole(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	console := login(t, dsn, "", "hearthline_console")
	for _, path := range deskPaths {
		path.takeAs(t, dsn, console)
	}
	p := newPaths(t, dsn)
	p.by(t, console)
	if err := saveSettings(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	ctx := p.atDesk(t.Context())
	if entries, err := p.audit.List(ctx, p.id, store.AuditFilter{}, 10); err != nil || len(entries) != 1 {
		t.Errorf("the log has %d entries, %v", len(entries), err)
	}
	if s, err := p.db.Settings(ctx, p.keys, p.id); err != nil || s.Name != "Harbour line" || !s.Crisis.Equal(p.bea) {
		t.Errorf("settings: %+v, %v", s, err)
	}
}

// A request's reference is the same when the act is done again, and no other one's.
func TestARequestHasAReferenceOfItsOwn(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	add := func() string {
		t.Helper()
		r, err := p.db.AddDataRequest(t.Context(), p.audit, p.id, byAda, store.RequestErase, day)
		if err != nil {
			t.Fatal(err)
		}
		return r.Reference
	}
	first := add()
	if again := add(); again != first {
		t.Errorf("%s, and %s when it is added again", first, again)
	}
	do(t, p.look, `DELETE FROM data_request`)
	if again := add(); again != first {
		t.Errorf("%s, and %s when nobody knows that it was", first, again)
	}
	do(t, p.look, `UPDATE data_request SET request_id = gen_random_uuid()`)
	if other := add(); other == first {
		t.Errorf("two requests have the reference %s", first)
	}
}
