package phone

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
)

// quiet is how long somebody in a room is left in silence after an answer that failed.
const quiet = 22 * time.Second

// wait is heard by who is in a room and hears nobody: alone, or before the host. What they
// hear, and how long they are left in silence then, the flow says. It ends in a redirect
// to itself, for the carrier does not repeat it.
func (c *Calls) wait(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	s, ok := c.tokens.openFor(waitPurpose, query.Get(stateKey), w.CallSID())
	in, err := c.openState(ctx, w, s, ok)
	if err != nil {
		return nil, err
	}
	if !ok {
		s.Page = 1 // they have been in there for a while
	}
	who := cmp.Or(query.Get(whoKey), flows.WaitAlone)
	said, rest, s := c.told(ctx, in, s, who)
	return append(
		carrier.Verbs(carrier.Spoken(in.flow, said)),
		carrier.Pause{Length: rest},
		carrier.Redirect{URL: c.tokens.waiting(s, who, w.CallSID()), Method: carrier.POST},
	), nil
}

// told is what who hears nobody is told by the flow, and for how long they are left in
// silence then. The state that it gives back counts that.
func (c *Calls) told(ctx context.Context, in call, s flows.State, who string) ([]flows.Utterance, time.Duration, flows.State) {
	in.view.Session = c.seen(ctx, in)
	out := flows.Turn(in.flow, in.view, in.state, flows.Input{Event: flows.Waiting, Result: who, Told: s.Page})
	rest := quiet
	if then, ok := out.Then.(flows.Rest); ok {
		rest = then.For
	}
	s.Page++
	return c.voiced(in.view.Directory.Line.ID, out.Said), rest, s
}
