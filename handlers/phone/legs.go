package phone

import (
	"context"
	"errors"
	"net/url"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
)

// join takes the caller to where they belong: into a conference, or into the queue
// before its door.
func (c *Calls) join(ctx context.Context, in call, out flows.Outcome) (carrier.Response, error) {
	leg := c.leg(in, out.State)
	way, err := c.Rooms.Enter(ctx, in.view, leg)
	if errors.Is(err, rooms.ErrClosed) && in.rounds < fewRounds {
		// There is no way in any more: the caller is told why, and what else there is.
		in.state, in.rounds = out.State, in.rounds+1
		return c.turn(ctx, in, flows.Input{Event: flows.Returned, Result: "answered"})
	}
	if err != nil {
		return nil, err
	}
	keep(ctx, stateCookie, c.tokens.seal(keptPurpose, out.State, leg.Call))
	if to, ok := out.Then.(flows.Join); ok && way.Back {
		out.Said = append(out.Said, to.Back...)
	}
	said := carrier.Verbs(carrier.Spoken(in.flow, c.voiced(in.view.Directory.Line.ID, out.Said)))
	if way.Queue != nil {
		return append(said, *way.Queue), nil
	}
	way.Conference.WaitURL = carrier.Some(c.tokens.waiting(untold(out.State), hearsNobody(in, way.Conference), leg.Call))
	return append(said, carrier.Dial{Action: leg.Action, HangupOnStar: true, To: way.Conference}), nil
}

// fewRounds is how often in a turn somebody may be shown out of where they were
// just sent: the session may end in between.
const fewRounds = 2

// leg is the caller's way into a room.
func (c *Calls) leg(in call, s flows.State) rooms.Leg {
	call := in.hook.CallSID()
	return rooms.Leg{
		Group: s.Group, Call: call, Turn: s.Turn, Action: c.tokens.action("", s, call),
		QueueURL: c.tokens.queueing(untold(s), call),
	}
}

// untold is what the state becomes while somebody is in a room or at its door and hears no
// one: Page counts how often they were told so.
func untold(s flows.State) flows.State {
	s.Page, s.Offered, s.Visits = 0, nil, nil
	return s
}

// hearsNobody is who somebody is in a room who hears no one there, as flows call it.
func hearsNobody(in call, to carrier.Conference) string {
	switch {
	case !to.StartOnEnter:
		return flows.WaitHost
	case in.moved:
		return flows.WaitMoved
	}
	return flows.WaitAlone
}

var errForeignRoom = errors.New("a room's address was used on another line")

// rejoin takes a leg that was moved to where it belongs now, or out with a reason.
// The address tells which room; the state of the call is what it went in with, if
// the carrier has brought that along.
func (c *Calls) rejoin(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	line, room, err := c.Rooms.Open(query)
	if err != nil {
		return nil, err
	}
	s, ok := c.tokens.openFor(keptPurpose, query.Get(stateKey), w.CallSID())
	in, err := c.openState(ctx, w, s, ok && s.Group == room.Group)
	if err != nil {
		return nil, err
	}
	if line != in.view.Directory.Line.ID {
		return nil, errForeignRoom
	}
	if in.state.Flow == "" {
		in.state = flows.State{Flow: in.flow.Hash, Hour: in.view.Now.Unix() / 3600, Lang: room.Lang, Group: room.Group}
	}
	in.state.Node, in.state.Turn = in.flow.Room(), anew(c.Now())
	in.moved = true
	return c.turn(ctx, in, flows.Input{Event: flows.Again})
}

// hungUp is told that a call has ended, whose leg may have been in a room or out of
// it for a moment. What it would hear next nobody hears.
func (c *Calls) hungUp(ctx context.Context, in call) {
	if in.state.Group != "" {
		c.Rooms.Stepped(ctx, in.view, in.state.Group, in.hook.CallSID(), true)
	}
}
