package session

import (
	"slices"
	"time"
)

// circle is one after the other, each with the only open microphone.
type circle struct {
	Base   time.Duration // of a turn
	Begins time.Time     // until then its order is being read
	Order  []int         `json:",omitempty"` // who has not had a turn, in order
	Passed []int         `json:",omitempty"` // who is asked again at the end
	Missed []int         `json:",omitempty"` // who was away: next when they are back
	Pool   time.Duration `json:",omitempty"` // what others left of theirs
	Last   bool          `json:",omitempty"` // it is the closing round

	// Of the turn that is on: since when, how long, how often the chime has rung and
	// how much the speaker had spoken before. Asked is since when somebody is asked
	// whether they want one after all.
	Began  time.Time     `json:",omitzero"`
	Limit  time.Duration `json:",omitempty"`
	Chimes int           `json:",omitempty"`
	Air    time.Duration `json:",omitempty"`
	Asked  time.Time     `json:",omitzero"`
}

// The times of a circle.
const (
	turnTime    = 3 * time.Minute
	closingTurn = time.Minute
	passUnder   = 10 * time.Second // of microphone: that was no turn
	askTime     = 20 * time.Second
	chimeAgain  = 30 * time.Second
	handOver    = time.Minute // after the limit
	closingOver = 15 * time.Second
	awayTime    = 15 * time.Second
	readIntro   = 4 * time.Second
	readName    = 1500 * time.Millisecond
)

// startCircle begins one with everybody who is there, and says whether anybody is.
func (s *Session) startCircle(base time.Duration, last bool) bool {
	order := inOrder(s.filter((*seat).able))
	if len(order) == 0 {
		return false
	}
	if s.Occurrence.Reversed {
		slices.Reverse(order)
	}
	s.enterMode(Circle)
	s.Circle = &circle{Base: base, Last: last, Begins: s.Now.Add(readIntro + time.Duration(len(order))*readName)}
	for _, p := range order {
		s.Circle.Order = append(s.Circle.Order, p.Number)
		p.Passes, p.Passed, p.Rest = false, false, 0
	}
	return true
}

// join lets somebody who comes during a circle have their turn, the last one.
func (s *Session) join(p *seat) {
	if c := s.Circle; c != nil && p.Place == Main && !c.has(p.Number) {
		c.Order = append(c.Order, p.Number)
	}
}

func (c *circle) has(n int) bool {
	return slices.Contains(c.Order, n) || slices.Contains(c.Passed, n) || slices.Contains(c.Missed, n)
}

// pool is what others left of their turns, to be shared: nothing in a closing round.
func (c *circle) pool() time.Duration {
	if c.Last {
		return 0
	}
	return c.Pool
}

// over is how long after the limit of a turn the next one has theirs, and chimes how
// often the chime rings in a turn. A closing round is brisk.
func (c *circle) over() time.Duration {
	if c.Last {
		return closingOver
	}
	return handOver
}

func (c *circle) chimes() int {
	if c.Last {
		return 1
	}
	return 2
}

// forget takes somebody out of a circle.
func (c *circle) forget(n int) {
	is := func(m int) bool { return m == n }
	c.Order, c.Passed = slices.DeleteFunc(c.Order, is), slices.DeleteFunc(c.Passed, is)
	c.Missed = slices.DeleteFunc(c.Missed, is)
}

// advance gives the next turn, or ends the circle.
func (s *Session) advance() {
	for {
		p := s.nextInCircle()
		if p == nil {
			s.endCircle()
			return
		}
		if s.offer(p) {
			return
		}
	}
}

// nextInCircle takes the next one out of the circle, nil if nobody is left: who
// comes back from being away, who has had no turn, who passed.
func (s *Session) nextInCircle() *seat {
	c := s.Circle
	if i := slices.IndexFunc(c.Missed, func(n int) bool { return s.seat(n).able() }); i >= 0 {
		p := s.seat(c.Missed[i])
		c.Missed = slices.Delete(c.Missed, i, i+1)
		return p
	}
	for _, from := range []*[]int{&c.Order, &c.Passed} {
		if len(*from) > 0 {
			p := s.seat((*from)[0])
			*from = (*from)[1:]
			return p
		}
	}
	return nil
}

// offer gives somebody the turn, or asks them whether they want it after all. It is
// false if they are away, or want none.
func (s *Session) offer(p *seat) bool {
	c := s.Circle
	switch {
	case !p.able():
		c.Missed = append(c.Missed, p.Number)
		return false
	case p.Passes, p.Held:
		p.Passes = false
		s.pass(p)
		return false
	case p.Passed:
		s.Speaker, c.Asked = p.Number, s.Now
		s.say(p, "asked_again", p.Number, 0)
		return true
	}
	s.give(p)
	return true
}

// pass notes that somebody wants no turn. They are asked again at the end, once.
func (s *Session) pass(p *seat) {
	if c := s.Circle; !p.Passed && !c.Last {
		c.Passed = append(c.Passed, p.Number)
	}
	p.Passed = true
}

// give opens a turn: with its share of what others left, or what was left of it when
// it was cut off.
func (s *Session) give(p *seat) {
	c := s.Circle
	s.Speaker, s.Away = p.Number, time.Time{}
	c.Began, c.Air, c.Chimes, c.Asked = s.Now, p.Air, 0, time.Time{}
	if c.Limit = p.Rest; c.Limit == 0 {
		share := c.pool() / time.Duration(1+len(c.Order)+len(c.Missed)+len(c.Passed))
		c.Pool -= share
		c.Limit = c.Base + share
	}
	p.Rest = 0
	s.say(p, "your_turn", p.Number, 0)
}

// endTurn ends the turn that is on, and leaves what is left of it to the others.
func (s *Session) endTurn() {
	c := s.Circle
	if c.Asked.IsZero() {
		c.Pool += max(0, c.Began.Add(c.Limit).Sub(s.Now))
	}
	s.drop()
}

// doneInCircle is somebody's wish to be done, or not to be asked. On says that they
// passed and are asked again at the end, as nobody is in the closing round.
func (s *Session) doneInCircle(p *seat) Outcome {
	c := s.Circle
	switch {
	case s.Speaker != p.Number && !c.has(p.Number):
		return NotNow // they had their turn
	case s.Speaker != p.Number:
		if p.Passes = !p.Passes; p.Passes && c.Last {
			return OK
		}
		return onOff(p.Passes)
	case c.Asked.IsZero() && p.Air-c.Air >= passUnder:
		s.endTurn()
	case c.Asked.IsZero():
		s.drop() // they keep their time, should they want it in the end
		if s.pass(p); !c.Last {
			return On
		}
	default:
		s.drop()
	}
	return OK
}

// endCircle goes back to the open room, or ends the session after its last round.
func (s *Session) endCircle() {
	if s.Circle.Last {
		s.close()
		return
	}
	s.enterMode(Open)
	s.sayAll("circle_done", 0, 0)
}

// enterMode changes who may speak, and forgets what held in the mode before.
func (s *Session) enterMode(m Mode) {
	s.Circle = nil
	s.drop()
	s.Mode = m
	for _, p := range s.Seats {
		p.Hushed, p.Apart = false, false
	}
}

func onOff(on bool) Outcome {
	if on {
		return On
	}
	return Off
}
