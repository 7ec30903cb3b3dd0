package rooms

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// listsASecond is how often the carrier is asked who is in a conference, at most:
// its limit is for all that an account does.
const listsASecond = 5

// late is a conference whose callbacks are late.
type late struct {
	id  store.SessionID
	of  session.Occurrence
	act session.Act
}

// lates are those that are to be listed, the one first that has waited longest.
type lates struct {
	mu    sync.Mutex
	queue []late
	// tokens are the lists that may be asked for now, as of at.
	tokens float64
	at     time.Time
}

// add has a conference listed. One that waits already keeps its turn.
func (l *lates) add(one late) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.IndexFunc(l.queue, func(o late) bool {
		return o.id.Line == one.id.Line && bytes.Equal(o.id.Mark, one.id.Mark) && o.act.Place == one.act.Place
	})
	if at >= 0 {
		l.queue[at] = one
		return
	}
	l.queue = append(l.queue, one)
}

// next takes the first out, if one may be listed now.
func (l *lates) next(now time.Time) (late, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if past := now.Sub(l.at); l.at.IsZero() || past >= time.Second || past < 0 {
		l.tokens = listsASecond
	} else {
		l.tokens = min(listsASecond, l.tokens+past.Seconds()*listsASecond)
	}
	l.at = now
	if len(l.queue) == 0 || l.tokens < 1 {
		return late{}, false
	}
	l.tokens--
	first := l.queue[0]
	l.queue = l.queue[1:]
	return first, true
}

// waiting says whether any is to be listed.
func (l *lates) waiting() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue) > 0
}

// list lists as many conferences as may be now, side by side, and waits for none: the
// carrier may be slow.
func (s *Service) list(ctx context.Context) {
	now := s.Now()
	for {
		one, ok := s.late.next(now)
		if !ok {
			return
		}
		s.beside(func() {
			err := s.listed(context.WithoutCancel(ctx), one)
			if err == nil {
				return
			}
			s.Log.WarnContext(ctx, "a session could not be told who is in its room", "error", err)
			if !errors.Is(err, errUnread) {
				s.late.add(one)
			}
		})
	}
}

// doubt has a conference listed as soon as Postgres can be told who is in it: a
// caller came, or something happened, that it was not told of.
func (s *Service) doubt(r room) {
	s.late.add(late{
		id:  s.Sessions.ID(r.Line, r.Name),
		of:  session.Occurrence{Line: r.Line, Group: r.Group, Lang: r.Lang, Name: r.Name},
		act: session.Act{Kind: session.ActList, Place: r.Place},
	})
}

// listed tells a session who is in a conference, as of when the carrier was asked.
func (s *Service) listed(ctx context.Context, one late) error {
	asked, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	at := s.Now()
	conference, legs, err := s.legs(asked, one)
	report, came := reportOf(err), s.lasts.arrivals(one.id, legs)
	do := func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		if report == session.Accepted {
			for _, a := range came {
				if !on.Has(a.Call) {
					on.Knock(now, a) // who they are decides where they belong
				}
			}
			on.Listed(at, one.act.Place, conference, legs)
		}
		on.Reported(now, one.act, report)
		return nil, nil
	}
	err = s.change(ctx, one.id, nil, do)
	if !errors.Is(err, errNone) {
		return err
	}
	// Nobody could write down that the session began.
	if h, ok := s.named(roomOf(one.of), at); ok && len(legs) > 0 && h.occurrence.DoorOpen(at) {
		return s.begun(ctx, h, do)
	}
	return nil
}

// legs are those in a conference; none if there is no such conference any more.
func (s *Service) legs(ctx context.Context, one late) (conference string, legs []session.Leg, err error) {
	conference = one.act.Conference
	if conference == "" {
		// No callback has told which it is.
		if conference, err = s.Carrier.ConferenceNamed(ctx, s.nameOf(one.of.Name, one.act.Place)); conference == "" || err != nil {
			return "", nil, err
		}
	}
	present, err := s.Carrier.Participants(ctx, conference)
	if err != nil {
		return conference, nil, err
	}
	for _, p := range present {
		if p.Status == "" || p.Status == connected {
			legs = append(legs, session.Leg{Call: p.CallSID, Label: p.Label, Muted: p.Muted})
		}
	}
	return conference, legs, nil
}

// connected is the carrier's word for a leg that is in.
const connected = "connected"
