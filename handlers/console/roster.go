package console

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Roster is who is in groups, and who waits to be let in.
type Roster interface {
	List(ctx context.Context, line, group string) ([]store.RosterEntry, error)
	Approve(ctx context.Context, line string, by store.By, group, key string) error
	Decline(ctx context.Context, line string, by store.By, group, key string) error
	Block(ctx context.Context, line string, by store.By, group, key string) error
	Unblock(ctx context.Context, line string, by store.By, group, key string) error
	SetAlias(ctx context.Context, line string, by store.By, group, key, alias string) error
	SetNote(ctx context.Context, line string, by store.By, group, key, note string) error
	Invite(ctx context.Context, by store.By, i store.Invitation) error
	Calls(ctx context.Context, line string, by store.By, group, key string) (fresh bool, err error)
}

// Ringing is whom a coordinator is to be connected with.
type Ringing struct{ Line, Account, Group, Key, Voice, Lang string }

// ErrNotNow says that somebody is not called at this hour.
var ErrNotNow = errors.New("not at this hour")

// ErrNoSuchCall says that what callers hear now begins no call by which two are connected.
var ErrNoSuchCall = errors.New("the flow begins no such call")

const rosterPath = "/console/groups/:group/roster"

// rosterView is who is in a group, a page of them at a time, and who waits.
type rosterView struct {
	Waiting, In []rosterRow
	Members     int // on all pages
	Page, Pages int
	Path        string
	Rings       bool // coordinators can be connected with who waits
	// Of a form about one of them that was not right.
	Wrong, Alias, Note string
}

// rosterRow is somebody as the page names them.
type rosterRow struct {
	store.RosterEntry
	Name string
}

// perPage is how many members are on a page: it stays light, and can be read.
const perPage = 20

// roster is who is in a group.
func (p *page) roster() error {
	v, err := p.rosterView()
	if err == nil {
		err = p.looked("roster.read", p.group.ID, "group "+p.group.Code)
	}
	if err != nil {
		return err
	}
	return p.show("roster", "roster.title", v)
}

func (p *page) rosterView() (rosterView, error) {
	all, err := p.desk.Roster.List(p.ctx(), p.line, p.group.ID)
	if err != nil {
		return rosterView{}, err
	}
	v := rosterView{Path: p.inGroup(rosterPath), Page: 1, Rings: p.desk.Ring != nil}
	for _, e := range all {
		row := rosterRow{e, p.called(e)}
		if e.State == "applied" {
			v.Waiting = append(v.Waiting, row)
		} else {
			v.In = append(v.In, row)
		}
	}
	v.Members = len(v.In)
	v.Pages = max(1, (len(v.In)+perPage-1)/perPage)
	if n, err := strconv.Atoi(p.FormValue("page")); err == nil && n >= 1 && n <= v.Pages {
		v.Page = n
	}
	v.In = v.In[(v.Page-1)*perPage : min(len(v.In), v.Page*perPage)]
	return v, nil
}

// Before and After are the pages next to this one, 0 for none.
func (v rosterView) Before() int { return v.Page - 1 }

// After is the next page, 0 for none.
func (v rosterView) After() int {
	if v.Page == v.Pages {
		return 0
	}
	return v.Page + 1
}

// called is what somebody is called at the desk: as coordinators wished, or by a name
// of the flow's list.
func (p *page) called(e store.RosterEntry) string {
	if e.Alias != "" {
		return e.Alias
	}
	return p.desk.Flow().Alias(p.lang, e.Word)
}

// decided are what a button of the roster does, and what is said of it.
var decided = map[string]struct {
	do   func(r Roster, ctx context.Context, line string, by store.By, group, key string) error
	said string
}{
	"approve": {Roster.Approve, "roster.approved"},
	"decline": {Roster.Decline, "roster.declined"},
	"block":   {Roster.Block, "roster.blocked"},
	"unblock": {Roster.Unblock, "roster.unblocked"},
}

// decide does the same about each who was chosen. About somebody who has left
// meanwhile there is nothing to do.
func (p *page) decide() error {
	button, known := decided[p.FormValue("verb")]
	if !known {
		return missing
	}
	chosen := p.Request().PostForm["key"]
	if len(chosen) == 0 {
		return p.done(p.inGroup(rosterPath), "roster.nobody_chosen")
	}
	done := 0
	for _, key := range chosen {
		by := p.by()
		by.Event += " " + key
		err := button.do(p.desk.Roster, p.ctx(), p.line, by, p.group.ID, key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil {
			done++
		}
	}
	if done == 0 {
		return p.done(p.inGroup(rosterPath), "roster.gone")
	}
	return p.done(p.inGroup(rosterPath), button.said)
}

// call has the line ring who asks for it, and then who waits: neither sees the other's
// number. It is entered before, and a form that is sent twice rings once.
func (p *page) call() error {
	if p.desk.Ring == nil {
		return missing
	}
	key := p.FormValue("key")
	err := p.desk.Accounts.MayRing(p.ctx(), p.line, p.who.Account, p.now)
	fresh := false
	if err == nil {
		fresh, err = p.desk.Roster.Calls(p.ctx(), p.line, p.by(), p.group.ID, key)
	}
	if err == nil && fresh {
		err = p.desk.Ring(p.ctx(), Ringing{Line: p.line, Account: p.who.Account, Group: p.group.ID, Key: key, Lang: p.lang})
	}
	said := "roster.ringing"
	switch {
	case errors.Is(err, ErrNotNow):
		said = "roster.at_night"
	case errors.Is(err, ErrNoSuchCall):
		said = "roster.no_such_call"
	case errors.Is(err, store.ErrTooOften):
		said = "roster.too_many_calls"
	case errors.Is(err, store.ErrNotFound):
		said = "roster.no_call"
	case err != nil:
		return err
	}
	return p.done(p.inGroup(rosterPath), said)
}

// nameThem keeps what somebody is called at the desk, and what the next coordinator is
// to know of them.
func (p *page) nameThem() error {
	key, alias, note := p.FormValue("key"), p.FormValue("alias"), p.FormValue("note")
	err := p.desk.Roster.SetAlias(p.ctx(), p.line, p.by(), p.group.ID, key, alias)
	if err == nil {
		err = p.desk.Roster.SetNote(p.ctx(), p.line, p.by(), p.group.ID, key, note)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return p.done(p.inGroup(rosterPath), "roster.gone")
	case errors.Is(err, store.ErrSaid):
		v, err := p.rosterView()
		if err != nil {
			return err
		}
		v.Wrong, v.Alias, v.Note = key, alias, note
		return p.wrong("roster", "roster.title", map[string]string{"said": "roster.fault_said"}, v)
	case err != nil:
		return err
	}
	return p.done(p.inGroup(rosterPath), "roster.named")
}

// invitationView is the form by which a number is asked. What was typed into its
// number is never shown again.
type invitationView struct {
	Path, Stated, Language, Channel string
	Languages                       []string
}

func (p *page) invitationView() invitationView {
	v := invitationView{Path: p.inGroup(rosterPath), Stated: p.FormValue("stated"), Language: p.FormValue("language"), Channel: p.FormValue("channel")}
	if snap, ok := p.desk.Directories.Line(p.line); ok {
		v.Languages = snap.Directory.Line.Languages
	}
	if !slices.Contains(v.Languages, v.Language) && len(v.Languages) > 0 {
		v.Language = v.Languages[0]
	}
	if v.Channel != string(flows.ByCall) {
		v.Channel = string(flows.ByText)
	}
	return v
}

// inviteByNumber is where a coordinator asks somebody who agreed to be asked.
func (p *page) inviteByNumber() error {
	return p.show("roster_invite", "roster.invite_title", p.invitationView())
}

func (p *page) inviteNumber() error {
	v := p.invitationView()
	faults := map[string]string{}
	n, err := vault.ParseNumber(p.FormValue("number"))
	switch {
	case err != nil:
		faults["number"] = "roster.fault_number"
	case p.desk.MayAsk != nil && !p.desk.MayAsk(n):
		faults["number"] = "roster.fault_country"
	}
	if v.Stated == "" {
		faults["stated"] = "roster.fault_stated"
	}
	if len(faults) == 0 {
		err = p.desk.Roster.Invite(p.ctx(), p.by(), store.Invitation{
			Line: p.line, Number: n, Group: p.group.ID, Stated: v.Stated,
			Preferences: flows.Preferences{Channel: flows.Channel(v.Channel), Language: v.Language}.Complete(),
		})
		switch {
		case errors.Is(err, store.ErrNotAsked):
			faults["number"] = "roster.fault_ours"
		case errors.Is(err, store.ErrStatedTooLong):
			faults["stated"] = "roster.fault_long"
		case err != nil:
			return err
		}
	}
	if len(faults) > 0 {
		return p.wrong("roster_invite", "roster.invite_title", faults, v)
	}
	return p.done(v.Path, "roster.invited")
}
