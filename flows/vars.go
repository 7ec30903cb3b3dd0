package flows

import (
	"maps"
	"slices"
)

// Some of the variables in State.Vars: what a member types, chooses or is told.
const (
	varPIN    = "pin"
	varAgain  = "again"  // the PIN, typed once more
	varHandle = "handle" // the member number, typed; "" for this phone's
	varTold   = "told"   // the member number, to be said
	varCode   = "code"   // the code to be texted that a PIN is first set with
	varZone   = "zone"
	// varMayCall is whether who leads a group may call somebody who wishes to join it.
	varMayCall = "may_call"
	// VarBack is whether who leaves a message may be rung back.
	VarBack = "back"
	// varOffsets is when somebody wants to be reminded of a group.
	varOffsets = "offsets"
	// varLate is whether reminders may come in the quiet hours.
	varLate = "late"
	// varPace is how fast a voice is to speak to somebody.
	varPace = "pace"
)

// choices are the variables that an option may set, and to what. "group" is
// the group in hand; a list sets the zone and the seat to any other.
var choices = map[string][]string{
	"channel":  {string(ByText), string(ByCall)},
	"clear":    {"yes", "no"},
	"days":     {string(AnyDay), string(Weekdays), string(Weekends)},
	"hours":    {string(AllHours), string(Mornings), string(Afternoons), string(Evenings)},
	"machine":  {string(MachineNever), string(MachineNeutral)},
	"ring":     {"yes", "no"},
	varMayCall: {"yes", "no"},
	varLate:    {"yes", "no"},
	varPace:    {paceSlow, paceUsual},
	VarBack:    {"yes", "no"},
	varZone:    {lineZone},
	"group":    {noGroup},
	varOffsets: slices.Concat([]string{GroupsOwn}, ownOffsets, []string{NoReminder}),
	varMode:    {"open", "hands", "circle", "listen"},
	varMinutes: {"3", "5", "10", "15"},
	varSignal:  {"unkind", "unsafe", "sound"},
	varSeat:    {everybody},
	varHalf:    {"early", "late"},
}

// everybody is the choice of no seat in particular.
const everybody = "all"

// ownOffsets are the times before a meeting that somebody may choose for a group,
// whatever it has of its own, as [schedule.ParseOffset] reads them.
var ownOffsets = []string{"24h", "1h", "15m"}

// OwnOffsets are the times before a meeting at which somebody may have chosen to be
// reminded of any group, as [schedule.ParseOffset] reads them.
func OwnOffsets() []string { return slices.Clone(ownOffsets) }

// What somebody may choose of a group's reminders beside an offset of their own.
const (
	GroupsOwn  = "group" // whatever the group does
	NoReminder = "none"
)

// lineZone is the choice of the zone that the line is in.
const lineZone = "line"

// noGroup is the choice of no group.
const noGroup = "none"

// preferences are the variables that member.prefer takes.
var preferences = []string{"channel", "clear", "days", "hours", "machine", "ring", varLate, varPace, varZone}

// keep sets a variable, or takes it away with "". The State that the turn
// began with keeps its own.
func (t *turn) keep(name, value string) {
	if t.s.Vars[name] == value {
		return
	}
	if !t.ownVars || t.s.Vars == nil {
		vars := make(map[string]string, len(t.s.Vars)+1)
		maps.Copy(vars, t.s.Vars)
		t.s.Vars, t.ownVars = vars, true
	}
	t.s.Vars[name] = value
	maps.DeleteFunc(t.s.Vars, func(_, v string) bool { return v == "" })
	if len(t.s.Vars) == 0 {
		t.s.Vars = nil
	}
}

func (t *turn) forget(names ...string) {
	for _, name := range names {
		t.keep(name, "")
	}
}

// found takes in what a host function set.
func (t *turn) found(set map[string]string) {
	if group, ok := set["group"]; ok {
		t.goTo(group)
	}
	if member, ok := set["member"]; ok {
		t.s.Member = member
	}
	if staff, ok := set["staff"]; ok {
		t.s.Staff = staff
	}
	t.signedIn(set)
	if set["member"] != "" && t.member().Slow {
		t.s.Slow = true
	}
	for _, name := range []string{varTold, varCode, varFacilitator, varConfirm, varAsked, varOpened, VarSpoken, VarScript, varRung, varTexted, varSaid} {
		if value, ok := set[name]; ok {
			t.keep(name, value)
		}
	}
}

// signedIn ends what was before somebody signed in: nobody counts the refusals any more,
// and whoever is at the desk is there for no one group, though we rang them about it.
func (t *turn) signedIn(set map[string]string) {
	if set["member"] != "" || set["staff"] != "" || set[varFacilitator] != "" {
		t.s.Visits = nil
	}
	if set["staff"] != "" {
		t.s.About = About{}
	}
}

// choose does what choosing an option does. It returns where that leads, or ""
// when the edge is asked first.
func (t *turn) choose(o *option) string {
	for name, value := range o.set {
		switch {
		case name == "group":
			t.s.Group = ""
		case value == everybody:
			t.forget(name)
		case value == lineZone:
			t.keep(name, t.view.Directory.zone.String())
		default:
			t.keep(name, value)
		}
	}
	if o.lang != "" {
		t.s.Lang = t.known(o.lang)
	}
	if o.does != "" {
		t.then = Request{Function: o.does, State: t.s}
		return ""
	}
	return o.next.node
}

// resultFound is how a function ends that an option asks whether its key means
// anything; whatever else it comes to, the key is a wrong one.
const resultFound = "found"

// opened goes on where the option of a menu leads that asked the edge.
func (t *turn) opened(n *node, in Input) {
	i := slices.IndexFunc(n.options, func(o option) bool { return o.does != "" })
	if in.Result != resultFound {
		t.wrong(n)
		return
	}
	t.found(in.Set)
	t.enter(n.options[i].next.node)
}

// asksEdge says whether a menu has an option that asks the edge.
func (n *node) asksEdge() bool {
	return slices.ContainsFunc(n.options, func(o option) bool { return o.does != "" })
}
