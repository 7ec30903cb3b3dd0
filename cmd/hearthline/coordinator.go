package main

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

type coordinatorCommands struct {
	Add       coordinatorAddCommand       `cmd:"" help:"Let somebody sign in to the desk: prints a link that works once, for 24 hours."`
	List      coordinatorListCommand      `cmd:"" help:"Who signs in to the desk."`
	Disable   coordinatorDisableCommand   `cmd:"" help:"Sign somebody out everywhere, and in no more."`
	Enable    coordinatorEnableCommand    `cmd:"" help:"Undo disable."`
	ResetLink coordinatorResetLinkCommand `cmd:"" help:"Another link, for who cannot sign in."`
}

// accountDesk is where a command works on accounts.
type accountDesk struct {
	stdio
	db        *store.DB
	accounts  *store.Accounts
	line      flows.Line
	publicURL string
}

// atAccounts does something about who signs in to the desk.
func (s settings) atAccounts(ctx context.Context, io stdio, do func(accountDesk) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		return do(accountDesk{stdio: io, db: db, accounts: store.NewAccounts(db, keys, io.Now), line: line, publicURL: strings.TrimRight(s.PublicURL, "/")})
	})
}

func (d accountDesk) by() store.By { return store.By{Actor: actor(), At: d.Now()} }

// of returns the account of an e-mail address.
func (d accountDesk) of(ctx context.Context, email string) (store.Account, error) {
	account, err := d.accounts.ByEmail(ctx, d.line.ID, email)
	if errors.Is(err, store.ErrNotFound) {
		return account, errors.New("nobody signs in with this e-mail address; `hearthline coordinator list` shows who does")
	}
	return account, err
}

// link is what somebody opens.
func (d accountDesk) link(token string) string {
	if d.publicURL == "" {
		return "PUBLIC_URL" + joinPath + token
	}
	return d.publicURL + joinPath + token
}

// joinPath is where somebody sets an account up. What follows the # is sent to nobody.
const joinPath = "/console/join#"

// shownLink is a link for a program.
type shownLink struct {
	Name  string     `json:"name"`
	Role  store.Role `json:"role"`
	Link  string     `json:"link"`
	Until time.Time  `json:"until"`
}

// tell prints a link, which is nowhere else.
func (d accountDesk) tell(asJSON bool, account store.Account, token string) error {
	shown := shownLink{Name: account.Name, Role: account.Role, Link: d.link(token), Until: account.LinkUntil}
	if asJSON {
		return d.json(shown)
	}
	fmt.Fprintf(d.Out, "%s, %s. Give them this link; it works once, until %s:\n\n  %s\n\n", shown.Name, shown.Role, shown.Until.UTC().Format("2006-01-02 15:04 MST"), shown.Link)
	return nil
}

type coordinatorAddCommand struct {
	Email    string   `arg:"" help:"Their e-mail address, with which they sign in."`
	Name     string   `help:"How the others call them (default: what stands before the @)."`
	Role     string   `enum:",owner,coordinator,facilitator,viewer" default:"" help:"owner, coordinator, facilitator or viewer (default: coordinator; the first one is the owner)."`
	Group    []string `help:"Code of a group that is theirs; may be repeated." placeholder:"CODE"`
	Language string   `enum:"en,es," default:"" help:"Of their pages: en or es (default: their browser's)."`
	JSON     bool     `help:"As JSON."`
}

// Run makes an account and prints the link that sets it up. Nobody has an account
// before: there is no password to begin with.
func (m coordinatorAddCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if at, err := mail.ParseAddress(m.Email); err != nil || at.Address != m.Email {
		return argumentError("EMAIL is no e-mail address; write it like ada@example.org")
	}
	return s.atAccounts(ctx, io, func(d accountDesk) error {
		i := store.Invited{Email: m.Email, Name: strings.TrimSpace(m.Name), Role: store.Role(m.Role), Lang: m.Language}
		if i.Name == "" {
			i.Name, _, _ = strings.Cut(m.Email, "@")
		}
		has, err := d.accounts.HasOwner(ctx, d.line.ID)
		switch {
		case err != nil:
			return err
		case !has && m.Role != "" && i.Role != store.RoleOwner:
			return argumentError("--role: the line has no owner yet, so the first account is the owner's")
		case !has:
			i.Role = store.RoleOwner
		case m.Role == "":
			i.Role = store.RoleCoordinator
		}
		if i.Groups, err = d.groupIDs(ctx, m.Group); err != nil {
			return err
		}
		token, err := d.accounts.Invite(ctx, d.line.ID, d.by(), i)
		if errors.Is(err, store.ErrEmailTaken) {
			return errors.New("the line has an account with this e-mail address; `hearthline coordinator reset-link` makes another link for it")
		}
		if err != nil {
			return err
		}
		account, err := d.of(ctx, m.Email)
		if err != nil {
			return err
		}
		return d.tell(m.JSON, account, token)
	})
}

// groupIDs are the groups of codes.
func (d accountDesk) groupIDs(ctx context.Context, codes []string) ([]string, error) {
	groups, err := d.db.Groups(ctx, d.line.ID)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, code := range codes {
		at := slices.IndexFunc(groups, func(g store.Group) bool { return g.Code == code })
		if at < 0 {
			return nil, argumentError("--group is no code of a group; `hearthline group list` shows them")
		}
		ids = append(ids, groups[at].ID)
	}
	return ids, nil
}

// shownAccount is an account for a program.
type shownAccount struct {
	Email    string             `json:"email"`
	Name     string             `json:"name"`
	Role     store.Role         `json:"role"`
	State    store.AccountState `json:"state"`
	Groups   int                `json:"groups"`
	Handle   string             `json:"handle"`
	Passkeys int                `json:"passkeys"`
	Password bool               `json:"password"`
	Phone    bool               `json:"phone"`
}

type coordinatorListCommand struct {
	JSON bool `help:"As JSON."`
}

// Run prints who signs in.
func (m coordinatorListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atAccounts(ctx, io, func(d accountDesk) error {
		all, err := d.accounts.List(ctx, d.line.ID)
		if err != nil {
			return err
		}
		shown := []shownAccount{}
		for _, a := range all {
			shown = append(shown, shownAccount{
				Email: a.Email, Name: a.Name, Role: a.Role, State: a.State, Groups: len(a.Groups), Handle: a.Handle,
				Passkeys: a.Passkeys, Password: a.HasPassword, Phone: a.HasPIN,
			})
		}
		if m.JSON {
			return d.json(shown)
		}
		if len(shown) == 0 {
			fmt.Fprintln(d.Out, "Nobody signs in yet: hearthline coordinator add EMAIL")
		}
		for _, a := range shown {
			fmt.Fprintf(d.Out, "%-12s %-9s %s <%s>\n", a.Role, a.State, a.Name, a.Email)
		}
		return nil
	})
}

// oneAccount says whom a command is about.
type oneAccount struct {
	Email string `arg:"" help:"Their e-mail address."`
	JSON  bool   `help:"As JSON."`
}

// about does something to the account of an address.
func (m oneAccount) about(ctx context.Context, s *settings, io stdio, do func(accountDesk, store.Account) error) error {
	return s.atAccounts(ctx, io, func(d accountDesk) error {
		account, err := d.of(ctx, m.Email)
		if err != nil {
			return err
		}
		return do(d, account)
	})
}

// done tells what has become of an account.
func (m oneAccount) done(d accountDesk, name string, is store.AccountState) error {
	if m.JSON {
		return d.json(struct {
			Name  string             `json:"name"`
			State store.AccountState `json:"state"`
		}{name, is})
	}
	fmt.Fprintf(d.Out, "%s is %s.\n", name, is)
	return nil
}

type coordinatorDisableCommand struct{ oneAccount }

// Run ends somebody's access.
func (m coordinatorDisableCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return m.about(ctx, s, io, func(d accountDesk, a store.Account) error {
		if err := d.accounts.Disable(ctx, d.line.ID, d.by(), a.ID); err != nil {
			return err
		}
		return m.done(d, a.Name, store.AccountDisabled)
	})
}

type coordinatorEnableCommand struct{ oneAccount }

// Run gives it back.
func (m coordinatorEnableCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return m.about(ctx, s, io, func(d accountDesk, a store.Account) error {
		if err := d.accounts.Enable(ctx, d.line.ID, d.by(), a.ID); err != nil {
			return err
		}
		now, err := d.accounts.Get(ctx, d.line.ID, a.ID)
		if err != nil {
			return err
		}
		return m.done(d, now.Name, now.State)
	})
}

type coordinatorResetLinkCommand struct {
	oneAccount
	Everything bool `help:"Replace passkeys, password and codes: for who has lost their codes app, and is known to be them."`
}

// Run prints a link for a new password, or for everything.
func (m coordinatorResetLinkCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return m.about(ctx, s, io, func(d accountDesk, a store.Account) error {
		kind := store.LinkPassword
		if m.Everything {
			kind = store.LinkJoin
		}
		token, err := d.accounts.Relink(ctx, d.line.ID, d.by(), a.ID, kind)
		if err != nil {
			return err
		}
		now, err := d.accounts.Get(ctx, d.line.ID, a.ID)
		if err != nil {
			return err
		}
		return d.tell(m.JSON, now, token)
	})
}

// tellFirst says how the first one signs in to the desk, while there is nobody. Who reads
// the log runs the server: the link makes whoever opens it first the owner.
func (a *app) tellFirst(ctx context.Context, line string) error {
	if a.demo { // whoever comes signs in
		return nil
	}
	token, err := store.NewAccounts(a.db, a.keys, a.now).FirstLink(ctx, line)
	if err == nil && token != "" {
		a.log.Info("nobody signs in to the coordinators' desk yet: open this link, which makes you its owner, once, within an hour; "+
			"or run `hearthline coordinator add EMAIL`", "link", strings.TrimRight(a.config.publicURL, "/")+joinPath+token)
	}
	return err
}
