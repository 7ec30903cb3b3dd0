package explore

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// World is a line and a caller of one kind.
type World struct {
	Name string
	// Text says that the caller writes.
	Text bool

	view    flows.View
	emptied flows.View // the same when nothing is planned any more
	member  *flows.Member
	session *flows.Session
	desk    *flows.Desk
	placed  bool     // we call them
	groups  []string // ids that a code, or a quick join, may find
	lead    []string // languages that the number may greet in
}

const zone = "America/New_York"

// now is the moment of the walks, a Tuesday evening in New York, so that a reminder of
// a meeting later that day comes in the hours that are quiet.
var now = time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)

// Worlds are what a flow is walked in, by voice and by text: a line with nothing,
// which listens for words too, one call or many open, whose callers belong to no group or to several, are strangers,
// members, facilitators, guests or coordinators. The languages are those to walk in.
func Worlds(languages []string) ([]World, error) {
	m := maker{languages: languages}
	listening := m.directory()
	listening.Line.Speech = true
	empty, one, many := m.directory(), m.directory(m.cedar(), m.closed()), m.directory(m.all()...)
	alone := &flows.Session{Seat: 1, Alias: "A", Mode: "hands", Here: 1, Minutes: 40}
	all, undated := many.IDs(), []string{id("Acacia"), id("Cedar")}
	worlds := []World{
		{Name: "a line without groups, that listens", view: flows.View{Directory: listening}, member: &flows.Member{}, desk: &flows.Desk{Account: id("staff")}, session: alone},
		{Name: "one call open", view: flows.View{Directory: one}, groups: one.IDs(), member: member(one.IDs()[:1]), session: lonely(), desk: desk(one.IDs()[:1], false)},
		{Name: "many calls open", view: flows.View{Directory: many, Far: true}, groups: all, member: zoned(member(all[:6])), session: host(), desk: desk(all[:6], true)},
		{Name: "calls that we place", placed: true, view: flows.View{Directory: many}, groups: all[:1], member: member(all[:2]), session: guest(), desk: desk(undated, true)},
		{Name: "texts", Text: true, view: flows.View{Directory: many}, groups: all, session: host()},
		{Name: "texts of a coordinator", Text: true, view: flows.View{Directory: many}, groups: all[:2], session: host(), desk: desk(all[:6], true)},
		{Name: "texts to a line without groups", Text: true, view: flows.View{Directory: empty}, session: alone},
	}
	for i := range worlds {
		w := &worlds[i]
		w.view.Now, w.view.Text, w.view.Number, w.lead = now, w.Text, "(202) 555-0100", languages
		w.emptied = w.view
		groups := slices.Clone(w.view.Directory.Groups())
		for j := range groups {
			groups[j].Meetings = nil
		}
		w.emptied.Directory = m.directory(groups...)
	}
	return worlds, m.err
}

func member(groups []string) *flows.Member {
	return &flows.Member{
		Preferences: flows.Preferences{Channel: flows.ByCall}.Complete(), Enrolled: "2026-11", Groups: groups,
		Consent: flows.Consent{Channel: flows.ByCall, Month: "2026-11"},
	}
}

// zoned has said where they are, and has stopped what comes to them.
func zoned(m *flows.Member) *flows.Member {
	m.Zone, m.Stopped = "America/Chicago", true
	return m
}

func guest() *flows.Session {
	return &flows.Session{
		Seat: 1, Alias: "A", Mode: "circle", Here: 4, Minutes: 20, Hosted: true, Aside: true, Hand: 2, Company: true,
		People: []flows.Person{{ID: "1", Alias: "A"}, {ID: "2", Alias: "B", Host: true}},
	}
}

// host is what a facilitator hears who has somebody at the door.
func host() *flows.Session {
	return &flows.Session{
		Seat: 1, Alias: "A", Host: true, Hosted: true, Mode: "hands", Here: 6, Waiting: 1, Minutes: 20, Paired: true, Company: true, Key: "4821",
		People: []flows.Person{
			{ID: "1", Alias: "A", Host: true}, {ID: "2", Alias: "B"}, {ID: "3", Alias: "C"}, {ID: "4", Alias: "D"}, {ID: "5", Alias: "E"},
			{ID: "6", Alias: "F"}, {ID: "7", Alias: "G", Waiting: true},
		},
	}
}

// heardAlone are the sessions in which somebody may hear nobody: one that is not known,
// the world's, one that others have left, one whose others are in pairs, and one to whose
// door somebody was sent.
func (w *World) heardAlone() []*flows.Session {
	all := []*flows.Session{nil, w.session}
	if w.session == nil {
		return all
	}
	left, apart, sent := *w.session, *w.session, *w.session
	left.Here, left.Company = 1, true
	apart.Here, apart.Host, apart.Paired, apart.Aside = 4, true, true, false
	sent.Sent = true
	return append(all, &left, &apart, &sent)
}

// lonely holds a session to which nobody has come.
func lonely() *flows.Session {
	return &flows.Session{
		Seat: 1, Alias: "A", Host: true, Hosted: true, Mode: "open", Here: 1, Minutes: 20, Locked: true, Screened: true, Key: "4821",
		People: []flows.Person{{ID: "1", Alias: "A", Host: true}},
	}
}

func desk(groups []string, opens bool) *flows.Desk {
	d := &flows.Desk{Account: id("staff"), Groups: groups, Opens: opens, Waiting: []flows.Applicant{applicant(groups[0], 12, opens)}}
	if opens {
		for i, n := range []int{15, 17, 412, 413} {
			d.Waiting = append(d.Waiting, applicant(groups[i%2], n, false))
		}
		d.Live = []flows.Gathering{{Group: groups[0], Here: 5, Minutes: 25}}
	}
	return d
}

// applicant is known by their group and a key of their own there.
func applicant(group string, n int, calls bool) flows.Applicant {
	return flows.Applicant{ID: fmt.Sprintf("%s:%x", group, sha256.Sum256([]byte{byte(n)})), Group: group, Number: n, Calls: calls}
}

// maker makes groups, and keeps the first error.
type maker struct {
	languages []string
	err       error
}

func (m *maker) directory(groups ...flows.Group) *flows.Directory {
	return flows.NewDirectory(flows.Line{ID: "line", Name: "Hearthline", Zone: zone, Languages: m.languages, CodeLength: 6, CrisisName: "988"}, groups, now)
}

// cedar is a call that is open to everybody.
func (m *maker) cedar() flows.Group { return m.group(1, "Cedar", "grief", now.Add(-15*time.Minute)) }

// closed meets later in the evening.
func (m *maker) closed() flows.Group {
	return m.group(2, "Aurora", "caregivers", now.Add(3*time.Hour))
}

// all are groups of each kind that a caller can meet with: their names are the same
// in every language.
func (m *maker) all() []flows.Group {
	live := now.Add(-15 * time.Minute)
	all := []flows.Group{m.cedar(), m.closed()}
	for i, name := range []string{"Juniper", "Maple", "Willow", "Laurel", "Sequoia", "Acacia", "Magnolia", "Hazel", "Rowan", "Linden"} {
		all = append(all, m.group(3+i, name, []string{"grief", "recovery", "anxiety"}[i%3], live))
	}
	of := func(name string) *flows.Group {
		return &all[slices.IndexFunc(all, func(g flows.Group) bool { return g.Name.In("") == name })]
	}
	of("Juniper").Bridge = true
	of("Maple").Access = flows.AccessCode
	of("Willow").Access = flows.AccessApproval
	of("Laurel").Place = "Oak St 12"
	of("Sequoia").Stage = flows.StagePaused
	of("Acacia").Meetings = nil
	of("Magnolia").Languages = []string{"ja"} // nobody greets in it
	return all
}

func (m *maker) group(n int, name, topic string, start time.Time) flows.Group {
	loc, err := time.LoadLocation(zone)
	if err == nil {
		start = start.In(loc)
	}
	meeting, faulty := schedule.New(start.Format("2006-01-02T15:04"), zone, "FREQ=WEEKLY", 90)
	if m.err == nil && (err != nil || faulty != nil) {
		m.err = fmt.Errorf("groups to explore: %w", cmp.Or(err, faulty))
	}
	return flows.Group{
		ID: id(name), Code: fmt.Sprintf("4821%02d", n), Name: flows.Words{"": name}, DiscreetName: flows.Words{"": name},
		Topics: []string{topic}, Languages: slices.Clone(m.languages), Format: flows.PeerLed, Access: flows.AccessOpen, Host: flows.HostNone,
		Stage: flows.StageOpen, Capacity: 10, Reminders: []string{"24h", "15m"}, Meetings: []schedule.Meeting{meeting},
	}
}

// id is the identifier of something by its name, as long as those are that the line keeps.
func id(name string) string {
	sum := sha256.Sum256([]byte(name))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// gone is the id of a group that is not there any more.
var gone = id("gone")

// answers is all that a host function may come to.
func (w World) answers(r flows.Request) []flows.Answer {
	var all []flows.Answer
	for _, result := range flows.Outcomes(r.Function) {
		for _, set := range w.sets(r.Function + " " + result) {
			a := flows.Answer{Result: result, Set: set}
			switch {
			case strings.HasPrefix(r.Function, "session."):
				a.Session = w.session
			case strings.HasPrefix(r.Function, "desk."):
				a.Desk = w.desk
			case strings.HasPrefix(r.Function, "message."), result == "spoken":
				a.Spoken = &flows.Spoken{Words: "+", Sound: "sound"}
			case r.State.Member != "" || set["member"] != "":
				a.Member = w.member
			}
			all = append(all, a)
		}
	}
	return all
}

// sets is all that an outcome may have found.
func (w World) sets(outcome string) []map[string]string {
	if outcome != "groups.by_code found" && outcome != "member.quick found" {
		if sets := found[outcome]; sets != nil {
			return sets
		}
		return []map[string]string{nil}
	}
	var all []map[string]string
	for _, id := range append(slices.Clone(w.groups), gone) {
		all = append(all, map[string]string{"group": id})
	}
	return all
}

// found is what each outcome may set that sets anything, groups aside.
var found = map[string][]map[string]string{
	"member.log_in ok":    {{"member": id("member")}},
	"member.log_in first": {{"member": id("member")}},
	"member.enrol ok":     {{"told": "482913", "code": "193746"}},
	"member.set_pin ok":   {{"told": "482913"}, {"told": ""}},
	"member.confirm ok":   {{"code": "193746"}},
	"session.sign_in ok":  {{"facilitator": id("group") + ":" + id("facilitator")}},
	"desk.sign_in ok":     {{"staff": id("staff")}},
	"desk.code ok":        {{"confirm": "4821", "asked": "29000000"}},
	"desk.open ok":        {{"opened": "736459"}},
	"desk.spoken ok":      {{"spoken": id("recording"), "rung": "2", "texted": "1"}},
	"desk.say ok":         {{"said": id("message")}},
}
