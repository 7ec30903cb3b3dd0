package console

import (
	"errors"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/store"
)

// people are the accounts of the line.
func (p *page) people() error {
	all, err := p.desk.Accounts.List(p.ctx(), p.line)
	if err != nil {
		return err
	}
	return p.show("people", "gate.people", all)
}

// invitation is the form of somebody new.
type invitation struct {
	Email, Name, Lang string
	Role              store.Role
	Roles             []store.Role
	Groups            []choice
}

// choice is a group that can be somebody's.
type choice struct {
	ID, Code, Name string
	On             bool
}

// choices are the groups of the line, those that somebody has being on.
func (p *page) choices(on []string) ([]choice, error) {
	groups, err := p.desk.DB.Groups(p.ctx(), p.line)
	if err != nil {
		return nil, err
	}
	var all []choice
	for _, g := range groups {
		all = append(all, choice{ID: g.ID, Code: g.Code, Name: g.Name.In(p.lang), On: slices.Contains(on, g.ID)})
	}
	return all, nil
}

func (p *page) invite() error {
	groups, err := p.choices(nil)
	if err != nil {
		return err
	}
	return p.show("invite", "gate.invite", invitation{Role: store.RoleCoordinator, Lang: p.lang, Roles: store.Roles, Groups: groups})
}

func (p *page) inviteThem() error {
	form, err := p.invitation()
	if err != nil {
		return err
	}
	faults := form.faults()
	if _, err := p.desk.Accounts.ByEmail(p.ctx(), p.line, form.Email); err == nil && faults["email"] == "" {
		faults["email"] = "gate.email_taken" // told with what else is wrong
	}
	if len(faults) > 0 {
		return p.wrong("invite", "gate.invite", faults, form)
	}
	i := store.Invited{Email: form.Email, Name: form.Name, Role: form.Role, Lang: form.Lang}
	for _, g := range form.Groups {
		if g.On {
			i.Groups = append(i.Groups, g.ID)
		}
	}
	token, err := p.desk.Accounts.Invite(p.ctx(), p.line, p.by(), i)
	if errors.Is(err, store.ErrEmailTaken) {
		return p.wrong("invite", "gate.invite", map[string]string{"email": "gate.email_taken"}, form)
	}
	if err != nil {
		return err
	}
	account, err := p.desk.Accounts.ByEmail(p.ctx(), p.line, form.Email)
	if err != nil {
		return err
	}
	p.note("invited", account.ID)
	return p.showLink(account.ID, token)
}

func (p *page) invitation() (invitation, error) {
	params, err := p.FormParams()
	if err != nil {
		return invitation{}, missing
	}
	groups, err := p.choices(params["group"])
	return invitation{
		Email: strings.TrimSpace(p.FormValue("email")), Name: strings.TrimSpace(p.FormValue("name")), Lang: p.FormValue("lang"),
		Role: store.Role(p.FormValue("role")), Roles: store.Roles, Groups: groups,
	}, err
}

func (i invitation) faults() map[string]string {
	faults := map[string]string{}
	if !isEmail(i.Email) {
		faults["email"] = "gate.email_wrong"
	}
	if i.Name == "" || len(i.Name) > 200 {
		faults["name"] = "gate.name_missing"
	}
	if !slices.Contains(store.Roles, i.Role) {
		faults["role"] = "gate.role_missing"
	}
	if !slices.Contains(languages, i.Lang) {
		faults["lang"] = "gate.lang_missing"
	}
	return faults
}

// showLink leads to somebody's page, which shows the link once.
func (p *page) showLink(account, token string) error {
	p.desk.sessions.Put(p.ctx(), ofInvited, account+" "+token)
	if err := p.desk.sessions.save(p.Context); err != nil {
		return err
	}
	return p.done("/console/people/"+account, "")
}

// person is the page about somebody.
type person struct {
	Account  store.Account
	Roles    []store.Role
	Groups   []choice
	Sessions []shownSession
	Link     string // shown once
	Me       bool
}

func (p *page) person() error {
	form, err := p.about()
	if err != nil {
		return err
	}
	if kept := p.desk.sessions.GetString(p.ctx(), ofInvited); strings.HasPrefix(kept, form.Account.ID+" ") {
		form.Link = p.desk.PublicURL + "/console/join#" + strings.TrimPrefix(kept, form.Account.ID+" ")
		p.desk.sessions.Remove(p.ctx(), ofInvited)
		if err := p.desk.sessions.save(p.Context); err != nil {
			return err
		}
	}
	return p.show("person", "gate.person", form)
}

// about is whom a path with :account is about.
func (p *page) about() (person, error) {
	account, err := p.desk.Accounts.Get(p.ctx(), p.line, p.Param("account"))
	if err != nil {
		return person{}, gone(err)
	}
	form := person{Account: account, Roles: store.Roles, Me: account.ID == p.who.Account}
	if form.Groups, err = p.choices(account.Groups); err != nil {
		return form, err
	}
	form.Sessions, err = p.sessionsOf(account.ID)
	return form, err
}

// alter does something to the account of a path and leads back to its page.
func (p *page) alter(said string, do func(id string) error) error {
	form, err := p.about()
	if err != nil {
		return err
	}
	id := form.Account.ID
	err = do(id)
	fault := ""
	switch {
	case errors.Is(err, store.ErrLastOwner):
		fault = "gate.last_owner"
	case errors.Is(err, store.ErrDisabled):
		fault = "gate.is_disabled"
	case err != nil:
		return gone(err)
	}
	if fault != "" {
		return p.wrong("person", "gate.person", map[string]string{"form": fault}, form)
	}
	p.note(said, id)
	return p.done("/console/people/"+id, said)
}

func (p *page) setRole() error {
	role := store.Role(p.FormValue("role"))
	if !slices.Contains(store.Roles, role) {
		return missing
	}
	return p.alter("gate.role_set", func(id string) error { return p.desk.Accounts.SetRole(p.ctx(), p.line, p.by(), id, role) })
}

func (p *page) setGroups() error {
	params, err := p.FormParams()
	if err != nil {
		return missing
	}
	groups, err := p.choices(params["group"])
	if err != nil {
		return err
	}
	var on []string
	for _, g := range groups {
		if g.On {
			on = append(on, g.ID)
		}
	}
	return p.alter("gate.groups_set", func(id string) error { return p.desk.Accounts.SetGroups(p.ctx(), p.line, p.by(), id, on) })
}

func (p *page) disable() error {
	return p.alter("gate.disabled", func(id string) error { return p.desk.Accounts.Disable(p.ctx(), p.line, p.by(), id) })
}

func (p *page) enable() error {
	return p.alter("gate.enabled", func(id string) error { return p.desk.Accounts.Enable(p.ctx(), p.line, p.by(), id) })
}

// deletePerson forgets an account that is disabled.
func (p *page) deletePerson() error {
	form, err := p.about()
	if err != nil {
		return err
	}
	err = p.desk.Accounts.Delete(p.ctx(), p.line, p.by(), form.Account.ID)
	if errors.Is(err, store.ErrNotDisabled) {
		return p.wrong("person", "gate.person", map[string]string{"form": "gate.delete_in_use"}, form)
	}
	if err != nil {
		return gone(err)
	}
	p.note("gate.deleted", form.Account.ID)
	return p.done("/console/people", "gate.deleted")
}

func (p *page) endTheirSessions() error {
	return p.alter("gate.sessions_ended", func(id string) error { return p.desk.Accounts.EndSessions(p.ctx(), p.line, p.by(), id, nil) })
}

func (p *page) endTheirSession() error {
	form, err := p.about()
	if err != nil {
		return err
	}
	return p.endSessionOf(form.Account.ID, "/console/people/"+form.Account.ID)
}

// relink gives somebody another link: nobody sets another one's password (ASVS 6.4.6).
func (p *page) relink() error {
	kind := store.Link(p.FormValue("kind"))
	if kind != store.LinkPassword && kind != store.LinkJoin {
		return missing
	}
	token := ""
	err := p.alter("gate.link_made", func(id string) (err error) {
		token, err = p.desk.Accounts.Relink(p.ctx(), p.line, p.by(), id, kind)
		return err
	})
	if token == "" {
		return err
	}
	return p.showLink(p.Param("account"), token)
}

// Chosen is the role that is picked.
func (i invitation) Chosen() store.Role { return i.Role }

// Chosen is the role that they have.
func (f person) Chosen() store.Role { return f.Account.Role }

// With is a view of a part of a page.
func (v view) With(data any) view {
	v.Data = data
	return v
}

// Base is the path of the page.
func (f person) Base() string { return "/console/people/" + f.Account.ID }
