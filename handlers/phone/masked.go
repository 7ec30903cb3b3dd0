package phone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
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
	maskedPath     = "/twilio/masked"
	maskedThemPath = "/twilio/masked/them"
	maskedWhoPath  = "/twilio/masked/who"
	maskedKey      = "m"
	heardOutKey    = "h" // in the address of who was listened to for long enough
	maskedPurpose  = "masked call"
	themPurpose    = "masked call, them"
)

// MaskedCall connects a coordinator with who waits to be let into a group, or who left
// a voice message: the line calls both, and each sees its number and no other.
type MaskedCall struct {
	Line  string `json:"l"`
	Group string `json:"g,omitempty"`
	Key   string `json:"k,omitempty"` // of the roster
	Voice string `json:"v,omitempty"` // the voice message's id, in place of a group and a key
	Lang  string `json:"t"`           // the coordinator's
	// Until is when the coordinator's phone must have been answered, in Unix seconds.
	Until int64 `json:"u"`
	// Staff is rung first.
	Staff vault.Number `json:"-"`
}

// ErrAtNight says that who waits is not called now: it is night where they are, or not
// a day or an hour that they call safe.
var ErrAtNight = errors.New("they are not called at this hour")

const (
	maskedRing = 25 * time.Second
	maskedTalk = time.Hour
	maskedLate = 5 * time.Minute
	// hearsOut is how long nothing is said to who answers: by then a machine is hung up on.
	hearsOut = carrier.DetectsWithin + 2*time.Second
)

// RingMasked rings the coordinator, who is connected with the other by pressing a key:
// a machine that answers is not. store.ErrNotFound says that the other is gone, or lets
// nobody call them.
func (c *Calls) RingMasked(ctx context.Context, m MaskedCall) error {
	if _, err := c.reach(ctx, m); err != nil {
		return fmt.Errorf("masked call: %w", err)
	}
	m.Until = c.Now().Add(maskedLate).Unix()
	address, err := c.maskedAddress(maskedPath, maskedPurpose, m)
	if err != nil {
		return err
	}
	_, err = c.Place(ctx, carrier.Ring{
		From: c.Number(m.Line), To: m.Staff, URL: address + carrier.Retries, Timeout: maskedRing, TimeLimit: maskedTalk + maskedLate, DetectMachine: true,
	})
	if err != nil && carrier.ClassOf(err) != carrier.Unknown {
		return fmt.Errorf("masked call: %w", err)
	}
	return nil
}

// reach is the number of who is to be called, at an hour at which they may be.
func (c *Calls) reach(ctx context.Context, m MaskedCall) (vault.Number, error) {
	snap, ok := c.Directories.Line(m.Line)
	if !ok || c.Masks == nil {
		return vault.Number{}, errNoLine
	}
	n, wishes, err := c.whom(ctx, m)
	if err != nil {
		return vault.Number{}, err
	}
	now := c.Now()
	wishes = wishes.Complete()
	wishes.Late = false // that is for reminders
	if wishes.SafeFrom(wishes.Zones(snap.Directory.Line.Zone, n.Zones()), now).After(now) {
		return vault.Number{}, ErrAtNight
	}
	return n, nil
}

// connects is the call that connects who has signed in with who waits.
func (in call) connects(applicant string) MaskedCall {
	group, key, _ := strings.Cut(applicant, ":")
	return MaskedCall{Line: in.view.Directory.Line.ID, Group: group, Key: key, Lang: in.state.Lang}
}

// through connects the caller with who waits, who hears what they hear in any such
// call. Whoever is gone meanwhile does not answer.
func (c *Calls) through(ctx context.Context, in call, applicant string, s flows.State, action string) (carrier.Response, error) {
	m := in.connects(applicant)
	n, err := c.reach(ctx, m)
	if err != nil {
		return carrier.Response{carrier.Redirect{URL: c.tokens.ended(s, in.hook.CallSID(), "failed"), Method: carrier.POST}}, nil
	}
	d, err := c.toThem(ctx, m, n, action)
	return carrier.Response{d}, err
}

// toThem dials the other end of a call, who is asked first.
func (c *Calls) toThem(ctx context.Context, m MaskedCall, n vault.Number, action string) (carrier.Dial, error) {
	m.Lang = c.theirs(ctx, m)
	them, err := c.maskedAddress(maskedThemPath, themPurpose, m)
	if err != nil {
		return carrier.Dial{}, err
	}
	who, err := c.maskedAddress(maskedWhoPath, themPurpose, m)
	return carrier.Dial{
		Action: action, Timeout: maskedRing, TimeLimit: maskedTalk, CallerID: c.Number(m.Line),
		To: carrier.Number{Number: n, URL: them, Detected: who},
	}, err
}

// whom a call is to connect with, at whatever hour.
func (c *Calls) whom(ctx context.Context, m MaskedCall) (vault.Number, flows.Preferences, error) {
	if m.Voice != "" {
		return c.Masks.Left(ctx, m.Line, m.Voice)
	}
	return c.Masks.Reach(ctx, m.Line, m.Group, m.Key)
}

func (c *Calls) maskedAddress(path, purpose string, m MaskedCall) (string, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("masked call: %w", err)
	}
	return c.PublicURL + path + "?" + maskedKey + "=" + c.Keys.SealToken(purpose, text, nil), nil
}

func (c *Calls) openMasked(query url.Values, purpose string) (m MaskedCall, view flows.View, err error) {
	text, err := c.Keys.OpenToken(purpose, query.Get(maskedKey), nil)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return m, view, fmt.Errorf("masked call: %w", err)
	}
	snap, ok := c.Directories.Line(m.Line)
	if !ok {
		return m, view, errNoLine
	}
	return m, c.viewOn(snap), nil
}

// masked is the coordinator's call: a key, and they are connected.
func (c *Calls) masked(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	hangUp := carrier.Response{carrier.Hangup{}}
	m, view, err := c.openMasked(query, maskedPurpose)
	if err != nil || c.Masks == nil {
		return hangUp, nil // it is none of ours
	}
	digits, gathered := w.Digits()
	f := c.Flows.Current(m.Line)
	say := func(prompt string) []carrier.Prompt {
		return carrier.Spoken(f, []flows.Utterance{f.Say(view, flows.State{Lang: m.Lang}, prompt)})
	}
	switch {
	case !gathered && w.DialCallStatus() != "":
		return append(carrier.Verbs(say(flows.MaskedOver)), carrier.Hangup{}), nil
	case !gathered && !w.AnsweredByHuman(), c.Now().Unix() > m.Until:
		return hangUp, nil
	case !gathered:
		address, err := c.maskedAddress(maskedPath, maskedPurpose, m)
		return carrier.Response{oneKey(address, say(flows.MaskedStaff)), carrier.Hangup{}}, err
	case digits != flows.MaskedKey:
		return hangUp, nil
	}
	n, err := c.reach(ctx, m)
	if err != nil {
		return append(carrier.Verbs(say(flows.MaskedOver)), carrier.Hangup{}), nil
	}
	address, err := c.maskedAddress(maskedPath, maskedPurpose, m)
	if err != nil {
		return nil, err
	}
	d, err := c.toThem(ctx, m, n, address)
	return carrier.Response{d}, err
}

// theirs is the language of who waits.
func (c *Calls) theirs(ctx context.Context, m MaskedCall) string {
	if _, wishes, err := c.whom(ctx, m); err == nil && wishes.Language != "" {
		return wishes.Language
	}
	return m.Lang
}

// maskedWho is told who answers in place of who waits: on anything but a person it hangs
// up, before a word is said.
func (c *Calls) maskedWho(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	if _, _, err := c.openMasked(query, themPurpose); err != nil || w.AnsweredByHuman() {
		return carrier.Response{}, nil
	}
	return carrier.Response{}, c.Hangup(ctx, w.CallSID())
}

// maskedThem is what who waits hears before they are connected, alone: first nothing,
// until it is known that they are no machine. Whoever does not press a key is not
// connected.
func (c *Calls) maskedThem(_ context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	m, view, err := c.openMasked(query, themPurpose)
	if err != nil {
		return carrier.Response{carrier.Hangup{}}, nil // it is none of ours
	}
	switch digits, gathered := w.Digits(); {
	case gathered && digits == flows.MaskedKey:
		return carrier.Response{}, nil
	case gathered:
		return carrier.Response{carrier.Hangup{}}, nil
	}
	f := c.Flows.Current(m.Line)
	address, err := c.maskedAddress(maskedThemPath, themPurpose, m)
	if !query.Has(heardOutKey) {
		return carrier.Response{carrier.Pause{Length: hearsOut}, carrier.Redirect{URL: address + "&" + heardOutKey + "=1", Method: carrier.POST}}, err
	}
	said := carrier.Spoken(f, []flows.Utterance{f.Say(view, flows.State{Lang: m.Lang}, flows.MaskedThem)})
	return carrier.Response{oneKey(address, said), carrier.Hangup{}}, err
}

// oneKey asks for a key, and goes on without one.
func oneKey(address string, said []carrier.Prompt) carrier.Gather {
	return carrier.Gather{Action: address, Timeout: 8 * time.Second, NumDigits: 1, FinishOnKey: carrier.Some(""), Prompts: said}
}
