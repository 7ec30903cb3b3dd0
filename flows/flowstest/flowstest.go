// Package flowstest holds what tests of several packages need of flows.
package flowstest

import (
	"fmt"
	"sync"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// Compiled returns the built-in flow, nil if it has errors, and its problems. It is
// compiled once for all tests of a package, which may use it at once.
var Compiled = sync.OnceValues(func() (*flows.Flow, []flows.Problem) {
	bundle, err := lines.BuiltIn()
	if err != nil {
		panic(err) // it is embedded
	}
	return flows.Compile(bundle)
})

// BuiltIn returns the built-in flow, and panics if it has errors: no test that uses it
// would tell anything then.
func BuiltIn() *flows.Flow {
	flow, problems := Compiled()
	if flow == nil {
		panic(fmt.Sprint("the built-in flow has errors: ", problems))
	}
	return flow
}
