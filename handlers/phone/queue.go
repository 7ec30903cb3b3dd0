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
	in.view.Session = c.seen(ctx, in)
	prompt := flows.WaitingDoorAgain
	switch now := in.view.Session; {
	case s.Page > 0:
	case now != nil && now.Sent:
		prompt = flows.WaitingSent
	default:
		prompt = flows.WaitingDoor
	}
	said := c.voiced(in.view.Directory.Line.ID, []flows.Utterance{in.flow.Say(in.view, in.state, prompt)})
	s.Page++
	wait := flows.Await{Digits: 1, Timeout: quiet}
	return carrier.Response{carrier.Ask(in.flow, said, wait, c.tokens.queueing(s, w.CallSID()), "")}, nil
}
