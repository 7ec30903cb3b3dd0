package rooms

import (
	"context"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// read returns a session as it is, nil if there is none.
func (s *Service) read(ctx context.Context, id store.SessionID) (*session.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	state, err := s.Sessions.Read(ctx, id)
	if state == nil || err != nil {
		return nil, err
	}
	on, err := session.Decode(state)
	if err == nil {
		s.lasts.keep(id, on, state)
	}
	return on, err
}

// Look is what may be heard of a group's session by who is in it, in a language; by
// nobody in particular if call is "". Nil says that the call is in none, or that
// there is none. Who looks is on the line, however long they have been at the menus.
func (s *Service) Look(ctx context.Context, f *flows.Flow, v flows.View, group, call, lang string) (*flows.Session, error) {
	for _, h := range s.held(v.Directory, group, v.Now) {
		id := s.Sessions.ID(h.line.ID, h.name)
		on, err := s.read(ctx, id)
		if err != nil {
			return nil, err
		}
		if on == nil || call == "" && on.Over() || call != "" && on.SeatOf(call) == 0 {
			continue
		}
		if on.Idle(s.Now(), call) {
			s.revive(ctx, id, call)
			on.Revive(s.Now(), call)
		}
		return seenFrom(f, on, s.Now(), on.SeatOf(call), lang), nil
	}
	return nil, nil
}

// revive tells a session that somebody does something at the menus.
func (s *Service) revive(ctx context.Context, id store.SessionID, call string) {
	err := s.told(ctx, id, func(on *session.Session, now time.Time) { on.Revive(now, call) })
	if err != nil {
		s.Log.WarnContext(ctx, "a session could not be told that somebody is at the menus", "error", err)
	}
}

// seenFrom is a session as it is seen from a seat; from none, as all of the room may
// see it.
func seenFrom(f *flows.Flow, on *session.Session, now time.Time, seat int, lang string) *flows.Session {
	role := session.Participant
	for _, p := range on.Status(now, role).People {
		if p.Seat == seat {
			role = p.Role
		}
	}
	return seenBy(f, on.Status(now, role), seat, role, lang)
}

// seenBy is a session in the words of a flow.
func seenBy(f *flows.Flow, st session.Status, seat int, role session.Role, lang string) *flows.Session {
	named := make(map[int]string, len(st.People))
	for _, p := range st.People {
		named[p.Seat] = name(f, p, lang)
	}
	names := func(seats []int) []string {
		var all []string
		for _, seat := range seats {
			all = append(all, named[seat])
		}
		return all
	}
	seen := &flows.Session{
		Seat: seat, Alias: named[seat], Host: role != session.Participant,
		Mine: seat != 0 && st.Speaker == seat, Mode: string(st.Mode), Speaker: named[st.Speaker], Queue: names(st.Queue),
		Minutes: int((st.Left + time.Minute - 1) / time.Minute), Locked: st.Locked, Screened: st.Screened,
		Paired: st.Pairs, Silent: names(st.Silent), Key: st.Key,
	}
	if st.Mode == session.Circle {
		seen.Queue = names(st.Order)
	}
	for _, p := range st.People {
		waits := p.Place == session.Waiting
		seen.Sent = seen.Sent || p.Seat == seat && waits && p.Sent
		seen.Company = seen.Company || p.Seat == seat && p.Met
		switch {
		case !p.Present || p.Place == session.Out:
			continue
		case waits:
			seen.Waiting++
		default:
			seen.Here++
			seen.Hosted = seen.Hosted || leads(p.Role)
		}
		if p.Seat == seat {
			seen.Muted, seen.Hand, seen.Aside = p.Muted, p.Hand, p.Place == session.Side
		}
		if seen.Host || seat == 0 {
			seen.People = append(seen.People, flows.Person{
				ID: strconv.Itoa(p.Seat), Alias: named[p.Seat], Waiting: waits, Muted: p.Muted, Host: leads(p.Role),
			})
		}
	}
	return seen
}

func leads(r session.Role) bool { return r == session.Facilitator || r == session.CoFacilitator }

// name is what somebody is called in a language.
func name(f *flows.Flow, p session.Person, lang string) string {
	if p.Alias != "" {
		return p.Alias
	}
	return f.Alias(lang, p.Number)
}
