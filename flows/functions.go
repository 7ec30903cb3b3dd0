package flows

import "slices"

// function is what a `do` may name. One that reads the View alone is run by
// the engine; the others end the turn with a Request.
type function struct {
	outcomes []string
	// resolve is nil for a host function.
	resolve func(v View, s State) string
}

// functions are the names that a flow can reach, with every outcome that each
// may come to: a flow routes them all (F005).
var functions = map[string]function{
	"session.door": {
		outcomes: []string{"open", "elsewhere", "in_person", "closed", "nothing_planned", "members_only", "paused", "gone"},
		resolve:  door,
	},
	// groups.by_code looks up State.Code, within the attempt budgets of the
	// edge, and sets "group".
	"groups.by_code": {outcomes: []string{"found", "unknown"}},
	// session.admit lets the caller into the live occurrence of State.Group.
	"session.admit": {outcomes: []string{"ok", "closed", "no_host", "gone"}},
}

// Outcomes lists what a host function may answer, nil if there is none of
// that name. The edge's own table of functions is tested against it.
func Outcomes(function string) []string {
	f, ok := functions[function]
	if !ok || f.resolve != nil {
		return nil
	}
	return slices.Clone(f.outcomes)
}

// HostFunctions names the functions that an edge must provide, sorted.
func HostFunctions() []string {
	var names []string
	for name, f := range functions {
		if f.resolve == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// door says what stands between the caller and the group in hand.
func door(v View, s State) string {
	g, ok := v.Directory.Group(s.Group)
	if !ok {
		return "gone"
	}
	_, live := v.Directory.Live(g.ID, v.Now)
	switch {
	case !meets(g):
		return "paused"
	case g.Access == AccessApproval:
		return "members_only"
	case g.Place != "":
		return "in_person"
	case live && g.Bridge:
		return "elsewhere"
	case live:
		return "open"
	case len(v.Directory.Next(g.ID, v.Now, 1)) == 0:
		return "nothing_planned"
	}
	return "closed"
}

// conditions are what an option's `when` may name.
var conditions = map[string]func(t *turn) bool{
	"line.several_languages": func(t *turn) bool { return len(t.languages()) > 1 },
	"group.has_dates":        func(t *turn) bool { return len(nextDates(t.view, t.s, 1)) > 0 },
}
