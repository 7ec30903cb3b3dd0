package console

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

var statisticsShown = []shown{
	{"statistics, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/statistics", nil
	}},
	{"statistics, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return newRig(t).counted().as(store.RoleOwner), "/console/statistics", nil
	}},
	{"a group's statistics, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		return r.as(store.RoleCoordinator, griefCode), "/console/groups/" + r.groupID(griefCode) + "/statistics", nil
	}},
	{"a group's statistics, full", true, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t).counted()
		return r.as(store.RoleCoordinator, griefCode), "/console/groups/" + r.groupID(griefCode) + "/statistics", nil
	}},
}

// counted fills a year: one group is larger than the other, which has few in October.
func (r *rig) counted() *rig {
	r.t.Helper()
	grief, illness := r.groupID(griefCode), r.groupID(illnessCode)
	sessions := store.NewSessions(r.db, r.keys)
	first := schedule.Date{Year: 2026, Month: 1, Day: 6}
	for n := range 46 {
		day := first.Add(7 * n)
		r.held(sessions, grief, day, 6+n%7)
		if n < 34 || n == 40 {
			r.held(sessions, illness, day.Add(2), 4+n%3)
		}
		counts := map[store.Count]int{store.Reached: 40 + n, store.PickedUp: 5, store.MemberComing: 9 + n%5, store.MemberNotComing: 3}
		if err := r.db.AddCounts(r.ctx(), r.line, day, counts); err != nil {
			r.t.Fatal(err)
		}
		stops := map[store.Stop]store.Stopped{"main": {Asked: 90, Stayed: 80}, "code": {Asked: 40, Stayed: 32}, "topic": {Asked: 9, Stayed: 8}}
		if err := r.db.AddStops(r.ctx(), r.line, day, stops); err != nil {
			r.t.Fatal(err)
		}
		if err := r.db.AddTraffic(r.ctx(), map[store.TrafficHour]int{{Hour: monday.AddDate(0, 0, -7*n), Kind: store.CallIn}: 90 + n}); err != nil {
			r.t.Fatal(err)
		}
	}
	return r
}

func (r *rig) held(sessions *store.Sessions, group string, day schedule.Date, came int) {
	r.t.Helper()
	err := sessions.Change(r.ctx(), sessions.ID(r.line, group+day.String()), func([]byte) (store.SessionChange, error) {
		return store.SessionChange{State: []byte("over"), Gone: r.time(), Attended: &store.Attended{Line: r.line, Group: group, Date: day, Came: came}}, nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// The exact numbers are for who holds or keeps the group, and are in no spreadsheet.
func TestOwnFiguresAreForOwnStaff(t *testing.T) {
	t.Parallel()
	r := newRig(t).counted()
	path := "/console/groups/" + r.groupID(griefCode) + "/statistics"
	const exact = "9 people took part"
	for role, sees := range map[store.Role]bool{store.RoleViewer: false, store.RoleFacilitator: true, store.RoleCoordinator: true, store.RoleOwner: true} {
		if status, body := r.as(role, griefCode).get(path); status != 200 || strings.Contains(body, exact) != sees {
			t.Errorf("%s: answered %d, and shows the last session: %t", role, status, strings.Contains(body, exact))
		}
	}
	d := r.as(store.RoleCoordinator, griefCode)
	if status, body := d.get(path + ".csv"); status != 200 || strings.Contains(body, ",9\r\n") || !strings.Contains(body, "Evening grief circle") {
		t.Errorf("answered %d %s", status, body)
	}
	for _, path := range []string{"/console/statistics", "/console/statistics.csv", "/console/groups/" + r.groupID(illnessCode) + "/statistics", "/console/groups/" + r.groupID(illnessCode) + "/statistics.csv"} {
		if status, _ := d.get(path); status != 404 {
			t.Errorf("%s: a coordinator of another group is answered %d", path, status)
		}
	}
}

// No page and no spreadsheet has a number of people from 1 to 10.
func TestStatisticsShowNoFew(t *testing.T) {
	t.Parallel()
	r := newRig(t).counted()
	d := r.as(store.RoleOwner)
	_, csv := d.get("/console/statistics.csv")
	hidden := 0
	for line := range strings.SplitSeq(strings.TrimSpace(csv), "\r\n") {
		cells := strings.Split(line, ",")
		if cells[4] == "not shown" {
			hidden++
		}
		if cells[2] != "sessions" && len(cells[4]) == 1 && cells[4] != "0" || cells[4] == "10" {
			t.Errorf("shown: %s", line)
		}
	}
	if hidden == 0 {
		t.Error("nothing is hidden: the test shows nothing")
	}
	for _, at := range store.Stops() {
		for _, lang := range languages {
			if said, err := d.pages.words.text(lang, "statistics.at_"+string(at), nil); err != nil || said == "" {
				t.Errorf("%s: %v", at, err)
			}
		}
	}
}
