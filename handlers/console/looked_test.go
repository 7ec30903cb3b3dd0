package console

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// Who opens a roster is entered: once an hour, however often they do.
func TestReadingARosterIsEntered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.as(store.RoleCoordinator, griefCode)
	for range 2 {
		if status, _ := d.get("/console/groups/" + r.groupID(griefCode) + "/roster"); status != 200 {
			t.Fatal(status)
		}
	}
	all, err := store.NewAudit(r.db, r.keys).List(r.ctx(), r.line, store.AuditFilter{Act: "roster.read"}, 10)
	if err != nil || len(all) != 1 || all[0].Detail != "group "+griefCode {
		t.Errorf("%+v, %v", all, err)
	}
}

// Who hears what a caller has left is entered, by message, before anything sounds.
func TestHearingAMessageIsEntered(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	path := func(voice string) string { return "/console/inbox/" + voice + "/sound.wav" }
	entered := func() int {
		t.Helper()
		all, err := store.NewAudit(d.db, d.keys).List(d.ctx(), d.line, store.AuditFilter{Act: "voicemail.play"}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.Actor != d.who.Name {
				t.Errorf("entered as %s's", e.Actor)
			}
		}
		return len(all)
	}
	first, second, coming := d.leave(1, true), d.leave(2, true), d.leave(3, false)
	for _, c := range []struct {
		voice           string
		status, entered int
	}{{first, 200, 1}, {first, 200, 1}, {second, 200, 2}, {coming, 404, 2}} {
		if status, _ := d.get(path(c.voice)); status != c.status || entered() != c.entered {
			t.Errorf("%d, and %d are entered, want %d and %d", status, entered(), c.status, c.entered)
		}
	}
	// What cannot be entered is not played.
	nowhere, err := store.Connect(store.Options{URL: "postgres://nobody@127.0.0.1:1/none?sslmode=disable"})
	if err != nil {
		t.Fatal(err)
	}
	d.pages.Audit = store.NewAudit(nowhere, d.keys)
	if status, body := d.get(path(first)); status != 500 || strings.Contains(body, "RIFF") {
		t.Errorf("without a log: %d", status)
	}
}
