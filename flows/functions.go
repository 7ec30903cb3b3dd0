package flows

import "slices"

// function is what a `do` may name. One that reads the View alone is run by
// the engine; the others end the turn with a Request.
type function struct {
	outcomes []string
	// resolve is nil for a host function.
	resolve func(t *turn) string
}

// functions are the names that a flow can reach, with every outcome that each
// may come to: a flow routes them all (F005).
var functions = map[string]function{
	"session.door": {
		outcomes: []string{"open", "elsewhere", "in_person", "closed", "nothing_planned", "members_only", "paused", "gone"},
		resolve:  func(t *turn) string { return door(t.view, t.s) },
	},
	// groups.dates tells whether there is a date to come.
	"groups.dates": {
		outcomes: []string{"some", "none"},
		resolve: func(t *turn) string {
			if hasDates(t.view, t.s) {
				return "some"
			}
			return "none"
		},
	},
	// groups.next_door is session.door for who asks when a group meets, whether
	// it is open or not.
	"groups.next_door": {
		outcomes: []string{"some", "in_person", "nothing_planned", "members_only", "paused", "gone"},
		resolve: func(t *turn) string {
			switch at := door(t.view, t.s); at {
			case "open", "closed", "elsewhere":
				return "some"
			default:
				return at
			}
		},
	},
	// groups.match narrows a search by what a text asks for in words: a topic,
	// a day, a language; or it sets the group of that name.
	"groups.match": {outcomes: []string{"some", "one", "none"}, resolve: (*turn).match},
	// line.speaks goes on in the language that a text asks for.
	"line.speaks": {outcomes: []string{"known", "unknown"}, resolve: (*turn).speaks},
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
	case len(v.Directory.Next(g.ID, v.Now, 1)) == 0:
		return "nothing_planned"
	case g.Place != "":
		return "in_person"
	case live && g.Bridge:
		return "elsewhere"
	case live:
		return "open"
	}
	return "closed"
}

// conditions are what an option's `when` may name.
var conditions = map[string]func(t *turn) bool{
	"line.several_languages": func(t *turn) bool { return len(t.languages()) > 1 },
	"group.has_dates":        func(t *turn) bool { return hasDates(t.view, t.s) },
}

// hasDates says whether the group in hand has a date to come.
func hasDates(v View, s State) bool {
	dates := v.Directory.Next(s.Group, v.Now, 2)
	return len(dates) > 0 && dates[len(dates)-1].Start.After(v.Now)
}
