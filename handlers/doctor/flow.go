package doctor

import (
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// flow says whether callers hear the flow that was published for them, and what suits
// where they are.
func (d *Doctor) flow() []Finding {
	all := []Finding{d.emergency()}
	if d.Unusable == nil {
		return all
	}
	bad := d.Unusable()
	for _, version := range bad {
		if version == "" {
			all = append(all, found("flow.heard", "folder"))
		} else {
			all = append(all, found("flow.heard", "version", "version", version))
		}
	}
	if len(bad) == 0 {
		all = append(all, found("flow.heard", "good"))
	}
	return all
}

// emergency says what people in danger are told to dial. Where the line calls neither
// the United States nor Canada, somebody must have said that.
func (d *Doctor) emergency() Finding {
	is, outcome := d.Said().Emergency, "good"
	if is == "" && len(d.Countries) > 0 && !slices.Contains(d.Countries, "US") && !slices.Contains(d.Countries, "CA") {
		outcome = "assumed"
	}
	return found("flow.emergency", outcome, "number", flows.Line{Emergency: is}.Urgent(), "countries", strings.Join(d.Countries, ", "))
}

// amiss are those findings that need no looking, of which whoever looks must be told.
func (d *Doctor) amiss() (all []Finding) {
	for _, f := range d.flow() {
		if f.State != OK {
			all = append(all, f)
		}
	}
	return all
}
