package console

import (
	"errors"
	"net/url"
	"strings"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// proof is the page on which somebody proves once more who they are.
type proof struct {
	To                   string
	Password, HasPasskey bool
	Demo                 bool
}

// again asks who is signed in to prove it, before what is not to be undone.
func (p *page) again() error {
	form, err := p.proof(p.QueryParam("to"))
	if err != nil {
		return err
	}
	return p.show("again", "gate.again", form)
}

func (p *page) proof(to string) (proof, error) {
	account, err := p.me()
	return proof{To: ownPath(to), Password: account.HasPassword, HasPasskey: account.Passkeys > 0, Demo: p.desk.Demo}, err
}

// ownPath is where to go on, which is at the desk.
func ownPath(to string) string {
	at, err := url.Parse(to)
	if err != nil || at.IsAbs() || at.Host != "" || at.Path != "/console" && !strings.HasPrefix(at.Path, "/console/") {
		return "/console"
	}
	return at.Path
}

// me is the account of who is signed in.
func (p *page) me() (store.Account, error) {
	account, err := p.desk.Accounts.Get(p.ctx(), p.line, p.who.Account)
	if errors.Is(err, store.ErrNotFound) {
		return account, missing
	}
	return account, err
}

func (p *page) againWithPassword() error {
	err := p.desk.Accounts.Prove(p.ctx(), p.line, p.who.Account, p.FormValue("password"), p.now)
	fault := ""
	switch {
	case errors.Is(err, store.ErrTooOften), errors.Is(err, vault.ErrBusy):
		fault = "gate.too_often"
	case errors.Is(err, store.ErrNotFound):
		fault = "gate.password_wrong"
	case err != nil:
		return err
	}
	if fault != "" {
		p.note("proof.refused", p.who.Account)
		form, err := p.proof(p.FormValue("to"))
		if err != nil {
			return err
		}
		return p.wrong("again", "gate.again", map[string]string{"password": fault}, form)
	}
	return p.goOn()
}

func (p *page) againAskForKey() error {
	if !p.TakesPasskeys() {
		return missing
	}
	options, challenge, err := p.desk.passkeys.BeginDiscoverableLogin()
	return p.ask(options, challenge, err)
}

func (p *page) againWithKey() error {
	account, key, ok, err := p.usedKey()
	if err != nil {
		return err
	}
	if ok = ok && account.ID == p.who.Account; ok {
		if err := p.desk.Accounts.UsedPasskey(p.ctx(), p.line, store.By{Actor: p.who.Name, At: p.now}, account.ID, key); err != nil {
			return err
		}
		return p.goOn()
	}
	p.note("proof.refused", p.who.Account)
	form, err := p.proof(p.FormValue("to"))
	if err != nil {
		return err
	}
	return p.wrong("again", "gate.again", map[string]string{"form": "gate.key_refused"}, form)
}

// againInDemo goes on without a proof: in the demo nobody knows a password.
func (p *page) againInDemo() error {
	if !p.desk.Demo {
		return missing
	}
	return p.goOn()
}

// goOn leads back, under a new token, and says that what was asked for is still to do: a form
// that was sent before the proof was not taken.
func (p *page) goOn() error {
	if err := p.desk.sessions.proven(p.Context); err != nil {
		return err
	}
	p.note("proof", p.who.Account)
	return p.done(ownPath(p.FormValue("to")), "gate.proven")
}

// Fresh says whether who is signed in has proven within five minutes who they are.
func (p *page) Fresh() bool { return p.who != nil && p.now.Sub(p.who.Proven) <= provenFor }

// proves adds a fault to a field that says whom the line calls, or with which PIN
// somebody signs in, unless who changes it has just proven who they are.
func (p *page) proves(faults map[string]string, field string) {
	if !p.Fresh() && faults[field] == "" {
		faults[field] = "gate.prove_to_change"
	}
}
