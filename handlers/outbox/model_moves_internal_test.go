package outbox

import (
	"slices"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// leads reports whether a row in this state may become to, of those states that a
// statement looks at.
func (r mRow) leads(to store.SendState, from ...store.SendState) bool {
	return slices.Contains(from, r.state) && slices.Contains(r.state.Leads(), to)
}

// become is store's step.
func (r *mRow) become(to store.SendState, now int8) {
	r.state, r.lease, r.clear = to, never, never
	switch to {
	case store.SendDue:
		r.due, r.since = now+1, now
	case store.SendIntent:
		r.since = now
	}
}

// work has a program do the next thing.
func (m *model) work(s mState, i int) {
	w := &s.workers[i]
	if w.phase != idle && s.slips > 0 { // it is killed
		killed := s
		killed.slips--
		killed.workers[i] = mWorker{}
		m.add(killed.sorted())
	}
	switch w.phase {
	case idle:
		if !s.claimable() {
			return
		}
		s.row.fence++
		s.row.lease = s.now + 1
		*w = mWorker{phase: claimed, fence: s.row.fence}
	case claimed:
		was := *w
		*w = mWorker{}
		switch {
		case s.row.fence != was.fence || !s.row.leads(store.SendIntent, store.SendDue):
		case s.now >= expires:
			s.row.become(store.SendLapsed, s.now)
		default:
			*w = mWorker{phase: intended, fence: was.fence, attempt: s.row.attempts, at: s.now}
			s.row.become(store.SendIntent, s.now)
			s.row.attempts, s.row.intent, s.row.lease, s.row.told = s.row.attempts+1, s.now, s.now+1, false
		}
	case intended:
		if s.now > w.at { // too late to ask
			m.answer(s, i, again(at(s.now), 0, "").To, 0)
			return
		}
		m.answer(s, i, answered("", &carrier.Error{Class: carrier.Temporary}, at(s.now), 0).To, 0) // no connection
		w.phase = asked
		s.requests[w.attempt] = mRequest{state: flying, intent: w.at}
	case asked:
		return // for the carrier, or for too long
	case knows:
		if w.sid > 0 {
			s.requests[w.sid-1].marked = true
		}
		if s.row.fence == w.fence && !s.row.told && s.row.leads(w.to, store.SendDue, store.SendIntent, store.SendUnknown) {
			s.row.become(w.to, s.now)
			s.row.told = w.to == store.SendAccepted
		}
		*w = mWorker{}
	}
	m.add(s.sorted())
}

// answer gives a program its answer.
func (m *model) answer(s mState, i int, to store.SendState, sid int8) {
	s.workers[i].phase, s.workers[i].to, s.workers[i].sid = knows, to, sid
	m.add(s.sorted())
}

// sorted gives alike states one name.
func (s mState) sorted() mState {
	slices.SortFunc(s.workers[:], func(a, b mWorker) int { return int(a.phase) - int(b.phase) })
	return s
}

func (s mState) claimable() bool {
	return s.row.state == store.SendDue && s.row.due <= s.now && s.now < expires && s.row.lease <= s.now && s.row.attempts < asks
}

// carry has the carrier do something with a request, and answer, or not.
func (m *model) carry(s mState, i int) {
	r := &s.requests[i]
	if r.state != flying {
		return
	}
	waits := slices.IndexFunc(s.workers[:], func(w mWorker) bool { return w.phase == asked && int(w.attempt) == i })
	fault := func(status int, class carrier.Class) store.SendState {
		return answered("", &carrier.Error{Status: status, Class: class}, at(s.now), 0).To
	}
	lost := s
	lost.requests[i].state = dropped
	m.add(lost)
	if waits >= 0 {
		m.answer(lost, waits, fault(429, carrier.Throttled), 0)
		m.answer(lost, waits, fault(500, carrier.Unknown), 0)
	}
	for _, reaches := range []bool{true, false} {
		done := s
		done.requests[i].state, done.requests[i].at, done.requests[i].reaches, done.requests[i].reported = taken, s.now, reaches, 2
		m.add(done)
		if waits >= 0 {
			m.answer(done, waits, answered("SM", nil, at(s.now), 0).To, int8(i)+1)
			m.answer(done, waits, fault(500, carrier.Unknown), 0)
		}
	}
}

// report has the carrier tell what became of a request: late, twice, or never.
func (m *model) report(s mState, i int) {
	r := &s.requests[i]
	if r.state != taken || r.reported == 0 {
		return
	}
	lost := s
	lost.requests[i].reported = 0
	m.add(lost)
	end := carrier.Progress{SID: "SM", Over: true, Outcome: carrier.ReachDelivered}
	if !r.reaches {
		end = carrier.Progress{SID: "SM", Over: true, Outcome: carrier.ReachUndelivered, Code: 30003, Class: carrier.Temporary}
	}
	r.reported--
	r.heard = true
	m.hear(s, i, end)
	if r.reported == 1 { // on its way, before the end is told
		onItsWay := s
		onItsWay.requests[i].reported, onItsWay.requests[i].heard = 2, false
		m.hear(onItsWay, i, carrier.Progress{SID: "SM"})
	}
}

func (m *model) hear(s mState, i int, p carrier.Progress) {
	s.requests[i].marked = true
	v, outcome := told(p, flows.ByText, at(s.now), i)
	from := []store.SendState{store.SendDue, store.SendIntent, store.SendUnknown, store.SendAccepted}
	if v.To == store.SendDue {
		from = from[1:]
	}
	if int(s.row.attempts) == i+1 && s.row.leads(v.To, from...) && !(v.To == store.SendAccepted && s.row.told) {
		s.row.become(v.To, s.now)
		s.row.told = s.row.told || v.To == store.SendAccepted || outcome != ""
	}
	m.add(s)
}

func (s mState) untidy() store.SendState {
	switch r := s.row; {
	case r.state == store.SendIntent && r.lease <= s.now:
		return store.SendUnknown
	case r.state == store.SendDue && s.now >= expires && r.lease <= s.now,
		r.state == store.SendUnknown && (s.now >= expires || s.now >= r.intent+wonder):
		return store.SendLapsed
	}
	return ""
}

func (m *model) tidy(s mState) {
	if to := s.untidy(); to != "" && s.row.leads(to, s.row.state) {
		clear := s.row.clear
		s.row.become(to, s.now)
		s.row.clear = clear
		m.add(s)
	}
}

// resolve reads the list, and later concludes. Whoever reads may vanish between.
func (m *model) resolve(s mState) {
	if s.found != wait {
		gone := s
		gone.found, gone.foundSID, gone.foundFor = wait, 0, 0
		if s.slips > 0 {
			killed := gone
			killed.slips--
			m.add(killed)
		}
		if s.row.state == store.SendUnknown && s.row.fence == s.foundFor {
			switch {
			case s.found == missing:
				if gone.row.clear == never {
					gone.row.clear = s.now
				}
			case s.found == unsent && gone.row.leads(store.SendDue, store.SendUnknown):
				gone.row.become(store.SendDue, s.now)
				gone.row.due = s.now
			case s.found == sent && gone.row.leads(store.SendAccepted, store.SendUnknown):
				gone.row.become(store.SendAccepted, s.now)
				gone.requests[s.foundSID-1].marked = true
			}
		}
		m.add(gone)
		return
	}
	if s.row.state != store.SendUnknown || s.looked {
		return
	}
	s.looked = true
	cannot := s
	cannot.downs = true
	m.add(cannot)
	now := at(s.now)
	q := question{to: "a", intentAt: at(s.row.intent)}
	if s.row.clear != never {
		q.clearAt = at(s.row.clear)
	}
	var orphans []orphan
	for i, r := range s.requests {
		if r.state == taken && !r.marked {
			orphans = append(orphans, orphan{"a", at(r.at), string(rune('1' + i))})
		}
	}
	a := (reading{now: now, known: now.Add(-asking - skew), drain: m.drain}).decide([]question{q}, orphans)[0]
	s.found, s.foundFor = a.finding, s.row.fence
	if a.finding == wait {
		s.foundFor = 0
	}
	if a.finding == sent {
		s.foundSID = int8(a.sid[0] - '0')
	}
	m.add(s)
}

// tick lets half a minute pass: not before everybody who is not frozen has done
// what they had to, and no request may be under way for longer than requests are.
func (m *model) tick(s mState) {
	if s.now >= ends || s.untidy() != "" || s.found != wait || s.row.state == store.SendUnknown && !s.looked {
		return
	}
	if s.claimable() && slices.ContainsFunc(s.workers[:], func(w mWorker) bool { return w.phase == idle }) {
		return
	}
	for i, w := range s.workers {
		switch w.phase {
		case idle:
		case asked: // no answer came in time
			s.workers[i].phase, s.workers[i].to = knows, answered("", &carrier.Error{Class: carrier.Unknown}, at(s.now), 0).To
		default:
			if s.slips == 0 {
				return
			}
			s.slips--
		}
	}
	s.now++
	for _, r := range s.requests {
		if r.state == flying && at(s.now).Sub(at(r.intent)) >= asking+underWay {
			return
		}
	}
	s.looked = false
	m.add(s.sorted())
}
