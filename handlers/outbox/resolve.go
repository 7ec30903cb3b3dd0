package outbox

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// resolving is the name of the work that replicas take turns at.
const resolving = "outbox resolve"

// resolveAll resolves every few seconds until ctx ends.
func (o *Outbox) resolveAll(ctx context.Context) {
	every := time.NewTicker(resolveEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		_, err := within(ctx, o.patience.resolve, func(ctx context.Context) (struct{}, error) { return struct{}{}, o.Resolve(ctx) })
		if err != nil && ctx.Err() == nil {
			o.Log.WarnContext(ctx, "whether some of the outbox was sent is not known yet", "error", err)
		}
	}
}

// Resolve finds out what became of rows of which nobody can tell, by the carrier's
// own list of what it was asked. It does nothing while another replica is at it,
// and asks the carrier nothing while there is no such row.
func (o *Outbox) Resolve(ctx context.Context) (err error) {
	defer o.workPanicked(ctx, "resolve", &err)
	var open []string
	for _, line := range o.Served() {
		rows, err := o.Queue.Unknowns(ctx, o.Now(), line)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			open = append(open, line)
		}
	}
	if len(open) == 0 {
		return nil
	}
	_, err = o.Alone.Alone(ctx, resolving, func(ctx context.Context) error {
		var failed []error
		for _, line := range open {
			failed = append(failed, o.resolve(ctx, line, flows.ByText, o.Carrier.TextsSince), o.resolve(ctx, line, flows.ByCall, o.Carrier.CallsSince))
		}
		return errors.Join(failed...)
	})
	return err
}

// unknowns returns every row of a channel that is unknown, those too of which it is
// too early to tell: to know of them is to know whose else a text may be. It also
// returns until when those are all.
func (o *Outbox) unknowns(ctx context.Context, line string, channel flows.Channel) (rows []store.Unknown, known time.Time, err error) {
	now := o.Now()
	all, err := o.Queue.Unknowns(ctx, now.Add(asking+underWay), line)
	if err != nil {
		return nil, known, err
	}
	slices.SortFunc(all, func(a, b store.Unknown) int { return cmp.Or(a.IntentAt.Compare(b.IntentAt), cmp.Compare(a.ID, b.ID)) })
	known = now.Add(-asking - skew)
	if len(all) >= store.MostUnknown {
		known = earlier(known, all[len(all)-1].IntentAt.Add(-skew))
	}
	return slices.DeleteFunc(all, func(u store.Unknown) bool { return u.Channel != channel }), known, nil
}

// resolve finds out what became of the rows of one channel. The list is read before
// the rows, and what is known of it after them: a request that ended meanwhile is
// then either known or among the rows.
func (o *Outbox) resolve(ctx context.Context, line string, channel flows.Channel, list func(context.Context, time.Time) ([]carrier.Listed, error)) error {
	rows, _, err := o.unknowns(ctx, line, channel)
	if err != nil || len(rows) == 0 {
		return err
	}
	now := o.Now()
	listed, err := list(ctx, rows[0].IntentAt.Add(-skew))
	if err != nil {
		return err
	}
	hit("resolve.listed")
	rows, known, err := o.unknowns(ctx, line, channel)
	if err != nil || len(rows) == 0 {
		return err
	}
	questions, closed, err := o.questions(ctx, line, rows)
	if err != nil {
		return err
	}
	orphans, err := o.orphans(ctx, line, listed)
	if err != nil {
		return err
	}
	r := reading{now: now, known: known, drain: asking + underWay}
	failed := []error{closed}
	for i, a := range r.decide(questions, orphans) {
		failed = append(failed, o.conclude(ctx, rows[i], a))
	}
	return errors.Join(failed...)
}

// questions are what is asked of rows; closed says why some of them cannot be opened,
// which keeps nobody from deciding about the others.
func (o *Outbox) questions(ctx context.Context, line string, rows []store.Unknown) (all []question, closed, err error) {
	xs := make([]store.Outgoing, len(rows))
	for i, u := range rows {
		xs[i] = u.Outgoing
	}
	people, err := o.recipients(ctx, xs)
	if err != nil {
		return nil, nil, err
	}
	all = make([]question, len(rows))
	for i, u := range rows {
		all[i] = question{intentAt: u.IntentAt, clearAt: u.ClearAt}
		r, ok := people[u.ID]
		switch {
		case r.Err != nil:
			all[i].closed, closed = true, r.Err // this program may lack keys that another one has
		case ok:
			all[i].to = string(o.Keys.Index(line, r.Number))
		}
	}
	return all, closed, nil
}

// orphans are what is listed and of which we hold no mark, by time. What is from
// another line's number is that line's.
func (o *Outbox) orphans(ctx context.Context, line string, listed []carrier.Listed) ([]orphan, error) {
	sids := make([]string, 0, len(listed))
	for _, l := range listed {
		sids = append(sids, l.SID)
	}
	unmarked, err := o.Queue.Unmarked(ctx, line, sids)
	if err != nil {
		return nil, err
	}
	ours := map[string]bool{}
	for _, sid := range unmarked {
		ours[sid] = true
	}
	from := o.From(line)
	var all []orphan
	for _, l := range listed {
		if !ours[l.SID] || o.Service == "" && !l.From.IsZero() && !l.From.Equal(from) {
			continue
		}
		one := orphan{at: l.At, sid: l.SID}
		if !l.To.IsZero() {
			one.to = string(o.Keys.Index(line, l.To))
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b orphan) int { return a.at.Compare(b.at) })
	return all, nil
}

// conclude writes down what was found out of a row.
func (o *Outbox) conclude(ctx context.Context, u store.Unknown, a answer) (err error) {
	defer o.rowPanicked(ctx, u.Outgoing, "", &err)
	now := o.Now()
	hit("resolve.begin")
	switch a.finding {
	case missing:
		err = o.Queue.Clear(ctx, now, u)
	case unsent:
		s := store.Settled{To: store.SendDue, Again: now, Reason: "not sent"}
		if !now.Before(u.ExpiresAt) {
			s = store.Settled{To: store.SendLapsed, Reason: "not sent in time"}
		}
		err = o.Queue.Resolve(ctx, now, u, s)
	case sent:
		if err = o.Queue.Resolve(ctx, now, u, store.Settled{To: store.SendAccepted, SID: a.sid}); err == nil {
			o.numbers.settled(u.Line, store.SendAccepted, now)
		}
	default:
		return nil
	}
	hit("resolve.done")
	if a.finding != missing {
		o.Log.InfoContext(ctx, "what became of a row is known now", "row", u.ID, "sent", a.finding == sent)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil // the carrier has told of it meanwhile, or somebody erased it
	}
	return err
}
