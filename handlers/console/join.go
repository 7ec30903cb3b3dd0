package console

import (
	"errors"
	"slices"
	"strings"

	"github.com/pquerna/otp/totp"

	"github.com/hearthline/hearthline/store"
)

// joining is the page on which somebody who has a link sets their account up.
type joining struct {
	Account  store.Account
	Password bool // the link is for a password alone
	Name     string
	app      // to scan
}

// join asks for the code of a link, and then for what it sets up. The code comes after
// a # in the link, which browsers send to nobody (ASVS 14.2.1).
func (p *page) join() error {
	form, ok, err := p.joining()
	if err != nil {
		return err
	}
	if ok {
		return p.show("join", "gate.join", form)
	}
	first, err := p.isFirst(p.desk.sessions.GetString(p.ctx(), ofLink))
	if err != nil {
		return err
	}
	if first {
		return p.show("join_first", "gate.join", firstOwner{})
	}
	return p.show("join_code", "gate.join", nil)
}

// joining is what the browser's session says of the link it has used. From there on the
// page is in the language in which they were invited, which the account keeps.
func (p *page) joining() (joining, bool, error) {
	link, ok, err := p.linked(p.desk.sessions.GetString(p.ctx(), ofLink))
	if err != nil || !ok {
		return joining{}, false, err
	}
	if slices.Contains(languages, link.Account.Lang) {
		p.lang = link.Account.Lang
	}
	form := joining{Account: link.Account, Password: link.Kind == store.LinkPassword, Name: link.Account.Name}
	if !form.Password {
		form.app, err = p.app(link.Account)
	}
	return form, true, err
}

func (p *page) linked(token string) (store.Linked, bool, error) {
	link, err := p.desk.Accounts.Linked(p.ctx(), p.line, strings.ToUpper(strings.TrimSpace(token)))
	if errors.Is(err, store.ErrNotFound) {
		return link, false, nil
	}
	return link, err == nil, err
}

// joinWith takes the code of a link.
func (p *page) joinWith() error {
	token := strings.ToUpper(strings.TrimSpace(p.FormValue("code")))
	err := p.desk.Accounts.Try(p.ctx(), p.line, p.address(), p.now)
	fault := "gate.link_over"
	ok := false
	switch {
	case errors.Is(err, store.ErrTooOften):
		fault = "gate.too_often"
	case err != nil:
		return err
	default:
		if _, ok, err = p.linked(token); err == nil && !ok {
			ok, err = p.isFirst(token)
		}
		if err != nil {
			return err
		}
	}
	if !ok {
		p.note("link.refused", "")
		return p.wrong("join_code", "gate.join", map[string]string{"code": fault}, nil)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Hearthline", AccountName: "-"})
	if err != nil {
		return err
	}
	p.desk.sessions.Put(p.ctx(), ofLink, token)
	p.desk.sessions.Put(p.ctx(), ofSecret, key.Secret())
	if err := p.desk.sessions.RenewToken(p.ctx()); err != nil {
		return err
	}
	if err := p.desk.sessions.save(p.Context); err != nil {
		return err
	}
	return p.done("/console/join", "")
}

// joinWithPassword sets up a password, and an app unless the link is for a password.
func (p *page) joinWithPassword() error {
	form, ok, err := p.joining()
	if err != nil {
		return err
	}
	if !ok {
		return p.done("/console/join", "")
	}
	form.Name = strings.TrimSpace(p.FormValue("name"))
	faults := map[string]string{}
	if !form.Password && (form.Name == "" || len(form.Name) > 200) {
		faults["name"] = "gate.name_missing"
	}
	password := p.FormValue("password")
	if fault := p.passwordFault(password, form.Account); fault != "" {
		faults["password"] = fault
	}
	if len(faults) > 0 {
		return p.wrong("join", "gate.join", faults, form)
	}
	j := p.newJoining(form)
	j.Password, j.Secret, j.Code = password, form.app.Secret, p.FormValue("code")
	return p.joined(j, form)
}

func (p *page) newJoining(form joining) store.Joining {
	j := store.Joining{Token: p.desk.sessions.GetString(p.ctx(), ofLink), Lang: p.lang, At: p.now}
	if !form.Password {
		j.Name = form.Name
	}
	return j
}

// joined uses the link up. Who has set a password anew signs in with it, and with a
// code: a link takes the place of neither (ASVS 6.4.3).
func (p *page) joined(j store.Joining, form joining) error {
	account, codes, err := p.desk.Accounts.Join(p.ctx(), p.line, j)
	switch {
	case errors.Is(err, store.ErrCodeWrong):
		return p.wrong("join", "gate.join", map[string]string{"code": "gate.code_wrong"}, form)
	case errors.Is(err, store.ErrNotFound):
		return p.done("/console/join", "")
	case err != nil:
		return err
	}
	p.note("joined", account.ID)
	if form.Password {
		if err := p.desk.sessions.end(p.Context); err != nil {
			return err
		}
		return p.done("/console/sign-in", "gate.password_set")
	}
	if err := p.desk.sessions.signIn(p.Context, account.ID); err != nil {
		return err
	}
	return p.showCodes(codes)
}

func (p *page) joinAskForKey() error {
	form, ok, err := p.joining()
	if err != nil {
		return err
	}
	if !ok || form.Password || !p.TakesPasskeys() {
		return missing
	}
	options, challenge, err := p.desk.passkeys.BeginRegistration(keyHolder{account: form.Account})
	return p.ask(options, challenge, err)
}

// joinWithKey sets up a passkey in place of a password and an app.
func (p *page) joinWithKey() error {
	form, ok, err := p.joining()
	if err != nil {
		return err
	}
	if !ok || form.Password {
		return p.done("/console/join", "")
	}
	key, ok, err := p.newKey(form.Account)
	if err != nil {
		return err
	}
	if !ok {
		return p.wrong("join", "gate.join", map[string]string{"form": "gate.key_refused"}, form)
	}
	j := p.newJoining(form)
	j.Passkey = &key
	return p.joined(j, form)
}

// passwordFault is what is wrong with a password for an account.
func (p *page) passwordFault(password string, account store.Account) string {
	words := []string{account.Name, account.Email, p.desk.PublicURL}
	if line, ok := p.desk.Directories.Line(p.line); ok {
		words = append(words, line.Directory.Line.Name)
		for _, g := range line.Directory.Groups() {
			for _, name := range g.Name {
				words = append(words, name)
			}
		}
	}
	return passwordFault(password, words...)
}
