package phone

import (
	"context"
	"net/url"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
)

// Who hears nobody in a room is told why at once and every half minute, of which
// the sentence takes about five seconds. Who is alone is offered other ways after
// ten minutes.
const (
	quiet      = 22 * time.Second
	offerEvery = 20 // times told, every 30 s
)

// wait is heard by who is in a room and hears nobody: alone, or before the host.
// The state that it carries is the call's, but for Node, the prompt to say first,
// and Page, how often the person has been told. It ends in a redirect to itself,
// for the carrier does not repeat it.
func (c *Calls) wait(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	s, ok := c.tokens.openFor(waitPurpose, query.Get(stateKey), w.CallSID())
	in, err := c.openState(ctx, w, s, ok)
	if err != nil {
		return nil, err
	}
	if s.Node == flows.WaitingHost || s.Page == 0 {
		in.view.Session = c.seen(ctx, in)
	}
	prompt := flows.AloneAgain
	switch {
	case s.Page == 0 && ok:
		prompt = first(s.Node, in.view.Session)
	case s.Node == flows.WaitingHost:
		prompt = flows.WaitingHostAgain
	case s.Page%offerEvery == 0:
		prompt = flows.AloneOffer
	}
	said := in.flow.Say(in.view, in.state, prompt)
	s.Page++
	return append(
		carrier.Verbs(carrier.Spoken(in.flow, c.voiced(in.view.Directory.Line.ID, []flows.Utterance{said}))),
		carrier.Pause{Length: quiet},
		carrier.Redirect{URL: c.tokens.waiting(s, w.CallSID()), Method: carrier.POST},
	), nil
}

// first is the prompt that somebody hears first who hears nobody, instead of the one
// that was meant for them when they went in, by what is known of the session now.
func first(prompt string, now *flows.Session) string {
	switch {
	case now == nil || prompt == flows.WaitingHost:
	case now.Paired && now.Host && !now.Aside:
		return flows.PairsApart
	case prompt == flows.Alone && now.Company:
		return flows.LeftAlone
	}
	return prompt
}
