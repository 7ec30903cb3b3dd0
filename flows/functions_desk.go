package flows

import (
	"slices"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// deskFunctions are what somebody can do who looks after groups, away from the
// console. By phone they have signed in; by text they have confirmed with the code
// that went to their own number. The answer of a host function carries the Desk anew
// wherever it has changed. Whatever is asked about a group that they do not look
// after, or about somebody who does not wait any more, comes to gone.
var deskFunctions = map[string]function{
	// desk.soonest takes the next date of the group in hand into hand.
	"desk.soonest": {outcomes: []string{"some", "none"}, resolve: soonest},
	// desk.opening and desk.moving make a time of what was keyed: half says that it may
	// be in either half of the day, past that it is over. The one is the first such day
	// to come, the other that which is nearest to the date in hand.
	"desk.opening": {outcomes: []string{"ok", "half"}, resolve: opening},
	"desk.moving":  {outcomes: []string{"ok", "half", "past"}, resolve: moving},
	// order.* read what a text asks for: unknown says that the code is not one of
	// theirs, unclear that a time is missing or may be two.
	"order.date":  {outcomes: []string{"ok", "unknown", "none", resultRefused}, resolve: orderDate},
	"order.cover": {outcomes: []string{"ok", "unknown", "none"}, resolve: orderCover},
	"order.move":  {outcomes: []string{"ok", "unknown", "none", "unclear", resultRefused}, resolve: orderMove},
	"order.open":  {outcomes: []string{"ok", "unclear", resultRefused}, resolve: orderOpen},
	"order.who":   {outcomes: []string{"ok", "unknown"}, resolve: orderWho},

	// desk.sign_in signs in whom "pin" and "handle" of State.Vars belong to, the
	// calling number without a handle, and sets "staff".
	"desk.sign_in": {outcomes: []string{"ok", resultRefused, "later"}, spends: []string{varPIN, varHandle}},
	// desk.skip and desk.move are about "date" of State.Group; not_now says that it
	// cannot be done, or not any more.
	"desk.skip": {outcomes: []string{"ok", "not_now", "later"}},
	"desk.move": {outcomes: []string{"ok", "not_now", "later"}, spends: []string{varWeekday, varClock, varHalf}},
	// desk.open sets up a group of "name" or "about", "tongue", "to", "rule" and
	// "length", and sets "opened": its code.
	"desk.open":    {outcomes: []string{"ok", "later"}, spends: []string{varWeekday, varClock, varHalf}},
	"desk.approve": {outcomes: []string{"ok", "gone", "later"}},
	"desk.decline": {outcomes: []string{"ok", "gone", "later"}},
	// desk.ring enters that the caller is about to be connected with who waits.
	"desk.ring": {outcomes: []string{"ok", "gone", "not_now", "later"}},
	// desk.reach tells whether "applicant" may be rung now; not_now says that it is night
	// there. Who comes to it has asked for that at the desk.
	"desk.reach": {outcomes: []string{"ok", "gone", "not_now", "later"}},
	// desk.invite asks "number" whether they wish to be in State.Group, by "channel".
	"desk.invite": {outcomes: []string{"ok", "unreachable", "later"}, spends: []string{varNumber, "channel"}},
	// desk.cover asks the group's facilitators who can hold "date".
	"desk.cover": {outcomes: []string{"ok", "nobody", "not_now", "later"}},
	// desk.spoken is about what was recorded for State.Group: it comes with the sound of
	// "spoken", and sets "rung" and "texted"; nobody says that it would reach nobody.
	// desk.say has it go to everybody in the group a minute later, and sets "said";
	// desk.unsay takes that back: not_now says that the minute is over. desk.drop
	// destroys what was recorded.
	"desk.spoken": {outcomes: []string{"ok", "nobody", "gone", "later"}},
	"desk.say":    {outcomes: []string{"ok", "gone", "later"}},
	"desk.unsay":  {outcomes: []string{"ok", "not_now", "later"}},
	"desk.drop":   {outcomes: []string{"ok", "later"}, spends: []string{VarSpoken, varRung, varTexted}},
	// desk.take and desk.pass answer what a facilitator was asked with the digits of
	// "question": taken says that another was first, none that whoever sends it was asked
	// nothing with these digits, or has tried too many.
	"desk.take": {outcomes: []string{"ok", "taken", "none", "later"}, spends: []string{VarQuestion}},
	"desk.pass": {outcomes: []string{"ok", "none", "later"}, spends: []string{VarQuestion}},
	// desk.code sets "confirm" and "asked"; desk.confirm tells whether "key" is that
	// code, in time and from whom it was asked of.
	"desk.code":    {outcomes: []string{"ok", "later"}},
	"desk.confirm": {outcomes: []string{"ok", resultRefused}, spends: []string{varConfirm, varAsked, varKey}},
}

func soonest(t *turn) string {
	dates := t.ahead()
	if len(dates) == 0 {
		return "none"
	}
	t.keep(varDate, dates[0].Date.String())
	return "some"
}

// keyed is the weekday and the time that were keyed, as asks take them: half says that
// it may be in either half of the day.
func (t *turn) keyed() (day time.Weekday, hour, minute int, result string) {
	weekday, _ := strconv.Atoi(t.s.Vars[varWeekday])
	clock := t.s.Vars[varClock]
	at, _ := strconv.Atoi(clock)
	hour, minute = at/100, at%100
	if hour >= 1 && hour <= 12 && clock[0] != '0' {
		switch t.s.Vars[varHalf] {
		case "":
			return 0, 0, 0, "half"
		case "early":
			hour %= 12
		default:
			hour = hour%12 + 12
		}
	}
	return time.Weekday(weekday % 7), hour, minute, "ok"
}

// at is a wall time on a date.
func wallAt(d schedule.Date, hour, minute int) schedule.Wall {
	return schedule.Wall{Date: d, Hour: hour, Minute: minute}
}

// settle keeps a time that was keyed, and forgets what it was made of unless half of
// it is missing.
func (t *turn) settle(result string, wall schedule.Wall) string {
	if result == "ok" {
		t.keep(varTo, wall.String())
	}
	if result != "half" {
		t.forget(varWeekday, varClock, varHalf)
	}
	return result
}

func opening(t *turn) string {
	day, hour, minute, result := t.keyed()
	now := t.view.Now.In(t.view.Directory.zone)
	date := schedule.DateOf(now)
	for range 7 {
		if date.Weekday() == day && wallAt(date, hour, minute).In(t.view.Directory.zone).After(now) {
			break
		}
		date = date.Add(1)
	}
	if result == "ok" {
		t.keep(varRule, weekly(date))
		t.keep(varLength, strconv.Itoa(openedFor))
	}
	return t.settle(result, wallAt(date, hour, minute))
}

// weekly is the rule of a meeting on the weekday of a date.
func weekly(d schedule.Date) string {
	return "FREQ=WEEKLY;BYDAY=" + [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[d.Weekday()]
}

func moving(t *turn) string {
	day, hour, minute, result := t.keyed()
	o, ok := t.dated()
	if !ok {
		return t.settle("past", schedule.Wall{})
	}
	date := schedule.DateOf(o.Start).Add(-3)
	for date.Weekday() != day {
		date = date.Add(1)
	}
	wall := wallAt(date, hour, minute)
	if result == "ok" && !wall.In(o.Start.Location()).After(t.view.Now) {
		result = "past"
	}
	return t.settle(result, wall)
}

// theirs takes the group of the code in hand into hand, if they look after it.
func (t *turn) theirGroup() string {
	g, ok := t.view.Directory.ByCode(t.s.Code)
	t.s.Code = ""
	if !ok || !slices.Contains(deskGroups(t), g.ID) {
		return "unknown"
	}
	t.s.Group = g.ID
	return soonestOr(t)
}

func soonestOr(t *turn) string {
	if soonest(t) == "none" {
		return "none"
	}
	return "ok"
}

// orderDate is orderCover for who may change dates.
func orderDate(t *turn) string {
	if came := orderCover(t); came == "unknown" || t.desk().Opens {
		return came
	}
	return resultRefused
}

// orderCover takes the next date, or the one on the day that the text names.
func orderCover(t *turn) string {
	came := t.theirGroup()
	if came != "ok" || t.s.Query == "" {
		return came
	}
	for _, lang := range deskTongues(t) {
		day, err := schedule.ParseDay(lang, t.s.Query, t.view.Now, t.zoneInHand().String())
		if err != nil {
			continue
		}
		for _, o := range t.ahead() {
			if schedule.DateOf(o.Start) == day {
				t.keep(varDate, o.Date.String())
				return "ok"
			}
		}
		return "none"
	}
	return "none"
}

func orderWho(t *turn) string {
	n, err := strconv.Atoi(t.s.Vars[VarApplicant])
	for _, a := range t.desk().Waiting {
		if err == nil && a.Number == n {
			t.s.Group = a.Group
			t.keep(VarApplicant, a.ID)
			return "ok"
		}
	}
	return "unknown"
}
