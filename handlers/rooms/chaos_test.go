package rooms_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Callbacks come twice, late, in another order or never, and the carrier fails now
// and then, while people come, step out, mute themselves, hang up, and are muted,
// removed and given turns. Soon after that ends each is where they belong, with the
// microphone that they should have.
func TestChaos(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			chaos(t, seed)
		})
	}
}

const people = 9 // the last digits of their numbers tell them apart

func chaos(t *testing.T, seed uint64) {
	r := newRig(t)
	r.unheard = true
	r.start()
	chance := rand.New(rand.NewPCG(seed, 6))
	host := r.person(9).leads(pin).comes(openCode)
	all := []*person{host}
	for n := range people - 1 {
		all = append(all, r.person(n+1).comes(openCode))
	}
	for _, f := range []emulator.Fault{
		{On: emulator.OnCallback, Match: rooms.EventPath, Share: 0.2, Drop: true},
		{On: emulator.OnCallback, Match: rooms.EventPath, Share: 0.2, Duplicate: 2},
		{On: emulator.OnCallback, Match: rooms.EventPath, Share: 0.2, Reorder: true},
		{On: emulator.OnCallback, Match: rooms.EventPath, Share: 0.2, Delay: 7 * time.Second},
		{On: emulator.OnREST, Share: 0.1, Status: 503},
		{On: emulator.OnREST, Share: 0.05, Status: 429},
	} {
		r.twilio.Inject(f)
	}
	for range 120 {
		r.act(chance, host, all)
		r.pass(time.Duration(chance.IntN(4)) * time.Second)
	}
	r.twilio.ClearFaults()
	for _, p := range all {
		if p.Current() != nil { // nobody is left at a menu
			p.call.Press("w")
		}
	}
	r.pass(4 * time.Minute) // who hung up at a menu is given up on after three
	waiting := r.settled(host, all)
	// Nobody tells of a call that ends on its way into the queue at the door: it is
	// asked for after five minutes.
	r.pass(5 * time.Minute)
	if seen := host.sees(); seen.Waiting != waiting {
		t.Errorf("%d wait, the session says %d", waiting, seen.Waiting)
	}
}

// act has somebody do something.
func (r *rig) act(chance *rand.Rand, host *person, all []*person) {
	p := all[1+chance.IntN(len(all)-1)]
	if p.Current() == nil {
		p.comes(openCode)
		return
	}
	switch n := chance.IntN(12); n {
	case 0, 1:
		p.call.Press("*")
	case 2:
		p.call.Press("*6")
	case 3:
		p.call.Press("*3")
	case 4:
		p.call.Press("*9")
	case 5:
		p.call.Hangup()
	case 6:
		host.do(session.Request{Verb: session.MuteSeat, Seat: 1 + chance.IntN(people)})
	case 7:
		host.do(session.Request{Verb: session.Next})
	case 8, 9:
		modes := []session.Mode{session.Open, session.Hands, session.Circle, session.Listen}
		host.do(session.Request{Verb: session.SetMode, Mode: modes[chance.IntN(len(modes))]})
	case 10:
		host.do(session.Request{Verb: session.ToWait, Seat: 2 + chance.IntN(people-1)})
	case 11:
		host.do(session.Request{Verb: session.Admit})
	}
}

// settled holds that the session has in the room whoever is in it, and that each
// microphone is as it should be; it returns how many wait at the door.
func (r *rig) settled(host *person, all []*person) (waiting int) {
	r.t.Helper()
	in := map[string]bool{} // muted, by number
	for _, m := range r.twilio.Rooms() {
		for _, p := range m.Participants {
			in[p.Phone] = p.Muted
		}
	}
	here := 0
	for _, p := range all {
		muted, is := in[p.Number()]
		switch {
		case p.Current() == nil && is:
			r.t.Errorf("%s has hung up and is in", p.Number())
		case p.Current() == nil:
		case is:
			here++
			if want := p.sees().Muted; muted != want {
				r.t.Errorf("%s is muted: %v, and should be: %v", p.Number(), muted, want)
			}
		default:
			waiting++
		}
	}
	if seen := host.sees(); seen.Here != here {
		r.t.Errorf("%d are here, the session says %d", here, seen.Here)
	}
	if n := len(r.twilio.Rooms()); n > 1 {
		r.t.Errorf("%d rooms: %s", n, r.rooms())
	}
	return waiting
}
