package outbox

import (
	"context"
	"errors"
	"net/url"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// Heard takes in a status callback: what became of something that we sent. They
// come in any order, any number of times, and before the answer to the request.
// One that is not about anything of ours is none of ours to complain of. The
// carrier must tell it again when there is an error, but for store.ErrNotFound:
// its row is gone.
func (o *Outbox) Heard(ctx context.Context, w carrier.Webhook, query url.Values) (err error) {
	token, ok := w.SentToken(o.Keys, query)
	if !ok {
		return nil
	}
	defer o.rowPanicked(ctx, store.Outgoing{Line: token.Line, ID: token.Row}, "", &err)
	progress, ok := w.Progress()
	if !ok {
		return nil
	}
	channel := flows.ByText
	if w.CallSID() != "" {
		channel = flows.ByCall
	}
	now := o.Now()
	v, outcome := told(progress, channel, now, token.Attempt)
	hit("heard.begin")
	changed, err := o.Queue.Heard(ctx, now, store.Heard{
		Line: token.Line, Row: token.Row, Attempt: token.Attempt, SID: progress.SID, Settled: v.Settled, Outcome: outcome,
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	hit("heard.done")
	if changed {
		o.numbers.heard(token.Line, outcome, now)
	}
	// What the person asked of the carrier holds for rows that are gone, too.
	return errors.Join(err, o.do(ctx, token.Line, w.To(), v))
}
