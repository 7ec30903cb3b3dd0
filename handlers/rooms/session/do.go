package session

import (
	"slices"
	"time"
)

// rule is what holds for a verb.
type rule struct {
	// Who may: an own verb needs a seat, a role of less than may is refused.
	own  bool
	may  Role
	seat bool // it is about a seat, of nobody who is above
	do   func(s *Session, by, on *seat, r Request) Outcome
}

// rules of the verbs: the permission table. What a participant may, everybody with a
// seat may.
var verbs = map[Verb]rule{
	MuteSelf: {own: true, may: Participant, do: (*Session).muteSelf},
	Hand:     {own: true, may: Participant, do: (*Session).hand},
	Done:     {own: true, may: Participant, do: (*Session).done},
	Tell:     {own: true, may: Participant, do: (*Session).tell},
	Leave:    {own: true, may: Participant, do: (*Session).leave},
	Rejoin:   {own: true, may: Participant, do: (*Session).rejoin},
	Look:     {may: Participant, do: (*Session).look},

	Next:     {may: CoFacilitator, do: (*Session).next},
	SetMode:  {may: CoFacilitator, do: (*Session).setMode},
	Quiet:    {may: CoFacilitator, do: (*Session).quiet},
	Lock:     {may: CoFacilitator, do: (*Session).lock},
	Unlock:   {may: CoFacilitator, do: (*Session).unlock},
	Screen:   {may: CoFacilitator, do: (*Session).screen},
	Unscreen: {may: CoFacilitator, do: (*Session).unscreen},
	Admit:    {may: CoFacilitator, do: (*Session).admit},
	MuteSeat: {may: CoFacilitator, seat: true, do: (*Session).muteSeat},
	ToWait:   {may: CoFacilitator, seat: true, do: (*Session).toWait},
	Remove:   {may: CoFacilitator, seat: true, do: (*Session).remove},
	Pairs:    {may: CoFacilitator, do: (*Session).pairUp},
	Together: {may: CoFacilitator, do: (*Session).endPairs},
	Extend:   {may: CoFacilitator, do: (*Session).extend},
	Summon:   {may: CoFacilitator, do: (*Session).summon},
	Closing:  {may: CoFacilitator, do: (*Session).closing},
	Backup:   {may: CoFacilitator, seat: true, do: (*Session).backup},
	Talk:     {own: true, may: CoFacilitator, seat: true, do: (*Session).talkWith},
	Crisis:   {may: CoFacilitator, seat: true, do: (*Session).crisis},
	HandOver: {may: Facilitator, seat: true, do: (*Session).handOver},
	Close:    {may: Facilitator, do: (*Session).closeNow},
}

// rank orders the roles by what they may.
func rank(r Role) int {
	return slices.Index([]Role{Participant, CoFacilitator, Facilitator, Coordinator}, r)
}

// Do does what somebody asks for, if they may and it was not done before.
func (s *Session) Do(now time.Time, r Request) Outcome {
	s.begin(now)
	defer s.settle(now)
	if o, ok := s.answered(r.ID); ok {
		return o
	}
	o := s.do(r)
	s.answer(r.ID, o)
	return o
}

func (s *Session) do(r Request) Outcome {
	rule, known := verbs[r.Verb]
	by := s.seat(r.By)
	switch {
	case s.Over() && r.Verb != Look:
		return Gone
	case r.By != 0 && (by == nil || by.Place == Out):
		return Gone
	case by != nil:
		r.Role = by.Role
	}
	on := s.seat(r.Seat)
	switch {
	case !known, rank(r.Role) < rank(rule.may), rule.own && by == nil:
		return NotAllowed
	case by != nil && by.Place == Waiting && r.Verb != Leave && r.Verb != Look:
		return NotAllowed
	case rule.seat && (on == nil || on.Place == Out):
		return Gone
	case rule.seat && rank(on.Role) > rank(r.Role):
		return NotAllowed
	}
	return rule.do(s, by, on, r)
}

// answer is what a request got.
type answer struct {
	ID  uint64
	Got Outcome
}

// answers is how many of them are remembered.
const answers = 128

func (s *Session) answered(id string) (Outcome, bool) {
	i := slices.IndexFunc(s.Answered, func(a answer) bool { return a.ID == hash(id) })
	if id == "" || i < 0 {
		return "", false
	}
	return s.Answered[i].Got, true
}

func (s *Session) answer(id string, o Outcome) {
	if id == "" {
		return
	}
	s.Answered = append(s.Answered, answer{hash(id), o})
	if more := len(s.Answered) - answers; more > 0 {
		s.Answered = slices.Delete(s.Answered, 0, more)
	}
}

// look changes nothing: who may see what is for [Session.Status] to say.
func (s *Session) look(_, _ *seat, _ Request) Outcome { return OK }

// muteSelf closes or opens one's own microphone, as far as the mode lets them speak.
func (s *Session) muteSelf(by, _ *seat, _ Request) Outcome {
	switch {
	case by.Hushed:
		by.Hushed, by.Self = false, false
		return Off
	case by.Place == Main && s.Mode == Circle && by.host() && s.Speaker != by.Number:
		by.Apart, by.Self = !by.Apart, false
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

// hand raises a hand, or takes it down. Who is asked in a circle takes their turn by
// it.
func (s *Session) hand(by, _ *seat, _ Request) Outcome {
	if c := s.Circle; c != nil && s.Speaker == by.Number && !c.Asked.IsZero() {
		s.give(by)
		return On
	}
	if slices.Contains(s.Queue, by.Number) {
		s.unqueue(by.Number)
		return Off
	}
	if s.Speaker == by.Number {
		return NotNow
	}
	s.Queue = append(s.Queue, by.Number)
	if s.Mode == Open || s.Mode == Hands {
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
