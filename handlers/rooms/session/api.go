package session

import "time"

// Session is an occurrence while it is live.
type Session struct {
	Occurrence Occurrence
}

// Begin makes the session of an occurrence. Seed is random: aliases and the key for
// texts are drawn from it.
func Begin(o Occurrence, seed uint64, now time.Time) *Session { panic("unbuilt") }

// Decode and Encode are how a session is kept.
func Decode(b []byte) (*Session, error) { panic("unbuilt") }

// Encode returns the session as [Decode] reads it.
func (s *Session) Encode() ([]byte, error) { panic("unbuilt") }

// Knock lets somebody in, or says why not. Who lost the line within ten minutes gets
// the seat back, whatever the door is like since. It is idempotent for a call.
func (s *Session) Knock(now time.Time, a Arrival) Door { panic("unbuilt") }

// Enter is where the leg of a call goes now, by which label. Ok is false of a call
// that has no seat here: it has to knock.
func (s *Session) Enter(now time.Time, call, label string) (e Entry, ok bool) { panic("unbuilt") }

// Stepped is told that a leg has come out of a room. Over says that the call has
// ended with it.
func (s *Session) Stepped(now time.Time, call string, over bool) Where { panic("unbuilt") }

// Heard takes a callback, which may be late, early, doubled or one that is missing
// others before it.
func (s *Session) Heard(now time.Time, e Event) { panic("unbuilt") }

// Listed takes the list of a conference's legs, as true as of now; of a conference
// that has ended there are none.
func (s *Session) Listed(now time.Time, p Place, conference string, legs []Leg) { panic("unbuilt") }

// Tick does what has become due.
func (s *Session) Tick(now time.Time) { panic("unbuilt") }

// Do does what somebody asks for, if they may and it was not done before.
func (s *Session) Do(now time.Time, r Request) Outcome { panic("unbuilt") }

// Acts are what is to be asked of the carrier now. They count as under way until
// [Session.Reported], or for ten seconds.
func (s *Session) Acts(now time.Time) []Act { panic("unbuilt") }

// Reported is told how an act ended.
func (s *Session) Reported(now time.Time, a Act, r Report) { panic("unbuilt") }

// Rung is told what became of ringing a facilitator: coming says that they took the
// call and showed their PIN.
func (s *Session) Rung(now time.Time, facilitator string, coming bool) { panic("unbuilt") }

// KeyFits says whether digits are those of the facilitators' key for texts. Five wrong
// ones make another key.
func (s *Session) KeyFits(digits string) bool { panic("unbuilt") }

// Wake is when [Session.Tick] has something to do next, or [Session.Acts] to repeat.
func (s *Session) Wake() time.Time { panic("unbuilt") }

// Over says whether the session has ended; Gone is when nothing of it is kept any
// more: 15 minutes later.
func (s *Session) Over() bool { panic("unbuilt") }

// Gone is when nothing of the session is kept any more.
func (s *Session) Gone() time.Time { panic("unbuilt") }

// SeatOf returns the seat of a call, 0 if it has none.
func (s *Session) SeatOf(call string) int { panic("unbuilt") }

// Language is the language of a seat.
func (s *Session) Language(seat int) string { panic("unbuilt") }

// Status is what a role may see of the session.
func (s *Session) Status(now time.Time, r Role) Status { panic("unbuilt") }

// Pair is the place of the nth pair.
func Pair(n int) Place { panic("unbuilt") }
