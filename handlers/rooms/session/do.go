package session

import (
	"slices"
	"time"
)

// right is who may ask for a verb, and what it does.
type right struct {
	own bool // it is about who asks, who needs a seat
	may Role // and whoever is above
	on  bool // it is about another seat, of nobody who is above who asks
	do  func(s *Session, by, on *seat, r Request) Outcome
}

// rights is the permission table.
var rights = map[Verb]right{
	MuteSelf: {own: true, may: Participant, do: (*Session).muteSelf},
	Hand:     {own: true, may: Participant, do: (*Session).hand},
	Done:     {own: true, may: Participant, do: (*Session).done},
	Tell:     {own: true, may: Participant, do: (*Session).tell},
	Leave:    {own: true, may: Participant, do: (*Session).leave},
	Rejoin:   {own: true, may: Participant, do: (*Session).rejoin},
	Look:     {may: Participant, do: (*Session).look},

	Next:       {may: CoFacilitator, do: (*Session).next},
	SetMode:    {may: CoFacilitator, do: (*Session).setMode},
	Quiet:      {may: CoFacilitator, do: (*Session).quiet},
	Lock:       {may: CoFacilitator, do: (*Session).lock},
	Unlock:     {may: CoFacilitator, do: (*Session).unlock},
	Screen:     {may: CoFacilitator, do: (*Session).screen},
	Unscreen:   {may: CoFacilitator, do: (*Session).unscreen},
	Admit:      {may: CoFacilitator, do: (*Session).admit},
	MuteSeat:   {may: CoFacilitator, on: true, do: (*Session).muteSeat},
	UnmuteSeat: {may: CoFacilitator, on: true, do: (*Session).unmuteSeat},
	ToWait:     {may: CoFacilitator, on: true, do: (*Session).toWait},
	Remove:     {may: CoFacilitator, on: true, do: (*Session).remove},
	RemoveSoon: {may: CoFacilitator, on: true, do: (*Session).removeSoon},
	Keep:       {may: CoFacilitator, on: true, do: (*Session).keep},
	Pairs:      {may: CoFacilitator, do: (*Session).pairUp},
	Together:   {may: CoFacilitator, do: (*Session).endPairs},
	Extend:     {may: CoFacilitator, do: (*Session).extend},
	Summon:     {may: CoFacilitator, do: (*Session).summon},
	Closing:    {may: CoFacilitator, do: (*Session).closing},
	Backup:     {may: CoFacilitator, on: true, do: (*Session).backup},
	Talk:       {may: CoFacilitator, on: true, do: (*Session).talkWith},
	Crisis:     {may: CoFacilitator, on: true, do: (*Session).crisis},
	HandOver:   {may: Facilitator, on: true, do: (*Session).handOver},
	Close:      {may: Facilitator, do: (*Session).closeNow},
}

// rank orders the roles by what they may.
func rank(r Role) int {
	return slices.Index([]Role{Participant, CoFacilitator, Facilitator, Coordinator}, r)
}

// Do does what somebody asks for, if they may and it was not done before.
func (s *Session) Do(now time.Time, r Request) Outcome {
	s.begin(now)
	if p := s.seat(r.By); p != nil && p.Place != Out {
		s.revive(p)
	}
	s.settle(now)
	defer s.settle(now)
	if o, ok := s.Answers.to(r.ID); ok {
		return o
	}
	o := s.do(r)
	s.Answers = s.Answers.add(r.ID, o)
	return o
}

func (s *Session) do(r Request) Outcome {
	right, known := rights[r.Verb]
	by := s.seat(r.By)
	switch {
	case s.Over() && r.Verb != Look && (by == nil || !s.spared(by) || !right.own || right.on):
		return Gone
	case r.By != 0 && (by == nil || by.Place == Out):
		return Gone
	case by != nil:
		r.Role = by.Role
	}
	on := s.seat(r.Seat)
	switch {
	case !known, rank(r.Role) < rank(right.may), right.own && by == nil:
		return NotAllowed
	case by != nil && by.Place == Waiting && r.Verb != Leave && r.Verb != Look:
		return NotAllowed
	case right.on && (on == nil || on.Place == Out):
		return Gone
	case right.on && rank(on.Role) > rank(r.Role):
		return NotAllowed
	}
	return right.do(s, by, on, r)
}
