package flows

import (
	"slices"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Desk is what somebody may hear who looks after groups, by phone once they have
// signed in, by text from their own number. It holds no telephone number, and of
// who waits a number and nothing else.
type Desk struct {
	Account string   // id of who it is
	Groups  []string // ids of the groups that they look after, in the directory's order
	Opens   bool     // they may set groups up, and change their dates
	Waiting []Applicant
	Live    []Gathering
}

// Applicant is somebody who waits for approval.
type Applicant struct {
	ID     string // opaque
	Group  string // its id
	Number int    // by which they are told apart: two or three digits
	Calls  bool   // they may be rung without either's number being seen
}

// Gathering is a session that is on.
type Gathering struct {
	Group   string // its id
	Here    int
	Minutes int // left, 0 past its end
}

// The variables of the desk in State.Vars. "date" is the date of an occurrence of the
// group in hand, as its rule gives it, "to" a time on the wall, and VarApplicant the ID
// of who waits, or of the message that somebody left who may be rung back. "weekday", "clock" and "half" are keyed: 1 to 7 from Monday on, the
// digits of a time, and which half of the day. "confirm" is the code by which a text
// is to be confirmed, "asked" when it was given out, in Unix minutes; VarQuestion the
// digits by which a text answers one of ours.
const (
	varDate      = "date"
	varTo        = "to"
	VarApplicant = "applicant"
	varNumber    = "number"
	varWeekday   = "weekday"
	varClock     = "clock"
	varHalf      = "half"
	varConfirm   = "confirm"
	varAsked     = "asked"
	VarQuestion  = "question"
	// Of a group that is set up: its name, "" for one that its topic gives; its topic,
	// language, rule and minutes; and the code that it got.
	varName   = "name"
	varAbout  = "about"
	varTongue = "tongue"
	varRule   = "rule"
	varLength = "length"
	varOpened = "opened"
	// Of what is spoken for the group in hand: the recording's id, how many are rung to
	// hear it and how many get a text of it, and the id of the message that says it.
	VarSpoken = "spoken"
	varRung   = "rung"
	varTexted = "texted"
	varSaid   = "said"
)

// openedFor is how long a meeting lasts of a group that is set up afield, in
// minutes, unless a text says.
const openedFor = 60

func (t *turn) desk() Desk {
	if t.view.Desk == nil {
		return Desk{}
	}
	return *t.view.Desk
}

// deskGroups are the groups that the caller looks after and that are still there.
func deskGroups(t *turn) []string {
	return slices.DeleteFunc(slices.Clone(t.desk().Groups), func(id string) bool {
		_, ok := t.view.Directory.Group(id)
		return !ok
	})
}

// mostAhead is how many dates of a group can be changed afield.
const mostAhead = 8

// ahead are the dates of the group in hand that have not begun, worked out once in a
// turn. The caller must not change them.
func (t *turn) ahead() []schedule.Occurrence {
	if t.aheadOf.known && t.aheadOf.group == t.s.Group {
		return t.aheadOf.dates
	}
	dates := t.view.Directory.Next(t.s.Group, t.view.Now, mostAhead+1)
	dates = slices.DeleteFunc(slices.Clone(dates), func(o schedule.Occurrence) bool { return !o.Start.After(t.view.Now) })
	dates = dates[:min(len(dates), mostAhead)]
	t.aheadOf.group, t.aheadOf.dates, t.aheadOf.known = t.s.Group, dates, true
	return dates
}

// dated is the occurrence in hand.
func (t *turn) dated() (schedule.Occurrence, bool) {
	return t.datedOn(t.s.Vars[varDate])
}

// datedOn is the occurrence of a date that has not begun.
func (t *turn) datedOn(date string) (schedule.Occurrence, bool) {
	d, err := schedule.ParseDate(date)
	if err != nil {
		return schedule.Occurrence{}, false
	}
	for _, o := range t.ahead() {
		if o.Date == d {
			return o, true
		}
	}
	return schedule.Occurrence{}, false
}

func deskDates(t *turn) []string {
	var ids []string
	for _, o := range t.ahead() {
		ids = append(ids, o.Date.String())
	}
	return slices.Compact(ids)
}

func deskDateItem(t *turn, id string) (item, bool) {
	o, ok := t.datedOn(id)
	if !ok {
		return item{}, false
	}
	return itemOf(t.view.when(t.s.Lang, o.Start)), true
}

// deskTopics are those of the line's groups, and then the others that have a name.
func deskTopics(t *turn) []string {
	ids := slices.Clone(t.view.Directory.topics)
	for slug := range t.flow.catalogue(t.s.Lang).said {
		if !slices.Contains(t.view.Directory.topics, slug) {
			ids = append(ids, slug)
		}
	}
	slices.Sort(ids[len(t.view.Directory.topics):])
	return ids
}

// deskTongues are the line's languages, the caller's first.
func deskTongues(t *turn) []string {
	all := t.languages()
	ids := append(make([]string, 0, len(all)+1), t.s.Lang)
	for _, lang := range all {
		if lang != t.s.Lang {
			ids = append(ids, lang)
		}
	}
	return ids
}

// applicants are who waits, by the groups' order.
func applicants(t *turn) []string {
	var ids []string
	for _, a := range t.desk().Waiting {
		ids = append(ids, a.offered())
	}
	return ids
}

// tellsApart is how much of an applicant's id tells them from whoever has their number
// when they wait no more.
const tellsApart = 4

// offered is how an applicant is kept who is on offer: a page of whole ids would not fit
// into an address.
func (a Applicant) offered() string {
	return strconv.Itoa(a.Number) + "." + a.ID[max(0, len(a.ID)-tellsApart):]
}

// offeredApplicant is who was on offer, while they wait.
func (t *turn) offeredApplicant(offered string) (Applicant, bool) {
	all := t.desk().Waiting
	i := slices.IndexFunc(all, func(a Applicant) bool { return a.offered() == offered })
	if i < 0 {
		return Applicant{}, false
	}
	return all[i], true
}

func (t *turn) applicant() (Applicant, bool) {
	all := t.desk().Waiting
	i := slices.IndexFunc(all, func(a Applicant) bool { return a.ID == t.s.Vars[VarApplicant] })
	if i < 0 {
		return Applicant{}, false
	}
	return all[i], true
}

func applicantItem(t *turn, id string) (item, bool) {
	a, waits := t.offeredApplicant(id)
	if !waits {
		return item{}, false
	}
	g, ok := t.view.Directory.Group(a.Group)
	return itemOf(schedule.Clauses(t.s.Lang, t.number(a.Number), t.groupName(g))), ok
}

// deskLists are what who looks after groups can pick.
var deskLists = map[string]list{
	"desk.groups":  {into: "group", ids: deskGroups, label: openItem},
	"desk.dates":   {into: varDate, ids: deskDates, label: deskDateItem},
	"desk.topics":  {into: varAbout, ids: deskTopics, label: topicItem},
	"desk.tongues": {into: varTongue, ids: deskTongues, label: spokenLanguageItem},
	"desk.waiting": {into: VarApplicant, ids: applicants, label: applicantItem},
}

// toWall is the time on the wall in hand, in the zone of the group in hand or, of one
// that is set up, the line's.
func (t *turn) toWall() (time.Time, bool) {
	wall, err := schedule.ParseWall(t.s.Vars[varTo])
	return wall.In(t.zoneInHand()), err == nil
}

func (t *turn) zoneInHand() *time.Location {
	if o, ok := t.dated(); ok {
		return o.Start.Location()
	}
	return t.view.Directory.zone
}
