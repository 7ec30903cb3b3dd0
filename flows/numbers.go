package flows

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Number is one that a flow may dial, in E.164: of another line, never somebody's own.
// Whether it may be called from here is the edge's to know.
type Number struct {
	E164 string
	Place
}

// dialled are what a `dial` may name in every flow.
var dialled = []string{dialCrisis, "bridge", dialApplicant, dialCaller}

const (
	dialCrisis = "crisis"
	// dialApplicant is whom VarApplicant names.
	dialApplicant = "applicant"
	// dialCaller is who had this call rung, and waits on the line for it.
	dialCaller = "caller"
)

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Numbers are those that the flow may dial, by name. The caller must not change them.
func (f *Flow) Numbers() map[string]Number { return f.numbers }

func (c *compiler) numbers(v *yaml.Node) {
	c.pairs(v, "write {prayer: \"+12025550142\"}", func(k, v *yaml.Node) {
		number, _ := scalar(v)
		switch {
		case slices.Contains(dialled, k.Value) || !nodeName.MatchString(k.Value):
			c.fail("F000", c.at(k), say("write small letters, digits and _, and none of %s", strings.Join(dialled, ", ")), "a number cannot be called %q", k.Value)
		case !e164.MatchString(number):
			c.fail("F000", c.at(v), "write + and the country's code, in quotes: \"+12025550142\"", "%q is not a number that can be dialled from anywhere", k.Value)
		}
		c.flow.numbers[k.Value] = Number{E164: number, Place: c.at(v)}
	})
}

// checkNumbers warns of a number that nothing dials, unless a node that may do could not
// be read.
func (c *compiler) checkNumbers() {
	used := map[string]bool{}
	for _, n := range c.flow.nodes {
		if n.broken {
			return
		}
		used[n.source] = used[n.source] || n.kind == kindDial
	}
	for _, name := range slices.Sorted(maps.Keys(c.flow.numbers)) {
		if n := c.flow.numbers[name]; !used[name] && !ofBuiltIn(n.File) {
			c.warn("F005", n.Place, say("dial it with `dial: %s`, or take it out", name), "nothing dials the number %q", name)
		}
	}
}
