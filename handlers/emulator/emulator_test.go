package emulator

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestEveryCallEnds lets people do anything in any order on a line with a
// menu, a conference, a bridge and a queue. Whatever they do: nothing is a
// problem, who hears whom agrees with what was heard, and when all have hung
// up nothing is left behind.
func TestEveryCallEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		b := newBench(t, map[string]string{
			"/voice": `<Gather numDigits="1" action="/menu" finishOnKey=""><Say>One, two, or three.</Say></Gather><Redirect/>`,
			"/wait":  `<Say>You are the first.</Say><Redirect/>`,
		})
		b.docs["/menu"] = func(v url.Values) string {
			return "<Response>" + map[string]string{
				"1": `<Dial hangupOnStar="true" action="/voice"><Conference waitUrl="/wait" statusCallback="/room" statusCallbackEvent="start end join leave">r</Conference></Dial>`,
				"2": `<Dial hangupOnStar="true">` + bridge + `</Dial><Redirect>/voice</Redirect>`,
				"3": `<Enqueue waitUrl="/wait">q</Enqueue>`,
			}[v.Get("Digits")] + "<Redirect>/voice</Redirect></Response>"
		}
		defer b.web.Close()
		defer b.rest.Close()
		b.Phone(bridge).Behave(Behaviour{Kind: Answer, After: time.Second})
		phones := []*Phone{b.Phone(anna), b.Phone(ben), b.Phone(cleo)}
		for i := range rapid.IntRange(1, 25).Draw(r, "steps") {
			p := phones[rapid.IntRange(0, 2).Draw(r, "phone")]
			c := p.Current()
			switch act := rapid.IntRange(0, 5).Draw(r, "act"); {
			case c == nil:
				p.Call(line)
			case act == 0:
				c.Hangup()
			case act == 1:
				b.Advance(time.Duration(rapid.IntRange(1, 9000).Draw(r, "ms")) * time.Millisecond)
			case act == 2:
				hearing(r, b, c, fmt.Sprint("words ", i))
			default:
				c.Press(rapid.SampledFrom([]string{"1", "2", "3", "*"}).Draw(r, "key"))
			}
		}
		for _, p := range append(phones, b.Phone(bridge)) {
			if c := p.Current(); c != nil {
				c.Hangup()
			}
		}
		b.Settle()
		if n := b.clock.due.Len(); n != 0 {
			r.Fatalf("%d timers are left", n)
		}
		if rooms := b.Rooms(); len(rooms) != 0 {
			r.Fatalf("rooms are left: %+v", rooms)
		}
		for _, p := range b.Problems() {
			r.Fatalf("problem: %+v", p)
		}
		started, ended := 0, len(b.asked("/ended"))
		for _, v := range b.asked("/voice") {
			if v.Get("CallStatus") == "ringing" {
				started++
			}
		}
		if started != ended {
			r.Fatalf("%d calls and %d callbacks", started, ended)
		}
	})
}

// hearing has one person speak, and holds that exactly those hear it who the
// room says would.
func hearing(r *rapid.T, b *bench, c *Call, text string) {
	want := map[string]bool{}
	for _, room := range b.Rooms() {
		for _, p := range room.Participants {
			for _, sid := range p.Hears {
				if sid == c.SID() {
					want[p.Phone] = true
				}
			}
		}
	}
	inRoom := len(want) > 0
	c.Say(text)
	for _, number := range []string{anna, ben, cleo} {
		heard := false
		for _, u := range b.Phone(number).Heard() {
			heard = heard || u.Kind == KindRoom && u.Text == text
		}
		if inRoom && heard != want[number] {
			r.Fatalf("%s heard %t, the room says %t", number, heard, want[number])
		}
	}
}

func TestSameSeedSameCall(t *testing.T) {
	t.Parallel()
	run := func() (string, string) {
		b := roomBench(t, "")
		c := b.Phone(anna).Call(line)
		b.Phone(ben).Call(line)
		c.Press("*1")
		c.Hangup()
		return c.SID(), c.Transcript()
	}
	sid, transcript := run()
	sid2, transcript2 := run()
	same(t, "SID", sid2, sid)
	same(t, "transcript", transcript2, transcript)
}

// TestRealClock runs many calls at once at fifty times the speed of time.
func TestManyCallsAtOnce(t *testing.T) {
	t.Parallel()
	clock := NewClock()
	clock.SetSpeed(50)
	b := newBenchAt(t, clock, map[string]string{
		"/voice": `<Gather numDigits="1" action="/join" timeout="3000"><Say>Press one.</Say></Gather>`,
		"/join":  `<Dial hangupOnStar="true" action="/bye"><Conference beep="false" statusCallback="/room" statusCallbackEvent="join leave end">r</Conference></Dial>`,
		"/bye":   `<Say>Goodbye.</Say>`,
	})
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	const people = 20
	var wg sync.WaitGroup
	var joined sync.WaitGroup
	joined.Add(people)
	for i := range people {
		wg.Add(1)
		go func() {
			defer wg.Done()
			events := b.Subscribe(ctx)
			c := b.Phone(fmt.Sprintf("+120255501%02d", i+20)).Call(line)
			for ev := range events {
				switch {
				case ev.Call != c.SID():
				case ev.Kind == KindSay && ev.Text == "Press one.":
					c.Press("1")
				case ev.Kind == EventJoined:
					joined.Done()
					joined.Wait()
					c.Say("hello from " + fmt.Sprint(i))
					c.Press("*")
				case ev.Kind == EventState && ev.Text == "completed":
					return
				}
			}
			t.Errorf("call %d did not end: %s", i, c.Transcript())
		}()
	}
	wg.Wait()
	b.Settle()
	same(t, "rooms", len(b.Rooms()), 0)
	same(t, "ended", len(b.asked("/ended")), people)
	same(t, "told", len(b.asked("/room")), 2*people+1)
	b.clean()
	last := uint64(0)
	cancel()
	for ev := range b.Subscribe(ctx) {
		if ev.Seq <= last {
			t.Fatalf("event %d after %d", ev.Seq, last)
		}
		last = ev.Seq
	}
}

func TestSubscribeTellsThePast(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Say>hi</Say>`})
	c := b.Phone(anna).Call(line)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var kinds []string
	for ev := range b.Subscribe(ctx) {
		kinds = append(kinds, ev.Kind)
		if ev.Kind == KindSay {
			cancel()
			c.Hangup()
		}
	}
	same(t, "kinds", kinds, []string{EventState, KindRing, EventExchange, EventState, KindSay})
	same(t, "phones", len(b.Phones()), 1)
}
