package doctor

import (
	"context"
	"errors"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// Applied is what came of a plan.
type Applied struct {
	Plan
	// Service is the messaging service that was made, "" for none: texts go out by it
	// once TWILIO_MESSAGING_SERVICE_SID is it.
	Service string
	// Begun says that what stood there is kept, and [Doctor.Undo] puts it back.
	Begun bool
}

// Apply makes the line's numbers what they should be, and keeps what stood there. Where
// something stands that is not ours it changes nothing and returns [ErrForeign], unless
// it is to. What was done before an error can be put back by [Doctor.Undo].
func (d *Doctor) Apply(ctx context.Context, by store.By, w Way) (Applied, error) {
	p, err := d.Plan(ctx, w)
	a := Applied{Plan: p}
	switch {
	case err != nil:
		return a, err
	case p.Foreign() && !w.Force:
		return a, ErrForeign
	case len(p.Steps) == 0:
		return a, nil
	}
	settings := make([]store.Setting, len(p.Steps))
	for i, s := range p.Steps {
		settings[i] = s.Setting
	}
	if settings, err = d.madeService(ctx, settings, &a); err != nil {
		return a, err
	}
	if err := d.Provisions.Save(ctx, d.Line(), by, settings); err != nil {
		return a, err
	}
	a.Begun = true
	return a, d.enter(ctx, settings)
}

// madeService makes the messaging service that a plan asks for, so that what is kept
// knows it. One that nothing is put into after all does no harm.
func (d *Doctor) madeService(ctx context.Context, settings []store.Setting, a *Applied) ([]store.Setting, error) {
	for i, s := range settings {
		if s.Kind != kindMember || s.After != "" {
			continue
		}
		if a.Service == "" {
			sid, err := d.Carrier.MakeService(ctx)
			if err != nil {
				return nil, err
			}
			a.Service = sid
		}
		settings[i].After = a.Service
	}
	if a.Service != "" {
		settings = append([]store.Setting{{Kind: kindService, Subject: a.Service, After: "made"}}, settings...)
	}
	return settings, nil
}

// enter makes every setting what it is after.
func (d *Doctor) enter(ctx context.Context, settings []store.Setting) error {
	fields := map[string]map[carrier.Field]string{}
	for _, s := range settings {
		var err error
		switch s.Kind {
		case kindNumber:
			if fields[s.Subject] == nil {
				fields[s.Subject] = map[carrier.Field]string{}
			}
			fields[s.Subject][carrier.Field(s.Field)] = s.After
		case kindMember:
			err = d.move(ctx, s)
		case kindDefers:
			err = d.Carrier.DeferTexts(ctx, s.Subject, s.After == "true")
		case kindService:
			if s.After == "" {
				err = d.Carrier.DeleteService(ctx, s.Subject)
			}
		}
		if err != nil {
			return err
		}
	}
	for sid, set := range fields {
		if err := d.Carrier.SetUp(ctx, sid, set); err != nil {
			return err
		}
	}
	return nil
}

// move takes a number from one messaging service to another; either may be none.
func (d *Doctor) move(ctx context.Context, s store.Setting) error {
	if s.Before != "" {
		if err := d.Carrier.TakeFromService(ctx, s.Before, s.Subject); err != nil {
			return err
		}
	}
	if s.After == "" {
		return nil
	}
	return d.Carrier.AddToService(ctx, s.After, s.Subject)
}

// Undone is what was put back.
type Undone struct {
	Back int // settings that are as they were before
	Left int // settings that somebody has changed since, and that stay
}

// Undo puts back what [Doctor.Apply] changed last: where what we entered still stands.
// It returns [ErrNothing] when there is nothing. After an error it can be done again.
func (d *Doctor) Undo(ctx context.Context, by store.By) (Undone, error) {
	last, err := d.Provisions.Last(ctx, d.Line())
	if errors.Is(err, store.ErrNotFound) {
		return Undone{}, ErrNothing
	}
	if err != nil {
		return Undone{}, err
	}
	is, err := d.standing(ctx)
	if err != nil {
		return Undone{}, err
	}
	var u Undone
	var back []store.Setting
	for i := len(last.Changes) - 1; i >= 0; i-- {
		s := last.Changes[i]
		switch is(s) {
		case s.Before:
			u.Back++
		case s.After:
			u.Back++
			back = append(back, store.Setting{Kind: s.Kind, Subject: s.Subject, Field: s.Field, Before: s.After, After: s.Before})
		default:
			u.Left++
		}
	}
	if err := d.enter(ctx, back); err != nil {
		return Undone{}, err
	}
	return u, d.Provisions.Undone(ctx, d.Line(), by, last.ID)
}

// gone is what stands where there is nothing any more.
const gone = "gone"

// standing reads what stands at the carrier, and returns how to look at a setting.
func (d *Doctor) standing(ctx context.Context) (func(store.Setting) string, error) {
	setups, err := d.Carrier.Setups(ctx)
	if err != nil {
		return nil, err
	}
	pools, err := d.pools(ctx)
	if err != nil {
		return nil, err
	}
	return func(s store.Setting) string {
		if s.Kind == kindMember {
			if in := poolOf(pools, s.Subject); in != nil {
				return in.SID
			}
			return ""
		}
		for _, p := range pools {
			switch {
			case p.SID != s.Subject:
			case s.Kind == kindDefers && p.Defers:
				return "true"
			case s.Kind == kindDefers:
				return "false"
			case s.Kind == kindService:
				return "made"
			}
		}
		for _, setup := range setups {
			if setup.SID == s.Subject {
				return setup.Fields[carrier.Field(s.Field)]
			}
		}
		if s.Kind == kindService {
			return ""
		}
		return gone
	}, nil
}
