package outbox_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// secret is the value of each panic here: nobody may be told it.
const secret = "+12125550143 at seven"

// panicky panics over one row, when it is put to it, or when something of it is
// told; a row's intent may have come through by then.
type panicky struct {
	outbox.Queue
	id, when string
}

func (p *panicky) Intend(ctx context.Context, now time.Time, x *store.Outgoing, to vault.Number, l store.Limits) (store.Permit, error) {
	if x.ID == p.id && p.when == "before the intent" {
		panic(secret)
	}
	permit, err := p.Queue.Intend(ctx, now, x, to, l)
	if x.ID == p.id && p.when == "after the intent" {
		panic(secret)
	}
	return permit, err
}

func (p *panicky) Settle(ctx context.Context, now time.Time, x store.Outgoing, s store.Settled, l store.Limits) (bool, error) {
	if x.ID == p.id && p.when == "whenever it settles" {
		panic(secret)
	}
	return p.Queue.Settle(ctx, now, x, s, l)
}

func (p *panicky) Heard(context.Context, time.Time, store.Heard) (bool, error) { panic(secret) }

// What panics over one row ends with that row, and is sent by nobody once more.
func TestAPanicEndsWithItsRow(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]struct{ state, reason string }{
		"before it is known who it is for": {"lapsed", "panicked"},
		"before the intent":                {"lapsed", "panicked"},
		"after the intent":                 {"intent", ""}, // till its lease is over
		"while the carrier is asked":       {"unknown", "panicked"},
		"whenever it settles":              {"intent", ""},
		"once it is settled":               {"failed", "opted out 400/21610"},
	} {
		r := newRig(t)
		r.o.AtOnce = 1
		first, second := r.put(1, flows.ByText, asked(t, ida)), r.put(2, flows.ByText, asked(t, ida))
		r.do(`UPDATE outbox SET due_at = due_at - interval '1 minute' WHERE outbox_id = $1`, first)
		r.o.Queue = &panicky{Queue: r.o.Queue, id: first, when: when}
		switch when {
		case "before it is known who it is for":
			r.o.Lines = &panickyLines{Lines: r.o.Lines}
		case "while the carrier is asked":
			r.carrier.answer = func(nth int) error {
				if nth == 1 {
					panic(secret)
				}
				return nil
			}
		case "once it is settled":
			r.o.OptedOut = func(context.Context, string, vault.Number) error { panic(secret) }
			r.carrier.answer = func(nth int) error {
				if nth == 1 {
					return fault(400, 21610, carrier.OptedOut)
				}
				return nil
			}
		}
		o := outbox.New(r.o)
		if _, err := o.Pass(t.Context()); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", when, err)
		}
		r.pass(o)
		if state, reason, _ := r.row(first); state != want.state || reason != want.reason {
			t.Errorf("%s: it is %s, %q", when, state, reason)
		}
		if state, _, _ := r.row(second); state != "accepted" {
			t.Errorf("%s: the next one is %s", when, state)
		}
		log := r.log.String()
		if strings.Contains(log, secret) || !strings.Contains(log, "ALARM") || !strings.Contains(log, "row="+first) || !strings.Contains(log, "outbox_test.") {
			t.Errorf("%s: the log says %s", when, log)
		}
	}
}

// panickyLines panic when they are asked for the first time after they were planned
// for: that is by a row.
type panickyLines struct {
	outbox.Lines
	asked int
}

func (p *panickyLines) Line(id string) (*store.Snapshot, bool) {
	if p.asked++; p.asked == 2 {
		panic(secret)
	}
	return p.Lines.Line(id)
}

// A status callback that panics is asked for again.
func TestAPanicOverACallbackIsAskedForAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.o.Queue = &panicky{Queue: r.o.Queue}
	id := r.put(1, flows.ByText, asked(t, ida))
	err := r.told(outbox.New(r.o), id, url.Values{"MessageStatus": {"delivered"}})
	if err == nil || errors.Is(err, store.ErrNotFound) || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
	if log := r.log.String(); !strings.Contains(log, "ALARM") || !strings.Contains(log, "row="+id) || strings.Contains(log, secret) {
		t.Errorf("the log says %s", log)
	}
}
