package doctor

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// overrides tell the carrier to try twice more where no connection is had or a proxy
// answers for us; they are neither sent nor signed.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
const overrides = "#rc=2&rp=ct,5xx"

// The kinds of setting.
const (
	kindNumber  = "number"  // a field of a number
	kindMember  = "member"  // which messaging service a number is in
	kindDefers  = "defers"  // whether a service leaves texts to the numbers' own addresses
	kindService = "service" // that a service was made
)

// ErrForeign says that something stands at the carrier that is not ours, so that
// nothing was changed.
var ErrForeign = errors.New("something stands at the carrier that is not this line's: it is overwritten with --force only")

// ErrNothing says that there is nothing to put back.
var ErrNothing = errors.New("there is nothing to put back")

// Way is how a plan is made.
type Way struct {
	Force   bool // also overwrite what is not ours
	Service bool // make a messaging service where a number needs one
}

// What [Step.From] and [Step.To] say of what has no name to be shown by.
const (
	AnotherOne = "another one"
	NewOne     = "a new one"
)

// Step is one setting that is to be changed.
type Step struct {
	store.Setting
	// Which number it is about, by its last digits.
	Which string
	// Foreign says that what stands there is somebody else's.
	Foreign bool
}

// From is what stands there now, as it may be shown: of an address that is not ours
// the host alone.
func (s Step) From() string {
	switch {
	case s.Before == "":
		return ""
	case s.Foreign && hostOf(s.Before) != "" && hostOf(s.Before) != "?":
		return hostOf(s.Before)
	case strings.HasSuffix(s.Field, "Sid"), s.Kind == kindMember:
		return AnotherOne
	}
	return s.Before
}

// To is what is to stand there, as it may be shown.
func (s Step) To() string {
	switch {
	case isEcho(s.After):
		return twimlet + "?Twiml=…"
	case s.Kind == kindMember && s.After == "":
		return NewOne
	}
	return s.After
}

// Plan is what would be changed.
type Plan struct{ Steps []Step }

// Foreign says whether any of it is somebody else's.
func (p Plan) Foreign() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Foreign })
}

// Plan compares how the line's numbers are set up with how they should be. A number
// that the account does not hold is passed over: [Doctor.Check] says so.
func (d *Doctor) Plan(ctx context.Context, w Way) (Plan, error) {
	setups, err := d.Carrier.Setups(ctx)
	if err != nil {
		return Plan{}, err
	}
	before, err := d.entered(ctx)
	if err != nil {
		return Plan{}, err
	}
	var p Plan
	var held []carrier.Setup
	for _, n := range d.Numbers {
		if s, ok := setupOf(setups, n); ok {
			held = append(held, s)
			p.Steps = append(p.Steps, d.fields(s, before)...)
		}
	}
	steps, err := d.texting(ctx, held, w)
	p.Steps = append(p.Steps, steps...)
	return p, err
}

// entered are the values that we entered last, so that a line whose address changed
// knows its own.
func (d *Doctor) entered(ctx context.Context) (map[string]bool, error) {
	last, err := d.Provisions.Last(ctx, d.Line())
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	values := map[string]bool{}
	for _, s := range last.Changes {
		values[s.Field+" "+s.After] = true
	}
	return values, nil
}

// fields are the steps of one number.
func (d *Doctor) fields(s carrier.Setup, before map[string]bool) []Step {
	var steps []Step
	set := func(field carrier.Field, to string, foreign bool) {
		if s.Fields[field] == to {
			return
		}
		steps = append(steps, Step{
			Setting: store.Setting{Kind: kindNumber, Subject: s.SID, Field: string(field), Before: s.Fields[field], After: to},
			Which:   which(s.Number), Foreign: foreign,
		})
	}
	address := func(field, method carrier.Field, path string) {
		is := s.Fields[field]
		want := d.base() + path + overrides
		if withoutOverrides(is) == d.base()+path {
			want = is // whoever chose other overrides keeps them
		}
		set(field, want, !unset(is) && hostOf(is) != hostOf(d.PublicURL) && !before[string(field)+" "+is])
		set(method, http.MethodPost, false)
	}
	address(carrier.VoiceURL, carrier.VoiceMethod, d.VoicePath)
	for _, field := range []carrier.Field{carrier.VoiceApplication, carrier.Trunk} {
		set(field, "", true)
	}
	if s.Texts {
		address(carrier.SMSURL, carrier.SMSMethod, d.TextPath)
		set(carrier.SMSApplication, "", true)
	}
	// A fallback that is kept elsewhere is somebody's choice, and serves as well.
	if is := s.Fields[carrier.VoiceFallbackURL]; unset(is) || isEcho(is) || hostOf(is) == hostOf(d.PublicURL) {
		if want := d.Fallback(); want != "" {
			set(carrier.VoiceFallbackURL, want, false)
			set(carrier.VoiceFallbackMethod, http.MethodPost, false)
		}
	}
	return steps
}

// texting are the steps that texts need.
func (d *Doctor) texting(ctx context.Context, held []carrier.Setup, w Way) ([]Step, error) {
	pools, err := d.pools(ctx)
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, s := range held {
		if !s.Texts {
			continue
		}
		in := poolOf(pools, s.SID)
		into := d.Service
		switch {
		case d.Service != "" && (in == nil || in.SID != d.Service):
			before := ""
			if in != nil {
				before = in.SID
			}
			steps = append(steps, Step{store.Setting{Kind: kindMember, Subject: s.SID, Before: before, After: d.Service}, which(s.Number), in != nil})
		case d.Service == "" && in == nil && w.Service:
			steps = append(steps, Step{store.Setting{Kind: kindMember, Subject: s.SID}, which(s.Number), false})
		case in != nil:
			into = in.SID
		}
		for _, p := range pools {
			done := slices.ContainsFunc(steps, func(s Step) bool { return s.Kind == kindDefers && s.Subject == p.SID })
			if p.SID == into && !p.Defers && !done && withoutOverrides(p.Inbound) != d.base()+d.TextPath {
				steps = append(steps, Step{store.Setting{Kind: kindDefers, Subject: p.SID, Field: kindDefers, Before: "false", After: "true"}, which(s.Number), p.Inbound != ""})
			}
		}
	}
	return steps, nil
}
