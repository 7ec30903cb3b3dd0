package session

import (
	"slices"
	"time"
)

// microphone is the wish to open or close one.
func (s *Session) microphone(p *seat) (want, bool) {
	if p.Leg.State != in || p.Leg.Conference == "" || p.Leg.Mic == micOf(s.muted(p)) {
		return want{}, false
	}
	key := "mute/" + p.Leg.Call + "/" + p.Leg.Label
	w := s.want(key, s.Now, Act{
		Kind: ActMute, Place: p.Leg.Place, Conference: p.Leg.Conference,
		Call: p.Leg.Call, Label: p.Leg.Label, Muted: s.muted(p), Seat: p.Number,
	})
	if a := s.askedFor(key); a != nil && a.Came != "" && a.Muted != w.act.Muted {
		w.at = s.Now // it is another wish than the one that failed
	}
	if !w.act.Muted {
		w.at = later(w.at, s.othersClosed(p))
	}
	return w, true
}

// othersClosed is when a microphone may open in a room where one speaks after the other:
// once those that are to be closed are, or did not close for too long.
func (s *Session) othersClosed(p *seat) time.Time {
	var at time.Time
	if s.Mode != Circle && s.Mode != Hands || p.Leg.Place != Main {
		return at
	}
	for _, q := range s.Seats {
		if q.Leg.State != in || q.Leg.Conference != p.Leg.Conference || q.Leg.Mic == closed || !s.muted(q) {
			continue
		}
		asked := s.Now
		if a := s.askedFor("mute/" + q.Leg.Call + "/" + q.Leg.Label); a != nil && a.Muted {
			asked = a.First
		}
		at = later(at, asked.Add(closesIn))
	}
	return at
}

// closesIn is how long a microphone may take to close before the next one opens.
const closesIn = 3 * time.Second

// move is the wish to send a leg on its way: it is not where it belongs, or it is
// where it hears nothing.
func (s *Session) move(p *seat) (want, bool) {
	at, ok := s.misplaced(p)
	if !ok {
		return want{}, false
	}
	kind := ActMove
	if p.Leg.Stuck && s.place(p) == Out {
		kind = ActHangup
	}
	return s.want(string(kind)+"/"+p.Leg.Call+"/"+p.Leg.Label, at, Act{
		Kind: kind, Place: p.Leg.Place, Conference: p.Leg.Conference, Call: p.Leg.Call, Label: p.Leg.Label, Seat: p.Number,
	}), true
}

// patience is how often somebody is asked to go out before their call is ended.
const patience = 3

// misplaced says whether a leg is to be moved, and from when on.
func (s *Session) misplaced(p *seat) (time.Time, bool) {
	switch {
	case p.Leg.State != in && p.Leg.State != queued:
		return time.Time{}, false
	case p.Leg.Place != s.place(p):
		return s.Now, true
	case p.Leg.State == queued:
		return p.Leg.Since.Add(inTheLine), true
	}
	return s.Now, s.unheard(p)
}

// unheard says whether somebody sits in a silence that ends when they come in anew:
// they are alone in a conference that has begun, or with others in one that has not
// because all of them came before the host.
func (s *Session) unheard(p *seat) bool {
	c := s.current(p.Leg.Place)
	if c == nil || c.ID != p.Leg.Conference || p.Leg.Place != Main {
		return false
	}
	with := s.filter(func(p *seat) bool { return p.here() && p.Place == c.Place })
	all := s.legsIn(c)
	if len(with) == 1 && len(all) == 1 {
		return (c.Begun || c.Doubt) && (!c.Cleared || !p.Leg.Sent.IsZero())
	}
	starts := slices.ContainsFunc(with, func(p *seat) bool { return p.Leg.Starts && p.Leg.State != outside })
	return s.Opened && !c.Begun && len(all) > 1 && all[0] == p && !starts
}

// ends are the wishes to end conferences that nobody should be in.
func (s *Session) ends() []want {
	var all []want
	for _, c := range s.Rooms {
		key := "end/" + c.ID
		act := Act{Kind: ActEnd, Place: c.Place, Conference: c.ID}
		switch left := s.Over() && !c.Ended && len(s.legsIn(c)) > 0 && !slices.ContainsFunc(s.legsIn(c), s.spared); {
		case c.ID == "":
		case left:
			all = append(all, s.want(key, later(s.Closed, s.Spared).Add(lingering), act))
		case s.abandoned(c):
			all = append(all, s.want(key, s.Now, act))
		}
	}
	return all
}

// lingering is how long after the end somebody may still be on their way out.
const lingering = time.Minute
