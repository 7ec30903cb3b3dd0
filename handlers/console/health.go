package console

import (
	"context"
	"errors"
	"time"

	"github.com/hearthline/hearthline/handlers/doctor"
	"github.com/hearthline/hearthline/store"
)

const healthPath = "/console/health"

// Doctor looks at the line's number at the carrier, and enters its addresses there.
type Doctor interface {
	Last() ([]doctor.Finding, time.Time)
	Check(ctx context.Context) []doctor.Finding
	Reach(ctx context.Context, publicURL string) []doctor.Finding
	Plan(ctx context.Context, w doctor.Way) (doctor.Plan, error)
	Apply(ctx context.Context, by store.By, w doctor.Way) (doctor.Applied, error)
	Undo(ctx context.Context, by store.By) (doctor.Undone, error)
}

// healthPage is what was found when somebody last looked: to look takes the carrier
// seconds, which no page waits for unasked.
type healthPage struct {
	Looked bool
	At     string
	Worst  doctor.State
	Areas  []shownArea
}

// shownArea is what was found of one thing, with what is amiss first.
type shownArea struct {
	Area     string
	Findings []finding
}

// clockFormat is a moment of the line's own day, as both languages read it.
const clockFormat = "2006-01-02 15:04"

func (p *page) health() error {
	if p.desk.Doctor == nil {
		return missing
	}
	all, at := p.desk.Doctor.Last()
	shown := healthPage{Looked: !at.IsZero(), Worst: doctor.Worst(all)}
	if shown.Looked {
		shown.At = at.In(p.zone()).Format(clockFormat)
	}
	for _, name := range doctor.Areas {
		var found []doctor.Finding
		for _, state := range []doctor.State{doctor.Bad, doctor.Warn, doctor.Skipped, doctor.OK} {
			for _, f := range all {
				if f.Area == name && f.State == state {
					found = append(found, f)
				}
			}
		}
		if len(found) == 0 {
			continue
		}
		words, err := p.inWords(found)
		if err != nil {
			return err
		}
		shown.Areas = append(shown.Areas, shownArea{Area: name, Findings: words})
	}
	return p.show("health", "health.title", shown)
}

func (p *page) lookAgain() error {
	if p.desk.Doctor == nil {
		return missing
	}
	p.desk.Doctor.Check(p.ctx())
	return p.done(healthPath, "health.looked")
}

// planPage is what would be entered at the carrier.
type planPage struct {
	doctor.Plan
	Unread  bool // the carrier could not be asked
	Foreign bool
	Service bool
}

// Settled is what stands, or is to stand, for a setting: in words where it is none, or
// is not an address.
func (p *page) Settled(value string) (string, error) {
	switch value {
	case "":
		return p.T("health.nothing")
	case "true", "false":
		return p.T("health.value_" + value)
	case doctor.AnotherOne:
		return p.T("health.value_another")
	case doctor.NewOne:
		return p.T("health.value_new")
	}
	return value, nil
}

// way is what a plan's form asks for.
func (p *page) way() doctor.Way {
	return doctor.Way{Force: p.FormValue("force") == "yes", Service: p.FormValue("service") == "yes"}
}

func (p *page) plan() error {
	if p.desk.Doctor == nil {
		return missing
	}
	w := p.way()
	plan, err := p.desk.Doctor.Plan(p.ctx(), w)
	if err != nil {
		p.desk.Log.Warn("the carrier's settings cannot be read", "error", err)
	}
	return p.show("plan", "health.plan_title", planPage{Plan: plan, Unread: err != nil, Foreign: plan.Foreign(), Service: w.Service})
}

func (p *page) provision() error {
	if p.desk.Doctor == nil {
		return missing
	}
	w := p.way()
	a, err := p.desk.Doctor.Apply(p.ctx(), p.by(), w)
	shown := planPage{Plan: a.Plan, Foreign: a.Foreign(), Service: w.Service}
	switch {
	case errors.Is(err, doctor.ErrForeign):
		return p.wrong("plan", "health.plan_title", map[string]string{"force": "health.force_first"}, shown)
	case err != nil:
		p.desk.Log.Warn("the carrier's settings cannot be changed", "error", err)
		shown.Unread = true
		return p.wrong("plan", "health.plan_title", map[string]string{"form": "health.not_entered"}, shown)
	}
	p.desk.Doctor.Check(p.ctx())
	return p.done(healthPath, "health.entered")
}

func (p *page) putBack() error {
	if p.desk.Doctor == nil {
		return missing
	}
	u, err := p.desk.Doctor.Undo(p.ctx(), p.by())
	switch {
	case errors.Is(err, doctor.ErrNothing):
		return p.done(healthPath, "health.nothing_back")
	case err != nil:
		p.desk.Log.Warn("the carrier's settings cannot be put back", "error", err)
		return p.done(healthPath, "health.not_back")
	}
	p.desk.Doctor.Check(p.ctx())
	if u.Left > 0 {
		return p.done(healthPath, "health.partly_back")
	}
	return p.done(healthPath, "health.back")
}
