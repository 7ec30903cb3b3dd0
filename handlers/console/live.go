package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Rooms are the live sessions.
type Rooms interface {
	Watch(ctx context.Context, f *flows.Flow, v flows.View, group, lang string) (*rooms.Watched, error)
	Order(ctx context.Context, f *flows.Flow, v flows.View, group, actor string, r session.Request) (session.Outcome, *flows.Session, error)
}

const livePath = "/console/groups/:group/live"

// liveView is a group's session as the page shows it.
type liveView struct {
	On   *rooms.Watched // nil: there is none
	Path string         // where its forms go: its stream draws them too
	// Refused is what was not done and why, "" for nothing: a key of the catalogue.
	Refused string
	// Asked is what became of what a button asked for, nil for nothing to tell.
	Asked *asked
}

// live is who is in a group's session, and everything that can be done in it.
func (p *page) live() error {
	on, err := p.watch()
	if err != nil {
		return err
	}
	v := p.liveView(on)
	if v.Asked, err = p.asked(on); err != nil {
		return err
	}
	return p.show("live", "live.title", v)
}

func (p *page) liveView(on *rooms.Watched) liveView {
	return liveView{On: on, Path: p.inGroup(livePath)}
}

// watch is the session of the page's group that is on now, nil if there is none.
func (p *page) watch() (*rooms.Watched, error) {
	snap, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return nil, nil
	}
	return p.desk.Rooms.Watch(p.ctx(), p.desk.Flow(), flows.View{Now: p.now, Directory: snap.Directory}, p.group.ID, p.lang)
}

// order does what a button of the page asks for. It is done once, however often the
// form arrives, and what came of it is said on the page that it leads to.
func (p *page) order() error {
	snap, ok := p.desk.Directories.Line(p.line)
	r, known := p.request()
	if !ok || !known {
		return missing
	}
	came, _, err := p.desk.Rooms.Order(p.ctx(), p.desk.Flow(), flows.View{Now: p.now, Directory: snap.Directory}, p.group.ID, p.who.Name, r)
	switch {
	case errors.Is(err, rooms.ErrClosed):
		came = session.Gone
	case err != nil:
		return err
	}
	if came == session.OK || came == session.On || came == session.Off {
		return p.Redirect(http.StatusSeeOther, p.inGroup(livePath)+"?"+p.askedOf(r).Encode())
	}
	on, err := p.watch()
	if err != nil {
		return err
	}
	v := p.liveView(on)
	v.Refused = "live.came_" + string(came)
	return p.wrong("live", "live.title", nil, v)
}

// ordered are the verbs that the page has buttons for: all but those on oneself.
var ordered = []session.Verb{
	session.Next, session.SetMode, session.Quiet, session.Lock, session.Unlock, session.Screen, session.Unscreen, session.Admit,
	session.MuteSeat, session.UnmuteSeat, session.Talk, session.ToWait, session.RemoveSoon, session.Keep, session.Pairs, session.Together, session.Extend,
	session.Backup, session.Crisis, session.Closing, session.Close, session.HandOver, session.Summon,
}

// request is what a form asks for; false is of a form that no page of ours has.
func (p *page) request() (session.Request, bool) {
	// A button is the verb, and of a mode or a length of time what it takes too.
	verb := session.Verb(p.FormValue("verb"))
	seat, err := strconv.Atoi(cmp.Or(p.FormValue("seat"), "0"))
	minutes, err2 := strconv.Atoi(cmp.Or(p.FormValue("minutes"), "0"))
	mode := session.Mode(p.FormValue("mode"))
	if mode != "" {
		verb = session.SetMode
	}
	id := p.by().Event + " " + string(verb) + " " + string(mode) + " " + strconv.Itoa(seat)
	return session.Request{ID: p.who.Account + " " + id, Verb: verb, Seat: seat, Mode: mode, Minutes: minutes},
		slices.Contains(ordered, verb) && seat >= 0 && errors.Join(err, err2) == nil && p.by().Event != ""
}

// Modes are those that a session can be in.
func (liveView) Modes() []session.Mode {
	return []session.Mode{session.Open, session.Hands, session.Circle, session.Listen}
}

// Next says whether there is anybody to give the word to.
func (v liveView) Next() bool { return !v.On.Paired && v.On.Mode != session.Listen }
