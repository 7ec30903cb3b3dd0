package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Session is an occurrence while it is live.
type Session struct {
	Occurrence Occurrence
	state
}

// state is what a session remembers. Its fields are exported for its encoding alone.
// What is desired, who belongs where and with which microphone, follows from seats
// and mode; what the carrier has told stands beside it, in legs and conferences.
type state struct {
	Version  int
	Seed     uint64
	Seats    []*seat
	Arrivals int           `json:",omitempty"` // how many came, and got a seat
	Rooms    []*conference `json:",omitempty"`

	Opened   bool
	Mode     Mode
	Locked   bool          `json:",omitempty"`
	Screened bool          `json:",omitempty"`
	Speaker  int           `json:",omitempty"` // who has the turn or the floor
	Away     time.Time     `json:",omitzero"`  // since when the speaker cannot be heard
	Queue    []int         `json:",omitempty"` // raised hands, the oldest first
	Circle   *circle       `json:",omitempty"`
	Pairs    *pairs        `json:",omitempty"`
	Bridge   *bridge       `json:",omitempty"`
	Lines    []string      `json:",omitempty"` // labels of the crisis line's legs
	Ring     *ring         `json:",omitempty"`
	Rang     *ring         `json:",omitempty"` // the last one, for who comes late
	Rounds   int           `json:",omitempty"` // in which substitutes were rung
	Rested   bool          `json:",omitempty"` // the last of these was in vain
	Hostless time.Time     `json:",omitzero"`  // since when no facilitator is there
	Extended time.Duration `json:",omitempty"`
	Told     told          `json:",omitzero"`
	Closing  time.Time     `json:",omitzero"` // since when the closing round is on
	Closed   time.Time     `json:",omitzero"`
	Spared   time.Time     `json:",omitzero"`  // until when somebody is with the crisis line after that
	Unheld   bool          `json:",omitempty"` // it was closed for no facilitator came

	Banned   marks    `json:",omitzero"`
	Waits    marks    `json:",omitzero"`  // who was sent to wait, until they are let in
	Finished []uint64 `json:",omitempty"` // calls that are over, so that nothing late revives them
	KeyNo    int      `json:",omitempty"`
	Wrong    int      `json:",omitempty"` // digits that were not the key
	Rekeyed  bool     `json:",omitempty"` // there is another key of which nobody was told
	Answers  answers  `json:",omitempty"`
	Notes    []*note  `json:",omitempty"`
	Asked    []*asked `json:",omitempty"`
	Serial   int      // of acts and notes

	Now  time.Time // of the last change
	Next time.Time `json:",omitzero"` // when the rules have something to do again
}

// seat is somebody's place in a session, which is theirs also while they are away.
type seat struct {
	Number      int
	Role        Role
	Facilitator string `json:",omitempty"` // id
	Alias       string `json:",omitempty"` // a facilitator's own
	Shown       bool   `json:",omitempty"` // they have shown their PIN in this call
	Word        int    // of the list of aliases
	Lang        string
	Slow        bool   `json:",omitempty"` // they are spoken to more slowly
	Who         []byte `json:",omitempty"`
	Place       Place  `json:",omitempty"` // where they belong
	Removed     bool   `json:",omitempty"`
	// Goes is when they are removed, unless that is taken back before.
	Goes time.Time `json:",omitzero"`
	Sent bool      `json:",omitempty"` // to wait, by a facilitator: until they are let in
	Met  bool      `json:",omitempty"` // they have been in a room with somebody else
	// Came is when they took it. After is a seat that somebody of the same number held
	// then: if that call turns out to have been over, it is theirs, and this one not.
	Came  time.Time
	Nth   int       `json:",omitempty"` // of those who came
	Gone  time.Time `json:",omitzero"`  // since when they have no place
	After int       `json:",omitempty"`

	Self   bool `json:",omitempty"` // they closed their microphone
	Held   bool `json:",omitempty"` // a facilitator closed it
	Shut   bool `json:",omitempty"` // they closed it in the side room, for as long as they are there
	Hushed bool `json:",omitempty"` // it was closed along with all others: they may open it
	Apart  bool `json:",omitempty"` // a facilitator has opened their own outside their turn

	Passes    bool          `json:",omitempty"` // they want no turn when it comes
	Passed    bool          `json:",omitempty"` // they did not want the one that came
	Rest      time.Duration `json:",omitempty"` // of a turn that was cut off
	Air       time.Duration `json:",omitempty"` // of the open microphone, in turns
	Signal    Signal        `json:",omitempty"`
	Signalled time.Time     `json:",omitzero"`
	Leg       leg
}

const version = 1

// Begin makes the session of an occurrence. Seed is random: aliases and the key for
// texts are drawn from it.
func Begin(o Occurrence, seed uint64, now time.Time) *Session {
	s := &Session{Occurrence: o, state: state{Version: version, Seed: seed, Mode: Open, Opened: !o.Host}}
	s.settle(now)
	return s
}

// kept is a session as it is encoded.
type kept struct {
	Occurrence Occurrence
	State      *state
}

// ErrForeign is returned for what is no encoded session.
var ErrForeign = errors.New("decode session: not one of ours")

// Decode returns the session that [Session.Encode] wrote.
func Decode(b []byte) (*Session, error) {
	var k kept
	if err := json.Unmarshal(b, &k); err != nil || k.State == nil {
		return nil, ErrForeign
	}
	s := &Session{Occurrence: k.Occurrence, state: *k.State}
	if s.Version != version {
		return nil, fmt.Errorf("decode session: its version is %d", s.Version)
	}
	if !s.sound() {
		return nil, ErrForeign
	}
	return s, nil
}

// Encode returns the session as [Decode] reads it.
func (s *Session) Encode() ([]byte, error) {
	b, err := json.Marshal(kept{Occurrence: s.Occurrence, State: &s.state})
	if err != nil {
		return nil, fmt.Errorf("encode session: %w", err)
	}
	return b, nil
}

// sound says whether nothing is missing that the state refers to.
func (s *Session) sound() bool {
	for i, p := range s.Seats {
		if p == nil || p.Number != i+1 || p.After < 0 || p.After > len(s.Seats) || p.After == p.Number || p.Leg.Call == "" && p.Leg.State != over {
			return false
		}
	}
	if (s.Mode == Circle) != (s.Circle != nil) {
		return false
	}
	if slices.Contains(s.Rooms, nil) || slices.Contains(s.Notes, nil) || slices.Contains(s.Asked, nil) {
		return false
	}
	return !slices.ContainsFunc(s.named(), func(n int) bool { return n != 0 && s.seat(n) == nil })
}
