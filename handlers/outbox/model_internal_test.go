package outbox

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// The model has one row, two programs that work on it, a resolver, and a carrier,
// of which each may at any moment do whatever it can. Every order of events is
// tried. What a row may become is asked of store.SendState.Leads; what answers,
// reports and lists mean, of the program's own functions. Store's guards, which
// are SQL, stand here as they are there: whoever has a row proves it by its fence,
// the carrier by the attempt.

// A step of the model's clock is a minute.
const (
	step    = time.Minute
	expires = 13 // steps; the row's
	wonder  = 10 // after which an unknown row lapses
	ends    = 14
	asks    = 2 // requests at most
	never   = -1
	// enough is how long it takes to find out what became of a request and to make
	// another, when nothing fails but what the model lets fail.
	enough = 6
)

// mRow is the row as Postgres has it.
type mRow struct {
	state                               store.SendState
	attempts, fence, intent, clear, due int8
	lease                               int8
	told                                bool // by the carrier, of this attempt
	since                               int8 // it was last due, or about to be sent
}

type phase int8

const (
	idle phase = iota
	claimed
	intended
	asked // waits for an answer
	knows // has one, or none, and has not written it down
)

// mWorker is a program at work on the row.
type mWorker struct {
	phase              phase
	fence, attempt, at int8
	to                 store.SendState
	sid                int8 // attempt + 1 of what the carrier took, 0 if it did not tell
}

// mRequest is one that was made; what the carrier does with it.
type mRequest struct {
	state    int8 // 0: not made; flying, taken, dropped
	intent   int8
	at       int8
	marked   bool
	reaches  bool // its person; else it fails for now
	reported int8 // how often its end may still be told
	heard    bool // it was told at least once, while that could help
}

const (
	flying = 1 + iota
	taken
	dropped
)

type mState struct {
	now      int8
	row      mRow
	workers  [2]mWorker
	requests [asks]mRequest
	looked   bool // the resolver has looked in this step, or could not
	found    finding
	foundSID int8
	foundFor int8 // fence
	slips    int8 // programs that may still be killed or frozen
	downs    bool // the list could not be read once
}

type model struct {
	drain      time.Duration
	seen       map[mState]bool
	queue      []mState
	duplicates int
	wrong      []mState
	stuck      []mState
}

func at(n int8) time.Time { return noon24.Add(time.Duration(n) * step) }

func (m *model) add(s mState) {
	// What makes no difference any more makes no other state.
	if s.row.state != store.SendIntent && s.row.state != store.SendUnknown {
		s.row.intent = never
	}
	if s.row.state != store.SendDue || s.row.due < s.now {
		s.row.due = 0
	}
	if s.row.lease <= s.now && s.row.state != store.SendIntent {
		s.row.lease = never
	}
	for i := range s.requests {
		if r := &s.requests[i]; r.state != flying {
			r.intent = 0
		}
		if r := &s.requests[i]; r.marked {
			r.at = 0
		}
	}
	if !m.seen[s] {
		m.seen[s] = true
		m.queue = append(m.queue, s)
	}
}

func (m *model) run() {
	m.seen = map[mState]bool{}
	m.add(mState{row: mRow{state: store.SendDue, intent: never, clear: never, lease: never}, slips: 1})
	for len(m.queue) > 0 {
		s := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		if m.check(s) {
			continue
		}
		for i := range s.workers {
			if i > 0 && s.workers[i] == s.workers[i-1] {
				continue // the same by another name
			}
			m.work(s, i)
		}
		for i := range s.requests {
			m.carry(s, i)
			m.report(s, i)
		}
		m.tidy(s)
		m.resolve(s)
		m.tick(s)
	}
}

// check counts what went wrong, and reports whether nothing more can.
func (m *model) check(s mState) (over bool) {
	reached, made, unheard, flies := 0, false, false, false
	for _, r := range s.requests {
		flies = flies || r.state == flying
		if r.state == taken {
			made = true
			unheard = unheard || !r.heard
			if r.reaches {
				reached++
			}
		}
	}
	if reached > 1 {
		m.duplicates++
		return true
	}
	over = len(s.row.state.Leads()) == 0 && !flies
	if !over && s.now < ends {
		return false
	}
	switch s.row.state {
	case store.SendDue, store.SendIntent, store.SendUnknown:
		m.stuck = append(m.stuck, s)
	case store.SendAccepted, store.SendDone, store.SendFailed:
		if !made {
			m.wrong = append(m.wrong, s)
		}
	case store.SendLapsed:
		// It is given up only if nobody could tell, or there was no more time.
		late := s.row.since > expires-enough
		if reached > 0 && !(unheard && (s.downs || late)) || reached == 0 && s.row.attempts < asks && !s.downs && !late {
			m.wrong = append(m.wrong, s)
		}
	}
	return true
}

func TestTheProtocolSendsOnce(t *testing.T) {
	t.Parallel()
	m := model{drain: asking + underWay}
	m.run()
	t.Logf("%d states", len(m.seen))
	if m.duplicates+len(m.wrong)+len(m.stuck) > 0 {
		t.Errorf("%d states with a second one, %d wrong ends, %d stuck", m.duplicates, len(m.wrong), len(m.stuck))
		for _, s := range append(m.wrong[:min(3, len(m.wrong))], m.stuck[:min(3, len(m.stuck))]...) {
			t.Logf("%+v", s)
		}
	}
	if len(m.seen) < 10_000 {
		t.Error("it explores too little to prove anything")
	}
}

// The model can fail: it finds what goes wrong when rows are resolved while their
// requests may be under way.
func TestWithoutDrainingTheProtocolSendsTwice(t *testing.T) {
	t.Parallel()
	m := model{}
	m.run()
	t.Logf("%d states, %d with a second one", len(m.seen), m.duplicates)
	if m.duplicates == 0 {
		t.Error("it finds none")
	}
}
