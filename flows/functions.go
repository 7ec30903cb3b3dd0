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
var functions = joined(lineFunctions, sessionFunctions, deskFunctions)

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
	// group.quiet tells whether reminders of the group in hand would come in the
	// hours that are quiet for everybody, of who has not allowed that yet.
	"group.quiet": {outcomes: []string{"yes", "no"}, resolve: quietReminders},
	// group.asks tells whether who joins the group in hand has to be let in.
	"group.asks": {outcomes: []string{"yes", "no"}, resolve: func(t *turn) string {
		g, ok := t.view.Directory.Group(t.s.Group)
		return yesNo(ok && g.Access == AccessApproval)
	}},
	// caller.far tells whether the caller may be where the clocks differ from the
	// line's, member.zoned whether who has signed in has said where they are.
	"caller.far":   {outcomes: []string{"yes", "no"}, resolve: func(t *turn) string { return yesNo(t.view.Far) }},
	"member.zoned": {outcomes: []string{"yes", "no"}, resolve: func(t *turn) string { return yesNo(t.member().Zone != "") }},
	// reminder.door is what stands between who takes a call of ours and what it is
	// about.
	"reminder.door": {outcomes: []string{"open", "elsewhere", "in_person", "ahead", "over"}, resolve: reminderDoor},
	// groups.match narrows a search by what a text asks for in words: a topic,
	// a day, a language; or it sets the group of that name.
	"groups.match": {outcomes: []string{"some", "one", "none"}, resolve: (*turn).match},
	// line.speaks goes on in the language that a text asks for.
	"line.speaks": {outcomes: []string{"known", "unknown"}, resolve: (*turn).speaks},
	// groups.by_code looks up State.Code, within the attempt budgets of the
	// edge, and sets "group".
	"groups.by_code": {outcomes: []string{"found", "unknown"}},

	// member.pin_fits and member.pin_same look at the PIN that is being chosen.
	"member.pin_fits": {outcomes: []string{"fits", "weak"}, resolve: fitsPIN},
	"member.pin_same": {outcomes: []string{"same", "different"}, resolve: samePIN},
	// member.here tells whether the caller has signed in and what we hold of
	// them is at hand.
	"member.here": {outcomes: []string{"yes", "no"}, resolve: func(t *turn) string { return yesNo(t.view.Member != nil) }},
	// member.told tells whether there is a member number to be told.
	"member.told": {outcomes: []string{"yes", "no"}, resolve: func(t *turn) string { return yesNo(t.s.Vars[varTold] != "") }},
	// member.stopped tells whether who has signed in is sent nothing.
	"member.stopped": {outcomes: []string{"yes", "no"}, resolve: func(t *turn) string { return yesNo(t.member().Stopped) }},
	// member.wish tells what somebody wants who is on the way through a PIN.
	"member.wish": {outcomes: []string{"enrol", "join", "none"}, resolve: wish},

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

func wish(t *turn) string {
	if w := t.s.Vars[varWish]; slices.Contains(choices[varWish], w) {
		return w
	}
	return "none"
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

// conditions are what an option's `when` may name.
var conditions = map[string]func(t *turn) bool{
	"line.several_languages": func(t *turn) bool { return len(t.languages()) > 1 },
	"group.has_dates":        func(t *turn) bool { return hasDates(t.view, t.s) },
	// group.rings and reminder.rings: somebody can be rung when it starts.
	// groups.other_open: another call is open, in the caller's language.
	"groups.other_open": func(t *turn) bool { return len(otherOpen(t)) > 0 },
	// of the session that the caller sits in
	"session.aside":   func(t *turn) bool { return t.session().Aside },
	"session.paired":  func(t *turn) bool { return t.session().Paired },
	"session.hosted":  func(t *turn) bool { return t.session().Hosted },
	"session.host":    func(t *turn) bool { return t.session().Host },
	"session.mine":    func(t *turn) bool { return t.session().Mine },
	"session.waiting": func(t *turn) bool { return t.session().Waiting > 0 },
	"group.rings":     rings,
	// desk.opens: they may change groups and write to them; desk.ahead: the group in hand
	// has a date to come; desk.calls: who waits and is in
	// hand may be rung.
	"desk.opens":     func(t *turn) bool { return t.desk().Opens },
	"desk.ahead":     func(t *turn) bool { return len(t.ahead()) > 0 },
	"desk.calls":     func(t *turn) bool { a, _ := t.applicant(); return a.Calls },
	"reminder.rings": func(t *turn) bool { return reminderDoor(t) != "in_person" && t.about().After(t.view.Now) },
}

// hasDates says whether the group in hand has a date to come.
func hasDates(v View, s State) bool {
	dates := v.Directory.Next(s.Group, v.Now, 2)
	return len(dates) > 0 && dates[len(dates)-1].Start.After(v.Now)
}
