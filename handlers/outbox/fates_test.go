package outbox_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/outbox"
)

func numberOf(n int) string { return fmt.Sprintf("+1212%07d", 2_010_000+n) }

func together(boxes []*outbox.Outbox, do func(*outbox.Outbox)) {
	var wg sync.WaitGroup
	for _, o := range boxes {
		wg.Go(func() { do(o) })
	}
	wg.Wait()
}

// reminders have fates by chance: the carrier fails as carriers do, and tells of it
// late, twice, in any order, or not at all. None comes twice, and none is lost.
func TestRemindersWithRandomFates(t *testing.T) {
	t.Parallel()
	for seed := range uint64(fateSeeds) {
		l := newLine(t, seed+1)
		l.o.AtOnce = 16
		l.box = outbox.New(l.o)
		post := func(f emulator.Fault) {
			f.On, f.Match = emulator.OnREST, "POST"
			l.twilio.Inject(f)
		}
		told := func(f emulator.Fault) {
			f.On = emulator.OnCallback
			l.twilio.Inject(f)
		}
		post(emulator.Fault{Share: .025, Status: http.StatusInternalServerError})
		post(emulator.Fault{Share: .025, Status: http.StatusInternalServerError, LoseReply: true})
		post(emulator.Fault{Share: .025, Timeout: true, Hang: 5 * time.Millisecond})
		post(emulator.Fault{Share: .025, Timeout: true, Hang: 5 * time.Millisecond, LoseReply: true})
		post(emulator.Fault{Share: .05, Status: http.StatusTooManyRequests})
		post(emulator.Fault{Share: .05, Early: 3})
		told(emulator.Fault{Share: .03, Drop: true})
		told(emulator.Fault{Share: .05, Duplicate: 2})
		told(emulator.Fault{Share: .05, Reorder: true})
		told(emulator.Fault{Share: .05, Delay: 10 * time.Minute})
		l.twilio.Fates([]emulator.TextFate{
			{Share: .02, DeliveryBehaviour: emulator.DeliveryBehaviour{Kind: emulator.Undelivered, Code: 30003}},
			{Share: .01, DeliveryBehaviour: emulator.DeliveryBehaviour{Kind: emulator.Undelivered, Code: 30005}},
		}, nil)
		for i := range fateReminders {
			l.belong(i, flows.ByText, asked(t, numberOf(i)))
		}
		l.live(40*time.Minute, 20*time.Second)
		l.twilio.Advance(15 * time.Minute)

		delivered, asked := map[string]int{}, map[string]int{}
		for _, text := range l.twilio.Kept().Texts {
			asked[text.To]++
			if text.Status != "undelivered" {
				delivered[text.To]++
			}
		}
		twice, lost := 0, 0
		for i := range fateReminders {
			to := numberOf(i)
			switch {
			case delivered[to] > 1:
				twice++
			case delivered[to] == 0 && asked[to] == 0:
				lost++
			}
		}
		open := l.count(`SELECT count(*) FROM outbox WHERE state IN ('due', 'intent', 'unknown')`)
		rows := l.count(`SELECT count(*) FROM outbox`)
		lapsed := l.count(`SELECT count(*) FROM outbox WHERE state = 'lapsed'`)
		t.Logf("%d reminders, %d texts; %d come twice, %d are lost, %d are stuck, %d lapsed", rows, len(l.twilio.Kept().Texts), twice, lost, open, lapsed)
		if rows != fateReminders || twice > 0 || lost > 0 || open > 0 || lapsed > 0 {
			t.Error("that is not as it should be")
		}
	}
}
