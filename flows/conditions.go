package flows

import (
	"slices"
	"strings"
)

// conditionDesk is that somebody has signed in to the desk. Where it is looked at, one act
// of theirs is over and the next begins.
const conditionDesk = "desk.here"

// conditions are what an option's `when` and an `if` may name, beside what has been
// chosen: see holds.
var conditions = joined(lineConditions, sessionConditions, deskConditions, waitConditions)

// lineConditions are of the line, its groups, its callers and its members.
var lineConditions = map[string]func(t *turn) bool{
	"line.several_languages": func(t *turn) bool { return len(t.languages()) > 1 },
	// line.listens: a caller may say what they could press.
	"line.listens": func(t *turn) bool { return t.view.Directory.Line.Speech && t.flow.catalogue(t.s.Lang).speech != "" },
	// caller.far: the caller may be where the clocks differ from the line's.
	"caller.far": func(t *turn) bool { return t.view.Far },

	// groups.other_open: another call is open, in the caller's language.
	"groups.other_open": func(t *turn) bool { return len(otherOpen(t)) > 0 },
	"group.has_dates":   func(t *turn) bool { return hasDates(t.view, t.s) },
	// group.asks: whoever joins the group in hand has to be let in.
	"group.asks": func(t *turn) bool {
		g, ok := t.view.Directory.Group(t.s.Group)
		return ok && g.Access == AccessApproval
	},
	// group.spoken: the group in hand speaks the caller's language, or one that they
	// looked for.
	"group.spoken": (*turn).spoken,
	// group.rings and reminder.rings: somebody can be rung when it starts.
	"group.rings":    rings,
	"reminder.rings": func(t *turn) bool { return reminderDoor(t) != "in_person" && t.about().After(t.view.Now) },

	// member.here: the caller has signed in and what we hold of them is at hand.
	"member.here": func(t *turn) bool { return t.view.Member != nil },
	// member.told: there is a member number to be told.
	"member.told": func(t *turn) bool { return t.s.Vars[varTold] != "" },
	// member.stopped: who has signed in is sent nothing. member.zoned: they have said
	// where they are.
	"member.stopped": func(t *turn) bool { return t.member().Stopped },
	"member.zoned":   func(t *turn) bool { return t.member().Zone != "" },
}

// sessionConditions are of the session that the caller sits in.
var sessionConditions = map[string]func(t *turn) bool{
	// session.apart: the others are in pairs, and the caller leads and hears nobody.
	"session.apart": func(t *turn) bool {
		s := t.session()
		return s.Paired && s.Host && !s.Aside
	},
	// session.others: there is somebody besides; session.had_company: there has been.
	"session.others":      func(t *turn) bool { return t.session().Here > 1 },
	"session.had_company": func(t *turn) bool { return t.session().Company },
	// session.sent: a facilitator sent the caller to wait.
	"session.sent": func(t *turn) bool { return t.session().Sent },

	"session.aside":    func(t *turn) bool { return t.session().Aside },
	"session.paired":   func(t *turn) bool { return t.session().Paired },
	"session.hosted":   func(t *turn) bool { return t.session().Hosted },
	"session.host":     func(t *turn) bool { return t.session().Host },
	"session.mine":     func(t *turn) bool { return t.session().Mine },
	"session.waiting":  func(t *turn) bool { return t.session().Waiting > 0 },
	"session.locked":   func(t *turn) bool { return t.session().Locked },
	"session.screened": func(t *turn) bool { return t.session().Screened },
}

// deskConditions are of who looks after groups.
var deskConditions = map[string]func(t *turn) bool{
	conditionDesk: func(t *turn) bool { return t.view.Desk != nil },
	// desk.opens: they may change groups and write to them.
	"desk.opens": func(t *turn) bool { return t.desk().Opens },
	// desk.ahead: the group in hand has a date to come.
	"desk.ahead": func(t *turn) bool { return len(t.ahead()) > 0 },
	// desk.calls: who waits and is in hand may be rung.
	"desk.calls": func(t *turn) bool { a, _ := t.applicant(); return a.Calls },
}

// ofChoice reads a condition on what somebody has chosen: "channel is text".
func ofChoice(condition string) (name, value string, ok bool) {
	return strings.Cut(condition, " is ")
}

// holds says whether a condition is so.
func (t *turn) holds(condition string) bool {
	if name, value, ok := ofChoice(condition); ok {
		return t.s.Vars[name] == value
	}
	return conditions[condition](t)
}

// unknownCondition is how to mend the name of a condition that there is not.
func unknownCondition(condition string) (mend Sentence, unknown bool) {
	name, value, ok := ofChoice(condition)
	switch {
	case !ok && conditions[condition] != nil, ok && slices.Contains(choices[name], value):
		return Sentence{}, false
	case ok && choices[name] != nil:
		return say("there are: %s", name+" is "+strings.Join(choices[name], ", "+name+" is ")), true
	case ok:
		return alternatives(choices), true
	}
	return say("%s, and what was chosen: `channel is text`", alternatives(conditions)), true
}

// hasDates says whether the group in hand has a date to come.
func hasDates(v View, s State) bool {
	dates := v.Directory.Next(s.Group, v.Now, 2)
	return len(dates) > 0 && dates[len(dates)-1].Start.After(v.Now)
}
