package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// enrol has n numbers join a group by text.
func (r *rig) enrol(code string, n int) {
	r.t.Helper()
	members, group := store.NewMembers(r.db, r.keys), r.groupID(code)
	for i := range n {
		number, err := vault.ParseNumber(fmt.Sprintf("+1202555%04d", 1000+i))
		if err != nil {
			r.t.Fatal(err)
		}
		_, err = members.Enrol(r.ctx(), store.Enrolment{
			Event: store.Event{Line: r.line, At: r.time()}, Number: number, Group: group, Confirmed: true,
			Preferences: flows.Preferences{Channel: flows.ByText, Language: "en"}, Consent: flows.Consent{Channel: flows.ByText},
		})
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rig) entries(code string) []store.RosterEntry {
	r.t.Helper()
	all, err := store.NewRoster(r.db, r.keys, r.time).List(r.ctx(), r.line, r.groupID(code))
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

func (r *rig) rosterPath(code string) string { return "/console/groups/" + r.groupID(code) + "/roster" }

var rosterShown = []shown{
	{"roster, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		return r.as(store.RoleOwner), r.rosterPath(griefCode), nil
	}},
	{"roster, full", true, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t)
		r.enrol(illnessCode, 24)
		for _, e := range r.entries(illnessCode)[:21] {
			if err := store.NewRoster(r.db, r.keys, r.time).Approve(r.ctx(), r.line, store.By{Actor: "Ada"}, e.Group, e.Key); err != nil {
				t.Fatal(err)
			}
		}
		return r.as(store.RoleCoordinator, illnessCode), r.rosterPath(illnessCode), nil
	}},
	{"roster, a name that cannot be kept", false, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t)
		r.enrol(griefCode, 2)
		return r.as(store.RoleCoordinator, griefCode), r.rosterPath(griefCode) + "/name", url.Values{
			"key": {r.entries(griefCode)[0].Key}, "alias": {strings.Repeat("a", 41)}, "once": {"1"}}
	}},
	{"invite by number", true, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		return r.as(store.RoleCoordinator, griefCode), r.rosterPath(griefCode) + "/invite", nil
	}},
	{"invite by number, wrong", false, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		return r.as(store.RoleCoordinator, griefCode), r.rosterPath(griefCode) + "/invite", url.Values{"number": {"12"}, "once": {"1"}}
	}},
}

func TestThoseWhoWereChosenAreLetIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol(illnessCode, 3)
	d, path := r.as(store.RoleCoordinator, illnessCode), r.rosterPath(illnessCode)
	all := r.entries(illnessCode)
	form := url.Values{"verb": {"approve"}, "key": {all[0].Key, all[1].Key}, "once": {"a"}}
	for range 2 { // sent twice
		if status, to := d.post(path, form); status != http.StatusSeeOther || to != path+"?done=roster.approved" {
			t.Fatalf("approved: %d %s", status, to)
		}
	}
	if status, to := d.post(path, url.Values{"verb": {"decline"}, "key": {all[2].Key}, "once": {"b"}}); to != path+"?done=roster.declined" {
		t.Errorf("declined: %d %s", status, to)
	}
	if _, to := d.post(path, url.Values{"verb": {"approve"}, "key": {all[2].Key}, "once": {"c"}}); to != path+"?done=roster.gone" {
		t.Errorf("who is gone: %s", to)
	}
	if _, to := d.post(path, url.Values{"verb": {"approve"}, "once": {"d"}}); to != path+"?done=roster.nobody_chosen" {
		t.Errorf("nobody: %s", to)
	}
	var states []string
	for _, e := range r.entries(illnessCode) {
		states = append(states, e.State)
	}
	if got := strings.Join(states, " "); got != "active active" {
		t.Errorf("then: %s", got)
	}
}

// A facilitator sees who is in their group, and changes nothing; somebody of another
// group cannot be reached through one's own.
func TestARosterIsForItsOwnCoordinators(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol(illnessCode, 1)
	key := r.entries(illnessCode)[0].Key
	f := r.as(store.RoleFacilitator, illnessCode)
	status, body := f.get(r.rosterPath(illnessCode))
	if status != http.StatusOK || strings.Contains(body, "<form method=\"post\" action=\""+r.rosterPath(illnessCode)) {
		t.Errorf("a facilitator: %d %.300s", status, body)
	}
	if status, _ := f.post(r.rosterPath(illnessCode), url.Values{"verb": {"approve"}, "key": {key}, "once": {"a"}}); status != http.StatusNotFound {
		t.Errorf("a facilitator lets somebody in: %d", status)
	}
	other := r.as(store.RoleCoordinator, griefCode)
	if _, to := other.post(r.rosterPath(griefCode), url.Values{"verb": {"approve"}, "key": {key}, "once": {"a"}}); !strings.HasSuffix(to, "roster.gone") {
		t.Errorf("through another group: %s", to)
	}
	if status, _ := r.as(store.RoleViewer, illnessCode).get(r.rosterPath(illnessCode)); status != http.StatusNotFound {
		t.Errorf("a viewer sees who is in: %d", status)
	}
}

func TestWhatACoordinatorNotes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol(griefCode, 1)
	d, path := r.as(store.RoleCoordinator, griefCode), r.rosterPath(griefCode)
	key := r.entries(griefCode)[0].Key
	if _, to := d.post(path+"/name", url.Values{"key": {key}, "alias": {"Fern"}, "note": {"Asked last."}, "once": {"a"}}); to != path+"?done=roster.named" {
		t.Fatalf("named: %.300s", to)
	}
	if e := r.entries(griefCode)[0]; e.Alias != "Fern" || e.Note != "Asked last." {
		t.Errorf("kept: %+v", e)
	}
}

var typed = regexp.MustCompile(`[0-9]{7}`)

func TestANumberIsInvitedAndNotShownAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.as(store.RoleCoordinator, griefCode), r.rosterPath(griefCode)
	number := "202 555 0147"
	status, body := d.post(path+"/invite", url.Values{"number": {number}, "once": {"a"}})
	if status != http.StatusUnprocessableEntity || strings.Contains(body, number) || typed.MatchString(regexp.MustCompile(`<input[^>]*name="number"[^>]*>`).FindString(body)) {
		t.Errorf("without consent: %d; the number is shown: %t", status, strings.Contains(body, number))
	}
	if _, to := d.post(path+"/invite", url.Values{"number": {lineNumber}, "stated": {"x"}, "once": {"b"}}); !strings.Contains(to, "own, or a bridge") {
		t.Errorf("the line's own: %.300s", to)
	}
	if _, to := d.post(path+"/invite", url.Values{"number": {number}, "stated": {"asked at the desk"}, "channel": {"call"}, "once": {"c"}}); to != path+"?done=roster.invited" {
		t.Fatalf("invited: %.300s", to)
	}
	n, err := vault.ParseNumber(number)
	if err != nil {
		t.Fatal(err)
	}
	h, err := store.NewMembers(r.db, r.keys).Holdings(r.ctx(), r.line, n, []string{r.groupID(griefCode)}, r.time())
	if err != nil || h.Member == nil || h.Member.Preferences.Channel != flows.ByCall || h.Groups[0].Group != r.groupID(griefCode) {
		t.Errorf("held: %+v, %v", h, err)
	}
	if shows(r.log.String(), "5550147") {
		t.Error("the log holds the number")
	}
}

// Who waits is called once for a form, and only who let themselves be called.
func TestACoordinatorIsConnected(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol(illnessCode, 1)
	d, path := r.as(store.RoleCoordinator, illnessCode), r.rosterPath(illnessCode)
	var rung []Ringing
	d.pages.Ring = func(_ context.Context, to Ringing) error {
		rung = append(rung, to)
		return nil
	}
	refuses := r.entries(illnessCode)[0]
	if _, to := d.post(path+"/call", url.Values{"key": {refuses.Key}, "once": {"a"}}); to != path+"?done=roster.no_call" || len(rung) != 0 {
		t.Errorf("who let nobody call them: %s", to)
	}
	number, err := vault.ParseNumber("+12025552000")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.NewMembers(r.db, r.keys).Enrol(r.ctx(), store.Enrolment{
		Event: store.Event{Line: r.line, At: r.time()}, Number: number, Group: r.groupID(illnessCode), Confirmed: true, MayCall: true,
		Preferences: flows.Preferences{Channel: flows.ByText, Language: "en"}, Consent: flows.Consent{Channel: flows.ByText},
	}); err != nil {
		t.Fatal(err)
	}
	for _, e := range r.entries(illnessCode) {
		if e.Key == refuses.Key {
			continue
		}
		for range 2 {
			if _, to := d.post(path+"/call", url.Values{"key": {e.Key}, "once": {"b"}}); to != path+"?done=roster.ringing" {
				t.Errorf("called: %s", to)
			}
		}
		if len(rung) != 1 || rung[0] != (Ringing{Line: r.line, Account: d.who.Account, Group: e.Group, Key: e.Key, Lang: "en"}) {
			t.Errorf("rung: %+v", rung)
		}
	}
	for err, said := range map[error]string{ErrNotNow: "roster.at_night", ErrNoSuchCall: "roster.no_such_call"} {
		d.pages.Ring = func(context.Context, Ringing) error { return err }
		for _, e := range r.entries(illnessCode) {
			if e.MayCall {
				if _, to := d.post(path+"/call", url.Values{"key": {e.Key}, "once": {said}}); to != path+"?done="+said {
					t.Errorf("%v: %s", err, to)
				}
			}
		}
	}
}
