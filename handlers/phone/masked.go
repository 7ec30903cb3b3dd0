package phone

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Masks know whom a coordinator may be connected with, and how they wish to be
// reached. store.ErrNotFound is of anybody else.
type Masks interface {
	Reach(ctx context.Context, line, group, key string) (vault.Number, flows.Preferences, error)
	// Left is who left a voice message and may be rung back.
	Left(ctx context.Context, line, voice string) (vault.Number, flows.Preferences, error)
}

const (
	maskedThemPath = "/twilio/masked/them"
	maskedWhoPath  = "/twilio/masked/who"
	maskedKey      = "m"
	heardOutKey    = "h" // in the address of who was listened to for long enough
	themPurpose    = "masked call, them"
)

// MaskedCall connects a coordinator with who waits to be let into a group, or who left
// a voice message: the line calls both, and each sees its number and no other. What
// either hears, and presses, is the flow's.
type MaskedCall struct {
	Line  string
	Group string
	Key   string // of the roster
	Voice string // the voice message's id, in place of a group and a key
	Lang  string // the coordinator's
	// Staff is rung first.
	Staff vault.Number
}

// ErrAtNight says that who waits is not called now: it is night where they are, or not
// a day or an hour that they call safe.
var ErrAtNight = errors.New("they are not called at this hour")

// ErrNoSuchCall says that what one of them would hear begins no call by which two are
// connected.
var ErrNoSuchCall = errors.New("the flow begins no call by which two are connected: it has no `masked` or no `them` under `placed`")

const (
	maskedRing = 25 * time.Second
	maskedTalk = time.Hour
	maskedLate = 5 * time.Minute
	// hearsOut is how long nothing is said to who answers: by then a machine is hung up on.
	hearsOut = carrier.DetectsWithin + 2*time.Second
)

// RingMasked rings the coordinator, who is connected with the other by pressing a key:
// a machine that answers is not. store.ErrNotFound says that the other is gone, or lets
// nobody call them, or that either number is where nobody is called.
func (c *Calls) RingMasked(ctx context.Context, m MaskedCall) error {
	if !m.Staff.Within(c.Countries) {
		return fmt.Errorf("masked call: a coordinator's own number: %w", store.ErrNotFound)
	}
	if _, _, err := c.reach(ctx, m); err != nil {
		return fmt.Errorf("masked call: %w", err)
	}
	if !c.Flows.For(m.Line, m.Staff).Places(flows.PlacedMasked) {
		return ErrNoSuchCall
	}
	address, err := carrier.Placed{
		Line: m.Line, Lang: m.Lang, Kind: flows.PlacedMasked, Applicant: m.applicant(), Until: c.Now().Add(maskedLate).Unix(),
	}.Address(c.Keys, c.PublicURL+VoicePath)
	if err != nil {
		return err
	}
	_, err = c.Place(ctx, carrier.Ring{
		From: c.Number(m.Line), To: m.Staff, URL: address, Timeout: maskedRing, TimeLimit: maskedTalk + maskedLate, DetectMachine: true,
	})
	if err != nil && carrier.ClassOf(err) != carrier.Unknown {
		return fmt.Errorf("masked call: %w", err)
	}
	return nil
}

// applicant is what a flow calls the other: see flows.VarApplicant.
func (m MaskedCall) applicant() string {
	if m.Voice != "" {
		return m.Voice
	}
	return applicantID(m.Group, m.Key)
}

// connects is the call that connects the caller with whom the flow calls so.
func (in call) connects(applicant string) MaskedCall {
	m := MaskedCall{Line: in.view.Directory.Line.ID, Lang: in.state.Lang}
	group, key, waits := strings.Cut(applicant, ":")
	if waits {
		m.Group, m.Key = group, key
	} else {
		m.Voice = applicant
	}
	return m
}

// reach is the number of who is to be called, at an hour at which they may be, where the
// line may call; and how they wish to be spoken to.
func (c *Calls) reach(ctx context.Context, m MaskedCall) (vault.Number, flows.Preferences, error) {
	snap, ok := c.Directories.Line(m.Line)
	if !ok || c.Masks == nil {
		return vault.Number{}, flows.Preferences{}, errNoLine
	}
	n, wishes, err := c.whom(ctx, m)
	if err == nil && !n.Within(c.Countries) {
		err = store.ErrNotFound
	}
	if err != nil {
		return vault.Number{}, wishes, err
	}
	if !c.Flows.For(m.Line, n).Places(flows.PlacedThem) {
		return vault.Number{}, wishes, ErrNoSuchCall // which draft the coordinator hears they do not
	}
	now := c.Now()
	wishes = wishes.Complete()
	wishes.Late = false // that is for reminders
	if wishes.SafeFrom(wishes.Zones(snap.Directory.Line.Zone, n.Zones()), now).After(now) {
		return vault.Number{}, wishes, ErrAtNight
	}
	return n, wishes, nil
}

// whom a call is to connect with, at whatever hour.
func (c *Calls) whom(ctx context.Context, m MaskedCall) (vault.Number, flows.Preferences, error) {
	if m.Voice != "" {
		return c.Masks.Left(ctx, m.Line, m.Voice)
	}
	return c.Masks.Reach(ctx, m.Line, m.Group, m.Key)
}

// through dials whom the caller is to be connected with, who is asked first. Whoever is
// gone meanwhile does not answer.
func (c *Calls) through(ctx context.Context, in call, applicant string, s flows.State, action string) (carrier.Verb, error) {
	m := in.connects(applicant)
	n, wishes, err := c.reach(ctx, m)
	if err != nil {
		return carrier.Redirect{URL: c.tokens.ended(s, in.hook.CallSID(), "failed"), Method: carrier.POST}, nil
	}
	address, err := c.themAddress(maskedThemPath, them{Line: m.Line, Lang: cmp.Or(wishes.Language, m.Lang), Slow: wishes.Slow})
	if err != nil {
		return nil, err
	}
	who, err := c.themAddress(maskedWhoPath, them{Line: m.Line})
	return carrier.Dial{
		Action: action, Timeout: maskedRing, TimeLimit: maskedTalk, CallerID: c.Number(m.Line),
		To: carrier.Number{Number: n, URL: address, Detected: who},
	}, err
}

// them is what the address tells at which the other's leg begins.
type them struct {
	Line string `json:"l"`
	Lang string `json:"t"`
	Slow bool   `json:"s,omitempty"`
}

func (c *Calls) themAddress(path string, t them) (string, error) {
	text, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("masked call: %w", err)
	}
	return c.PublicURL + path + "?" + maskedKey + "=" + c.Keys.SealToken(themPurpose, text, nil), nil
}

func (c *Calls) openThem(query url.Values) (t them, ours bool) {
	text, err := c.Keys.OpenToken(themPurpose, query.Get(maskedKey), nil)
	return t, err == nil && json.Unmarshal(text, &t) == nil
}

// maskedWho is told who answers in place of the other: on anything but a person it hangs
// up, before a word is said.
func (c *Calls) maskedWho(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	if _, ours := c.openThem(query); !ours || w.AnsweredByHuman() {
		return carrier.Response{}, nil
	}
	return carrier.Response{}, c.Hangup(ctx, w.CallSID())
}

// maskedThem is a turn of the other's call, before the two are connected: first nothing
// is said, until it is known that they are no machine. It is a leg of its own, and the
// number of ours that it shows is no more than what it was rung from: its line is told by
// its address.
func (c *Calls) maskedThem(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	hangUp := carrier.Response{carrier.Hangup{}}
	t, ours := c.openThem(query)
	snap, known := c.Directories.Line(t.Line)
	if !ours || !known {
		return hangUp, nil // it is none of ours
	}
	address, err := c.themAddress(maskedThemPath, t)
	if err != nil {
		return nil, err
	}
	address += "&" + heardOutKey + "=1"
	switch {
	case w.CallStatus().Over():
		return hangUp, nil
	case !query.Has(heardOutKey):
		return carrier.Response{carrier.Pause{Length: hearsOut}, carrier.Redirect{URL: address, Method: carrier.POST}}, nil
	}
	s, ok := c.tokens.openFor(turnPurpose, query.Get(stateKey), w.CallSID())
	in := c.openOn(ctx, call{hook: w, snap: snap, view: c.viewOn(snap), address: address}, w.To(), s, ok)
	did := input(w, in.state, query)
	if did.Event == flows.Started {
		in.state, did = flows.State{Lang: t.Lang, Slow: t.Slow}, flows.Input{Event: flows.Placed, Result: flows.PlacedThem}
	}
	return c.turn(ctx, in, did)
}
