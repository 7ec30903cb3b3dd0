package session

import (
	"slices"
	"time"
)

// look changes nothing: who may see what is for [Session.Status] to say.
func (s *Session) look(_, _ *seat, _ Request) Outcome { return OK }

// muteSelf closes or opens one's own microphone, as far as the mode lets them speak.
func (s *Session) muteSelf(by, _ *seat, _ Request) Outcome {
	switch {
	case by.Place == Side:
		by.Shut = !by.Shut
		return onOff(by.Shut)
	case by.Held:
		return Held
	case by.Hushed:
		by.Hushed, by.Self = false, false
		return Off
	case by.Place == Main && s.Mode == Circle && by.host() && s.Speaker != by.Number:
		by.Apart, by.Self = !by.Apart, by.Apart
		return onOff(!by.Apart)
	}
	before := by.Self
	by.Self = false
	if s.muted(by) {
		by.Self = before
		return NotNow
	}
	by.Self = !before
	return onOff(by.Self)
}

// hand raises a hand, or takes it down, and with it the floor if they have that. Who is
// asked in a circle takes their turn by it.
func (s *Session) hand(by, _ *seat, _ Request) Outcome {
	if c := s.Circle; c != nil && s.Speaker == by.Number && !c.Asked.IsZero() {
		s.give(by)
		return On
	}
	if slices.Contains(s.Queue, by.Number) {
		s.unqueue(by.Number)
		return Off
	}
	switch {
	case s.Speaker == by.Number && s.Circle != nil:
		return NotNow
	case s.Speaker == by.Number:
		s.drop()
		return Off
	}
	s.Queue = append(s.Queue, by.Number)
	if s.Circle == nil {
		for _, p := range s.hosts() {
			if p != by {
				s.say(p, "hand_up_note", by.Number, 0)
			}
		}
	}
	return On
}

func (s *Session) unqueue(n int) {
	s.Queue = slices.DeleteFunc(s.Queue, func(m int) bool { return m == n })
}

// done ends one's turn or gives the floor back.
func (s *Session) done(by, _ *seat, _ Request) Outcome {
	switch {
	case s.Circle != nil:
		return s.doneInCircle(by)
	case s.Speaker != by.Number:
		return NotNow
	}
	s.drop()
	return OK
}

// tell whispers a signal to the facilitators.
func (s *Session) tell(by, _ *seat, r Request) Outcome {
	if !slices.Contains([]Signal{Unkind, Unsafe, Sound}, r.Signal) {
		return NotAllowed
	}
	again := by.Signal == r.Signal && s.Now.Sub(by.Signalled) < signalAgain
	by.Signal, by.Signalled = r.Signal, s.Now
	if len(s.hosts()) == 0 {
		return Nobody
	}
	if !again {
		s.sayHosts("signal_"+string(r.Signal), by.Number, 0)
	}
	return OK
}

// signalAgain is how soon the same signal is not told once more.
const signalAgain = 30 * time.Second

// leave gives the seat up.
func (s *Session) leave(by, _ *seat, _ Request) Outcome {
	s.leaves(by)
	return OK
}

// rejoin comes back from the side room.
func (s *Session) rejoin(by, _ *seat, _ Request) Outcome {
	if by.Place != Side {
		return Already
	}
	s.backFrom(by)
	return OK
}
