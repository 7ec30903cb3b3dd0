package rooms

import (
	"context"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Watched is a live session as who looks after it follows it, in their language.
type Watched struct {
	Start, End time.Time
	Minutes    int // left
	Opened     bool
	Mode       session.Mode
	Locked     bool
	Screened   bool // newcomers wait
	Paired     bool // people talk in pairs
	Closing    bool // the last round is on
	Ringing    bool // a facilitator is being rung
	Line       session.Line
	Here       int // also those at a menu
	Waiting    int // at the door
	Hosted     bool
	Speaker    string
	Queue      []string // who comes then
	Silent     []string // who has not had the microphone
	People     []Watching
}

// Watching is somebody in a session, by their alias.
type Watching struct {
	Seat    int
	Alias   string
	Role    session.Role
	Leads   bool
	Place   session.Place
	At      session.At
	Doing   session.Doing
	Muted   bool // is to be
	Speaks  bool // has the turn or the floor
	Hand    int  // place in the queue, 0 for none
	Signal  session.Signal
	Waits   bool // at the door
	Aside   bool // in a private talk
	Goes    bool // is to be out in a moment, and can be kept
	Leaving bool // is to be out
	Minutes int  // since they came
}

// Watch is a group's session as it is on now, nil if there is none.
func (s *Service) Watch(ctx context.Context, f *flows.Flow, v flows.View, group, lang string) (*Watched, error) {
	for _, h := range s.held(v.Directory, group, v.Now) {
		on, err := s.read(ctx, s.Sessions.ID(h.line.ID, h.name))
		if err != nil {
			return nil, err
		}
		if on != nil && !on.Over() {
			return watched(f, on, s.Now(), lang), nil
		}
	}
	return nil, nil
}

func watched(f *flows.Flow, on *session.Session, now time.Time, lang string) *Watched {
	st := on.Watch(now)
	seen := seenBy(f, st.Status, 0, session.Coordinator, lang)
	w := &Watched{
		Start: on.Occurrence.Start, End: on.Occurrence.End, Minutes: seen.Minutes, Opened: st.Opened, Mode: st.Mode,
		Locked: st.Locked, Screened: st.Screened, Paired: st.Pairs, Closing: st.Closing, Ringing: st.Ringing, Line: st.Line,
		Here: seen.Here, Waiting: seen.Waiting, Hosted: seen.Hosted, Speaker: seen.Speaker, Queue: seen.Queue, Silent: seen.Silent,
	}
	for _, p := range st.People {
		w.People = append(w.People, watching(f, st, p, now, lang))
	}
	for _, p := range st.Leaving {
		one := watching(f, st, p, now, lang)
		one.Leaving = true
		w.People = append(w.People, one)
	}
	return w
}

func watching(f *flows.Flow, st session.Watched, p session.Person, now time.Time, lang string) Watching {
	came := st.Came[p.Seat]
	return Watching{
		Seat: p.Seat, Alias: name(f, p, lang), Role: p.Role, Leads: leads(p.Role), Place: p.Place, At: came.At, Doing: came.Doing, Goes: came.Goes,
		Muted: p.Muted, Speaks: st.Speaker == p.Seat, Hand: p.Hand, Signal: p.Signal,
		Waits: p.Place == session.Waiting, Aside: p.Place == session.Side,
		Minutes: max(0, int(now.Sub(came.Since)/time.Minute)),
	}
}
