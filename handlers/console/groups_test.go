package console

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// aGroup is a form with which a group is made.
func aGroup() url.Values {
	return url.Values{
		"code": {"517283"}, "name_en": {"Cedar circle"}, "discreet_en": {"Wednesday call"}, "when": {"2nd wednesday 7pm"}, "minutes": {"60"},
		"zone": {"America/New_York"}, "topics": {"grief"}, "language": {"en"}, "access": {"open"}, "host": {"none"}, "format": {"peer-led"},
		"capacity": {"12"}, "reminder": {"24h"}, "alias": {"Ash", ""}, "person": {"", ""}, "phone": {"(212) 555-0119", ""}, "pin": {"62850417", ""},
	}
}

func pageOf(code, path string) func(*testing.T) (*desk, string, url.Values) {
	return func(t *testing.T) (*desk, string, url.Values) {
		d := stillRig(t).as(store.RoleOwner)
		return d, "/console/groups/" + d.groupID(code) + path, nil
	}
}

// busyWeek is a group with everything that can be of a schedule.
func busyWeek(t *testing.T) (*desk, string, url.Values) {
	t.Helper()
	d := newRig(t).as(store.RoleOwner)
	id := d.groupID(griefCode)
	by := store.By{Actor: "Ada", At: monday}
	meetings := d.meetings(id)
	meetings = append(meetings, schedule.Meeting{Start: wall(t, "2026-11-24T19:30"), Zone: "America/New_York", Rule: "FREQ=MONTHLY;BYDAY=4TU", Minutes: 60})
	if err := d.db.SetMeetings(d.ctx(), d.keys, d.line, by, id, meetings); err != nil {
		t.Fatal(err)
	}
	weekly := d.meetings(id)[0].ID
	if _, err := d.db.SkipBy(d.ctx(), d.keys, d.line, by, store.OfDate{Group: id, Meeting: weekly, Date: wall(t, "2026-12-01T19:00").Date}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.MoveBy(d.ctx(), d.keys, d.line, by, store.OfDate{Group: id, Meeting: weekly, Date: wall(t, "2026-12-08T19:00").Date}, wall(t, "2026-12-09T20:00")); err != nil {
		t.Fatal(err)
	}
	return d, "/console/groups/" + id + "/schedule", nil
}

func wall(t *testing.T, text string) schedule.Wall {
	t.Helper()
	w, err := schedule.ParseWall(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (d *desk) meetings(id string) []schedule.Meeting {
	d.t.Helper()
	g, err := d.db.Group(d.ctx(), d.line, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return g.Meetings
}

var groupsShown = []shown{
	{"groups, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/groups", nil
	}},
	{"groups, nothing for a facilitator", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleFacilitator), "/console/groups", nil
	}},
	{"groups, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), "/console/groups", nil
	}},
	{"groups, nothing found", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), "/console/groups?q=xyz", nil
	}},
	{"group, full", true, pageOf(griefCode, "")},
	{"group, of approval", false, pageOf(illnessCode, "")},
	{"group, new", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/groups/new", nil
	}},
	{"group, edited", true, pageOf(griefCode, "/edit")},
	{"group, copied", false, pageOf(griefCode, "/copy")},
	{"group, with faults", false, func(t *testing.T) (*desk, string, url.Values) {
		form := aGroup()
		form["name_en"], form["capacity"], form["when"], form["pin"] = nil, []string{"many"}, []string{"tuesday 7"}, []string{"123456", ""}
		form["phone"], form["bridge"] = []string{"5550119", ""}, []string{"the hall"}
		return stillRig(t).as(store.RoleOwner), "/console/groups", form
	}},
	{"schedule, simple", false, pageOf(illnessCode, "/schedule")},
	{"schedule, full", true, busyWeek},
	{"schedule, read back", true, func(t *testing.T) (*desk, string, url.Values) {
		d, path, _ := busyWeek(t)
		return d, path + "/read", url.Values{"do": {"add"}, "when": {"every other friday 6:30 pm for 90 minutes"}, "zone": {"America/Chicago"}}
	}},
	{"schedule, a move read back", false, func(t *testing.T) (*desk, string, url.Values) {
		d, path, _ := busyWeek(t)
		id := d.groupID(griefCode)
		return d, path + "/read", url.Values{"do": {"move"}, "date": {d.meetings(id)[0].ID + "/2026-12-15"}, "when": {"wednesday 8pm"}, "zone": {"America/New_York"}}
	}},
	{"schedule, asked again", false, func(t *testing.T) (*desk, string, url.Values) {
		d, path, _ := busyWeek(t)
		return d, path + "/read", url.Values{"do": {"add"}, "when": {"tuesday 7"}, "zone": {"America/New_York"}}
	}},
}

// A group is made in one form, is read back, and opens then.
func TestANewGroup(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	var owned []string
	d.pages.Setup.Owned = ownedBy(&owned)
	form := aGroup()
	form.Set("once", "A")
	var first string
	for range 2 { // the form comes twice
		status, to := d.post("/console/groups", form)
		if status != http.StatusSeeOther || !strings.HasSuffix(to, "/schedule?done=groups.added") {
			t.Fatalf("answered %d %.300s", status, to)
		}
		if first == "" {
			first = to
		}
		if to != first {
			t.Errorf("led to %s and then to %s", first, to)
		}
	}
	groups, err := d.db.Groups(d.ctx(), d.line)
	if err != nil || len(groups) != 3 {
		t.Fatalf("there are %d groups (%v)", len(groups), err)
	}
	id := d.groupID("517283")
	d.who.Groups = append(d.who.Groups, id)
	if !slices.Contains(owned, d.who.Account+" "+id) {
		t.Errorf("it is not theirs who made it: %v", owned)
	}
	_, page := d.get("/console/groups/" + id + "/schedule")
	for _, want := range []string{"The second Wednesday of the month at seven in the evening, Eastern time", "Wed Dec 9, 7 pm ET", "Not open yet", "clocks go forward"} {
		if !strings.Contains(page, want) {
			t.Errorf("the schedule does not say %q", want)
		}
	}
	if status, _ := d.post("/console/groups/"+id+"/stage", url.Values{"stage": {"open"}}); status != http.StatusSeeOther {
		t.Errorf("opening it answered %d", status)
	}
	g, err := d.db.Group(d.ctx(), d.line, id)
	if err != nil || g.Stage != flows.StageOpen || g.Name.In("en") != "Cedar circle" || len(g.Facilitators) != 1 {
		t.Errorf("it is %+v (%v)", g, err)
	}
}

// What is wrong is said at the field, and what was written stays, but what is secret.
func TestAGroupsFaults(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for field, value := range map[string]string{
		"name_en": "", "capacity": "300", "when": "tuesday 7", "phone": "5550119", "pin": "121212", "alias": "212 555 0187", "bridge": "+19005550100",
	} {
		form := aGroup()
		rows := form[field]
		form[field] = []string{value}
		if len(rows) > 1 {
			form[field] = append(form[field], rows[1:]...)
		}
		status, page := d.post("/console/groups", form)
		if status != http.StatusUnprocessableEntity {
			t.Fatalf("%s %q: answered %d %.200s", field, value, status, page)
		}
		id := field
		if len(rows) > 1 {
			id += "_0"
		}
		if n := strings.Count(page, `class="fault"`); n != 1 || !strings.Contains(page, `id="`+id+`_fault"`) {
			t.Errorf("%s %q: the page has %d faults, or not at the field", field, value, n)
		}
		if strings.Contains(page, "62850417") || shows(page, "5550119") || strings.Contains(page, "9005550100") {
			t.Errorf("%s: the page repeats a secret", field)
		}
		if field != "name_en" && !strings.Contains(page, "Cedar circle") {
			t.Errorf("%s: what was written is lost", field)
		}
	}
}

// All that is wrong with a form is told at once, wherever it is found.
func TestAllFaultsOfAGroupAreToldAtOnce(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	form := aGroup()
	form["name_en"], form["capacity"], form["when"], form["bridge"] = []string{""}, []string{"many"}, []string{"tuesday 7"}, []string{"+19005550100"}
	form["phone"][0], form["pin"][0] = "5550119", "121212"
	want := []string{"name_en", "capacity", "when", "bridge", "phone_0", "pin_0"}
	for path, faults := range map[string][]string{
		"/console/groups": want,
		"/console/groups/" + d.groupID(griefCode) + "/edit": slices.DeleteFunc(slices.Clone(want), func(f string) bool { return f == "when" }),
	} {
		status, page := d.post(path, maps.Clone(form))
		if n := strings.Count(page, `class="fault"`); status != http.StatusUnprocessableEntity || n != len(faults) {
			t.Errorf("%s: answered %d, with %d faults", path, status, n)
		}
		for _, field := range faults {
			if !strings.Contains(page, `id="`+field+`_fault"`) {
				t.Errorf("%s: %s is not told", path, field)
			}
		}
	}
}

func TestAGroupIsChanged(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	id := d.groupID(griefCode)
	rose, err := d.db.Group(d.ctx(), d.line, id)
	if err != nil {
		t.Fatal(err)
	}
	form := aGroup()
	form["alias"], form["person"], form["phone"], form["pin"] = []string{"Rosa", "Ash"}, []string{rose.Facilitators[0].ID, ""}, []string{"", "+12125550119"}, []string{"", "62850417"}
	status, to := d.post("/console/groups/"+id+"/edit", form)
	if status != http.StatusSeeOther {
		t.Fatalf("answered %d %.400s", status, to)
	}
	g, err := d.db.Group(d.ctx(), d.line, id)
	if err != nil {
		t.Fatal(err)
	}
	if g.Code != griefCode || len(g.Meetings) != 1 || len(g.Facilitators) != 2 || g.Facilitators[0].Alias != "Rosa" || g.Stage != flows.StageOpen {
		t.Errorf("it is %+v", g)
	}
}

// A date is skipped, put back and moved; a move is read back first.
func TestDatesAreChanged(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	id := d.groupID(griefCode)
	path := "/console/groups/" + id + "/schedule"
	weekly := d.meetings(id)[0].ID
	d.leads(path+"/skip", url.Values{"date": {weekly + "/2026-12-01", weekly + "/2026-12-22"}, "once": {"B"}}, path+"?done=groups.skipped")
	if m := d.meetings(id)[0]; len(m.Skipped) != 2 {
		t.Errorf("skipped are %v", m.Skipped)
	}
	var entries int
	_, page := d.get(path)
	if entries = strings.Count(page, ">skipped<"); entries != 2 {
		t.Errorf("the page shows %d as skipped", entries)
	}
	d.leads(path+"/unskip", url.Values{"date": {weekly + "/2026-12-01"}}, path+"?done=groups.unskipped")
	status, page := d.post(path+"/read", url.Values{"do": {"move"}, "date": {weekly + "/2026-12-01"}, "when": {"wednesday 2 december 8pm"}, "zone": {"America/New_York"}})
	if status != http.StatusOK || !strings.Contains(page, "Tue Dec 1, 7 pm ET") || !strings.Contains(page, "Wednesday, December 2nd at eight in the evening, Eastern time") {
		t.Fatalf("answered %d %s", status, page)
	}
	d.leads(path, hidden(page), path+"?done=groups.moved")
	m := d.meetings(id)[0]
	if len(m.Skipped) != 1 || len(m.Moved) != 1 || m.Moved[0].To.String() != "2026-12-02T20:00" {
		t.Errorf("it is %+v", m)
	}
	for _, foreign := range []string{d.meetings(d.groupID(illnessCode))[0].ID + "/2026-11-26", "x/2026-12-01", ""} {
		if status, _ := d.post(path+"/unskip", url.Values{"date": {foreign}}); status != http.StatusNotFound {
			t.Errorf("the date %q of another group: answered %d", foreign, status)
		}
	}
}

// A time counts once it was read back: one more, one date, another hour.
func TestTimesAreSet(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	id := d.groupID(griefCode)
	path := "/console/groups/" + id + "/schedule"
	weekly := d.meetings(id)[0].ID
	for _, c := range []struct {
		form url.Values
		said string
		want string
	}{
		{url.Values{"do": {"add"}, "when": {"every other friday 6:30 pm for 90 minutes"}, "zone": {"America/Chicago"}}, "added_time", "2026-11-27T18:30 America/Chicago FREQ=WEEKLY;INTERVAL=2;BYDAY=FR 90"},
		{url.Values{"do": {"add"}, "when": {"24 december 5pm"}, "zone": {"America/New_York"}, "minutes": {"45"}}, "added_date", "2026-12-24T17:00 America/New_York  45"},
		{url.Values{"do": {"replace"}, "meeting": {weekly}, "when": {"tuesdays 8pm"}, "zone": {"America/New_York"}, "minutes": {"60"}}, "replaced", "2026-11-24T20:00 America/New_York FREQ=WEEKLY;BYDAY=TU 60"},
	} {
		status, page := d.post(path+"/read", c.form)
		if status != http.StatusOK {
			t.Fatalf("%v: answered %d %.300s", c.form, status, page)
		}
		for range 2 { // the form comes twice
			d.leads(path, hidden(page), path+"?done=groups."+c.said)
		}
		var all []string
		for _, m := range d.meetings(id) {
			all = append(all, strings.Join([]string{m.Start.String(), m.Zone, m.Rule}, " ")+" "+itoa(m.Minutes))
		}
		if n := count(all, c.want); n != 1 {
			t.Errorf("%d times %q in %q", n, c.want, all)
		}
	}
	if len(d.meetings(id)) != 3 {
		t.Errorf("there are %d", len(d.meetings(id)))
	}
	for _, m := range d.meetings(id)[1:] {
		d.leads(path+"/remove", url.Values{"meeting": {m.ID}}, path+"?done=groups.removed")
	}
	d.leads(path+"/remove", url.Values{"meeting": {d.meetings(id)[0].ID}}, path+"?done=groups.last_time")
}

func TestClashes(t *testing.T) {
	t.Parallel()
	d, path, _ := busyWeek(t)
	id := d.groupID(griefCode)
	if _, page := d.get(path); !strings.Contains(page, "Two times of this group overlap, first on Tue Nov 24, 7:30 pm ET") {
		t.Error("the group's own times at once are not said")
	}
	g := aGroup()
	g["alias"], g["phone"], g["pin"] = []string{"Rose"}, []string{"+12125550111"}, []string{"73914626"}
	g["when"] = []string{"tuesdays 7:30pm"}
	_, to := d.post("/console/groups", g)
	d.post("/console/groups/"+d.groupID("517283")+"/stage", url.Values{"stage": {"open"}})
	if _, page := d.get(strings.TrimSuffix(to, "?done=groups.added")); !strings.Contains(page, "Rose would also hold “Evening grief circle”") {
		t.Errorf("that Rose holds both is not said: %s %s", to, id)
	}
	d.who = &who{Account: d.who.Account, Name: "Bea", Role: store.RoleCoordinator, Groups: []string{d.groupID("517283")}, Lang: "en", Proven: monday, Token: "form-token"}
	_, page := d.get(strings.TrimSuffix(to, "?done=groups.added"))
	if strings.Contains(page, "Evening grief") || !strings.Contains(page, "Rose would also hold another group") {
		t.Error("a group that is not theirs is named")
	}
}

// Somebody with two names is one by their number, of which nothing is shown.
func TestClashesByNumber(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	g := aGroup()
	g["alias"], g["phone"], g["pin"] = []string{"Rosemary"}, []string{"+12125550111"}, []string{"73914626"}
	g["when"] = []string{"tuesdays 7:30pm"}
	_, to := d.post("/console/groups", g)
	d.post("/console/groups/"+d.groupID("517283")+"/stage", url.Values{"stage": {"open"}})
	_, page := d.get(strings.TrimSuffix(to, "?done=groups.added"))
	contains(t, page, "Rosemary would also hold “Evening grief circle”")
	if shows(page, "5550111") {
		t.Error("the number is on the page")
	}
}

// A copy of a group meets as long as the group does.
func TestACopyKeepsItsLength(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	_, page := d.get("/console/groups/" + d.groupID(illnessCode) + "/copy")
	contains(t, page, `name="minutes" inputmode="numeric" value="90"`)
}

// Who has some groups sees those, and none of the others.
func TestGroupsAreTheirs(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleViewer, griefCode)
	_, page := d.get("/console/groups")
	if !strings.Contains(page, "Evening grief circle") || strings.Contains(page, "Living with illness") || strings.Contains(page, "/console/groups/new") {
		t.Error("the list has what is not theirs, or lacks what is")
	}
	if status, _ := d.get("/console/groups/" + d.groupID(illnessCode)); status != http.StatusNotFound {
		t.Errorf("another group: answered %d", status)
	}
	if status, _ := d.post("/console/groups/"+d.groupID(griefCode)+"/stage", url.Values{"stage": {"closed"}}); status != http.StatusNotFound {
		t.Errorf("a viewer archives: answered %d", status)
	}
}

func TestGroupsAreFound(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for query, want := range map[string]bool{"q=GRIEF": true, "q=482105": true, "q=illness": false, "stage=paused": false, "stage=open&q=evening": true, "page=7": true, "page=-1": true} {
		_, page := d.get("/console/groups?" + query)
		if strings.Contains(page, "Evening grief circle") != want {
			t.Errorf("%s finds it: %v", query, !want)
		}
	}
	d.post("/console/groups/"+d.groupID(griefCode)+"/stage", url.Values{"stage": {"closed"}})
	for query, want := range map[string]bool{"": false, "stage=closed": true} {
		if _, page := d.get("/console/groups?" + query); strings.Contains(page, "Evening grief circle") != want {
			t.Errorf("%q finds an archived one: %v", query, !want)
		}
	}
}

func TestEveryHolidayHasWords(t *testing.T) {
	t.Parallel()
	all, err := readCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range schedule.Holidays() {
		if all["en"]["groups.holiday_"+key] == "" {
			t.Errorf("%s has no words", key)
		}
	}
}

// leads sends a form and expects to be led somewhere.
func (d *desk) leads(path string, form url.Values, want string) {
	d.t.Helper()
	if status, to := d.post(path, form); status != http.StatusSeeOther || to != want {
		d.t.Errorf("%s: answered %d %.300s, want to be led to %s", path, status, to, want)
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// hidden are the fields of a page's last form.
func hidden(page string) url.Values {
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(page[strings.LastIndex(page, "<form"):], -1) {
		form.Set(m[1], strings.NewReplacer("&#43;", "+", "&amp;", "&").Replace(m[2]))
	}
	return form
}
