package flows

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"time"
)

// Life is how long a call's state is honoured after its first turn. No call
// lasts longer (Twilio ends a leg after 4 hours by default, 24 at most).
const Life = 12 * time.Hour

// State is where a call is in its flow: all of it, for it travels in the
// action URL and nothing of it is stored.
type State struct {
	Flow  string // hash of the flow version the call started on
	Hour  int64  // Unix hour of the first turn
	Turn  int    // counts from 1
	Node  string
	Lang  string
	Group string // id of the group in hand
	// Code is what the caller typed, until it is looked up.
	Code string
	// Topic, Day and Speaks narrow a search: a slug, a weekday 0 to 6, a
	// language.
	Topic, Day, Speaks string
	// Query is what a text asked for in words.
	Query string
	// Attested says that the carrier vouched for the calling number, which it
	// tells with a call's first webhook alone.
	Attested bool
	// Slow says that the caller asked for everything to be said more slowly.
	Slow bool
	// Invited says that the caller was told that they may also say what they choose.
	Invited bool
	// Member is the id of the member who has signed in, "" before; Staff that of who
	// looks after groups.
	Member, Staff string
	// About is what a call that we placed is about, zero for any other.
	About About
	// Vars are what an enrolment or a member's choice is made of, by the names
	// in vars.go.
	Vars map[string]string
	// Returns are the nodes that used the sub-flows which the call is in, the innermost
	// last.
	Returns []string
	// Offered holds what was last offered, so that a key means what was said,
	// whatever has changed since: the ids of a list's items in order, or the
	// keys of a menu's options that are not always there.
	Offered []string
	// Page is the place in its list of the first item offered; More is what
	// key 9 does there.
	Page int
	More More
	// Silences and Wrongs count at this node. Visits counts says with a limit.
	Silences, Wrongs int
	Visits           map[string]int
}

// About is what a text or a call of ours tells of: one occurrence of a group.
type About struct {
	Row   string // of the outbox, by which the edge knows whose it is
	Group string // its id
	// Start is when the occurrence begins, Was when it would have if it was
	// moved or is not held, in Unix minutes; 0 for none.
	Start, Was int64
	// Named says that the member lets us name the group.
	Named bool
}

// More is what the key 9 does at a list.
type More uint8

// A list that fits on one page has no other; the last page of one that does
// not leads back to the first.
const (
	NoMore More = iota
	MoreItems
	FirstItems
)

// Expired says whether the call began more than Life ago, or in the future.
func (s State) Expired(now time.Time) bool {
	age := now.Unix()/3600 - s.Hour
	return age < -1 || age > int64(Life/time.Hour)
}

// States of the versions before are read too: a call may be in flight, or a question open,
// when the line is given a new program.
const (
	plainVersion    = 4
	unpairedVersion = 5 // before formPair
	stateVersion    = 6
)

// The flags of a state's encoding. What a call of ours is about is there only if
// it is about something, and who looks after groups only if somebody does.
const (
	flagAttested = 1 << iota
	flagAbout
	flagNamed
	flagStaff
	flagReturns
	flagSlow
	flagInvited
	flagSame // the group in hand is the one that our call is about
)

// mostCounted bounds every count in a state.
const mostCounted = 1 << 20

var errState = errors.New("state: not one of ours")

// AppendBinary appends the state's encoding: the same state, the same bytes.
func (s State) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, stateVersion)
	b = binary.AppendVarint(b, s.Hour)
	b = append(b, s.flags())
	for _, n := range [...]int{s.Turn, s.Page, int(s.More), s.Silences, s.Wrongs} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	for _, v := range [...]string{s.Flow, s.Node, s.Lang, s.Group, s.Code, s.Topic, s.Day, s.Speaks, s.Query, s.Member} {
		b = appendString(b, v)
	}
	if s.About != (About{}) {
		if b = appendString(b, s.About.Row); !s.same() {
			b = appendString(b, s.About.Group)
		}
		b = binary.AppendVarint(binary.AppendVarint(b, s.About.Start), s.About.Was)
	}
	if s.Staff != "" {
		b = appendString(b, s.Staff)
	}
	if len(s.Returns) > 0 {
		b = appendStrings(b, s.Returns)
	}
	b = appendStrings(b, s.Offered)
	b = binary.AppendUvarint(b, uint64(len(s.Vars)))
	var room [16]string
	for _, name := range sortedNames(s.Vars, room[:0]) {
		b = appendString(appendString(b, name), s.Vars[name])
	}
	b = binary.AppendUvarint(b, uint64(len(s.Visits)))
	for _, name := range sortedNames(s.Visits, room[:0]) {
		b = appendString(b, name)
		b = binary.AppendUvarint(b, uint64(s.Visits[name]))
	}
	return b, nil
}

// sortedNames puts the names of variables in order, into room if they fit.
func sortedNames[V any](vars map[string]V, room []string) []string {
	for name := range vars {
		room = append(room, name)
	}
	slices.Sort(room)
	return room
}

func (s State) flags() (f byte) {
	if s.Attested {
		f |= flagAttested
	}
	if s.About != (About{}) {
		f |= flagAbout
	}
	if s.About.Named {
		f |= flagNamed
	}
	if s.Staff != "" {
		f |= flagStaff
	}
	if len(s.Returns) > 0 {
		f |= flagReturns
	}
	if s.Slow {
		f |= flagSlow
	}
	if s.Invited {
		f |= flagInvited
	}
	if s.same() {
		f |= flagSame
	}
	return f
}

// same says whether the group that our call is about is the one in hand.
func (s State) same() bool { return s.About.Group != "" && s.About.Group == s.Group }

// How a string is written: as it is, with its length, as the bytes that it gives in
// hexadecimal digits, a hash or an identifier, or as an identifier and one of these two,
// which a colon sets apart. Those are most of what a state holds, and
// it travels in an address.
const (
	formPlain = iota
	formHash
	formID
	formPair
)

func appendString(b []byte, s string) []byte {
	if first, second, ok := pairOf(s); ok {
		return appendString(appendString(append(b, formPair), first), second)
	}
	form, size := formOf(s)
	if form == formPlain {
		b = binary.AppendUvarint(b, uint64(len(s))<<2)
		return append(b, s...)
	}
	b = append(b, byte(form))
	var digits [2 * hashSize]byte
	n := copyDigits(&digits, s)
	at := len(b)
	b = append(b, make([]byte, size)...)
	_, _ = hex.Decode(b[at:], digits[:n]) // formOf has read them
	return b
}

// The bytes of a hash and of an identifier (RFC 9562), and how each is written.
const (
	hashSize = 32
	idSize   = 16
	idLength = 36
)

// pairOf is an identifier and what follows it, if both are written shorter than they are.
func pairOf(s string) (first, second string, ok bool) {
	if len(s) < idLength+1 || s[idLength] != ':' {
		return "", "", false
	}
	first, second = s[:idLength], s[idLength+1:]
	of, and := shortForm(first), shortForm(second)
	return first, second, of == formID && and != formPlain
}

func shortForm(s string) int {
	form, _ := formOf(s)
	return form
}

// formOf says how a string is written, and in how many bytes.
func formOf(s string) (form, size int) {
	switch len(s) {
	case 2 * hashSize:
		form, size = formHash, hashSize
	case idLength:
		form, size = formID, idSize
	default:
		return formPlain, 0
	}
	for i := range len(s) {
		if form == formID && (i == 8 || i == 13 || i == 18 || i == 23) {
			if s[i] != '-' {
				return formPlain, 0
			}
		} else if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return formPlain, 0
		}
	}
	return form, size
}

// copyDigits takes the digits out of a hash or an identifier.
func copyDigits(to *[2 * hashSize]byte, s string) (n int) {
	for i := range len(s) {
		if s[i] != '-' {
			to[n] = s[i]
			n++
		}
	}
	return n
}

func appendStrings(b []byte, all []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(all)))
	for _, s := range all {
		b = appendString(b, s)
	}
	return b
}
