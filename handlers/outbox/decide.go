package outbox

import (
	"slices"
	"time"

	"github.com/hearthline/hearthline/store"
)

const (
	// asking is how long a request may be under way at our side, and underWay how
	// long at the carrier's after that. When both are over, its list has what it
	// was asked for, or never will.
	asking   = store.SendLease
	underWay = store.UnderWay
	// skew is how far the carrier's clock may be from ours.
	skew = time.Minute
	// apart is how long two reads of the list must lie from each other that prove
	// that it lacks something: what it has may show late.
	apart = time.Minute
)

// question is a row of which nobody can tell whether it was sent.
type question struct {
	to       string    // whom it goes to; "" if that cannot be told any more
	intentAt time.Time // when the carrier was about to be asked
	clearAt  time.Time // when the list was first read and lacked it; zero if it was not
	closed   bool      // whom it goes to cannot be opened now: to is "", and it may be anybody
}

// orphan is what the carrier's list has, and of which we do not know what it is.
type orphan struct {
	to  string    // "" if the list does not show it
	at  time.Time // zero if the list does not show it
	sid string
}

// finding is what the list tells of a row.
type finding int

const (
	wait    finding = iota // nothing yet
	missing                // the list lacks it, for the first time
	unsent                 // the list lacks it, for long enough: proof
	sent                   // the list has it
)

// answer is a finding, and of what was sent, as what.
type answer struct {
	finding
	sid string
}

// reading is one read of the carrier's list.
type reading struct {
	now time.Time
	// known is until when each request is settled, or is one of the questions.
	known time.Time
	drain time.Duration // how long a request may be under way
}

// decide finds out what became of rows, by what the carrier's list has that we
// hold no mark of.
//
// Nothing follows for a row while its request may be under way. After that, when
// the list has nothing that may be it, on two reads, it was not sent. When it has
// as many to a number as there are rows to it, all were. Else, and while another
// request to that number may be under way, nobody can tell which.
//
// Where the list does not show to whom something went, it may be any row's, and only
// all can be counted against all. Where whom a row goes to cannot be opened, anything
// may be that row's, and nothing is counted. That a number has nothing is told all the
// same.
func (r reading) decide(questions []question, orphans []orphan) []answer {
	answers := make([]answer, len(questions))
	orphans = slices.DeleteFunc(slices.Clone(orphans), func(o orphan) bool {
		return !slices.ContainsFunc(questions, func(q question) bool { return r.mayBe(q, o) })
	})
	hidden := slices.DeleteFunc(slices.Clone(orphans), func(o orphan) bool { return o.to != "" })
	all, whole := r.match(questions, orphans)
	if whole && len(hidden) > 0 {
		for i, q := range questions {
			if q.to != "" {
				answers[i] = answer{sent, all[i]}
			}
		}
		return answers
	}
	to := map[string][]int{}
	for i, q := range questions {
		to[q.to] = append(to[q.to], i)
	}
	delete(to, "") // nobody is there any more, and it lapses; or who it is cannot be told now
	for number, rows := range to {
		group := make([]question, len(rows))
		for n, i := range rows {
			group[n] = questions[i]
		}
		theirs := slices.DeleteFunc(slices.Clone(orphans), func(o orphan) bool { return o.to != number })
		sids, counted := r.match(group, theirs)
		for n, i := range rows {
			mayBe := func(o orphan) bool { return r.mayBe(questions[i], o) }
			switch {
			case !r.drained(questions[i]), slices.ContainsFunc(hidden, mayBe):
			case !slices.ContainsFunc(theirs, mayBe):
				answers[i].finding = r.lacking(questions[i])
			case counted && !r.doubted(questions, theirs):
				answers[i] = answer{sent, sids[n]}
			}
		}
	}
	return answers
}

// match gives each row an orphan that may be it, if there are as many, and no other
// row's. Which is whose does not matter, but that it may be: whatever is written down
// before a program is killed, the list still has one for each other row.
func (r reading) match(questions []question, orphans []orphan) (sids []string, ok bool) {
	if len(questions) != len(orphans) || !r.certain(questions, orphans) {
		return nil, false
	}
	sids = make([]string, len(questions))
	for _, hidden := range []bool{false, true} { // what can be anybody's goes to who is left
		for _, o := range orphans {
			if (o.to == "") != hidden {
				continue
			}
			i := 0
			for i < len(questions) && (sids[i] != "" || !r.mayBe(questions[i], o)) {
				i++
			}
			if i == len(questions) {
				return nil, false
			}
			sids[i] = o.sid
		}
	}
	return sids, true
}

// doubted reports whether one of orphans may be a row's of which nobody can tell now
// to whom it goes.
func (r reading) doubted(questions []question, orphans []orphan) bool {
	return slices.ContainsFunc(questions, func(q question) bool {
		return q.closed && slices.ContainsFunc(orphans, func(o orphan) bool { return r.fits(q, o) })
	})
}

// mayBe reports whether a row may have been sent as o.
func (r reading) mayBe(q question, o orphan) bool {
	return (o.to == "" || o.to == q.to) && r.fits(q, o)
}

// certain reports whether orphans are among questions: no request for one of these
// is under way, and those that are not among them were made later.
func (r reading) certain(questions []question, orphans []orphan) bool {
	return !slices.ContainsFunc(questions, func(q question) bool { return !r.drained(q) }) &&
		!slices.ContainsFunc(orphans, func(o orphan) bool { return o.at.IsZero() || !o.at.Before(r.known) })
}

// drained reports whether no request for a row can be under way.
func (r reading) drained(q question) bool { return !r.now.Before(q.intentAt.Add(r.drain)) }

// fits reports whether a row may have been sent as o, whoever that went to.
func (r reading) fits(q question, o orphan) bool {
	return o.at.IsZero() ||
		!o.at.Before(q.intentAt.Add(-skew)) && !o.at.After(q.intentAt.Add(asking+underWay+skew))
}

// lacking is what follows when the list has nothing that may be a row.
func (r reading) lacking(q question) finding {
	switch {
	case q.clearAt.IsZero():
		return missing
	case r.now.Before(q.clearAt.Add(apart)):
		return wait
	}
	return unsent
}
