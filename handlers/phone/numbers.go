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
func CheckNumbers(f *flows.Flow, countries []string) (faults []flows.Problem) {
	for _, name := range slices.Sorted(maps.Keys(f.Numbers())) {
		n := f.Numbers()[name]
		if _, why := store.OwnNumber(n.E164, countries); why != "" {
			faults = append(faults, n.Fault(name, why, countries))
		}
	}
	return faults
}

// CheckLoops is F005 for each number of a flow's own that is one of the line's: who is
// connected with it is where they began.
func CheckLoops(f *flows.Flow, ours []vault.Number) (faults []flows.Problem) {
	for _, name := range slices.Sorted(maps.Keys(f.Numbers())) {
		n := f.Numbers()[name]
		if d, _ := store.OwnNumber(n.E164, nil); slices.ContainsFunc(ours, d.Number().Equal) {
			faults = append(faults, n.Fault(name, flows.UndialledOurs, nil))
		}
	}
	return faults
}
