package phone

import (
	"errors"
	"maps"
	"net/url"
	"strconv"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store/vault"
)

// The keys of our addresses' query strings.
const (
	stateKey = "s" // a call's sealed state
	againKey = "a" // how often we failed to answer at this state
	endedKey = "d" // how the room or number ended that we failed to answer for
	leftKey  = "k" // by which key somebody left the queue at a room's door
	whoKey   = "w" // who hears nobody, as flows call it
)

// Sealed states of one purpose do not open for another.
const (
	turnPurpose  = "turn"
	waitPurpose  = "wait"
	keptPurpose  = "kept"
	queuePurpose = "queue"
)

var errNoLine = errors.New("no line has the number that was called, or no directory is loaded")

// tokens carries a call's state in the addresses that its webhooks come to:
// sealed, and bound to the call, so that it is of use to no other.
type tokens struct {
	keys      *vault.Keyring
	publicURL string
}

// action is where the answer to a turn goes: to an address that has a query, or with ""
// to where calls are answered.
func (t tokens) action(to string, s flows.State, call string) string {
	if to != "" {
		return to + "&" + stateKey + "=" + t.seal(turnPurpose, s, call) + carrier.Retries
	}
	return t.address(VoicePath, turnPurpose, s, call)
}

// ended is action for who did so since, of which the carrier says nothing.
func (t tokens) ended(s flows.State, call, how string) string {
	return t.publicURL + VoicePath + "?" + stateKey + "=" + t.seal(turnPurpose, s, call) + "&" + endedKey + "=" + how + carrier.Retries
}

// waiting is what is heard in a room by who hears nobody there, and who that is. The
// state's Page counts how often it was said.
func (t tokens) waiting(s flows.State, who, call string) string {
	return t.publicURL + waitPath + "?" + stateKey + "=" + t.seal(waitPurpose, s, call) + "&" + whoKey + "=" + who + carrier.Retries
}

// queueing is what is heard at the door of a room.
func (t tokens) queueing(s flows.State, call string) string {
	return t.address(queuePath, queuePurpose, s, call)
}

func (t tokens) address(path, purpose string, s flows.State, call string) string {
	return t.publicURL + path + "?" + stateKey + "=" + t.seal(purpose, s, call) + carrier.Retries
}

func (t tokens) seal(purpose string, s flows.State, call string) string {
	b, _ := s.AppendBinary(make([]byte, 0, 256)) // cannot fail
	return t.keys.SealToken(purpose, b, []byte(call))
}

func (t tokens) openFor(purpose, token, call string) (flows.State, bool) {
	if token == "" {
		return flows.State{}, false
	}
	var s flows.State
	b, err := t.keys.OpenToken(purpose, token, []byte(call))
	if err != nil || s.UnmarshalBinary(b) != nil {
		return flows.State{}, false
	}
	return s, true
}

// again is the address of the same request once more, with how a Dial before it
// ended, which the carrier will not repeat; and how often it has been asked for
// already.
func (t tokens) again(path string, query url.Values, ended string) (address string, times int) {
	times, _ = strconv.Atoi(query.Get(againKey))
	next := maps.Clone(query)
	next.Set(againKey, strconv.Itoa(times+1))
	if ended != "" {
		next.Set(endedKey, ended)
	}
	return t.publicURL + path + "?" + next.Encode() + carrier.Retries, times
}
