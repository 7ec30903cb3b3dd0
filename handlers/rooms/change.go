package rooms

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

var (
	// errNone says that there is no such session: nobody has come yet, or it is gone.
	errNone = errors.New("there is no such session")
	// errNotHere says that a call is not in a session, which is left as it is.
	errNotHere = errors.New("the call is not in the session")
	// errUnread says that a session is kept which this program cannot read.
	errUnread = errors.New("read a session")
)

// step is one thing that happens to a session. It may be taken more than once, from
// the same session each time; upon an error nothing has happened.
type step func(on *session.Session, now time.Time) (audit []store.AuditEntry, err error)

// change has a step happen to a session, and then asks the carrier for what that
// came to. First makes the session if there is none yet; nil says that it is not
// for this step to begin it.
func (s *Service) change(ctx context.Context, id store.SessionID, first func(now time.Time) *session.Session, do step) error {
	brief, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	work, err := s.turn(brief, id, first, do)
	if err == nil && len(work.acts) > 0 {
		s.send(context.WithoutCancel(ctx), id, work)
	}
	return err
}

// turn is a step under the session's lock. It returns what is to be asked of the
// carrier now.
func (s *Service) turn(ctx context.Context, id store.SessionID, first func(now time.Time) *session.Session, do step) (errands, error) {
	var work errands
	var wake time.Time
	var on *session.Session
	var next []byte
	err := s.Sessions.Change(ctx, id, func(state []byte) (store.SessionChange, error) {
		now := s.Now()
		var err error
		if on, err = opened(state, first, now); err != nil {
			return store.SessionChange{}, err
		}
		was := on.Over()
		audit, err := do(on, now)
		if err != nil {
			return store.SessionChange{}, err
		}
		work, wake = errandsOf(on, now), on.Wake()
		next, err = on.Encode()
		if err != nil || bytes.Equal(next, state) && len(audit) == 0 {
			return store.SessionChange{}, err
		}
		change := store.SessionChange{State: next, Wake: wake, Gone: gone(on), Audit: audit}
		if on.Over() && !was {
			change.Attended = s.attended(on)
		}
		return change, nil
	})
	if errors.Is(err, errNone) {
		s.lasts.forget(id)
	}
	if err != nil {
		return errands{}, err
	}
	s.lasts.keep(id, on, next)
	s.wakeAt(wake)
	return work, nil
}

// attended is what is counted of a session that has ended: in statistics, on the
// line's own calendar.
func (s *Service) attended(on *session.Session) *store.Attended {
	zone := time.UTC
	if s.Lines != nil {
		if snap, ok := s.Lines.Line(on.Occurrence.Line); ok {
			if its, err := time.LoadLocation(snap.Directory.Line.Zone); err == nil {
				zone = its
			}
		}
	}
	return &store.Attended{
		Line: on.Occurrence.Line, Group: on.Occurrence.Group,
		Date: schedule.DateOf(on.Occurrence.Start.In(zone)), Came: on.Took(),
	}
}

func opened(state []byte, first func(now time.Time) *session.Session, now time.Time) (*session.Session, error) {
	switch {
	case state != nil:
		on, err := session.Decode(state)
		if err != nil {
			err = fmt.Errorf("%w: %w", errUnread, err)
		}
		return on, err
	case first != nil:
		return first(now), nil
	}
	return nil, errNone
}

// keptAfter is how long a session is kept after its end.
const keptAfter = 15 * time.Minute

// gone is when nothing of a session is kept any more. One that was closed early is
// kept until its door closes: whoever was removed stays out until then, and nobody
// begins it anew.
func gone(on *session.Session) time.Time {
	if end := on.Occurrence.End.Add(keptAfter); end.After(on.Gone()) {
		return end
	}
	return on.Gone()
}

// begun is [Service.change] for a session that begins with the step if there is none.
func (s *Service) begun(ctx context.Context, h held, do step) error {
	id := s.Sessions.ID(h.line.ID, h.name)
	err := s.change(ctx, id, nil, do)
	if !errors.Is(err, errNone) {
		return err
	}
	o, err := s.occurrence(ctx, h)
	if err != nil {
		return err
	}
	seed := seed()
	return s.change(ctx, id, func(now time.Time) *session.Session { return session.Begin(o, seed, now) }, do)
}

// occurrence is what a session is to know of the occurrence that it is one of.
func (s *Service) occurrence(ctx context.Context, h held) (session.Occurrence, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	reversed, err := s.Sessions.Reversed(ctx, h.line.ID, h.group.ID, h.occurrence.Date.String())
	if err != nil {
		return session.Occurrence{}, err
	}
	staff, err := s.Facilitators.Facilitators(ctx, s.Keys, h.line.ID, h.group.ID)
	if err != nil {
		return session.Occurrence{}, err
	}
	o := session.Occurrence{
		Line: h.line.ID, Group: h.group.ID, Name: h.name, Lang: h.language(),
		Start: h.occurrence.Start, End: h.occurrence.End,
		Host: h.group.Host == flows.HostRequired, PeerLed: h.group.Format == flows.PeerLed,
		Capacity: h.group.Capacity, Reversed: reversed,
	}
	for _, f := range staff {
		o.Stand = append(o.Stand, f.ID)
	}
	return o, nil
}

func seed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return binary.NativeEndian.Uint64(b[:])
}

// sitting has a step happen to the session of a group in which a call is: a step that
// returns errNotHere is not in its own. False says that none is.
func (s *Service) sitting(ctx context.Context, v flows.View, group string, do step) (bool, error) {
	for _, h := range s.held(v.Directory, group, v.Now) {
		err := s.change(ctx, s.Sessions.ID(h.line.ID, h.name), nil, do)
		if errors.Is(err, errNone) || errors.Is(err, errNotHere) {
			continue
		}
		return err == nil, err
	}
	return false, nil
}
