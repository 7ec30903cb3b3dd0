package phone

import (
	"cmp"
	"strconv"
	"sync"
	"time"
)

// The budgets of wrong codes. Six digits hold a million codes: at these rates
// a code group of a line is found by chance once in decades.
const (
	callerBudget   = 12 // wrong codes from one number
	withheldBudget = 60 // from all withheld numbers of a line together
	lineBudget     = 300
	budgetPeriod   = time.Hour
	// rememberFor is how long a repeated webhook is known as such.
	rememberFor = 5 * time.Minute
	// fewLooks is what each caller still has when a budget that all share is
	// spent: else one prankster could lock everybody out.
	fewLooks = 2
)

// Attempt is one try at a group's code. Event and Turn name it, so that the
// same webhook sent twice counts once.
type Attempt struct {
	Line   string
	Caller []byte // the number's index; nil when withheld
	Event  string // the carrier's id of the call or text
	Turn   int
	Right  bool // there is a group with the code
	// Open says that the group is listed for all to hear: its code is no
	// secret, and no budget stands before it.
	Open bool
}

// Tally counts attempts by how they came out.
type Tally struct{ Right, Wrong, Refused int }

// Attempts keeps the budgets of one replica, in memory, under a key that dies
// with it: nothing of who tried what is kept anywhere. Only counts leave.
type Attempts struct {
	key memoryKey
	now func() time.Time

	mu     sync.Mutex
	spent  map[digest]*budget
	judged map[digest]judgement
	tally  map[string]Tally // by line, since the last Drain
	swept  time.Time
}

type budget struct {
	left  float64
	since time.Time
}

type judgement struct {
	allowed bool
	at      time.Time
}

// NewAttempts returns full budgets.
func NewAttempts(now func() time.Time) *Attempts {
	return &Attempts{key: newMemoryKey(), now: now, spent: map[digest]*budget{}, judged: map[digest]judgement{}, tally: map[string]Tally{}, swept: now()}
}

// Allow says whether a code may be looked up, and counts it.
func (a *Attempts) Allow(t Attempt) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.sweep(now)
	id := a.key.digest("attempt", t.Event, strconv.Itoa(t.Turn))
	if j, ok := a.judged[id]; ok {
		return j.allowed
	}
	own, all := a.budgets(t, now)
	allowed := t.Right && t.Open || own.left >= 1 && all.left >= 1
	if few := a.few(t, own, all, now); few != nil && !allowed {
		allowed = few.left >= 1
		few.left--
	}
	tally := a.tally[t.Line]
	switch {
	case !allowed:
		tally.Refused++
	case t.Right:
		tally.Right++
	default:
		tally.Wrong++
	}
	a.tally[t.Line] = tally
	if !t.Right {
		own.left, all.left = max(0, own.left-1), max(0, all.left-1)
	}
	a.judged[id] = judgement{allowed: allowed, at: now}
	return allowed
}

// Left says whether somebody may try once more, and counts nothing.
func (a *Attempts) Left(t Attempt) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	own, all := a.budgets(t, now)
	few := a.few(t, own, all, now)
	return own.left >= 1 && all.left >= 1 || few != nil && few.left >= 1
}

// few is what somebody still has because it is a budget that all share which is spent,
// nil if it is not.
func (a *Attempts) few(t Attempt, own, all *budget, now time.Time) *budget {
	if shared := own.left < 1 && t.Caller == nil || own.left >= 1 && all.left < 1; !shared {
		return nil
	}
	return a.budget(a.key.digest("few", t.Line, cmp.Or(string(t.Caller), t.Event)), fewLooks, now)
}

// Drain returns what was counted, by line, since it was last called.
func (a *Attempts) Drain() map[string]Tally {
	a.mu.Lock()
	defer a.mu.Unlock()
	counts := a.tally
	a.tally = map[string]Tally{}
	return counts
}

// budgets are those that an attempt spends: the caller's own, and the line's.
func (a *Attempts) budgets(t Attempt, now time.Time) (own, all *budget) {
	who, most := a.key.digest("withheld", t.Line, ""), withheldBudget
	if t.Caller != nil {
		who, most = a.key.digest("caller", t.Line, string(t.Caller)), callerBudget
	}
	return a.budget(who, most, now), a.budget(a.key.digest("line", t.Line, ""), lineBudget, now)
}

// budget refills steadily, so that an hour gives as much as a full one holds.
func (a *Attempts) budget(id digest, most int, now time.Time) *budget {
	b := a.spent[id]
	if b == nil {
		b = &budget{left: float64(most), since: now}
		a.spent[id] = b
	}
	b.left = min(float64(most), b.left+float64(most)*float64(now.Sub(b.since))/float64(budgetPeriod))
	b.since = now
	return b
}

// sweep forgets what no longer matters.
func (a *Attempts) sweep(now time.Time) {
	if now.Sub(a.swept) < time.Minute {
		return
	}
	a.swept = now
	for id, j := range a.judged {
		if now.Sub(j.at) > rememberFor {
			delete(a.judged, id)
		}
	}
	for id, b := range a.spent {
		if now.Sub(b.since) > budgetPeriod {
			delete(a.spent, id)
		}
	}
}
