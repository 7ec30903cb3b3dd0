package session

import (
	"bytes"
	"slices"
	"time"
)

// sit makes a seat, in the place of one that nobody needs any more if there is any.
func (s *Session) sit(a Arrival, at Place) *seat {
	p := &seat{
		Role: Participant, Word: s.word(), Nth: s.Arrivals,
		Lang: a.Lang, Slow: a.Slow, Who: bytes.Clone(a.Who), Place: at, Leg: leg{Call: a.Call, State: outside, Since: s.Now}, Came: s.Now,
	}
	s.Arrivals++
	for _, q := range s.Seats {
		if q.Place != Out && a.Who != nil && bytes.Equal(q.Who, a.Who) {
			p.After = q.Number
		}
	}
	if i := slices.IndexFunc(s.Seats, s.spent); i >= 0 {
		s.finish(s.Seats[i].Leg.Call)
		p.Number, s.Seats[i] = i+1, p
	} else {
		s.Seats = append(s.Seats, p)
		p.Number = len(s.Seats)
	}
	s.Finished = slices.DeleteFunc(s.Finished, func(h uint64) bool { return h == hash(a.Call) })
	s.join(p)
	return p
}

// words is how many aliases every language has.
const words = 60

// word is the alias of who comes next: the next one of the list, in an order that the
// seed gives, that nobody has. If all are taken, numbers go on.
func (s *Session) word() int {
	steps := []uint64{7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 49, 53} // none shares a divisor with words
	step := steps[draw(s.Seed, 0)%uint64(len(steps))]
	taken := func(word int) bool {
		return slices.ContainsFunc(s.Seats, func(p *seat) bool { return p.Word == word })
	}
	for n := range uint64(words) {
		if word := int((draw(s.Seed, 1)%words + (uint64(s.Arrivals)+n)*step) % words); !taken(word) {
			return word
		}
	}
	word := words
	for taken(word) {
		word++
	}
	return word
}

// outForGood is how long somebody is out before another may have their seat. Whoever
// heard of them by its number has forgotten it by then.
const outForGood = 10 * time.Minute

// spent says whether a seat is nobody's any more: they are out for good, of their own
// accord, and nothing refers to it.
func (s *Session) spent(p *seat) bool {
	switch p.Leg.State {
	case in, coming, queued:
		return false
	}
	return p.Place == Out && !p.Removed && s.Now.Sub(p.Gone) >= outForGood && !slices.Contains(s.named(), p.Number)
}

// named are the numbers of the seats to which something refers, and zeros.
func (s *Session) named() []int {
	all := append([]int{s.Speaker}, s.Queue...)
	if c := s.Circle; c != nil {
		all = slices.Concat(all, c.Order, c.Passed, c.Missed)
	}
	for _, r := range []*ring{s.Ring, s.Rang} {
		if r != nil {
			all = append(all, r.Person)
		}
	}
	for _, p := range s.Seats {
		all = append(all, p.After)
	}
	for _, n := range s.Notes {
		all = append(all, n.Seat, n.Note.Seat)
	}
	return all
}

// inOrder sorts seats by when somebody first sat on them.
func inOrder(some []*seat) []*seat {
	slices.SortStableFunc(some, func(p, q *seat) int { return p.Nth - q.Nth })
	return some
}
