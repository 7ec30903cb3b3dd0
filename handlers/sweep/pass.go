package sweep

import (
	"context"
	"errors"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// keepWithin bounds what is written of a pass that was stopped.
const keepWithin = 5 * time.Second

// undatedWithin bounds how long the list of all texts is read.
const undatedWithin = 30 * time.Second

// notFinished is Twilio's number for a record that it will not delete yet.
const notFinished = 20009

// errSpent ends a pass that has done its share.
var errSpent = errors.New("the pass is spent")

// pass is one look at what the carrier keeps.
type pass struct {
	*Sweep
	now    time.Time
	age    time.Duration // that a record goes at, unless we began it
	left   int           // requests
	counts map[store.TrafficHour]int
	seen   map[string]bool // texts, by SID: they may be in two lists
	done   Done
}

func (p *pass) run(ctx context.Context) error {
	err := p.sweep(ctx)
	if errors.Is(err, errSpent) {
		err = nil
	}
	// Deleted is deleted, also when the program stops: what is not counted now
	// never will be.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	if len(p.counts) > 0 {
		err = errors.Join(err, p.Store.AddTraffic(ctx, p.counts))
	}
	return err
}

// sweep looks at yesterday and today, the older day first, then at texts without a
// day and, once a day, at what may have been left behind.
func (p *pass) sweep(ctx context.Context) error {
	today := p.now.UTC().Truncate(24 * time.Hour)
	err := p.recordings(ctx)
	if over(ctx, err) {
		return err
	}
	err = errors.Join(err, p.days(ctx, today, 1, 0))
	if over(ctx, err) {
		return err
	}
	if err = errors.Join(err, p.undated(ctx)); err != nil || p.lookedBack.Equal(today) {
		return err
	}
	var before []int
	for back := 2; back <= stragglers; back++ {
		before = append(before, back)
	}
	if err := p.days(ctx, today, before...); err != nil {
		return err
	}
	p.lookedBack = today
	return nil
}

// recordings deletes what was recorded and is of no use to anybody: what is wanted of
// it is here long since.
func (p *pass) recordings(ctx context.Context) error {
	return p.Carrier.Recordings(ctx, func(r carrier.Record) error {
		if !r.Over || r.Ended.IsZero() || p.now.Sub(r.Ended) < voiceAge {
			return nil
		}
		err := p.remove(ctx, p.Carrier.DeleteRecording, r.SID)
		switch {
		case isLater(err):
			p.done.Later++
		case carrier.ClassOf(err) == carrier.Gone && err != nil:
		case err != nil:
			return err
		default:
			p.done.Deleted++
		}
		return nil
	})
}

// undated sweeps the texts that were never sent: they have no day, and are only in
// the list of all. It is short but on an account with a past, of which the newest
// are enough.
func (p *pass) undated(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, undatedWithin)
	defer cancel()
	var texts []carrier.Record
	err := p.Carrier.Messages(within, time.Time{}, func(r carrier.Record) error {
		texts = append(texts, r)
		return nil
	})
	if within.Err() != nil && ctx.Err() == nil {
		err = nil
	}
	for _, r := range texts {
		if err := p.text(ctx, r, time.Time{}); err != nil {
			return err
		}
	}
	return err
}

// days sweeps the lists of some days, counted back from today. A list that cannot
// be read, or a record that cannot be deleted, does not keep it from the next
// list, unless the carrier wants to be asked less.
func (p *pass) days(ctx context.Context, today time.Time, back ...int) error {
	var failed []error
	for _, n := range back {
		for _, list := range []func(context.Context, time.Time) error{p.texts, p.calls} {
			err := list(ctx, today.AddDate(0, 0, -n))
			if over(ctx, err) {
				return err
			}
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// over reports whether the pass ends here.
func over(ctx context.Context, err error) bool {
	return errors.Is(err, errSpent) || carrier.ClassOf(err) == carrier.Throttled || ctx.Err() != nil
}

func (p *pass) texts(ctx context.Context, day time.Time) error {
	return p.Carrier.Messages(ctx, day, func(r carrier.Record) error { return p.text(ctx, r, day) })
}

func (p *pass) text(ctx context.Context, r carrier.Record, day time.Time) error {
	if p.seen[r.SID] {
		return nil
	}
	p.seen[r.SID] = true
	if r.Inbound && r.Media > 0 {
		// Pictures go at once, unread, whatever becomes of their text.
		if err := p.remove(ctx, p.Carrier.DeleteMedia, r.SID); err != nil && !isLater(err) {
			return err
		}
	}
	return p.record(ctx, r, day, p.Carrier.DeleteMessage, kinds{in: store.TextIn, out: store.TextOut})
}

func (p *pass) calls(ctx context.Context, day time.Time) error {
	return p.Carrier.Calls(ctx, day, func(r carrier.Record) error {
		return p.record(ctx, r, day, p.Carrier.DeleteCall, kinds{in: store.CallIn, out: store.CallOut})
	})
}

type kinds struct{ in, out store.TrafficKind }

// record deletes a record that is over and old enough, and counts it if that
// went well: once, since it is never listed again.
func (p *pass) record(ctx context.Context, r carrier.Record, day time.Time, remove func(context.Context, string) error, k kinds) error {
	ended := endOf(r, day)
	if !r.Over || ended.IsZero() || p.now.Sub(ended) < p.ageOf(r) || p.now.Sub(ended) > (stragglers+1)*24*time.Hour {
		return nil
	}
	err := p.remove(ctx, remove, r.SID)
	switch {
	case isLater(err):
		p.done.Later++
		return nil
	case carrier.ClassOf(err) == carrier.Gone && err != nil:
		return nil
	case err != nil:
		return err
	}
	p.done.Deleted++
	h := store.TrafficHour{Hour: ended.UTC().Truncate(time.Hour), Kind: k.out}
	if r.Inbound {
		h.Kind = k.in
	}
	p.counts[h]++
	return nil
}

// endOf is when a record ended; the end of its day when the carrier does not say.
func endOf(r carrier.Record, day time.Time) time.Time {
	if r.Ended.IsZero() && !day.IsZero() {
		return day.AddDate(0, 0, 1)
	}
	return r.Ended
}

// ageOf is how old a record is when it goes. What we began ourselves is kept for
// the full time: it is proof of what was sent.
func (p *pass) ageOf(r carrier.Record) time.Duration {
	if r.OfAccount {
		return minAge
	}
	return p.age
}

// remove makes one request of the pass's share, in its turn.
func (p *pass) remove(ctx context.Context, remove func(context.Context, string) error, sid string) error {
	if p.left <= 0 {
		return errSpent
	}
	p.left--
	if p.Pace > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(p.Pace):
		}
	}
	return remove(ctx, sid)
}

// isLater reports whether the carrier will not delete something yet.
func isLater(err error) bool {
	e := (*carrier.Error)(nil)
	return errors.As(err, &e) && e.Code == notFinished
}
