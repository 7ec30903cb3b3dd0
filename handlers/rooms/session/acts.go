package session

import (
	"cmp"
	"slices"
	"time"
)

// want is an act that is wanted from a time on. Its key tells it from all others.
type want struct {
	key string
	at  time.Time
	act Act
}

// asked is an act that was asked for and is still wanted.
type asked struct {
	Key   string
	ID    int
	First time.Time // asked for
	At    time.Time
	Tries int
	Muted bool   `json:",omitempty"`
	Came  Report `json:",omitempty"` // "" while it is under way
}

// How long an act may be under way, and after which time one is asked for again:
// that was agreed to and shows no effect, or was refused.
const (
	underWay  = 10 * time.Second
	agreed    = 15 * time.Second
	refusedIt = time.Minute
)

// again is when an act may be asked for once more.
func (a *asked) again() time.Time {
	switch a.Came {
	case Accepted:
		return a.At.Add(agreed)
	case Failed:
		return a.At.Add(min(time.Second<<min(a.Tries, 4), underWay))
	case Refused, Missing:
		return a.At.Add(refusedIt)
	}
	return a.At.Add(underWay)
}

// Acts are what is to be asked of the carrier now. They count as under way until
// [Session.Reported], or for ten seconds.
func (s *Session) Acts(now time.Time) []Act {
	s.settle(now)
	wants := s.wants()
	s.Asked = slices.DeleteFunc(s.Asked, func(a *asked) bool {
		return !slices.ContainsFunc(wants, func(w want) bool { return w.key == a.Key })
	})
	var acts []Act
	for _, w := range wants {
		if w.at.After(s.Now) {
			continue
		}
		acts = append(acts, s.ask(w))
	}
	return acts
}

// ask marks an act as under way.
func (s *Session) ask(w want) Act {
	a := s.askedFor(w.key)
	if a == nil {
		s.Serial++
		a = &asked{Key: w.key, ID: s.Serial, First: s.Now}
		s.Asked = append(s.Asked, a)
	}
	if w.act.Kind == ActMute && a.Muted != w.act.Muted {
		s.Serial++
		a.ID, a.Tries, a.First = s.Serial, 0, s.Now
	}
	a.At, a.Tries, a.Came, a.Muted = s.Now, a.Tries+1, "", w.act.Muted
	switch p := s.of(w.act.Call); {
	case w.act.Kind == ActMute:
		p.Leg.Mic = unknown
	case w.act.Kind == ActMove:
		s.sends(p)
	case w.act.Kind == ActList:
		s.conference(w.act.Place, w.act.Conference).Listed = s.Now
	}
	w.act.ID = a.ID
	return w.act
}

// sends notes that a leg is sent on its way.
func (s *Session) sends(p *seat) {
	if p.Leg.Sent.IsZero() {
		p.Leg.Sent = s.Now
	}
	if c := s.current(p.Leg.Place); c != nil && p.Place == c.Place && len(s.legsIn(c)) == 1 {
		c.Cleared = true
	}
}

func (s *Session) askedFor(key string) *asked {
	i := slices.IndexFunc(s.Asked, func(a *asked) bool { return a.Key == key })
	if i < 0 {
		return nil
	}
	return s.Asked[i]
}

// wants are the differences between what is and what is desired, the most urgent
// first.
func (s *Session) wants() []want {
	var all []want
	for _, p := range s.Seats {
		if w, ok := s.move(p); ok {
			all = append(all, w)
			continue
		}
		if w, ok := s.microphone(p); ok {
			all = append(all, w)
		}
	}
	all = append(all, s.ends()...)
	all = append(all, s.calls()...)
	all = append(all, s.notes()...)
	all = append(all, s.lists()...)
	slices.SortStableFunc(all, func(a, b want) int {
		return cmp.Or(cmp.Compare(urgency(a.act), urgency(b.act)), a.at.Compare(b.at))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(w want) bool {
		twice := seen[w.key]
		seen[w.key] = true
		return twice
	})
}

// urgency orders acts: who is sent out or falls silent goes before who may speak.
func urgency(a Act) int {
	switch {
	case a.Kind == ActHangup, a.Kind == ActEnd:
		return 0
	case a.Kind == ActMove:
		return 1
	case a.Kind == ActMute && a.Muted:
		return 2
	case a.Kind == ActMute:
		return 3
	case a.Kind == ActList:
		return 5
	}
	return 4
}

// want is the wish for an act, not before it may be asked for again.
func (s *Session) want(key string, at time.Time, act Act) want {
	if a := s.askedFor(key); a != nil && a.again().After(at) {
		at = a.again()
	}
	return want{key: key, at: at, act: act}
}

// Reported is told how an act ended.
func (s *Session) Reported(now time.Time, a Act, r Report) {
	s.begin(now)
	defer s.settle(now)
	tries := 0 // of what is still wanted
	for _, k := range s.Asked {
		if k.ID == a.ID {
			k.Came, tries = r, k.Tries
		}
	}
	switch a.Kind {
	case ActMute:
		s.muteReported(a, r, tries > 0)
	case ActMove, ActHangup:
		s.moveReported(a, r, tries)
	case ActSay, ActSayAll:
		s.noteReported(a, r)
	case ActRing:
		s.ringReported(a, r)
	case ActBridge:
		s.bridgeReported(a, r)
	case ActEnd:
		if r == Accepted || r == Missing {
			s.ended(s.conference(a.Place, a.Conference))
		}
	case ActList:
		if r == Missing {
			s.Listed(now, a.Place, a.Conference, nil)
		}
	}
}

// muteReported takes what the carrier says of a microphone. Of one that was asked
// for and then otherwise, nobody can tell which came last.
func (s *Session) muteReported(a Act, r Report, last bool) {
	p := s.of(a.Call)
	if p == nil || p.Leg.Label != a.Label || p.Leg.State != in {
		return
	}
	switch {
	case !last:
		p.Leg.Mic = unknown
	case r == Accepted:
		p.Leg.Mic = micOf(a.Muted)
		s.Asked = slices.DeleteFunc(s.Asked, func(k *asked) bool { return k.ID == a.ID })
	case r == Missing:
		p.Leg.State, p.Leg.Since, p.Leg.Dead = out, s.Now, true
		s.conference(a.Place, a.Conference).Suspect = true
	}
}

func (s *Session) moveReported(a Act, r Report, tries int) {
	p := s.of(a.Call)
	if p == nil || p.Leg.Label != a.Label {
		return
	}
	switch {
	case r == Missing, r == Accepted && a.Kind == ActHangup:
		s.hangUp(p)
	case r == Accepted && p.Leg.Gave.IsZero():
		p.Leg.Gave = s.Now
	case r == Refused, tries >= patience:
		p.Leg.Stuck = true
	}
}
