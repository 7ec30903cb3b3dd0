package session

// ActKind is something to ask of the carrier.
type ActKind string

// The acts.
const (
	ActMute   ActKind = "mute" // or unmute, by Muted
	ActMove   ActKind = "move" // send a leg on its way: it asks where to
	ActSay    ActKind = "say"  // a note to one leg, which stays in the room
	ActSayAll ActKind = "say_all"
	ActHangup ActKind = "hangup" // a leg that could not be moved
	ActEnd    ActKind = "end"    // a conference that nobody should be in
	ActList   ActKind = "list"   // who is in a conference: its callbacks are late
	ActRing   ActKind = "ring"   // a facilitator
	ActBridge ActKind = "bridge" // the crisis line, into a place
)

// Act is one of them. Which fields are set depends on its kind.
type Act struct {
	ID          int // unique in the session
	Kind        ActKind
	Place       Place
	Conference  string
	Call        string
	Label       string
	Muted       bool
	Note        Note
	Seat        int    // who hears the note, 0 for all
	Facilitator string // id
}

// Note is something that is said in a room to one or to all: a prompt of the flow's
// catalogue, with whom it is about and a number.
type Note struct {
	Prompt string `json:"p"`
	Seat   int    `json:"s,omitempty"` // whom it is about
	N      int    `json:"n,omitempty"`
}

// Report is how an act ended.
type Report string

// The reports: the carrier did it; there is no such leg or conference; it may be
// tried again; it never will be.
const (
	Accepted Report = "accepted"
	Missing  Report = "missing"
	Failed   Report = "failed"
	Refused  Report = "refused"
)
