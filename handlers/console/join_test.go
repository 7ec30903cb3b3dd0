package console

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// Whoever opens the link of a first run becomes the owner, once, within an hour.
func TestTheFirstOwnerComesByALink(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	token, another := r.firstLink(), r.firstLink()
	b, late := r.browser(), r.browser()
	enter := func(b *browser, code string) (int, string) {
		return b.do(http.MethodPost, "/console/join", url.Values{"code": {strings.ToLower(code)}})
	}
	say := func(b *browser, email string) (int, string) {
		return b.do(http.MethodPost, "/console/join/first", url.Values{"email": {email}, "name": {"Ada"}, "role": {"viewer"}})
	}
	if _, to := say(b, "ada@example.org"); to != "/console/join" || len(r.people()) != 0 {
		t.Errorf("without a link: led to %s", to)
	}
	for _, browser := range []*browser{b, late} {
		if status, to := enter(browser, another); status != http.StatusSeeOther || to != "/console/join" {
			t.Fatal(status, to)
		}
	}
	if status, _ := say(b, "ada"); status != http.StatusUnprocessableEntity || len(r.people()) != 0 {
		t.Errorf("without an address: %d", status)
	}
	if _, to := say(b, "ada@example.org"); to != "/console/join" {
		t.Errorf("led to %s", to)
	}
	if _, body := b.get("/console/join"); !strings.Contains(body, `action="/console/join/password"`) {
		t.Error("the owner does not choose how to sign in")
	}
	if all := r.people(); len(all) != 1 || all[0].Role != store.RoleOwner || all[0].State != store.AccountInvited || b.isIn() {
		t.Errorf("there are %+v", all)
	}
	// From then on no such link is good, and none is made.
	if _, to := say(late, "eve@example.org"); to != "/console/join" || len(r.people()) != 1 {
		t.Errorf("a second one is led to %s", to)
	}
	if status, _ := enter(r.browser(), token); status != http.StatusUnprocessableEntity {
		t.Errorf("another start's link: %d", status)
	}
	if token, err := r.accounts().FirstLink(r.ctx(), r.line); err != nil || token != "" {
		t.Errorf("a link is made beside an owner: %v", err)
	}
}

func TestTheLinkOfAFirstRunEnds(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	is := func(token string) bool {
		t.Helper()
		first, err := r.accounts().IsFirst(r.ctx(), r.line, token)
		if err != nil {
			t.Fatal(err)
		}
		return first
	}
	begin := func(token string) error {
		_, err := r.accounts().BeginFirst(r.ctx(), r.line, token, store.Invited{Email: "eve@example.org", Name: "Eve", Lang: "en"})
		return err
	}
	token := r.firstLink()
	if r.pass(time.Hour - time.Second); !is(token) || is("") || is("another") {
		t.Error("a link is not good for an hour, or what is none is good")
	}
	if r.pass(time.Second); is(token) || !errors.Is(begin(token), store.ErrNotFound) {
		t.Error("a link is good for longer than an hour")
	}
	token = r.firstLink()
	r.invite("Ada", store.RoleOwner)
	if is(token) || !errors.Is(begin(token), store.ErrNotFound) || len(r.people()) != 1 {
		t.Error("a link is good beside an owner who was made at the terminal")
	}
}

func (r *rig) people() []store.Account {
	r.t.Helper()
	all, err := r.accounts().List(r.ctx(), r.line)
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}
