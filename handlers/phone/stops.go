package phone

import (
	"sync"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// Stops counts, in memory, how often callers were asked something and were still there
// after it: whoever was not has hung up. Nothing is kept of a call for it, and so it
// may go on at another replica.
type Stops struct {
	mu     sync.Mutex
	counts map[string]map[store.Stop]store.Stopped // by line, since the last Drain
}

// NewStops returns counts of nothing.
func NewStops() *Stops { return &Stops{counts: map[string]map[store.Stop]store.Stopped{}} }

// turn counts a turn of a call on a line: that somebody is there who was asked at one
// node, and that they are asked at another if an answer is waited for. Of what the flow
// calls sensitive nothing is counted.
func (s *Stops) turn(line string, f *flows.Flow, before flows.State, did flows.Input, out flows.Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := stopAt(f, before); ok && did.Event != flows.Started {
		s.add(line, at, store.Stopped{Stayed: 1})
	}
	if _, waits := out.Then.(flows.Await); !waits {
		return
	}
	if at, ok := stopAt(f, out.State); ok {
		s.add(line, at, store.Stopped{Asked: 1})
	}
}

func stopAt(f *flows.Flow, s flows.State) (store.Stop, bool) {
	at, ok := store.StopAt(s.Node)
	return at, ok && !f.Sensitive(s)
}

// named is a function as a log may call it: of what the flow calls sensitive it does not
// tell what somebody was about.
func (in call) named(r flows.Request) string {
	if in.flow.Sensitive(r.State) {
		return "sensitive"
	}
	return r.Function
}

func (s *Stops) add(line string, at store.Stop, n store.Stopped) {
	if s.counts[line] == nil {
		s.counts[line] = map[store.Stop]store.Stopped{}
	}
	was := s.counts[line][at]
	s.counts[line][at] = store.Stopped{Asked: was.Asked + n.Asked, Stayed: was.Stayed + n.Stayed}
}

// Drain returns what was counted, by line, since it was last called.
func (s *Stops) Drain() map[string]map[store.Stop]store.Stopped {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := s.counts
	s.counts = map[string]map[store.Stop]store.Stopped{}
	return counts
}
