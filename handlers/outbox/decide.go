package outbox

import (
	"slices"
	"time"
)

const (
	// asking is how long a request may be under way at our side, and underWay how
	// long at the carrier's after that. When both are over, its list has what it
	// was asked for, or never will.
	asking   = 30 * time.Second
	underWay = 120 * time.Second
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
// Where the list does not show to whom something went, it may be any row's; where
// whom a row goes to cannot be opened, anything may be that row's. Then only all can
// be counted against all. That a number has nothing is told all the same.
func (r reading) decide(questions []question, orphans []orphan) []answer {
	answers := make([]answer, len(questions))
	to := map[string][]int{}
	var closed []question
	for i, q := range questions {
		to[q.to] = append(to[q.to], i)
		if q.closed {
			closed = append(closed, q)
		}
	}
	found := map[string][]orphan{}
	for _, o := range orphans {
		found[o.to] = append(found[o.to], o)
	}
	hidden := found[""]
	// all says that they can only be counted all at once, and that they are as many.
	all := len(hidden)+len(closed) > 0 && len(orphans) == len(questions) && r.certain(questions, orphans) && r.allFit(questions, found)
	for number, rows := range to {
		if number == "" {
			for _, i := range rows {
				if questions[i].closed && all { // of who is gone, it lapses
					answers[i] = answer{sent, orphans[i].sid}
				}
			}
			continue
		}
		group := make([]question, len(rows))
		for n, i := range rows {
			group[n] = questions[i]
		}
		theirs := r.of(group, found[number])
		counted := len(theirs) == len(rows) && r.certain(group, theirs)
		doubted := len(r.of(closed, theirs)) > 0
		for n, i := range rows {
			q := questions[i]
			fits := func(o orphan) bool { return r.fits(q, o) }
			switch {
			case !r.drained(q):
			case !slices.ContainsFunc(theirs, fits) && !slices.ContainsFunc(hidden, fits):
				answers[i].finding = r.lacking(q)
			case all:
				answers[i] = answer{sent, orphans[i].sid}
			case doubted || slices.ContainsFunc(hidden, fits):
			case counted:
				answers[i] = answer{sent, theirs[n].sid}
			}
		}
	}
	return answers
}

// of are those orphans that may be one of the questions, whoever these go to.
func (r reading) of(questions []question, orphans []orphan) []orphan {
	return slices.DeleteFunc(slices.Clone(orphans), func(o orphan) bool {
		return !slices.ContainsFunc(questions, func(q question) bool { return r.fits(q, o) })
	})
}

// allFit reports whether there is something that may be it for each question.
func (r reading) allFit(questions []question, found map[string][]orphan) bool {
	return !slices.ContainsFunc(questions, func(q question) bool {
		return q.to != "" && len(r.of([]question{q}, found[q.to]))+len(r.of([]question{q}, found[""])) == 0
	})
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
