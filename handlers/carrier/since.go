package carrier

import (
	"context"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/hearthline/hearthline/store/vault"
)

// mostListed is how many texts or calls back [Client.TextsSince] and
// [Client.CallsSince] read. A list that needs more is not worth what it costs.
const mostListed = 20_000

// Listed is a text or a call that we made through REST, as the carrier's list has
// it.
type Listed struct {
	SID string
	// From is the number of ours that it is from, To whom it is to. Each is zero
	// when the carrier does not show it: a number is redacted, a messaging service
	// has chosen no sender yet.
	From, To vault.Number
	At       time.Time // when the carrier took it, to the second; zero if that cannot be read
}

// TextsSince lists every text that we sent through REST since a moment, newest
// first: also those that are still queued, and none of the answers to texts.
//
// It asks for no day and no number: a text that has not been sent has no date to
// ask by, and one that is redacted no number. So it reads the list of everything
// until a whole page is older, since Twilio does not promise by which of its dates
// that is sorted. When that is not reached within 20,000 texts, or the list cannot
// be read so far, there is an error and no list: nothing follows from a text that
// is missing in it.
// Source: https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
func (c *Client) TextsSince(ctx context.Context, since time.Time) ([]Listed, error) {
	params := new(api.ListMessageParams).SetPageSize(textsAtOnce)
	return c.since(ctx, "list texts", since, textsAtOnce, func(s *api.ApiService, token, page string) ([]madeByUs, *string, error) {
		answer, err := s.PageMessage(params, token, page)
		if err != nil {
			return nil, nil, err
		}
		return mapped(answer.Messages, func(m api.ApiV2010Message) madeByUs {
			return madeByUs{listed(m.Sid, m.From, m.To, m.DateCreated), deref(m.Direction) == string(OutboundAPI)}
		}), answer.NextPageUri, nil
	})
}

// CallsSince is [Client.TextsSince] for calls.
// Source: https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
func (c *Client) CallsSince(ctx context.Context, since time.Time) ([]Listed, error) {
	params := new(api.ListCallParams).SetPageSize(callsAtOnce)
	return c.since(ctx, "list calls", since, callsAtOnce, func(s *api.ApiService, token, page string) ([]madeByUs, *string, error) {
		answer, err := s.PageCall(params, token, page)
		if err != nil {
			return nil, nil, err
		}
		return mapped(answer.Calls, func(c api.ApiV2010Call) madeByUs {
			return madeByUs{listed(c.Sid, c.From, c.To, c.DateCreated), deref(c.Direction) == string(OutboundAPI)}
		}), answer.NextPageUri, nil
	})
}

// madeByUs is something listed, and whether it was made through REST.
type madeByUs struct {
	Listed
	ours bool
}

func listed(sid, from, to, at *string) Listed {
	return Listed{SID: deref(sid), From: ParseCaller(deref(from)).Number, To: ParseCaller(deref(to)).Number, At: moment(at)}
}

// since reads a list, newest first, until a whole page of it is older.
func (c *Client) since(ctx context.Context, op string, since time.Time, atOnce int, ask page[madeByUs]) ([]Listed, error) {
	since = since.Truncate(time.Second) // as fine as Twilio's dates are
	recent := func(m madeByUs) bool { return m.At.IsZero() || !m.At.Before(since) }
	read := 0
	all, fault := list(ctx, c, op, ask, func(page []madeByUs) error {
		read++
		for _, m := range page {
			switch {
			case !recent(m):
			case read*atOnce > mostListed:
				return &Error{Op: op, Class: Temporary}
			default:
				return nil
			}
		}
		return errEnough
	})
	if fault != nil {
		return nil, fault
	}
	// A list that grows while it is read shows the end of a page once more.
	seen := make(map[string]bool, len(all))
	var ours []Listed
	for _, m := range all {
		if m.ours && recent(m) && !seen[m.SID] {
			seen[m.SID] = true
			ours = append(ours, m.Listed)
		}
	}
	return ours, nil
}
