package phone

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Accounts are who may sign in to the desk.
type Accounts interface {
	SignInByPhone(ctx context.Context, in store.PhoneSignIn) (store.Account, bool, error)
	ByNumber(ctx context.Context, line string, n vault.Number) (store.Account, bool, error)
	Get(ctx context.Context, line, id string) (store.Account, error)
	AddGroup(ctx context.Context, line, id, group string) error
}

// Groups are changed by who looks after them.
type Groups interface {
	SkipBy(ctx context.Context, k *vault.Keyring, line string, by store.By, of store.OfDate) (store.DateChange, error)
	MoveBy(ctx context.Context, k *vault.Keyring, line string, by store.By, of store.OfDate, to schedule.Wall) (store.DateChange, error)
	AddGroup(ctx context.Context, k *vault.Keyring, line string, by store.By, g store.Group) (id string, err error)
	Group(ctx context.Context, line, id string) (*store.Group, error)
}

// Rosters hold who waits to be let into groups.
type Rosters interface {
	Waiting(ctx context.Context, line string, groups []string) ([]store.RosterEntry, error)
	Approve(ctx context.Context, line string, by store.By, group, key string) error
	Decline(ctx context.Context, line string, by store.By, group, key string) error
	Calls(ctx context.Context, line string, by store.By, group, key string) (fresh bool, err error)
	// Invite asks a number whether they wish to be in a group, and enters that.
	Invite(ctx context.Context, by store.By, i store.Invitation) error
}

// Covers ask facilitators who can hold a session.
type Covers interface {
	Ask(ctx context.Context, line string, by store.By, group string, o schedule.Occurrence) (asked int, err error)
	Answer(ctx context.Context, e store.Event, n vault.Number, a store.CoverAnswer) (asked, first bool, err error)
}

// Messages are what staff say to their groups.
type Messages interface {
	Write(ctx context.Context, line string, by store.By, group, code string, said store.Said) (store.Message, error)
	TakeBack(ctx context.Context, line string, by store.By, id, code string) (intime bool, err error)
	Message(ctx context.Context, line, id string) (store.Message, error)
}

// AfieldOptions are what Afield works with.
type AfieldOptions struct {
	Keys     *vault.Keyring
	Accounts Accounts
	Groups   Groups
	Roster   Rosters
	Covers   Covers
	Messages Messages
	Studio   Studio
	// Audience is whom a message to a group goes to.
	Audience func(ctx context.Context, line, group string) (store.Audience, error)
	// Live returns the sessions that are on.
	Live func(ctx context.Context, f *flows.Flow, line string, d *flows.Directory) ([]rooms.Listed, error)
	// MayAsk says whether a number may be asked to join, nil for any.
	MayAsk func(vault.Number) bool
}

// Afield is the desk of who looks after groups and is away from it. Of whoever's
// phone it is, it does what their account may do in the console, and enters it alike.
type Afield struct{ AfieldOptions }

// NewAfield returns the desk of o.
func NewAfield(o AfieldOptions) *Afield { return &Afield{o} }

// SignIn says whose digits, or number, and PIN it is.
func (a *Afield) SignIn(ctx context.Context, in store.PhoneSignIn) (account string, ok bool, err error) {
	who, ok, err := a.Accounts.SignInByPhone(ctx, in)
	return who.ID, ok && who.May(store.RoleFacilitator), err
}

// ByNumber says whose number it is.
func (a *Afield) ByNumber(ctx context.Context, line string, n vault.Number) (account string, ok bool, err error) {
	who, ok, err := a.Accounts.ByNumber(ctx, line, n)
	return who.ID, ok && who.May(store.RoleFacilitator), err
}

// Load is what an account may hear.
func (a *Afield) Load(ctx context.Context, f *flows.Flow, d *flows.Directory, account string) (*flows.Desk, error) {
	who, err := a.Accounts.Get(ctx, d.Line.ID, account)
	if err != nil {
		return nil, err
	}
	if !who.May(store.RoleFacilitator) {
		return nil, ErrNotTheirs
	}
	desk := &flows.Desk{Account: account, Opens: who.May(store.RoleCoordinator)}
	desk.Groups = slices.DeleteFunc(d.IDs(), func(id string) bool { return !who.Has(id) })
	live, err := a.Live(ctx, f, d.Line.ID, d)
	if err != nil {
		return nil, err
	}
	for _, l := range live {
		if slices.Contains(desk.Groups, l.Group) && l.Session != nil {
			desk.Live = append(desk.Live, flows.Gathering{Group: l.Group, Here: l.Session.Here, Minutes: l.Session.Minutes})
		}
	}
	if !desk.Opens || len(desk.Groups) == 0 {
		return desk, nil
	}
	waiting, err := a.Roster.Waiting(ctx, d.Line.ID, desk.Groups)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		desk.Waiting = append(desk.Waiting, flows.Applicant{ID: applicantID(w.Group, w.Key), Group: w.Group, Number: w.Number, Calls: w.MayCall})
	}
	slices.SortStableFunc(desk.Waiting, func(x, y flows.Applicant) int {
		return cmp.Compare(slices.Index(desk.Groups, x.Group), slices.Index(desk.Groups, y.Group))
	})
	return desk, nil
}

// applicantID names who waits for a group, by the key that they have there.
func applicantID(group, key string) string { return group + ":" + key }

// may looks once more whether an account may act in a group, "" for any, and returns
// whose act it is.
func (a *Afield) may(ctx context.Context, act DeskAct, role store.Role, group string) (store.By, error) {
	who, err := a.Accounts.Get(ctx, act.Line, act.Account)
	switch {
	case err != nil:
		return store.By{}, err
	case !who.May(role), group != "" && !who.Has(group):
		return store.By{}, ErrNotTheirs
	}
	return store.By{Actor: who.Name, Event: act.Event, At: act.At}, nil
}

// cannotBe says in this package's words that a date is not as it was.
func cannotBe(err error) error {
	if errors.Is(err, store.ErrPast) || errors.Is(err, store.ErrNoDate) || errors.Is(err, store.ErrNotFound) {
		return errors.Join(ErrCannotBe, err)
	}
	return err
}

// Skip has an occurrence not be held.
func (a *Afield) Skip(ctx context.Context, act DeskAct, o schedule.Occurrence) error {
	by, err := a.may(ctx, act, store.RoleCoordinator, act.Group)
	if err != nil {
		return err
	}
	_, err = a.Groups.SkipBy(ctx, a.Keys, act.Line, by, store.OfDate{Group: act.Group, Meeting: o.Meeting, Date: o.Date})
	return cannotBe(err)
}

// Move has an occurrence be held at another time, in its own zone.
func (a *Afield) Move(ctx context.Context, act DeskAct, o schedule.Occurrence, to schedule.Wall) error {
	by, err := a.may(ctx, act, store.RoleCoordinator, act.Group)
	if err != nil {
		return err
	}
	_, err = a.Groups.MoveBy(ctx, a.Keys, act.Line, by, store.OfDate{Group: act.Group, Meeting: o.Meeting, Date: o.Date}, to)
	return cannotBe(err)
}

// Open sets a group up, which is then the account's too.
func (a *Afield) Open(ctx context.Context, act DeskAct, g store.Group) (code string, err error) {
	by, err := a.may(ctx, act, store.RoleCoordinator, "")
	if err != nil {
		return "", err
	}
	id, err := a.Groups.AddGroup(ctx, a.Keys, act.Line, by, g)
	if err != nil {
		return "", err
	}
	if err := a.Accounts.AddGroup(ctx, act.Line, act.Account, id); err != nil {
		return "", err
	}
	made, err := a.Groups.Group(ctx, act.Line, id)
	if err != nil {
		return "", err
	}
	return made.Code, nil
}

// Approve lets in who waits.
func (a *Afield) Approve(ctx context.Context, act DeskAct, applicant string) error {
	return a.decide(ctx, act, applicant, a.Roster.Approve)
}

// Decline lets who waits wait no longer.
func (a *Afield) Decline(ctx context.Context, act DeskAct, applicant string) error {
	return a.decide(ctx, act, applicant, a.Roster.Decline)
}

func (a *Afield) decide(ctx context.Context, act DeskAct, applicant string, do func(ctx context.Context, line string, by store.By, group, key string) error) error {
	group, key, _ := strings.Cut(applicant, ":")
	by, err := a.may(ctx, act, store.RoleCoordinator, group)
	if err != nil {
		return err
	}
	return do(ctx, act.Line, by, group, key)
}

// Ring enters that the account is about to be connected with who waits.
func (a *Afield) Ring(ctx context.Context, act DeskAct, applicant string) error {
	return a.decide(ctx, act, applicant, func(ctx context.Context, line string, by store.By, group, key string) error {
		_, err := a.Roster.Calls(ctx, line, by, group, key)
		return err
	})
}

// Reach is how many a message to the group would be rung with, and how many texted to.
func (a *Afield) Reach(ctx context.Context, act DeskAct) (rung, texted int, err error) {
	if _, err := a.may(ctx, act, store.RoleCoordinator, act.Group); err != nil {
		return 0, 0, err
	}
	to, err := a.Audience(ctx, act.Line, act.Group)
	for _, r := range to.Reaches {
		if r.Channel == flows.ByCall {
			rung += r.People
		} else {
			texted += r.People
		}
	}
	return rung, texted, err
}

// Say has what was spoken go to everybody in the group a minute later.
func (a *Afield) Say(ctx context.Context, act DeskAct, voice string) (string, error) {
	by, code, err := a.says(ctx, act)
	if err != nil {
		return "", err
	}
	m, err := a.Messages.Write(ctx, act.Line, by, act.Group, code, store.Said{Spoken: voice})
	return m.ID, err
}

// Unsay takes a message to the group back, and reports whether it was in time.
func (a *Afield) Unsay(ctx context.Context, act DeskAct, message string) (intime bool, err error) {
	by, code, err := a.says(ctx, act)
	if err != nil {
		return false, err
	}
	if m, err := a.Messages.Message(ctx, act.Line, message); err != nil || m.Group != act.Group {
		return false, errors.Join(err, ErrNotTheirs)
	}
	return a.Messages.TakeBack(ctx, act.Line, by, message, code)
}

// says returns whose words to a group it is about, and the group's code.
func (a *Afield) says(ctx context.Context, act DeskAct) (by store.By, code string, err error) {
	if act.Group == "" {
		return by, "", ErrNotTheirs
	}
	if by, err = a.may(ctx, act, store.RoleCoordinator, act.Group); err != nil {
		return by, "", err
	}
	g, err := a.Groups.Group(ctx, act.Line, act.Group)
	if err != nil {
		return by, "", err
	}
	return by, g.Code, nil
}

// stated is how somebody consented whom a coordinator invites by phone.
const stated = "told a coordinator, who keyed the number"

// Invite asks a number whether they wish to be in a group, as the console does:
// store.ErrNotAsked of one that is nobody's.
func (a *Afield) Invite(ctx context.Context, act DeskAct, n vault.Number, p flows.Preferences) error {
	by, err := a.may(ctx, act, store.RoleCoordinator, act.Group)
	if err != nil {
		return err
	}
	if a.MayAsk != nil && !a.MayAsk(n) {
		return store.ErrNotAsked
	}
	return a.Roster.Invite(ctx, by, store.Invitation{Line: act.Line, Number: n, Group: act.Group, Preferences: p, Stated: stated, At: act.At})
}

// Cover asks the group's facilitators who can hold an occurrence. Who holds sessions of
// the group may ask too: it may be theirs.
func (a *Afield) Cover(ctx context.Context, act DeskAct, o schedule.Occurrence) (asked int, err error) {
	by, err := a.may(ctx, act, store.RoleFacilitator, act.Group)
	if err != nil {
		return 0, err
	}
	asked, err = a.Covers.Ask(ctx, act.Line, by, act.Group, o)
	return asked, cannotBe(err)
}

// Answer takes in what a facilitator says to what they were asked.
func (a *Afield) Answer(ctx context.Context, e store.Event, n vault.Number, said store.CoverAnswer) (asked, first bool, err error) {
	return a.Covers.Answer(ctx, e, n, said)
}
