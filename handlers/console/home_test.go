package console

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

var homeShown = []shown{
	{"home, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return newEmptyRig(t).setUp().as(store.RoleOwner), "/console", nil
	}},
	{"home, full", true, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t)
		r.now = monday.Add(31 * 60 * 60 * 1e9) // Tuesday evening: a group is on
		r.doctor = ill()
		d := r.as(store.RoleOwner)
		d.request(store.RequestErase, "2026-10-02")
		return d, "/console", nil
	}},
}

// setUp has the first run be over.
func (r *rig) setUp() *rig {
	r.t.Helper()
	if err := r.db.SaveSettings(r.ctx(), store.NewAudit(r.db, r.keys), r.line, store.By{Actor: "Ada", At: r.time()}, func(s *store.Settings) {
		s.FirstRun = store.FirstRunDone
	}); err != nil {
		r.t.Fatal(err)
	}
	return r
}

func TestHomeShowsWhatIsOnAndWhatIsNext(t *testing.T) {
	t.Parallel()
	r := newRig(t).setUp()
	r.pass(31 * 60 * 60 * 1e9)
	_, body := r.as(store.RoleOwner).get("/console")
	contains(t, body, "Evening grief circle", "Living with illness", "open</span>", "Thu Nov 26, 6 pm")
	// Somebody who has one group sees nothing of another.
	_, body = r.as(store.RoleViewer, illnessCode).get("/console")
	contains(t, body, "Living with illness")
	if strings.Contains(body, "grief") {
		t.Error("a viewer of one group sees another")
	}
}

func TestAnOwnerWhoBeginsIsLedToTheFirstRun(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	if status, to := r.as(store.RoleOwner).get("/console"); status != 303 || to != "/console/first/name" {
		t.Errorf("an owner of a new line gets %d %s", status, to)
	}
	if status, _ := r.as(store.RoleViewer).get("/console"); status != 200 {
		t.Errorf("a viewer of a new line gets %d", status)
	}
	if status, _ := r.setUp().as(store.RoleOwner).get("/console"); status != 200 {
		t.Errorf("an owner of a line that is set up gets %d", status)
	}
}

// Who may approve or see recordings is told how many wait, in which language; and who may
// not is told nothing of them.
func TestHomeTellsOfRecordingsThatWait(t *testing.T) {
	t.Parallel()
	r := newRig(t).setUp()
	owner, coordinator, holder := r.as(store.RoleOwner), r.as(store.RoleCoordinator, griefCode), r.as(store.RoleFacilitator, griefCode)
	tells := func(want ...bool) {
		t.Helper()
		for i, d := range []*desk{owner, coordinator, holder} {
			_, body := d.get("/console")
			if told := strings.Contains(body, `<a href="/console/prompts/es?state=draft"><span class="number">1 recording waits for approval</span></a> – Spanish`); told != want[i] {
				t.Errorf("%s is told: %v", d.who.Role, told)
			}
		}
	}
	tells(false, false, false)
	for range 2 { // for the first time, and over what is heard
		coordinator.upload(aPrompt("es"), "sound", aTake())
		tells(true, true, false)
		if _, body := owner.get(promptsPath + "/es?state=draft"); !strings.Contains(body, "1 prompt<") {
			t.Error("it is not listed where the link leads")
		}
		owner.approve(aPrompt("es"))
		tells(false, false, false)
	}
	if _, body := owner.get(aPrompt("es")); !strings.Contains(body, "Recorded in November 2026") {
		t.Error("the month is not in words")
	}
}

// shows says whether a text has the last seven digits of a number, set out in whatever
// way. Fewer are in an id or a time by chance.
func shows(text, digits string) bool {
	return regexp.MustCompile(digits[:3] + `\D{0,3}` + digits[3:]).MatchString(text)
}

func contains(t *testing.T, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("the page lacks %q", w)
		}
	}
}
