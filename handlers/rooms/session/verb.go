package session

// Verb is something that can be done in a session.
type Verb string

// The verbs. Those on others name a seat.
const (
	MuteSelf   Verb = "mute"  // or unmute
	Hand       Verb = "hand"  // up, or down
	Done       Verb = "done"  // with one's turn, or pass
	Tell       Verb = "tell"  // a private signal to the facilitators
	Leave      Verb = "leave" // for good
	Next       Verb = "next"  // speaker
	SetMode    Verb = "mode"
	Quiet      Verb = "quiet" // mute all but who speaks
	Lock       Verb = "lock"
	Unlock     Verb = "unlock"
	Screen     Verb = "screen" // newcomers wait
	Unscreen   Verb = "unscreen"
	Admit      Verb = "admit"       // who waits; seat 0 for all
	MuteSeat   Verb = "mute_seat"   // close a microphone
	UnmuteSeat Verb = "unmute_seat" // let its owner open it again
	Talk       Verb = "talk"        // privately, in a side room
	Rejoin     Verb = "rejoin"      // come back from the side room, both
	ToWait     Verb = "to_wait"     // send to the waiting room
	Remove     Verb = "remove"      // and keep out
	RemoveSoon Verb = "remove_soon" // in five seconds, and close the microphone now
	Keep       Verb = "keep"        // who is to be removed soon
	Pairs      Verb = "pairs"       // for Minutes
	Together   Verb = "together"    // end the pairs
	Extend     Verb = "extend"      // by Minutes
	Backup     Verb = "backup"      // ring a co-facilitator into a side room with a person
	Crisis     Verb = "crisis"      // a three-way call to the crisis line, with a person
	Closing    Verb = "closing"     // the closing round, then the end
	Close      Verb = "close"       // now
	HandOver   Verb = "hand_over"   // the facilitation to a seat
	Summon     Verb = "substitute"  // ring the next substitute
	Look       Verb = "look"        // no change: status, to who may see it
)

// Signal is what somebody tells the facilitators without a word.
type Signal string

// The signals.
const (
	Unkind Signal = "unkind"
	Unsafe Signal = "unsafe"
	Sound  Signal = "sound"
)

// Request is a verb asked for. The same ID again does nothing more and gets the
// same answer.
type Request struct {
	ID      string
	Role    Role // of who asks and has no seat; else the seat's counts
	By      int  // their seat, 0 for none
	Verb    Verb
	Seat    int // whom it is about
	Mode    Mode
	Minutes int
	Signal  Signal
}

// Outcome is what came of a request.
type Outcome string

// The outcomes.
const (
	OK         Outcome = "ok"
	Already    Outcome = "already" // it was so before
	On         Outcome = "on"      // of what goes on and off: muted, hand up, passed
	Off        Outcome = "off"     // unmuted, hand down
	Nobody     Outcome = "nobody"  // there is nobody to do it to, or who hears it
	NotNow     Outcome = "not_now" // not in this mode, or not one's turn
	NotAllowed Outcome = "not_allowed"
	Gone       Outcome = "gone" // the seat, or the session
	Held       Outcome = "held" // a facilitator has closed the microphone
)
