package console

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const subjectNumber = "+12125550143"

var requestsShown = []shown{
	{"requests, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/requests", nil
	}},
	{"requests, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newEmptyRig(t).as(store.RoleOwner)
		d.request(store.RequestExport, "2026-10-02")
		d.request(store.RequestErase, "2026-11-20")
		d.post("/console/requests/"+d.request(store.RequestErase, "2026-11-21")+"/close", nil)
		return d, "/console/requests", nil
	}},
	{"requests, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return newEmptyRig(t).as(store.RoleOwner), "/console/requests", url.Values{"received": {"2027-01-01"}}
	}},
	{"a request to be forgotten", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newEmptyRig(t).as(store.RoleOwner)
		return d, "/console/requests/" + d.request(store.RequestErase, "2026-11-20"), nil
	}},
	{"a request to be forgotten, fault", false, answered(store.RequestErase, url.Values{"number": {"12"}})},
	{"a request to be forgotten, done", false, answered(store.RequestErase, url.Values{"number": {subjectNumber}, "sure": {"yes"}})},
	{"a request for data", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newEmptyRig(t).as(store.RoleOwner)
		return d, "/console/requests/" + d.request(store.RequestExport, "2026-11-20"), nil
	}},
	{"a request for data, found", true, answered(store.RequestExport, url.Values{"number": {subjectNumber}})},
	{"a request for data, nothing", false, answered(store.RequestExport, url.Values{"number": {"+12125550144"}})},
}

func answered(kind store.RequestKind, form url.Values) func(t *testing.T) (*desk, string, url.Values) {
	return func(t *testing.T) (*desk, string, url.Values) {
		d := newEmptyRig(t).as(store.RoleOwner)
		return d, "/console/requests/" + d.request(kind, "2026-11-20") + "/answer", form
	}
}

// request notes one at the desk, and returns its id.
func (d *desk) request(kind store.RequestKind, received string) string {
	d.t.Helper()
	day, err := schedule.ParseDate(received)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := d.db.AddDataRequest(d.ctx(), store.NewAudit(d.db, d.keys), d.line, store.By{Actor: "Ada", At: d.time()}, kind, day)
	if err != nil {
		d.t.Fatal(err)
	}
	return r.ID
}

// subjects know one number.
type subjects rig

func (s *subjects) Export(_ context.Context, _ store.By, lang string, n vault.Number) (text, in string, err error) {
	if n.Equal((*rig)(s).number(subjectNumber)) {
		return "estado         confirmado\nen el grupo    Círculo de duelo (activo)\n", "es", nil
	}
	return "", lang, nil
}

func (s *subjects) Erase(_ context.Context, by store.By, n vault.Number) ([]string, error) {
	(*rig)(s).log.Write([]byte("erased by " + by.Actor + "\n"))
	return []string{griefCode}, nil
}

func TestARequestIsDueInFourWeeks(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	if status, to := d.post("/console/requests", url.Values{"kind": {"erase"}, "received": {"2026-11-20"}, "once": {"x"}}); status != 303 {
		t.Fatalf("answered %d %.300s", status, to)
	}
	d.post("/console/requests", url.Values{"kind": {"erase"}, "received": {"2026-11-20"}, "once": {"x"}}) // sent twice
	all, err := r.db.DataRequests(r.ctx(), r.line)
	if err != nil || len(all) != 1 || all[0].Due.String() != "2026-12-18" {
		t.Fatalf("noted are %+v, %v", all, err)
	}
	r.pass(26 * 24 * time.Hour)
	_, body := d.get("/console/requests")
	contains(t, body, "overdue", all[0].Reference)
}

// Somebody is forgotten only by who has proven just now who they are, and is sure; and
// nothing of the number is shown or kept.
func TestAnErasureIsMeant(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	path := "/console/requests/" + d.request(store.RequestErase, "2026-11-20")
	if status, _ := d.post(path+"/answer", url.Values{"number": {subjectNumber}}); status != 422 || strings.Contains(r.log.String(), "erased") {
		t.Errorf("without being sure: answered %d", status)
	}
	status, body := d.post(path+"/answer", url.Values{"number": {subjectNumber}, "sure": {"yes"}})
	if status != 200 || !strings.Contains(r.log.String(), "erased by Ada") {
		t.Errorf("answered %d", status)
	}
	contains(t, body, griefCode)
	if shows(body, "5550143") {
		t.Error("the page has the number")
	}
	all, err := r.db.DataRequests(r.ctx(), r.line)
	if err != nil || all[0].Open() {
		t.Errorf("it is not marked as answered: %v", err)
	}
	r.pass(6 * time.Minute)
	if status, to := d.get(path); status != 303 || !strings.HasPrefix(to, "/console/again") {
		t.Errorf("after six minutes: answered %d %s", status, to)
	}
	if status, _ := r.as(store.RoleCoordinator, []string{}...).get(path); status != 404 {
		t.Errorf("a coordinator gets %d", status)
	}
}

// What somebody is answered is in their language, whatever that of the desk.
func TestAnAnswerIsInTheirLanguage(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).as(store.RoleOwner)
	path := "/console/requests/" + d.request(store.RequestExport, "2026-11-20") + "/answer"
	_, body := d.post(path, url.Values{"number": {subjectNumber}})
	contains(t, body, `<html lang="en">`, `<pre class="card found" lang="es"`, `<p lang="es">`, "todo lo que esta línea guarda")
	_, body = d.post(path, url.Values{"number": {"+12125550144"}})
	contains(t, body, `<p lang="en">`, "this line keeps nothing of your number")
}

func TestARequestThatIsNotThere(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).as(store.RoleOwner)
	for _, id := range []string{"x", "00000000-0000-4000-8000-000000000009"} {
		if status, _ := d.get("/console/requests/" + id); status != 404 {
			t.Errorf("%s: answered %d", id, status)
		}
		if status, _ := d.post("/console/requests/"+id+"/close", nil); status != 404 {
			t.Errorf("%s: closed with %d", id, status)
		}
	}
}
