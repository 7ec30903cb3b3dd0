package console

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/hearthline/hearthline/store"
)

// somebody has an account at the rig: their words are those of nobody else.
type somebody struct {
	store.Account
	password, secret string
	codes            []string
}

const goodPassword = "otter lamp violet Tuesdays"

// account makes an account that signs in with a password and codes.
func (r *rig) account(name string, role store.Role, groups ...string) somebody {
	r.t.Helper()
	return r.join(r.invite(name, role, groups...))
}

// invite makes an account that has a link.
func (r *rig) invite(name string, role store.Role, groups ...string) (token string) {
	r.t.Helper()
	i := store.Invited{Email: name + "@example.org", Name: name, Role: role}
	for _, code := range groups {
		i.Groups = append(i.Groups, r.groupID(code))
	}
	token, err := r.accounts().Invite(r.ctx(), r.line, store.By{Actor: "test", At: r.time()}, i)
	if err != nil {
		r.t.Fatal(err)
	}
	return token
}

func (r *rig) join(token string) somebody {
	r.t.Helper()
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Hearthline", AccountName: "-"})
	if err != nil {
		r.t.Fatal(err)
	}
	s := somebody{password: goodPassword, secret: key.Secret()}
	if s.Account, s.codes, err = r.accounts().Join(r.ctx(), r.line, store.Joining{
		Token: token, Lang: "en", Password: s.password, Secret: s.secret, Code: s.code(r), At: r.time(),
	}); err != nil {
		r.t.Fatal(err)
	}
	r.pass(time.Minute) // the app shows another code
	return s
}

// code is what the app shows.
func (s somebody) code(r *rig) string {
	r.t.Helper()
	code, err := totp.GenerateCode(s.secret, r.time())
	if err != nil {
		r.t.Fatal(err)
	}
	return code
}

func (r *rig) accounts() *store.Accounts { return store.NewAccounts(r.db, r.keys, r.time) }

// asOwner is the desk as an owner has it whose account there is.
func (r *rig) asOwner() *desk {
	r.t.Helper()
	return r.asSomebody(r.key("Ada", store.RoleOwner))
}

// key makes an account that signs in with a passkey, which takes no time to hash.
func (r *rig) key(name string, role store.Role, groups ...string) store.Account {
	r.t.Helper()
	account, _, err := r.accounts().Join(r.ctx(), r.line, store.Joining{
		Token: r.invite(name, role, groups...), Lang: "en", At: r.time(),
		Passkey: &store.Passkey{Mark: store.PasskeyMark([]byte(name)), Name: "Phone", Credential: []byte("{}")},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return account
}

func (r *rig) asSomebody(a store.Account) *desk {
	return r.desk(&who{Account: a.ID, Name: a.Name, Role: a.Role, Groups: a.Groups, Lang: "en", Proven: r.time(), Token: "form-token"})
}

// session signs an account in in a browser.
func (r *rig) session(a store.Account, agent string) {
	r.t.Helper()
	if err := r.accounts().PutSession(r.ctx(), r.line, store.DeskSession{
		Hash: hashOf(agent), Account: a.ID, Agent: agent, MadeAt: r.time(), SeenAt: r.time(), ExpiresAt: r.time().Add(signedIn),
	}, nil); err != nil {
		r.t.Fatal(err)
	}
}

func gateFull(t *testing.T) *desk {
	d := newRig(t).asOwner()
	for i, role := range store.Roles[1:] {
		d.key(fmt.Sprintf("Person %d", i), role, griefCode)
	}
	d.invite("Nora", store.RoleCoordinator, griefCode, illnessCode)
	account, err := d.accounts().Get(d.ctx(), d.line, d.who.Account)
	if err != nil {
		t.Fatal(err)
	}
	d.session(account, "Firefox, Linux")
	d.session(account, "Chrome, Android")
	return d
}

// joins is the desk as a browser has it that has used a link.
func (r *rig) joins(token string) *desk {
	r.t.Helper()
	d := r.nobody()
	d.cookie = &http.Cookie{Name: sessionCookie, Value: "token of " + token}
	if err := r.accounts().PutSession(r.ctx(), r.line, store.DeskSession{
		Hash: hashOf(d.cookie.Value), Agent: "Firefox, Linux", MadeAt: r.time(), SeenAt: r.time(), ExpiresAt: r.time().Add(signedIn),
		Data: []byte(`{"` + ofLink + `":"` + token + `","` + ofSecret + `":"JBSWY3DPEHPK3PXP"}`),
	}, nil); err != nil {
		r.t.Fatal(err)
	}
	return d
}

// firstLink is what a start without an owner tells.
func (r *rig) firstLink() string {
	r.t.Helper()
	token, err := r.accounts().FirstLink(r.ctx(), r.line)
	if err != nil || token == "" {
		r.t.Fatal(err)
	}
	return token
}

func firstHere(t *testing.T) *desk {
	r := newEmptyRig(t)
	return r.joins(r.firstLink())
}

var gateShown = []shown{
	{"sign in, empty", false, func(t *testing.T) (*desk, string, url.Values) { return stillRig(t).nobody(), "/console/sign-in", nil }},
	{"sign in, demo", true, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t)
		r.demo = true
		return r.nobody(), "/console/sign-in", nil
	}},
	{"sign in, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).nobody(), "/console/sign-in", url.Values{"email": {"nobody@example.org"}, "password": {"x"}, "code": {"1"}}
	}},
	{"again, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return newRig(t).asOwner(), "/console/again?to=/console/me", nil
	}},
	{"again, demo", true, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t)
		r.demo = true
		return r.asOwner(), "/console/again?to=/console/me", nil
	}},
	{"again, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t)
		return r.asSomebody(r.account("Ada", store.RoleOwner).Account), "/console/again", url.Values{"password": {"x"}}
	}},
	{"join, empty", true, func(t *testing.T) (*desk, string, url.Values) { return stillRig(t).nobody(), "/console/join", nil }},
	{"join, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).nobody(), "/console/join", url.Values{"code": {"NOT A CODE"}}
	}},
	{"join, full", true, func(t *testing.T) (*desk, string, url.Values) {
		r := newEmptyRig(t)
		return r.joins(r.invite("Ada", store.RoleOwner)), "/console/join", nil
	}},
	{"join first, full", true, func(t *testing.T) (*desk, string, url.Values) { return firstHere(t), "/console/join", nil }},
	{"join first, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return firstHere(t), "/console/join/first", url.Values{"email": {"nobody"}}
	}},
	{"me, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newEmptyRig(t).asOwner()
		d.pass(time.Hour)
		return d, "/console/me", nil
	}},
	{"me, full", true, func(t *testing.T) (*desk, string, url.Values) { return gateFull(t), "/console/me", nil }},
	{"me, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return gateFull(t), "/console/me/phone", url.Values{"number": {"12"}, "pin": {"1"}}
	}},
	{"steps, full", true, func(t *testing.T) (*desk, string, url.Values) { return gateFull(t), "/console/me/steps", nil }},
	{"steps, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return gateFull(t), "/console/me/steps", url.Values{"password": {"short"}}
	}},
	{"codes, full", true, func(t *testing.T) (*desk, string, url.Values) { return gateFull(t), "/console/me/codes", nil }},
	{"people, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/people", nil
	}},
	{"people, full", true, func(t *testing.T) (*desk, string, url.Values) { return gateFull(t), "/console/people", nil }},
	{"invite, full", true, func(t *testing.T) (*desk, string, url.Values) { return gateFull(t), "/console/people/new", nil }},
	{"invite, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return gateFull(t), "/console/people/new", url.Values{"email": {"nobody"}}
	}},
	{"person, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := gateFull(t)
		return d, "/console/people/" + d.who.Account, nil
	}},
	{"person, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		d := gateFull(t)
		return d, "/console/people/" + d.who.Account + "/disable", url.Values{"once": {"1"}}
	}},
}
