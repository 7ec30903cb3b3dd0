package rooms

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// What a caller may find at a door that no session tells of.
const (
	shut    = "closed"
	missing = "gone"
	later   = "later"
)

// Admit lets a caller into a group's room, or says why not: one of the outcomes
// that flows declares for session.admit. Without Postgres it goes by what this replica
// knew last; into a session that it never saw it lets those who need nobody's leave.
func (s *Service) Admit(ctx context.Context, _ *flows.Flow, v flows.View, group string, c Caller) string {
	g, ok := v.Directory.Group(group)
	if !ok {
		return missing
	}
	alias, err := s.alias(ctx, v.Directory.Line.ID, group, c.Facilitator)
	switch {
	case errors.Is(err, errNoFacilitator):
		c.Facilitator = "" // of another group, or not any more
	case err != nil:
		s.Log.WarnContext(ctx, "a facilitator's name is not at hand", "error", err)
	}
	if g.Access == flows.AccessApproval && !v.Belongs(group) && c.Facilitator == "" {
		return shut // as last known, if Postgres is away: not a member
	}
	for _, h := range s.held(v.Directory, group, v.Now) {
		a := s.arrival(h, c, alias)
		door, err := s.knock(ctx, h, v.Now, a)
		switch {
		case errors.Is(err, errNone):
			continue
		case err == nil:
			return string(door)
		}
		s.Log.WarnContext(ctx, "a session is not at hand", "error", err)
		if door, ok := s.doorAsKnown(h, a); ok {
			return door
		}
		if g.Host == flows.HostRequired {
			return later
		}
		s.lasts.admitted(s.Sessions.ID(h.line.ID, h.name), a)
		return string(session.DoorOK)
	}
	return shut
}

// knock is at the door of one occurrence. One that has ended is not begun any more.
func (s *Service) knock(ctx context.Context, h held, now time.Time, a session.Arrival) (session.Door, error) {
	var door session.Door
	do := func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		door = on.Knock(now, a)
		return nil, nil
	}
	if h.occurrence.DoorOpen(now) {
		return door, s.begun(ctx, h, do)
	}
	return door, s.change(ctx, s.Sessions.ID(h.line.ID, h.name), nil, do)
}

func (s *Service) arrival(h held, c Caller, alias string) session.Arrival {
	return session.Arrival{Call: c.Call, Who: s.Keys.Seat(h.name, c.Number), Lang: c.Lang, Slow: c.Slow, Facilitator: c.Facilitator, Alias: alias}
}

// alias is what a facilitator of a group is called, "" for nobody.
func (s *Service) alias(ctx context.Context, line, group, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	f, err := s.facilitator(ctx, line, group, id)
	return f.Alias, err
}

var errNoFacilitator = errors.New("the group has no such facilitator")

func (s *Service) facilitator(ctx context.Context, line, group, id string) (store.Facilitator, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	all, err := s.Facilitators.Facilitators(ctx, s.Keys, line, group)
	if err != nil {
		return store.Facilitator{}, err
	}
	for _, f := range all {
		if f.ID == id {
			return f, nil
		}
	}
	return store.Facilitator{}, errNoFacilitator
}

// Enter is how a leg goes where it belongs, or [ErrClosed] if it belongs nowhere in
// the room: [Service.Stepped] says why. Without Postgres it is where this replica last
// knew it to belong, and into a session that it never saw the room itself, for nobody
// is stranded.
func (s *Service) Enter(ctx context.Context, v flows.View, l Leg) (Way, error) {
	all := s.held(v.Directory, l.Group, v.Now)
	if len(all) == 0 {
		return Way{}, ErrClosed
	}
	label := s.Keys.Label(l.Call, strconv.Itoa(l.Turn))
	var (
		e       session.Entry
		belongs bool
		of      session.Occurrence
	)
	enter := func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		if e, belongs = on.Enter(now, l.Call, label); !belongs {
			return nil, errNotHere
		}
		of = on.Occurrence
		return nil, nil
	}
	door, came := s.untold(all, l.Call)
	_, err := s.sitting(ctx, v, l.Group, enter)
	if err == nil && !belongs && came != nil {
		// The session was not at hand when they came to its door, and is now.
		if _, err = s.knock(ctx, door, v.Now, *came); err == nil {
			_, err = s.sitting(ctx, v, l.Group, enter)
		}
	}
	switch {
	case err != nil && !errors.Is(err, errNone):
		s.Log.WarnContext(ctx, "a session is not at hand: a caller goes into its room as it was", "error", err)
		return s.enterAsKnown(all[0], label, l)
	case !belongs:
		return Way{}, ErrClosed
	}
	if came != nil {
		s.lasts.told(s.Sessions.ID(door.line.ID, door.name), l.Call)
	}
	return s.way(roomOf(of), e, of.Capacity, l)
}

// untold is how a call came to the door of which session while that was not at hand; nil
// says that none did.
func (s *Service) untold(all []held, call string) (held, *session.Arrival) {
	for _, h := range all {
		if came := s.lasts.arrivals(s.Sessions.ID(h.line.ID, h.name), []session.Leg{{Call: call}}); len(came) > 0 {
			return h, &came[0]
		}
	}
	return held{}, nil
}

// enterAsKnown is [Service.Enter] of a session that cannot be read now.
func (s *Service) enterAsKnown(h held, label string, l Leg) (Way, error) {
	e, belongs, known := s.entersAsKnown(h, l.Call, label)
	switch {
	case !known:
		e = session.Entry{Label: label, Starts: h.group.Host != flows.HostRequired}
	case !belongs:
		return Way{}, ErrClosed
	}
	if e.Place != session.Waiting {
		s.doubt(h.room().at(e.Place))
	}
	return s.way(h.room(), e, h.group.Capacity, l)
}

func (s *Service) way(r room, e session.Entry, capacity int, l Leg) (Way, error) {
	if e.Place == session.Waiting {
		return Way{Queue: &carrier.Enqueue{Name: s.nameOf(r.Name, e.Place), Action: l.Action, Method: carrier.POST, WaitURL: l.QueueURL}}, nil
	}
	c, err := s.conference(r, e, capacity)
	c.WaitURL, c.WaitMethod = carrier.Some(l.WaitURL), carrier.POST
	return Way{Conference: c, Back: e.Back}, err
}

// Stepped is told that a leg has come out of a room, by its star or because it was
// sent, and says where it goes on: one of the outcomes that flows declares for
// session.stepped. Over says that the call has ended with it. Without Postgres it goes
// by what this replica knew last, and is taken for the star if that is nothing.
func (s *Service) Stepped(ctx context.Context, v flows.View, group, call string, over bool) string {
	where := session.WhereUnknown
	_, err := s.sitting(ctx, v, group, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		seated := on.Has(call)
		if where = on.Stepped(now, call, over); where == session.WhereUnknown && !seated {
			return nil, errNotHere
		}
		return nil, nil
	})
	if err != nil {
		s.Log.WarnContext(ctx, "a session is not at hand", "error", err)
		return string(s.steppedAsKnown(s.held(v.Directory, group, v.Now), call, over))
	}
	return string(where)
}

// SignIn says which of a group's facilitators has a PIN, once for a turn of a call.
// Attested says that the carriers vouched for the caller's number when the call
// began.
func (s *Service) SignIn(ctx context.Context, v flows.View, group, pin string, turn int, attested bool, w carrier.Webhook) (id string, ok bool, err error) {
	line := v.Directory.Line.ID
	if _, known := v.Directory.Group(group); !known {
		group = noGroup // it takes as long, and is counted like any other
	}
	id, _, ok, err = s.Staff.SignIn(ctx, store.SignIn{
		Event: store.Event{Line: line, SID: w.CallSID(), Turn: turn, At: s.Now()},
		Group: group, Caller: w.Caller().Number, Verified: attested, PIN: pin,
	})
	if err != nil || !ok {
		return "", false, err
	}
	for _, h := range s.held(v.Directory, group, v.Now) {
		if err := s.rung(ctx, s.Sessions.ID(line, h.name), id, true); err != nil {
			s.Log.WarnContext(ctx, "a session could not be told that a facilitator comes", "error", err)
		}
	}
	return id, true, nil
}

// noGroup is the id of a group that there never is.
const noGroup = "00000000-0000-0000-0000-000000000000"

// rung tells a session, if there is one, whether a facilitator comes.
func (s *Service) rung(ctx context.Context, id store.SessionID, facilitator string, coming bool) error {
	return s.told(ctx, id, func(on *session.Session, now time.Time) { on.Rung(now, facilitator, coming) })
}

// told tells a session something, if there is one.
func (s *Service) told(ctx context.Context, id store.SessionID, what func(on *session.Session, now time.Time)) error {
	err := s.change(ctx, id, nil, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		what(on, now)
		return nil, nil
	})
	if errors.Is(err, errNone) {
		return nil
	}
	return err
}
