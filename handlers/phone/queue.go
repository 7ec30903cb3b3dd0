package phone

import (
	"context"
	"net/url"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
)

// queue is heard by who waits at the door of a room until a facilitator lets them
// in. Unlike in a room keys can be pressed: any of them leads out of the queue, and
// the flow says where to.
func (c *Calls) queue(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	s, ok := c.tokens.openFor(queuePurpose, query.Get(stateKey), w.CallSID())
	in, err := c.openState(ctx, w, s, ok)
	if err != nil {
		return nil, err
	}
	if keys, _ := w.Digits(); isKey(keys) {
		keep(ctx, keyCookie, keys)
		return carrier.Response{carrier.Leave{}}, nil
	}
	said, rest, s := c.told(ctx, in, s, flows.WaitDoor)
	return carrier.Response{carrier.Ask(in.flow, said, flows.Await{Digits: 1, Timeout: rest}, c.tokens.queueing(s, w.CallSID()), "")}, nil
}
