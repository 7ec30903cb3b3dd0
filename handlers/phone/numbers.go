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
		if _, fault := ownNumber(n, countries); fault != nil {
			faults = append(faults, flows.Problem{
				Place: n.Place, Code: "F005", What: "the number \"" + name + "\" is not dialled: " + fault.What, Mend: fault.Mend,
			})
		}
	}
	return faults
}

// ownNumber is a number of a flow as it is dialled, or why it is not.
func ownNumber(n flows.Number, countries []string) (store.Dial, *store.Fault) {
	d, err := store.ParseDial(n.E164)
	if err != nil {
		return store.Dial{}, &store.Fault{What: "it is no telephone number", Mend: "write it as it is dialled from abroad"}
	}
	return d, store.BridgeFault(d, countries)
}
