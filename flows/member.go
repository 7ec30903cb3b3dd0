package flows

// Channel is how a member is reached.
type Channel string

// The channels of a member.
const (
	ByText Channel = "text"
	ByCall Channel = "call"
)

// Days say on which days it is safe to reach a member.
type Days string

// The safe days of a member.
const (
	AnyDay   Days = "any"
	Weekdays Days = "weekdays"
	Weekends Days = "weekends"
)

// Hours say at which hours of those days, in the member's own zone.
type Hours string

// The safe hours of a member. Each lies within the quiet hours that hold for
// everybody: nobody is reached before 9 or from 20 o'clock on.
const (
	AllHours   Hours = "day"       // 9 to 20
	Mornings   Hours = "morning"   // 9 to 12
	Afternoons Hours = "afternoon" // 12 to 17
	Evenings   Hours = "evening"   // 17 to 20
)

// Machine says what an answering machine may hear.
type Machine string

// What an answering machine hears: nothing, or a line that tells nothing.
const (
	MachineNever   Machine = "never"
	MachineNeutral Machine = "neutral"
)

// Preferences are how a member wishes to be reached. The zero value of a field
// is its default, which [Preferences.Complete] puts in.
type Preferences struct {
	Channel  Channel `json:"channel"`
	Language string  `json:"language"`
	// Zone is the IANA zone that they chose, "" for none: then it is taken to be the
	// line's, and what is sent is kept from the nights of their number's area too.
	Zone string `json:"zone"`
	// Clear lets what is sent name the group; otherwise it names none.
	Clear   bool    `json:"clear"`
	Days    Days    `json:"days"`
	Hours   Hours   `json:"hours"`
	Machine Machine `json:"machine"`
	// Late lets the reminders of a meeting come in the hours that are quiet for
	// everybody: the member was asked, for a group that has such.
	Late bool `json:"late,omitempty"`
	// Ring lets somebody who gets texts be rung when they ask for it.
	Ring bool `json:"ring,omitempty"`
	// Slow has everything said more slowly to them, from the PIN on and in what we place.
	Slow bool `json:"slow,omitempty"`
}

// Complete puts the careful default in for what is not set.
func (p Preferences) Complete() Preferences {
	if p.Channel == "" {
		p.Channel = ByText
	}
	if p.Days == "" {
		p.Days = AnyDay
	}
	if p.Hours == "" {
		p.Hours = AllHours
	}
	if p.Machine == "" {
		p.Machine = MachineNever
	}
	return p
}

// Consent is what a member agreed to.
type Consent struct {
	// Wording names the words that were agreed to: the hash of the flow version
	// that spoke them and the prompt's key, or, of an invitation, "stated: " and
	// what the coordinator wrote down.
	Wording string  `json:"wording"`
	Channel Channel `json:"channel"` // that the consent came by
	Month   string  `json:"month"`   // YYYY-MM
}

// Member is what somebody who has signed in may hear of themselves. It holds
// no telephone number.
type Member struct {
	Preferences
	Consent  Consent
	Enrolled string // YYYY-MM
	// Groups are the ids of the groups they belong to, in the directory's order.
	Groups []string
	// Quick is the id of the group that key 5 leads to, "" for none.
	Quick string
	// Stopped says that nothing is sent to them, and Reason why.
	Stopped bool
	Reason  Reason
}

// Reason says why nothing is sent to a member who is stopped.
type Reason string

// Why nothing is sent to a member.
const (
	TheyAsked   Reason = ""            // they told us to stop
	Unreachable Reason = "unreachable" // their number takes nothing from us
	Unanswered  Reason = "silence"     // asked whether their phone is still safe, they did not answer
)
