package session_test

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// FuzzDecode reads anything, and holds that what is read can be held on with.
func FuzzDecode(f *testing.F) {
	for seed := range uint64(8) {
		m := newModel(f, seeded{rand.New(rand.NewPCG(seed, 2))}, occurrence())
		for range 40 * seed {
			m.step()
		}
		f.Add(m.state())
	}
	f.Add([]byte("null"))
	f.Add([]byte(`{"State":{"Version":1,"Seats":[null]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := session.Decode(b)
		if err != nil {
			return
		}
		use(s)
		once, err := s.Encode()
		if err != nil {
			return // a time that no calendar has
		}
		again, err := session.Decode(once)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := again.Encode(); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("it is read as another: %v\n%s\n%s", err, once, twice)
		}
	})
}

// use does a bit of everything with a session.
func use(s *session.Session) {
	s.Tick(at(0))
	for _, a := range s.Acts(at(time.Second)) {
		s.Reported(at(time.Second), a, session.Accepted)
	}
	s.Knock(at(2*time.Second), session.Arrival{Call: "a", Who: []byte("a"), Facilitator: "f"})
	s.Enter(at(2*time.Second), "a", "a1")
	s.Heard(at(2*time.Second), session.Event{Kind: session.Joined, Conference: "c", Sequence: 1, Call: "a", Label: "a1"})
	s.Listed(at(3*time.Second), session.Main, "c", []session.Leg{{Call: "b", Label: "b1"}})
	for _, v := range []session.Verb{session.Next, session.SetMode, session.Admit, session.Pairs, session.Together, session.Summon} {
		s.Do(at(4*time.Second), session.Request{Role: session.Coordinator, Verb: v, Seat: 1, Mode: session.Circle, Minutes: 3})
	}
	s.Rung(at(5*time.Second), "f", false)
	s.Stepped(at(6*time.Second), "a", true)
	s.Tick(at(10 * time.Minute))
	s.Status(at(10*time.Minute), session.Facilitator)
	s.Wake()
}
