package rooms

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// Do does what somebody in a group's session asks for, by the seat of their call,
// and returns what may be heard of the session from then on, in a language.
func (s *Service) Do(ctx context.Context, f *flows.Flow, v flows.View, group, call, lang string, r session.Request) (session.Outcome, *flows.Session, error) {
	came := session.Gone
	var seen *flows.Session
	_, err := s.sitting(ctx, v, group, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		if r.By = on.SeatOf(call); r.By == 0 {
			return nil, errNotHere
		}
		var acts []store.AuditEntry
		came, acts = s.ask(on, now, v, byFacilitator, r)
		seen = seenFrom(f, on, now, r.By, lang)
		return acts, nil
	})
	if err != nil {
		return "", nil, err
	}
	return came, seen, nil
}

// DoByKey does what a text asks for that has a facilitator's key; ok is false when
// the key does not fit, or there is no session.
func (s *Service) DoByKey(ctx context.Context, f *flows.Flow, v flows.View, group, key, lang string, r session.Request) (came session.Outcome, seen *flows.Session, ok bool, err error) {
	r.Role, r.By = session.Facilitator, 0
	err = s.running(ctx, v, group, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		if ok = on.KeyFits(key); !ok {
			return nil, nil
		}
		var acts []store.AuditEntry
		came, acts = s.ask(on, now, v, byFacilitator, r)
		seen = seenBy(f, on.Status(now, r.Role), 0, r.Role, lang)
		return acts, nil
	})
	if errors.Is(err, ErrClosed) {
		err = nil
	}
	if err != nil {
		return "", nil, false, err
	}
	return came, seen, ok, nil
}

// Order does what a coordinator asks for, by the name that the audit log knows them
// by; [ErrClosed] says that the group is not in session. It returns once the carrier
// was asked for what that came to.
func (s *Service) Order(ctx context.Context, f *flows.Flow, v flows.View, group, actor string, r session.Request) (session.Outcome, *flows.Session, error) {
	r.Role, r.By = session.Coordinator, 0
	var came session.Outcome
	var seen *flows.Session
	err := s.running(ctx, v, group, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		var acts []store.AuditEntry
		came, acts = s.ask(on, now, v, actor, r)
		seen = seenBy(f, on.Status(now, r.Role), 0, r.Role, v.Directory.Line.Languages[0])
		return acts, nil
	})
	if err != nil {
		return "", nil, err
	}
	s.settle() // who gives an order may end with it
	return came, seen, nil
}

// running has a step happen to the session of a group that is on.
func (s *Service) running(ctx context.Context, v flows.View, group string, do step) error {
	for _, h := range s.held(v.Directory, group, v.Now) {
		err := s.change(ctx, s.Sessions.ID(h.line.ID, h.name), nil, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
			if on.Over() {
				return nil, errNone
			}
			return do(on, now)
		})
		if !errors.Is(err, errNone) {
			return err
		}
	}
	return ErrClosed
}

// byFacilitator is who the audit log says did what somebody did from a seat of a
// facilitator's, or with their key.
const byFacilitator = "facilitator"

// ask asks a session for something. What staff changed by it is to be audited: of which
// group, by its code, for the audit log takes an id's digits for a telephone number.
func (s *Service) ask(on *session.Session, now time.Time, v flows.View, actor string, r session.Request) (session.Outcome, []store.AuditEntry) {
	if r.By != 0 {
		r.Role = on.RoleOf(r.By)
	}
	came := on.Do(now, r)
	switch came {
	case session.OK, session.On, session.Off:
	default:
		return came, nil
	}
	if ofOneself(r.Verb) || r.Role == session.Participant {
		return came, nil
	}
	o := on.Occurrence
	g, _ := v.Directory.Group(o.Group)
	return came, []store.AuditEntry{{
		Line: o.Line, ID: uuid(s.Keys.Mark("session act", o.Name, r.ID)),
		Actor: actor, Act: "session." + string(r.Verb), Detail: "group " + g.Code, At: now,
	}}
}

// ofOneself says whether a verb changes nothing for others, or nothing at all.
func ofOneself(v session.Verb) bool {
	switch v {
	case session.MuteSelf, session.Hand, session.Done, session.Tell, session.Leave, session.Rejoin, session.Look:
		return true
	}
	return false
}

// uuid writes 16 bytes as a UUID (RFC 9562 version 8): the same request is entered
// once.
func uuid(b []byte) string {
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Listed is a live session as a coordinator sees it.
type Listed struct {
	Group      string // its id
	Start, End time.Time
	Session    *flows.Session
}

// Live returns the sessions of a line that are on, by the order of its groups.
func (s *Service) Live(ctx context.Context, f *flows.Flow, line string, d *flows.Directory) ([]Listed, error) {
	states, err := s.Sessions.Live(ctx, line)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	on := map[string][]Listed{}
	for _, state := range states {
		one, err := session.Decode(state)
		if err != nil {
			return nil, err
		}
		if o := one.Occurrence; !one.Over() {
			seen := seenBy(f, one.Status(now, session.Coordinator), 0, session.Coordinator, d.Line.Languages[0])
			on[o.Group] = append(on[o.Group], Listed{Group: o.Group, Start: o.Start, End: o.End, Session: seen})
		}
	}
	var all []Listed
	for _, group := range d.IDs() {
		all = append(all, on[group]...)
	}
	return all, nil
}
