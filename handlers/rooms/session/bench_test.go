package session_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// BenchmarkVerb is a verb as the service of rooms does it: read the state of a
// session of ten in a circle, do it, find the acts, write the state.
func BenchmarkVerb(b *testing.B) {
	w := newWorld(b, occurrence(), 0)
	w.host("rose")
	for i := range 9 {
		w.arrive(fmt.Sprint("p", i))
	}
	w.mode(session.Circle)
	w.pass(time.Minute)
	for i := range 128 {
		w.do(fmt.Sprint("p", i%9), session.Request{Verb: session.Hand})
	}
	n, state := w.seat("p1"), w.state()
	for b.Loop() {
		s, err := session.Decode(state)
		if err != nil {
			b.Fatal(err)
		}
		s.Do(w.now, session.Request{ID: "x", By: n, Verb: session.MuteSelf})
		s.Acts(w.now)
		if _, err := s.Encode(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(state)), "bytes")
}
