package rooms

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// held is an occurrence of a group whose session may be on.
type held struct {
	line       flows.Line
	group      flows.Group
	occurrence schedule.Occurrence
	name       string // of its room
}

// afterwards is how long after its end by the calendar an occurrence's session may
// still be on, or be asked about.
const afterwards = time.Hour

// held are the occurrences of a group whose session may be on at now: first the one
// whose door is open, then those that have ended, the last one first.
func (s *Service) held(d *flows.Directory, group string, now time.Time) []held {
	g, ok := d.Group(group)
	if !ok {
		return nil
	}
	var all []held
	if o, live := d.Live(group, now); live {
		all = append(all, s.hold(d.Line, g, o))
	}
	ended := d.Between(group, now.Add(-longest), now)
	for _, o := range slices.Backward(ended) {
		if !o.End.After(now) && o.End.After(now.Add(-afterwards)) {
			all = append(all, s.hold(d.Line, g, o))
		}
	}
	return all
}

// longest is how long before now an occurrence began, at most, that is looked for.
const longest = 24 * time.Hour

func (s *Service) hold(l flows.Line, g flows.Group, o schedule.Occurrence) held {
	return held{l, g, o, s.Keys.RoomName(o.Date.String(), l.ID+"/"+g.ID+"/"+o.Meeting)}
}

// named is the one with a room of that name.
func (s *Service) named(r room, now time.Time) (held, bool) {
	if s.Lines == nil {
		return held{}, false
	}
	snap, ok := s.Lines.Line(r.Line)
	if !ok {
		return held{}, false
	}
	for _, h := range s.held(snap.Directory, r.Group, now) {
		if h.name == r.Name {
			return h, true
		}
	}
	return held{}, false
}

// language is the one that a room as a whole is spoken to in: the group's own, if
// the line speaks it.
func (h held) language() string {
	for _, lang := range h.group.Languages {
		if slices.Contains(h.line.Languages, lang) {
			return lang
		}
	}
	return h.line.Languages[0]
}

func (h held) room() room {
	return room{Line: h.line.ID, Group: h.group.ID, Lang: h.language(), Name: h.name}
}

// room is what the address tells that the carrier asks about a room, sealed.
type room struct {
	Line  string `json:"l"`
	Group string `json:"g"`
	Lang  string `json:"t"`
	// Name is the room's, so that the address is another at each occurrence and
	// ties none to the next in the carrier's log.
	Name  string        `json:"n"`
	Place session.Place `json:"p,omitempty"`
}

func roomOf(o session.Occurrence) room {
	return room{Line: o.Line, Group: o.Group, Lang: o.Lang, Name: o.Name}
}

// at is the same with that place.
func (r room) at(p session.Place) room {
	r.Place = p
	return r
}

// nameOf is what the carrier calls a place: the room has its own name, and what
// belongs to it has names made of that.
func (s *Service) nameOf(name string, p session.Place) string {
	if p == session.Main {
		return name
	}
	return s.Keys.Label(name, string(p))
}

// tokenKey is the key in an address, and the purposes are what its token is sealed
// for.
const (
	tokenKey    = "r"
	roomPurpose = "room"
	notePurpose = "note"
	ringPurpose = "ring"
)

// untilHeard asks the carrier to tell again what we failed to take: an event that
// is lost may leave somebody in silence.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
const untilHeard = "#rc=4&rp=all"

// address is where the carrier asks about a room, or tells of it.
func (s *Service) address(path, purpose string, what any) (string, error) {
	text, err := json.Marshal(what)
	if err != nil {
		return "", fmt.Errorf("seal the token of an address: %w", err)
	}
	return s.PublicURL + path + "?" + tokenKey + "=" + s.Keys.SealToken(purpose, text, nil), nil
}

// opened reads the token of an address into what.
func (s *Service) opened(query url.Values, purpose string, what any) error {
	text, err := s.Keys.OpenToken(purpose, query.Get(tokenKey), nil)
	if err != nil {
		return fmt.Errorf("open %s token: %w", purpose, err)
	}
	if json.Unmarshal(text, what) != nil {
		return errors.New("open " + purpose + " token: not one of ours")
	}
	return nil
}

// Open reads the token of a room's address. It returns the line, and the group
// and language as a flow keeps them.
func (s *Service) Open(query url.Values) (line string, state flows.State, err error) {
	var r room
	if err := s.opened(query, roomPurpose, &r); err != nil {
		return "", flows.State{}, err
	}
	return r.Line, flows.State{Group: r.Group, Lang: r.Lang}, nil
}

// spare is how many legs more than it has seats a conference takes: facilitators
// beyond them, and legs whose end the carrier has not noticed yet.
const (
	spare  = 10
	atMost = 250
)

// conference is how a leg joins a place. Name and callback are the same for
// everybody there: the carrier keeps those of the first (twilio.md §2.3).
func (s *Service) conference(r room, e session.Entry, capacity int) (carrier.Conference, error) {
	callback, err := s.address(EventPath, roomPurpose, r.at(e.Place))
	if err != nil {
		return carrier.Conference{}, err
	}
	return carrier.Conference{
		Name:            s.nameOf(r.Name, e.Place),
		Muted:           e.Muted,
		StartOnEnter:    e.Starts,
		MaxParticipants: min(atMost, capacity+spare),
		Label:           e.Label,
		StatusCallback:  callback + untilHeard,
		StatusCallbackEvents: []carrier.ConferenceEvent{
			carrier.EventStart, carrier.EventEnd, carrier.EventJoin, carrier.EventLeave, carrier.EventMute, carrier.EventHold,
		},
	}, nil
}
