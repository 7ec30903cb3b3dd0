package phone

import (
	"maps"
	"slices"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
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
