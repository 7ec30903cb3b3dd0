package rooms

import (
	"slices"
	"sync"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// mostLasts is how many sessions a replica remembers.
const mostLasts = 1024

// lasts are sessions as this replica saw each last: what there is to go by while
// Postgres is away. They are of this replica alone, and never written back.
type lasts struct {
	mu sync.Mutex
	by map[string]last
	// came are those who came in while their session was not at hand: it is told when it
	// is again.
	came map[string][]session.Arrival
}

type last struct {
	state    []byte
	at, gone time.Time
}

func lastKey(id store.SessionID) string { return id.Line + "/" + string(id.Mark) }

// keep remembers a session, unless a later one is known.
func (l *lasts) keep(id store.SessionID, on *session.Session, state []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := lastKey(id)
	if was, ok := l.by[key]; ok && on.Now.Before(was.at) {
		return
	}
	if l.by == nil {
		l.by = map[string]last{}
	}
	l.by[key] = last{state: state, at: on.Now, gone: gone(on)}
	if len(l.by) <= mostLasts {
		return
	}
	first := key
	for k, o := range l.by {
		if o.gone.Before(l.by[first].gone) {
			first = k
		}
	}
	delete(l.by, first)
	delete(l.came, first)
}

// admitted notes who came in.
func (l *lasts) admitted(id store.SessionID, a session.Arrival) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := lastKey(id)
	if l.came == nil {
		l.came = map[string][]session.Arrival{}
	}
	if len(l.came[key]) < mostCame {
		l.came[key] = append(l.came[key], a)
	}
}

// mostCame is how many arrivals are noted of a session.
const mostCame = 256

// arrivals are those who came in, of the calls in a list.
func (l *lasts) arrivals(id store.SessionID, legs []session.Leg) []session.Arrival {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []session.Arrival
	for _, a := range l.came[lastKey(id)] {
		if slices.ContainsFunc(legs, func(l session.Leg) bool { return l.Call == a.Call }) {
			all = append(all, a)
		}
	}
	return all
}

// told notes that the session knows of a call that came in.
func (l *lasts) told(id store.SessionID, call string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := lastKey(id)
	if left := slices.DeleteFunc(l.came[key], func(a session.Arrival) bool { return a.Call == call }); len(left) > 0 {
		l.came[key] = left
	} else {
		delete(l.came, key)
	}
}

// forget is told that there is no such session any more.
func (l *lasts) forget(id store.SessionID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.by, lastKey(id))
	delete(l.came, lastKey(id))
}

// drop forgets what is gone by now.
func (l *lasts) drop(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, o := range l.by {
		if !now.Before(o.gone) {
			delete(l.by, k)
		}
	}
	for k := range l.came { // also those of a session that was never seen
		if _, ok := l.by[k]; !ok {
			delete(l.came, k)
		}
	}
}

// with has something happen to a session as it is remembered, as if no time had
// passed since: nothing is known of that. False says that it is not remembered.
func (l *lasts) with(id store.SessionID, now time.Time, do func(on *session.Session, then time.Time)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	was, ok := l.by[lastKey(id)]
	if !ok || !now.Before(was.gone) {
		return false
	}
	on, err := session.Decode(was.state)
	if err != nil {
		return false
	}
	do(on, was.at)
	if state, err := on.Encode(); err == nil {
		was.state = state
		l.by[lastKey(id)] = was
	}
	return true
}

// doorAsKnown is what somebody finds at the door of a session that cannot be read
// now, by what this replica knows of it; false if it never saw it. Nobody could be let
// in later who came to wait meanwhile.
func (s *Service) doorAsKnown(h held, a session.Arrival) (door string, ok bool) {
	id := s.Sessions.ID(h.line.ID, h.name)
	ok = s.lasts.with(id, s.Now(), func(on *session.Session, then time.Time) {
		seated := on.SeatOf(a.Call) != 0
		if door = string(on.Knock(then, a)); door == string(session.DoorWaits) && !seated {
			door = later
		}
	})
	if door == string(session.DoorOK) {
		s.lasts.admitted(id, a)
	}
	return door, ok
}

// entersAsKnown is how a leg goes into a session that cannot be read now: where it was
// last known to belong. Who is not known there comes in as a newcomer would, with a
// microphone that is closed if not all are open.
func (s *Service) entersAsKnown(h held, call, label string) (e session.Entry, belongs, ok bool) {
	ok = s.lasts.with(s.Sessions.ID(h.line.ID, h.name), s.Now(), func(on *session.Session, then time.Time) {
		if !on.Has(call) && on.Knock(then, session.Arrival{Call: call, Who: []byte(call)}) != session.DoorOK {
			return
		}
		e, belongs = on.Enter(then, call, label)
	})
	return e, belongs, ok
}

// steppedAsKnown is where a leg goes on that has come out of a session that cannot be
// read now; the menu if it is known in none.
func (s *Service) steppedAsKnown(all []held, call string, over bool) session.Where {
	where := session.WhereUnknown
	for _, h := range all {
		s.lasts.with(s.Sessions.ID(h.line.ID, h.name), s.Now(), func(on *session.Session, then time.Time) {
			known := on.Has(call)
			if where = on.Stepped(then, call, over); where == session.WhereUnknown && known {
				where = session.WhereMenu
			}
		})
		if where != session.WhereUnknown {
			return where
		}
	}
	return session.WhereMenu
}
