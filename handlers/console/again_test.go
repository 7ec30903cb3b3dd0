package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// In the demo a button leads on where a proof is asked for, and elsewhere there is no
// such button, nor what it does.
func TestTheDemoAsksForNoPassword(t *testing.T) {
	t.Parallel()
	for _, demo := range []bool{false, true} {
		r := newEmptyRig(t)
		r.demo = demo
		b := r.browser()
		b.begins(r.key("Ada", store.RoleOwner))
		r.pass(provenFor + time.Second)
		_, asked := b.get("/console/again?to=/console/people/new")
		if strings.Contains(asked, `action="/console/again/demo"`) != demo {
			t.Errorf("demo %t: the button is there or not", demo)
		}
		if code, _ := b.do(http.MethodPost, "/console/again/demo", url.Values{}); code != http.StatusForbidden {
			t.Errorf("demo %t: without the form's token, answered %d", demo, code)
		}
		code, to := b.post("/console/again/demo", url.Values{"to": {"/console/people/new"}})
		if demo && (code != http.StatusSeeOther || to != "/console/people/new?done=gate.proven") || !demo && code != http.StatusNotFound {
			t.Errorf("demo %t: answered %d, to %s", demo, code, to)
		}
		if status, _ := b.get("/console/people/new"); (status == http.StatusOK) != demo {
			t.Errorf("demo %t: what asks for a proof answers %d", demo, status)
		}
	}
}
