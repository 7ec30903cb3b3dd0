package outbox

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

var noon24 = time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)

var classes = []carrier.Class{
	carrier.Permanent, carrier.OptedOut, carrier.Temporary, carrier.Throttled, carrier.Filtered, carrier.Blocked, carrier.Gone, carrier.Ours, carrier.Unknown,
}

// Of every answer that the carrier can give: one lets a row be sent again only if
// it proves that nothing was sent, and one for good is acted on.
func TestEveryAnswerIsClassed(t *testing.T) {
	t.Parallel()
	wants := map[carrier.Class]verdict{
		carrier.Permanent: {store.Settled{To: store.SendFailed}, unreachable},
		carrier.OptedOut:  {store.Settled{To: store.SendFailed}, optOut},
		carrier.Temporary: {store.Settled{To: store.SendDue}, nothing},
		carrier.Throttled: {store.Settled{To: store.SendDue}, nothing},
		carrier.Filtered:  {store.Settled{To: store.SendFailed, Barred: true}, tell},
		carrier.Blocked:   {store.Settled{To: store.SendFailed}, nothing},
		carrier.Gone:      {store.Settled{To: store.SendFailed}, nothing},
		carrier.Ours:      {store.Settled{To: store.SendFailed}, tell},
		carrier.Unknown:   {store.Settled{To: store.SendUnknown}, nothing},
	}
	for _, class := range classes {
		for _, status := range []int{0, 400, 401, 403, 404, 429, 500, 502, 503} {
			for _, code := range []int{0, 20003, 21610, 30001} {
				want := wants[class]
				switch {
				case status >= 500:
					want = wants[carrier.Unknown]
				case class != carrier.Unknown && (status == 401 || status == 403 || code == 20003):
					want = verdict{store.Settled{To: store.SendDue, Barred: true}, tell}
				}
				got := answered("", &carrier.Error{Status: status, Code: code, Class: class}, noon24, 0)
				if got.To != want.To || got.act != want.act || got.Barred != want.Barred || got.Reason == "" || (got.To == store.SendDue) == got.Again.IsZero() {
					t.Errorf("%s %d/%d: %+v, want %+v", class, status, code, got, want)
				}
			}
		}
	}
	for name, err := range map[string]error{"somebody else's": errors.New("what"), "a deadline": context.DeadlineExceeded} {
		if got := answered("SM", err, noon24, 0); got.To != store.SendUnknown {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := answered("SM1", nil, noon24, 3); got != (verdict{Settled: store.Settled{To: store.SendAccepted, SID: "SM1"}}) {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsTriedAgainIsTriedLessOften(t *testing.T) {
	t.Parallel()
	for before, most := range []time.Duration{45, 90, 180, 180, 180} {
		for range 100 {
			wait := again(noon24, before, "").Again.Sub(noon24)
			if least := min(retryLast, retryFirst<<before); wait < least || wait > most*time.Second {
				t.Fatalf("after %d requests it waits for %s", before, wait)
			}
		}
	}
	if wait := again(noon24, 1000, "").Again.Sub(noon24); wait > retryLast*3/2 {
		t.Error(wait)
	}
}

func TestEveryReportIsClassed(t *testing.T) {
	t.Parallel()
	over := func(reached carrier.Reached, code int, class carrier.Class) carrier.Progress {
		return carrier.Progress{SID: "SM1", Over: true, Outcome: reached, Code: code, Class: class}
	}
	for name, tt := range map[string]struct {
		report  carrier.Progress
		channel flows.Channel
		before  int
		to      store.SendState
		outcome store.Outcome
		act     act
	}{
		"on its way":                  {carrier.Progress{SID: "SM1"}, flows.ByText, 0, store.SendAccepted, "", nothing},
		"delivered":                   {over(carrier.ReachDelivered, 0, ""), flows.ByText, 0, store.SendDone, store.Delivered, nothing},
		"a person":                    {over(carrier.ReachPerson, 0, ""), flows.ByCall, 0, store.SendDone, store.Answered, nothing},
		"a machine":                   {over(carrier.ReachMachine, 0, ""), flows.ByCall, 0, store.SendDone, store.Machine, nothing},
		"busy":                        {over(carrier.ReachBusy, 0, ""), flows.ByCall, 0, store.SendDue, store.Busy, nothing},
		"busy, after other requests":  {over(carrier.ReachBusy, 0, ""), flows.ByCall, 7, store.SendDue, store.Busy, nothing},
		"nobody comes":                {over(carrier.ReachNoAnswer, 0, ""), flows.ByCall, 0, store.SendDue, store.NoAnswer, nothing},
		"a call that failed":          {over(carrier.ReachNobody, 0, ""), flows.ByCall, 0, store.SendDone, store.CallFailed, nothing},
		"a call to no number":         {over(carrier.ReachNobody, 21217, carrier.Permanent), flows.ByCall, 0, store.SendFailed, store.CallFailed, unreachable},
		"a call, the queue is full":   {over(carrier.ReachNobody, 30001, carrier.Temporary), flows.ByCall, 0, store.SendDone, store.CallFailed, nothing},
		"unreachable for now":         {over(carrier.ReachUndelivered, 30003, carrier.Temporary), flows.ByText, 0, store.SendDue, store.NotDelivered, nothing},
		"and again":                   {over(carrier.ReachUndelivered, 30003, carrier.Temporary), flows.ByText, 1, store.SendDue, store.NotDelivered, nothing},
		"and a third time":            {over(carrier.ReachUndelivered, 30003, carrier.Temporary), flows.ByText, 2, store.SendDone, store.NotDelivered, nothing},
		"nobody says":                 {over(carrier.ReachUndelivered, 30008, carrier.Temporary), flows.ByText, 0, store.SendDone, store.NotDelivered, nothing},
		"a number that is none":       {over(carrier.ReachUndelivered, 30005, carrier.Permanent), flows.ByText, 0, store.SendFailed, store.NotDelivered, unreachable},
		"opted out, told later":       {over(carrier.ReachUndelivered, 21610, carrier.OptedOut), flows.ByText, 0, store.SendFailed, store.NotDelivered, optOut},
		"filtered":                    {over(carrier.ReachUndelivered, 30007, carrier.Filtered), flows.ByText, 0, store.SendFailed, store.NotDelivered, tell},
		"set up wrongly":              {over(carrier.ReachUndelivered, 21606, carrier.Ours), flows.ByText, 0, store.SendFailed, store.NotDelivered, tell},
		"a code that nobody knows":    {over(carrier.ReachUndelivered, 39999, carrier.Unknown), flows.ByText, 0, store.SendDone, store.NotDelivered, nothing},
		"not delivered, with no code": {over(carrier.ReachUndelivered, 0, ""), flows.ByText, 0, store.SendDone, store.NotDelivered, nothing},
	} {
		v, outcome := told(tt.report, tt.channel, noon24, tt.before)
		if v.To != tt.to || outcome != tt.outcome || v.act != tt.act || v.Barred != (tt.report.Class == carrier.Filtered) || (v.To == store.SendDue) == v.Again.IsZero() {
			t.Errorf("%s: %+v, %q", name, v, outcome)
		}
	}
	if v, _ := told(over(carrier.ReachBusy, 0, ""), flows.ByCall, noon24, 0); !v.Again.Equal(noon24.Add(5 * time.Minute)) {
		t.Errorf("who is busy is rung again at %s", v.Again)
	}
}
