package flows

import (
	"strings"
	"time"
)

// Outcome is what a turn came to: what is said, then exactly one thing that
// happens, and the state to keep until it has.
type Outcome struct {
	Said  []Utterance
	Then  Then
	State State
}

// Utterance is one sentence or more in one language, by one prompt.
type Utterance struct {
	Prompt string // catalogue key, for dialogues and audio overrides
	Lang   string
	Parts  []Part
	// Slow says that a voice says all of it more slowly than it usually speaks.
	Slow bool
	// Sound is what is played in place of words: see [Spoken]. "" for words.
	Sound string
}

// Text returns the words alone, as a caption shows them.
func (u Utterance) Text() string {
	if len(u.Parts) == 1 {
		return u.Parts[0].Text
	}
	var b strings.Builder
	for _, p := range u.Parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Part is a piece of an utterance: words, or a silence of Pause when Text is
// empty.
type Part struct {
	Text  string
	Slow  bool
	Alias string // how Text is pronounced, "" as written
	Pause time.Duration
}

// Then is what happens after the words: one of Await, Join, Dial, Record, Request, End
// or Rest.
type Then interface{ then() }

// Await waits for keys. A key stops the words (barge-in).
type Await struct {
	Digits  int           // how many end the wait; fewer do when Timeout has passed
	Timeout time.Duration // silence that ends it, after the words or between keys
	// Grace is a silence granted before Timeout starts, so that a person has
	// Grace+Timeout for the first digit and Timeout between digits.
	Grace time.Duration
	// Tone says that a short tone is heard first, and Hush is a silence after it and
	// before the words: whoever knows the keys need not hear them.
	Tone bool
	Hush time.Duration
	// Listen is the language in which words are listened for beside keys (BCP 47), ""
	// for none, and Hints are those that are likely, with commas between.
	Listen, Hints string
}

// Join puts the caller into the room of a group's occurrence. Back is said first to who
// comes back to the others; nil for nothing.
type Join struct {
	Group string
	Back  []Utterance
}

// Rest leaves who hears nobody in silence, and then they are told again: see Waiting.
type Rest struct{ For time.Duration }

// Dial calls somebody for the caller: the crisis line, the bridge of the group with
// that id, who waits and has that [Applicant.ID], or a number of the flow's own. Of
// Caller, who had this call rung is on the line, and the two talk.
type Dial struct {
	Crisis    bool
	Group     string
	Applicant string // or the id of a voice message; "" for nobody who waits
	Caller    bool
	Number    string // as Flow.Number names it, "" for none
}

// Record takes down what the caller says after a tone, until they press pound or say
// nothing more, for Most at the longest.
type Record struct {
	For  string // RecordMessage, RecordBroadcast or RecordScript
	Most time.Duration
}

// Request asks the edge to run a host function and to turn again with its
// answer.
type Request struct {
	Function string
	State    State // the variables the function reads
}

// End hangs up.
type End struct{}

func (Await) then()   {}
func (Join) then()    {}
func (Rest) then()    {}
func (Dial) then()    {}
func (Record) then()  {}
func (Request) then() {}
func (End) then()     {}

// Input is what the caller did since the last turn.
type Input struct {
	Event Event
	Keys  string // Pressed: the keys in order; Heard: the words
	// Unsure says of what was Heard that it may have been something else.
	Unsure bool
	// Result is how a host function, a room or a dialled number ended: for
	// Answered one of the function's declared outcomes; for Returned
	// "answered" or "failed", or after a Record "recorded" or "silent"; for Placed it is what the call is for.
	Result string
	Told   int
	// Set holds variables that a host function found: "group", "member", "staff",
	// and of State.Vars "told", "code", "facilitator", "confirm", "asked", "opened" and "script".
	Set map[string]string
}

// Event is a kind of Input.
type Event uint8

// The events. Started begins a call; Again asks for the last prompt once more
// (an edge that failed to answer in time uses it).
const (
	Started Event = iota
	Pressed
	Silent
	Returned
	Answered
	Again
	// Texted is a text that came in; Keys is its body.
	Texted
	// Placed begins a call that we placed, where the flow's `placed` says, in
	// the State's language and about what its About tells.
	Placed
	// Waiting is of who is on their way into a room, or in it, and hears nobody: Result is
	// one of WaitAlone and the others, Told how often they have been told so. It says what
	// they hear, and leaves the State as it is.
	Waiting
	// Heard is what a caller said where words are listened for.
	Heard
)

// View is everything a turn may read. Now is given to the minute, so that a
// webhook repeated within it is answered alike.
type View struct {
	Now       time.Time
	Directory *Directory
	// Text says that the words are written, not spoken.
	Text bool
	// Number is the line's own number as it is written; a voice says its digits.
	Number string
	// Far says that the caller's number belongs to an area of which no clock shows
	// what the line's does: they may be asleep when the line is not.
	Far bool
	// Clip is how many letters of a name a reminder has room for, 0 for as many as
	// any has.
	Clip int
	// Guest is the id of the group that a call of ours is about: whoever took it
	// and pressed the key is in that group. "" for any other call.
	Guest string
	// Member is what a caller who has signed in may hear of themselves; nil
	// before, and when it cannot be had.
	Member *Member
	// Desk is what who looks after groups may hear; nil for everybody else, and when it
	// cannot be had.
	Desk *Desk
	// Session is what somebody who sits in one may hear of it; nil elsewhere, and when
	// it cannot be had.
	Session *Session
	// Spoken is what a message says that the caller is about to hear; nil elsewhere.
	Spoken *Spoken
}

// Spoken is what staff say to a group, as one of its members hears it: words, or a
// sound, by what the edge calls it.
type Spoken struct{ Words, Sound string }
