package carrier

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// How many records are asked for at once, so that an answer stays below
// [maxAnswer]: a text of 1,600 emoji is 19 kB of JSON, a call 2 kB.
const (
	textsAtOnce = 40
	callsAtOnce = 200
)

// Messages calls do with each text that Twilio keeps and that was sent or received
// on a day, in UTC. The zero day is every day, and alone has the texts that were
// never sent: those have no date.
//
// The list is read whole before do is first called, so that do may delete what it
// is given. Its first error ends the work and is returned as it is. When the list
// cannot be read to its end, do is given what could be read, and the fault is
// returned.
// Source: https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
func (c *Client) Messages(ctx context.Context, day time.Time, do func(Record) error) error {
	params := new(api.ListMessageParams).SetPageSize(textsAtOnce)
	if !day.IsZero() {
		first, last := secondsOf(day)
		params.SetDateSentAfter(first).SetDateSentBefore(last)
	}
	all, fault := list(ctx, c, "list texts", func(s *api.ApiService, token, page string) ([]Record, *string, error) {
		answer, err := s.PageMessage(params, token, page)
		if err != nil {
			return nil, nil, err
		}
		return mapped(answer.Messages, recordOfText), answer.NextPageUri, nil
	}, nil)
	return each(all, do, fault)
}

// Calls is [Client.Messages] for calls, by the day when they were placed. The legs
// of a [Dial] are calls too.
// Source: https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
func (c *Client) Calls(ctx context.Context, day time.Time, do func(Record) error) error {
	params := new(api.ListCallParams).SetPageSize(callsAtOnce)
	if !day.IsZero() {
		first, last := secondsOf(day)
		params.SetStartTimeAfter(first).SetStartTimeBefore(last)
	}
	all, fault := list(ctx, c, "list calls", func(s *api.ApiService, token, page string) ([]Record, *string, error) {
		answer, err := s.PageCall(params, token, page)
		if err != nil {
			return nil, nil, err
		}
		return mapped(answer.Calls, recordOfCall), answer.NextPageUri, nil
	}, nil)
	return each(all, do, fault)
}

// secondsOf returns the first and the last second of a day in UTC. Twilio's
// inequalities include both, and a day as a bare moment might mean midnight only.
func secondsOf(day time.Time) (first, last time.Time) {
	year, month, date := day.UTC().Date()
	first = time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
	return first, first.Add(24*time.Hour - time.Second)
}

func mapped[T, U any](all []T, one func(T) U) []U {
	to := make([]U, len(all))
	for i, from := range all {
		to[i] = one(from)
	}
	return to
}

func recordOfText(m api.ApiV2010Message) Record {
	r := Record{
		SID:       deref(m.Sid),
		Over:      slices.Contains([]string{"sent", "delivered", "undelivered", "failed", "canceled", "received", "read", "partially_delivered"}, deref(m.Status)),
		Inbound:   deref(m.Direction) == string(Inbound),
		OfAccount: deref(m.Direction) == string(OutboundAPI),
	}
	r.Media, _ = strconv.Atoi(deref(m.NumMedia))
	if r.Over {
		r.Ended = moment(m.DateUpdated)
	}
	return r
}

func recordOfCall(c api.ApiV2010Call) Record {
	r := Record{
		SID:       deref(c.Sid),
		Over:      CallStatus(deref(c.Status)).Over(),
		Inbound:   deref(c.Direction) == string(Inbound),
		OfAccount: deref(c.Direction) == string(OutboundAPI),
	}
	if r.Over {
		r.Ended = moment(c.EndTime)
	}
	return r
}

// moment reads a date of REST's, which is RFC 2822.
func moment(s *string) time.Time {
	t, err := time.Parse(time.RFC1123Z, deref(s))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func each(all []Record, do func(Record) error, fault error) error {
	for _, r := range all {
		if err := do(r); err != nil {
			return err
		}
	}
	return fault
}

// page asks for one page of a list, and returns where Twilio says the next one is.
type page[T any] func(s *api.ApiService, token, number string) ([]T, *string, error)

// errEnough is how the caller of [list] says that it needs no further page.
var errEnough = errors.New("enough")

// list reads the pages of a list, as far as it can be read, or until enough, called
// with each page, returns an error. A nil enough never does.
func list[T any](ctx context.Context, c *Client, op string, ask page[T], enough func(page []T) error) ([]T, error) {
	var all []T
	seen := map[[2]string]bool{}
	var at [2]string
	for {
		x := c.exchange(ctx)
		items, next, err := ask(x.api(), at[0], at[1])
		if err != nil || !x.answered() {
			return all, x.fault(op, err)
		}
		all = append(all, items...)
		if deref(next) == "" {
			return all, nil
		}
		if enough != nil {
			if err := enough(items); errors.Is(err, errEnough) {
				return all, nil
			} else if err != nil {
				return all, err
			}
		}
		ok := false
		if at, ok = x.next(*next); !ok || seen[at] {
			return all, x.fault(op, nil)
		}
		seen[at] = true
	}
}

// next reads the token and the number of the next page out of its address, which
// is never followed, and is believed only if it is of the list that x asked for.
func (x *exchange) next(address string) (at [2]string, ok bool) {
	u, err := x.url.Parse(address)
	if err != nil || u.User != nil || u.Scheme != x.url.Scheme || u.Host != x.url.Host {
		return at, false
	}
	if base := x.client.base; u.Path != x.url.Path && (base == nil || base.Path+u.Path != x.url.Path) {
		return at, false
	}
	q := u.Query()
	at = [2]string{q.Get("PageToken"), q.Get("Page")}
	return at, at != [2]string{}
}
