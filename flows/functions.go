package flows

import (
	"maps"
	"slices"
)

// function is what a `do` may name. One that reads the View alone is run by
// the engine; the others end the turn with a Request.
type function struct {
	outcomes []string
	// spends names the variables that are forgotten as soon as a host function
	// has answered.
	spends []string
	// moves are the outcomes by which a caller goes back to where they were, because
	// the world has changed there meanwhile: no round, however often it happens.
	moves []string
	// resolve is nil for a host function.
	resolve func(t *turn) string
}

// functions are the names that a flow can reach, with every outcome that each
// may come to: a flow routes them all (F005).
var functions = joined(lineFunctions, sessionFunctions, deskFunctions, studioFunctions)

func joined[V any](tables ...map[string]V) map[string]V {
	all := map[string]V{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

// lineFunctions are those of the line: its groups, callers and members.
var lineFunctions = map[string]function{
	"session.door": {
		outcomes: []string{"open", "elsewhere", "in_person", "closed", "nothing_planned", "members_only", "paused", "gone"},
		resolve:  func(t *turn) string { return door(t.view, t.s) },
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
	// group.quiet tells whether reminders of the group in hand would come in the
	// hours that are quiet for everybody, of who has not allowed that yet.
	"group.quiet": {outcomes: []string{"yes", "no"}, resolve: quietReminders},
	// reminder.door is what stands between who takes a call of ours and what it is
	// about.
	"reminder.door": {outcomes: []string{"open", "elsewhere", "in_person", "ahead", "over"}, resolve: reminderDoor},
	// groups.match narrows a search by what a text asks for in words: a topic,
	// a day, a language; or it sets the group of that name.
	"groups.match": {outcomes: []string{"some", "one", "none"}, resolve: (*turn).matched},
	// line.speaks goes on in the language that a text asks for.
	"line.speaks": {outcomes: []string{"known", "unknown"}, resolve: (*turn).speaks},
	// line.pace has everything said more slowly from now on, or as before; member.prefer
	// keeps it.
	"line.pace": {outcomes: []string{paceSlow, paceUsual}, resolve: (*turn).pace},
	// groups.by_code looks up State.Code, within the attempt budgets of the
	// edge, and sets "group".
	"groups.by_code": {outcomes: []string{"found", "unknown"}},

	// member.pin_fits and member.pin_same look at the PIN that is being chosen.
	"member.pin_fits": {outcomes: []string{"fits", "weak"}, resolve: fitsPIN},
	"member.pin_same": {outcomes: []string{"same", "different"}, resolve: samePIN},

	// Of these, the answer carries the Member anew wherever it has changed.
	//
	// member.enrol enrols the caller's number, and State.Group with it: by
	// phone with the PIN and "channel" of State.Vars, and sets "told"; by text
	// without, and sets "code".
	"member.enrol": {outcomes: []string{"ok", "withheld", "unreachable", "later"}, spends: []string{varPIN, varAgain}},
	// member.log_in signs in whom "pin" and "handle" of State.Vars belong to,
	// this phone's member without a handle, and sets "member". First says that
	// they have no PIN yet, and the pin was the code that was texted to them.
	"member.log_in": {outcomes: []string{"ok", "first", "refused", "later"}, spends: []string{varPIN, varHandle}},
	// member.set_pin gives the member who has signed in that "pin", and sets
	// "told" if nobody told them their member number yet.
	"member.set_pin": {outcomes: []string{"ok", "later"}, spends: []string{varPIN, varAgain, varTold}},
	// member.prefer keeps those of the preferences that State.Vars has.
	"member.prefer": {outcomes: []string{"ok", "later"}, spends: preferences},
	// member.join and member.leave are about State.Group: by phone of who has
	// signed in, by text of the sender's number.
	"member.join":  {outcomes: []string{"ok", "later"}},
	"member.leave": {outcomes: []string{"ok", "later"}},
	// member.remind_when keeps when who has signed in is reminded of State.Group:
	// "offsets" of State.Vars.
	"member.remind_when": {outcomes: []string{"ok", "later"}},
	// member.coming and member.not_coming keep whether somebody comes: by text to
	// what the sender's newest reminder was about, in a call of ours to what
	// State.About is.
	"member.coming":     {outcomes: []string{"ok", "later"}},
	"member.not_coming": {outcomes: []string{"ok", "later"}},
	// member.ring has somebody rung when it starts: in a call of ours what
	// State.About is, by text State.Group, or what the newest reminder was about if
	// that is "", and of who has signed in State.Group.
	"member.ring": {outcomes: []string{"ok", "later"}},
	// message.read finds what the message says that a call of ours is about: words, or
	// a sound.
	"message.read": {outcomes: []string{"written", "spoken", "gone"}},
	// message.newest finds the newest sound that was spoken for State.Group, of who is in
	// it and has signed in.
	"message.newest": {outcomes: []string{"spoken", "none"}},
	// member.erase erases who has signed in; by text, the sender's number.
	"member.erase": {outcomes: []string{"ok", "later"}},
	// member.confirm keeps that the number asked is willing, or is still, and sets
	// "code", by which who has no PIN may choose one; member.stop keeps that it is
	// to be left alone: the number that texts or that we called, or who has signed
	// in. Both say the same to every number. member.resume takes back a stop of who
	// has signed in.
	"member.confirm": {outcomes: []string{"ok", "later"}},
	"member.stop":    {outcomes: []string{"ok", "later"}},
	"member.resume":  {outcomes: []string{"ok", "later"}},
	// member.quick sets "group" to where the calling number's quick join leads.
	// member.set_quick lets it lead to State.Group, nowhere if that is "".
	"member.quick":     {outcomes: []string{resultFound, "none"}},
	"member.set_quick": {outcomes: []string{"ok", "later"}},
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
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
	case !g.Stage.Meets():
		return "paused"
	case g.Access == AccessApproval && !v.Belongs(g.ID):
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

// Belongs says whether the caller is known to be in the group: they have signed
// in, or we rang them about it.
func (v View) Belongs(group string) bool {
	return group != "" && v.Guest == group || v.Member != nil && slices.Contains(v.Member.Groups, group)
}
