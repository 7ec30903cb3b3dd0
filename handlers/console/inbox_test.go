package console

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// Who left a message and allowed it is rung back once for a form.
func TestAMessageIsAnsweredByRinging(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	voice := d.leave(1, true)
	path := "/console/inbox/" + voice + "/ring"
	if _, body := d.get("/console/inbox"); strings.Contains(body, path) {
		t.Error("a line that cannot ring offers to")
	}
	if status, _ := d.post(path, url.Values{"once": {"a"}}); status != 404 {
		t.Errorf("where nobody is rung: %d", status)
	}
	var rung []Ringing
	d.pages.Ring = func(_ context.Context, to Ringing) error {
		rung = append(rung, to)
		return nil
	}
	if _, body := d.get("/console/inbox"); !strings.Contains(body, path) {
		t.Error("the page does not offer to ring them back")
	}
	for range 2 {
		if _, to := d.post(path, url.Values{"once": {"b"}}); to != "/console/inbox?done=inbox.ringing" {
			t.Errorf("rung: %s", to)
		}
	}
	if len(rung) != 1 || rung[0] != (Ringing{Line: d.line, Account: d.who.Account, Voice: voice, Lang: "en"}) {
		t.Errorf("rung: %+v", rung)
	}
	d.pages.Ring = func(context.Context, Ringing) error { return ErrNoSuchCall }
	if _, to := d.post(path, url.Values{"once": {"none"}}); to != "/console/inbox?done=inbox.no_such_call" {
		t.Errorf("a flow that begins no such call: %s", to)
	}
	d.pages.Ring = func(context.Context, Ringing) error { return ErrNotNow }
	for form, want := range map[string]string{path: "inbox.at_night", strings.Replace(path, voice[:8], "00000000", 1): "inbox.no_call"} {
		if _, to := d.post(form, url.Values{"once": {"c" + want}}); to != "/console/inbox?done="+want {
			t.Errorf("%s: %s", want, to)
		}
	}
}
