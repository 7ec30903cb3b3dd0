package console

import (
	"errors"
	"net/http"
	"strings"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// signInForm is what the page of signing in holds.
type signInForm struct {
	Email string
	Demo  bool
}

// signIn is where somebody says who they are.
func (p *page) signIn() error {
	if p.who != nil {
		return p.done("/console", "")
	}
	return p.show("sign_in", "gate.sign_in", signInForm{Demo: p.desk.Demo})
}

// signInWith takes an e-mail address, a password and a code, all at once: which of
// them was wrong is told to nobody.
func (p *page) signInWith() error {
	email := p.FormValue("email")
	account, err := p.desk.Accounts.SignIn(p.ctx(), store.DeskSignIn{
		Line: p.line, Email: email, Password: p.FormValue("password"), Code: p.FormValue("code"),
		Address: p.address(), Device: p.desk.sessions.device(p.Context), At: p.now,
	})
	if err != nil {
		return p.refused(err, email)
	}
	return p.enter(account)
}

// refused answers an attempt that came to nothing. Any error but those two is one of
// ours, and lets nobody in.
func (p *page) refused(err error, email string) error {
	form := signInForm{Email: email, Demo: p.desk.Demo}
	switch {
	case errors.Is(err, store.ErrTooOften), errors.Is(err, vault.ErrBusy):
		p.note("sign_in.too_often", "")
		return p.wrong("sign_in", "gate.sign_in", map[string]string{"form": "gate.too_often"}, form)
	case errors.Is(err, store.ErrNotFound):
		p.note("sign_in.refused", "")
		return p.wrong("sign_in", "gate.sign_in", map[string]string{"form": "gate.refused"}, form)
	}
	return err
}

// enter has who comes be signed in, and leads to the desk.
func (p *page) enter(account store.Account) error {
	if err := p.desk.sessions.signIn(p.Context, account.ID); err != nil {
		return err
	}
	p.note("sign_in", account.ID)
	return p.done("/console", "")
}

// note logs something of security (ASVS 16.3): what, and whose account, nothing that
// was typed.
func (p *page) note(event, account string) {
	p.desk.Log.InfoContext(p.ctx(), "desk", "security", event, "account", account)
}

// address is where a request comes from: for IPv6 the network, of which somebody has
// all addresses.
func (p *page) address() string {
	return network(p.desk.addresses(p.Request()))
}

// askForKey begins to sign in with a passkey.
func (p *page) askForKey() error {
	if !p.TakesPasskeys() {
		return missing
	}
	if err := p.desk.Accounts.Try(p.ctx(), p.line, p.address(), p.now); err != nil {
		return p.tooOften(err)
	}
	options, challenge, err := p.desk.passkeys.BeginDiscoverableLogin()
	return p.ask(options, challenge, err)
}

func (p *page) tooOften(err error) error {
	if errors.Is(err, store.ErrTooOften) {
		return p.NoContent(http.StatusTooManyRequests)
	}
	return err
}

// signInWithKey takes a passkey.
func (p *page) signInWithKey() error {
	account, key, ok, err := p.usedKey()
	if err != nil {
		return err
	}
	if ok {
		err = p.desk.Accounts.UsedPasskey(p.ctx(), p.line, store.By{Actor: account.Name, At: p.now}, account.ID, key)
	}
	if !ok || errors.Is(err, store.ErrNotFound) {
		return p.refused(store.ErrNotFound, "")
	}
	if err != nil {
		return err
	}
	return p.enter(account)
}

// signInToDemo signs in as the first owner: what is there was made up.
func (p *page) signInToDemo() error {
	if !p.desk.Demo {
		return missing
	}
	all, err := p.desk.Accounts.List(p.ctx(), p.line)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.May(store.RoleOwner) {
			return p.enter(a)
		}
	}
	return missing
}

// signOut ends the session here and in the browser (ASVS 7.4.1, 14.3.1).
func (p *page) signOut() error {
	if err := p.desk.sessions.end(p.Context); err != nil {
		return err
	}
	p.note("sign_out", p.who.Account)
	p.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return p.done("/console/sign-in", "gate.signed_out")
}

// before is the page from which a form was sent, or the one that is asked for.
func (p *page) before() string {
	path := p.Context.Path()
	asked := p.Here()
	for p.Request().Method != get || !isPage(path) {
		cut := strings.LastIndex(path, "/")
		if cut <= 0 {
			return "/console"
		}
		path, asked = path[:cut], asked[:strings.LastIndex(asked, "/")]
		if isPage(path) {
			break
		}
	}
	return asked
}

func isPage(path string) bool {
	for _, r := range routes {
		if r.method == get && r.path == path {
			return true
		}
	}
	return false
}
