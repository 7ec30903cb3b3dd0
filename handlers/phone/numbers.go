package phone

import (
	"maps"
	"slices"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// CheckNumbers is F005 for each number of a flow's own that is not to be dialled from
// here: outside the countries that may be called, or dearer than others there.
func CheckNumbers(f *flows.Flow, countries []string) []flows.Problem {
	return undialled(f, countries, func(e164 string) flows.Undialled {
		_, why := store.OwnNumber(e164, countries)
		return why
	})
}

// CheckLoops is F005 for each number of a flow's own that is one of the line's: who is
// connected with it is where they began.
func CheckLoops(f *flows.Flow, ours []vault.Number) []flows.Problem {
	return undialled(f, nil, func(e164 string) flows.Undialled {
		if d, _ := store.OwnNumber(e164, nil); slices.ContainsFunc(ours, d.Number().Equal) {
			return flows.UndialledOurs
		}
		return ""
	})
}

// undialled is F005 for each number of a flow's own that why gives a reason of; nothing
// without a flow.
func undialled(f *flows.Flow, countries []string, why func(e164 string) flows.Undialled) (faults []flows.Problem) {
	if f == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(f.Numbers())) {
		n := f.Numbers()[name]
		if is := why(n.E164); is != "" {
			faults = append(faults, n.Fault(name, is, countries))
		}
	}
	return faults
}
