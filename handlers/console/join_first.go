package console

import (
	"errors"
	"net/mail"
	"strings"

	"github.com/hearthline/hearthline/store"
)

// firstOwner is what whoever opens the link of a first run says of themselves.
type firstOwner struct{ Email, Name string }

// isFirst says whether a link makes the line's first owner.
func (p *page) isFirst(token string) (bool, error) {
	if token == "" {
		return false, nil
	}
	return p.desk.Accounts.IsFirst(p.ctx(), p.line, token)
}

// joinFirst makes the account of the line's first owner, who then sets it up as
// everybody does, in this browser.
func (p *page) joinFirst() error {
	token := p.desk.sessions.GetString(p.ctx(), ofLink)
	first, err := p.isFirst(token)
	if err != nil {
		return err
	}
	if !first {
		return p.done("/console/join", "")
	}
	form := firstOwner{Email: strings.TrimSpace(p.FormValue("email")), Name: strings.TrimSpace(p.FormValue("name"))}
	faults := map[string]string{}
	if !isEmail(form.Email) {
		faults["email"] = "gate.email_wrong"
	}
	if form.Name == "" || len(form.Name) > 200 {
		faults["name"] = "gate.name_missing"
	}
	if len(faults) > 0 {
		return p.wrong("join_first", "gate.join", faults, form)
	}
	token, err = p.desk.Accounts.BeginFirst(p.ctx(), p.line, token, store.Invited{Email: form.Email, Name: form.Name, Lang: p.lang})
	switch {
	case errors.Is(err, store.ErrEmailTaken):
		return p.wrong("join_first", "gate.join", map[string]string{"email": "gate.email_taken"}, form)
	case errors.Is(err, store.ErrNotFound):
		return p.done("/console/join", "")
	case err != nil:
		return err
	}
	p.note("first_owner", "")
	p.desk.sessions.Put(p.ctx(), ofLink, token)
	if err := p.desk.sessions.RenewToken(p.ctx()); err != nil {
		return err
	}
	if err := p.desk.sessions.save(p.Context); err != nil {
		return err
	}
	return p.done("/console/join", "")
}

func isEmail(text string) bool {
	at, err := mail.ParseAddress(text)
	return err == nil && at.Address == text && len(text) <= 254
}
