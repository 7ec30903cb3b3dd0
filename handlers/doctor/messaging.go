package doctor

import (
	"context"
	"slices"

	"github.com/hearthline/hearthline/handlers/carrier"
)

// pool is a messaging service with the SIDs of the numbers in it.
type pool struct {
	carrier.Service
	numbers []string
}

// pools are the account's messaging services.
func (d *Doctor) pools(ctx context.Context) ([]pool, error) {
	services, err := d.Carrier.Services(ctx)
	if err != nil {
		return nil, err
	}
	var all []pool
	for _, s := range services {
		numbers, err := d.Carrier.ServiceNumbers(ctx, s.SID)
		if err != nil {
			return nil, err
		}
		all = append(all, pool{s, numbers})
	}
	return all, nil
}

// poolOf is the service that a number is in, nil for none.
func poolOf(all []pool, number string) *pool {
	for i := range all {
		if slices.Contains(all[i].numbers, number) {
			return &all[i]
		}
	}
	return nil
}

// messaging looks at what texts of the numbers need to get through.
func (d *Doctor) messaging(ctx context.Context, held []carrier.Setup) []Finding {
	pools, err := d.pools(ctx)
	if err != nil {
		return []Finding{found("messaging.service", "unread"), d.optOut(ctx)}
	}
	var all []Finding
	if d.Service != "" && !slices.ContainsFunc(pools, func(p pool) bool { return p.SID == d.Service }) {
		all = append(all, found("messaging.service", "unknown"))
	}
	for _, s := range held {
		if s.Texts {
			in := poolOf(pools, s.SID)
			all = append(all, d.service(s, in), d.registration(ctx, s, in))
		}
	}
	return append(all, d.optOut(ctx))
}

func (d *Doctor) service(s carrier.Setup, in *pool) Finding {
	outcome := "used"
	switch {
	case in != nil && !in.Defers && withoutOverrides(in.Inbound) != d.base()+d.TextPath:
		outcome = "webhook"
	case d.Service != "" && (in == nil || in.SID != d.Service):
		outcome = "outside"
	case d.Service == "" && in != nil:
		outcome = "unset"
	case in == nil && s.Number.TollFree():
		outcome = "tollfree"
	case in == nil && s.Number.Country() != "US":
		outcome = "abroad"
	case in == nil:
		outcome = "none"
	}
	return found("messaging.service", outcome, "which", which(s.Number))
}

// registration says how far the phone companies' permission has come, which numbers of
// the United States need.
func (d *Doctor) registration(ctx context.Context, s carrier.Setup, in *pool) Finding {
	number := which(s.Number)
	var state carrier.Registration
	var err error
	switch {
	case s.Number.TollFree():
		state, err = d.Carrier.TollFree(ctx, s.SID)
	case s.Number.Country() != "US":
		return found("messaging.registration", "elsewhere", "which", number)
	case in == nil:
		return found("messaging.registration", "no_service", "which", number)
	default:
		state, err = d.Carrier.Campaign(ctx, in.SID)
	}
	if err != nil {
		return found("messaging.registration", "unread", "which", number)
	}
	return found("messaging.registration", string(state), "which", number) // "verified", "pending", "failed" or "missing"
}

// optOut says in whose words STOP is answered. The carrier's API does not tell: a text
// that came in marked as such a word does.
func (d *Doctor) optOut(ctx context.Context) Finding {
	contact, err := d.Contact(ctx, d.Line(), d.Now())
	if err == nil && contact.Advanced {
		return found("messaging.opt_out", "advanced")
	}
	return found("messaging.opt_out", "basic")
}
