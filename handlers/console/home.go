package console

import (
	"errors"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
)

// homePage is what there is to see to.
type homePage struct {
	SetUp string // where setting the line up goes on, "" if that is done
	Live  []sessionAt
	Next  []sessionAt
	More  int // sessions of the next days that are not among them
	Todos []todo
	// Troubles are what is wrong with the line; Looked says that somebody has looked.
	Troubles []finding
	Looked   bool
	Groups   int
}

// sessionAt is a date of a group.
type sessionAt struct {
	Group flows.Group
	When  string
	Path  string // where more is to be seen of it, "" for nowhere
	start time.Time
}

// todo is something that waits for who is signed in: how much, and where it is.
type todo struct {
	Words string // a key of the catalogue, counted
	N     int
	Of    string // the name of a group, or of a language; "" for the whole line
	Path  string
}

const (
	soon      = 7 * 24 * time.Hour
	nextShown = 8
)

// home is what there is to see to. An owner who has just begun is led to the first run.
func (p *page) home() error {
	var h homePage
	path, begun, err := p.setUp()
	if err != nil {
		return err
	}
	groups := p.mine()
	if path != "" && !begun && len(groups) == 0 {
		return p.done(path, "")
	}
	h.SetUp, h.Groups = path, len(groups)
	p.addSessions(&h, groups)
	if h.Todos, err = p.todos(); err != nil {
		return err
	}
	if p.desk.Doctor != nil {
		found, at := p.desk.Doctor.Last()
		h.Looked = !at.IsZero()
		if h.Troubles, err = p.inWords(troubles(found)); err != nil {
			return err
		}
	}
	return p.show("home", "home.title", h)
}

// mine are the groups of who is signed in, by name.
func (p *page) mine() []flows.Group {
	snap, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return nil
	}
	var mine []flows.Group
	for _, g := range snap.Directory.Groups() {
		if p.who.may(sees, g.ID) {
			mine = append(mine, g)
		}
	}
	return mine
}

// addSessions adds those that are on and those of the next days, the first first.
func (p *page) addSessions(h *homePage, groups []flows.Group) {
	snap, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return
	}
	zone := p.zone()
	for _, g := range groups {
		for _, o := range snap.Directory.Between(g.ID, p.now.Add(-24*time.Hour), p.now.Add(soon)) {
			if !o.End.After(p.now) || !g.Stage.Meets() {
				continue
			}
			at := sessionAt{Group: g, When: schedule.Written(p.lang, o.Start.In(zone), p.now), start: o.Start}
			if opens, _ := o.Door(); opens.After(p.now) {
				at.Path = p.pathOf(g.ID, "/schedule")
				h.Next = append(h.Next, at)
			} else {
				at.Path = p.pathOf(g.ID, "/live")
				h.Live = append(h.Live, at)
			}
		}
	}
	for _, list := range [][]sessionAt{h.Live, h.Next} {
		slices.SortStableFunc(list, func(a, b sessionAt) int { return a.start.Compare(b.start) })
	}
	if len(h.Next) > nextShown {
		h.More, h.Next = len(h.Next)-nextShown, h.Next[:nextShown]
	}
}

// pathOf is a page of a group, or what is left of it where there is no such page for
// who is signed in.
func (p *page) pathOf(group, of string) string {
	for _, path := range []string{of, ""} {
		if route := "/console/groups/:group" + path; p.canIn(route, group) {
			return "/console/groups/" + group + path
		}
	}
	return ""
}

// canIn is [page.Can] to look at a page of a group.
func (p *page) canIn(path, group string) bool {
	return slices.ContainsFunc(p.desk.routes, func(r route) bool {
		return r.method == get && r.path == path && p.who.may(r.need, group)
	})
}

// todos is everything that waits, of each kind that is for who is signed in.
func (p *page) todos() ([]todo, error) {
	all, err := p.groupTodos()
	if err != nil {
		return nil, err
	}
	if p.desk.Voicemail != nil && p.Can(get, "/console/inbox") {
		n, err := p.desk.Voicemail.Unheard(p.ctx(), p.line)
		if err != nil {
			return nil, err
		}
		all = append(all, todo{Words: "home.voices", N: n, Path: "/console/inbox"})
	}
	if p.Can(get, "/console/requests") {
		requests, err := p.desk.DB.DataRequests(p.ctx(), p.line)
		if err != nil {
			return nil, err
		}
		open, late := 0, 0
		for _, r := range requests {
			if r.Open() {
				open++
			}
			if r.Late(p.today()) {
				late++
			}
		}
		all = append(all,
			todo{Words: "home.requests", N: open - late, Path: "/console/requests"},
			todo{Words: "home.requests_late", N: late, Path: "/console/requests"})
	}
	if p.Can(get, promptsPath) {
		drafts, err := p.draftTodos()
		if err != nil {
			return nil, err
		}
		all = append(all, drafts...)
	}
	all = slices.DeleteFunc(all, func(t todo) bool { return t.N == 0 })
	return all, nil
}

// draftTodos are recordings that wait for approval, by their languages: an owner approves
// them, and a coordinator sees that nobody has yet. While nobody knows what is
// said, it is not told.
func (p *page) draftTodos() (todos []todo, err error) {
	all, err := p.desk.Versions.Recordings.List(p.ctx(), p.line)
	if err != nil || !slices.ContainsFunc(all, func(r store.Recording) bool { return r.State == store.RecordingDraft }) {
		return nil, err
	}
	_, flow, err := p.heardNow()
	if errors.Is(err, errBusy) || errors.Is(err, missing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, lang := range flow.Languages() {
		n := 0
		for _, l := range studio.Compare(flow, lang, all) {
			if l.Waits() {
				n++
			}
		}
		todos = append(todos, todo{Words: "home.drafts", N: n, Of: p.LangName(lang), Path: promptsPath + "/" + lang + "?state=" + string(studio.Draft)})
	}
	return todos, nil
}

// groupTodos is what waits in each group, by the groups' names.
func (p *page) groupTodos() ([]todo, error) {
	waits, err := p.desk.DB.Waits(p.ctx(), p.line)
	if err != nil {
		return nil, err
	}
	of := map[string]store.Waits{}
	for _, w := range waits {
		of[w.Group] = w
	}
	var all []todo
	for _, g := range p.mine() {
		name, w := g.Name.In(p.lang), of[g.ID]
		if p.canIn(rosterPath, g.ID) {
			all = append(all, todo{Words: "home.applied", N: w.Applied, Of: name, Path: "/console/groups/" + g.ID + "/roster"})
		}
		if p.canIn("/console/groups/:group/reminders", g.ID) {
			all = append(all, todo{Words: "home.not_reached", N: w.NotReached, Of: name, Path: "/console/groups/" + g.ID + "/reminders"})
		}
	}
	return all, nil
}
