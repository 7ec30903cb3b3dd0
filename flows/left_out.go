package flows

import (
	"slices"
	"strings"
)

// LeftOut is F020 for languages that a line offers, as people write them, and that its flow
// does not list: nobody would hear them, whatever words there are. None for no language.
func (b Bundle) LeftOut(flow *Flow, offered []string) []Problem {
	var out []string
	for _, tag := range offered {
		if _, spoken := Tongue(tag, flow.Languages()); spoken {
			continue
		}
		if known, ok := Tongue(tag, b.Languages()); ok {
			tag = known
		}
		out = append(out, tag)
	}
	if len(out) == 0 {
		return nil
	}
	slices.Sort(out)
	c, at := newCompiler(), top(mainFile)
	if listed := field(c.parse(b, mainFile), "languages"); listed != nil {
		at = c.at(listed)
	}
	var ps problems
	ps.warn("F020", at, "add them to `languages`, with their words, or offer them no longer", "the line offers languages that this flow does not speak: %s", strings.Join(slices.Compact(out), ", "))
	return ps
}
