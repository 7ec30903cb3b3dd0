package simulator

import (
	"context"
	"time"
)

// board is what the page asks of the telephone network behind it.
type board interface {
	// Scene returns all there is to draw. It never blocks on a call.
	Scene() scene
	// Do carries out a command; a *refusal says why it cannot be done.
	Do(command) error
	// Wind changes the clock; a *refusal says why it cannot go forward.
	Wind(wind) error
	// Changes receives, until ctx ends, after the scene has changed. Changes
	// that come close together may be told once.
	Changes(ctx context.Context) <-chan struct{}
}

// phoneCount is how many phones a page can show. Each is one person, and six
// are as many as a newcomer can follow.
const phoneCount = 6

// act is something a person does with a phone.
type act int

const (
	call act = iota
	answer
	hangup
	press
	say
	text
	deliver
	pickUp
)

type command struct {
	Phone    int // 1 to phoneCount
	Act      act
	Text     string // the keys of press, the words of say and text, a key of deliveries or pickups
	Withheld bool   // call without showing the number
}

// refusal is a command that makes no sense at that moment.
type refusal struct{ why string }

func (r *refusal) Error() string { return r.why }

// wind is a change of the clock. Speed 0 stands still, a negative one leaves
// the speed as it is.
type wind struct {
	Speed   float64
	Forward time.Duration
}

// The states of a phone.
const (
	idle     = "idle"
	calling  = "calling"
	incoming = "incoming"
	talking  = "talking"
)

type scene struct {
	Clock  clockView
	Phones []phoneView
	Rooms  []roomView
	Wire   []exchangeView // oldest first
	Faults []faultView    // oldest first
	Flow   FlowNews
}

// clockView is the emulator's clock at one moment. Times are milliseconds
// since 1970 UTC; Offset is that of the zone east of UTC, in minutes.
type clockView struct {
	Now    int64   `json:"now"`
	Speed  float64 `json:"speed"`
	Offset int     `json:"offset"`
	Zone   string  `json:"zone"`
}

type phoneView struct {
	Phone    int           `json:"phone"`
	Name     string        `json:"name"`
	Number   string        `json:"number"` // for the eye
	State    string        `json:"state"`
	Since    int64         `json:"since"` // when the state began, 0 if never
	Room     bool          `json:"room"`
	Muted    bool          `json:"muted"` // the room does not hear this phone
	Held     bool          `json:"held"`  // and it does not hear the room
	Hears    []string      `json:"hears"`
	Captions []captionView `json:"captions"` // oldest first
	Texts    []textView    `json:"texts"`    // oldest first
	Delivery string        `json:"delivery"` // a key of deliveries
	Pickup   string        `json:"pickup"`   // a key of pickups
	Ended    string        `json:"ended"`    // how the newest call ended, in words; "" while there is none or it lasts
}

// The kinds of caption, beside the emulator's kinds of utterance.
const (
	ownWords   = "own"  // what this phone's holder said
	keyPressed = "key"  // a key of this phone
	keyLost    = "lost" // and one that nothing was listening for
)

// captionView is something heard at one phone, or done with it.
type captionView struct {
	ID    string `json:"id"` // stable for the phone
	Kind  string `json:"kind"`
	At    int64  `json:"at"`
	Lasts int64  `json:"lasts"` // milliseconds
	From  string `json:"from"`
	Text  string `json:"text"`
	Lang  string `json:"lang"`
	Cut   bool   `json:"cut"`   // ended before its last word
	Sound string `json:"sound"` // where a recording is had, "" for none
}

// textView is a text that a phone wrote or that was sent to it.
type textView struct {
	ID     string `json:"id"`
	Own    bool   `json:"own"` // this phone wrote it
	At     string `json:"at"`  // time of day
	Text   string `json:"text"`
	Size   string `json:"size"`   // "1 segment", "UCS-2, 2 segments"; "" of what the line did not send
	Fate   string `json:"fate"`   // what became of it, in words
	Failed bool   `json:"failed"` // it does not arrive
}

type roomView struct {
	Label  string       `json:"label"` // "Room 1": the real name is a token nobody can read
	People []personView `json:"people"`
}

type personView struct {
	Name  string   `json:"name"`
	Muted bool     `json:"muted"`
	Held  bool     `json:"held"`
	Hears []string `json:"hears"`
}

// exchangeView is one webhook and its answer.
type exchangeView struct {
	Seq       int         `json:"seq"`
	At        int64       `json:"at"`
	Phone     string      `json:"phone"`
	Method    string      `json:"method"`
	URL       string      `json:"url"`
	Params    [][2]string `json:"params"`
	Signature string      `json:"signature"`
	Status    int         `json:"status"`
	Body      string      `json:"body"` // TwiML, indented
	Took      int64       `json:"took"` // milliseconds of real time
	Error     string      `json:"error"`
}

// faultView is something that Twilio would have refused.
type faultView struct {
	Code  int    `json:"code"`
	What  string `json:"what"`
	Where string `json:"where"`
}
