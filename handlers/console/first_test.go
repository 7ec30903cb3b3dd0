package console

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

var firstShown = []shown{
	firstAt("name", nil), firstAt("address", nil), firstAt("zone", nil), firstAt("languages", nil), firstAt("speech", nil), firstAt("crisis", nil), firstAt("ready", nil),
	firstAt("name", url.Values{"name": {" "}}), firstAt("zone", url.Values{"zone": {"Mars/Olympus"}}), firstAt("languages", url.Values{}),
	firstAt("crisis", url.Values{"crisis_name": {""}, "crisis": {"12"}, "emergency": {"+44"}}),
	{"settings", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/settings", nil
	}},
	{"settings, given", false, func(t *testing.T) (*desk, string, url.Values) {
		d := stillEmptyRig(t).as(store.RoleOwner)
		d.pages.Given = Given{Name: true, Zone: true, Languages: true, Crisis: true, Emergency: true, Speech: true}
		return d, "/console/settings", nil
	}},
	{"settings, fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/settings", url.Values{"name": {""}, "crisis": {"12"}, "emergency": {"1"}}
	}},
}

// firstAt is a step of the first run; with a form, as that is refused.
func firstAt(step string, form url.Values) shown {
	name := "first run, " + step
	if form != nil {
		name += ", fault"
	}
	return shown{name, form == nil && step == "ready", func(t *testing.T) (*desk, string, url.Values) {
		r := stillEmptyRig(t)
		r.doctor = ill()
		return r.as(store.RoleOwner), "/console/first/" + step, form
	}}
}

func (r *rig) number(text string) vault.Number {
	r.t.Helper()
	n, err := vault.ParseNumber(text)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *rig) settings() store.Settings {
	r.t.Helper()
	s, err := r.db.Settings(r.ctx(), r.keys, r.line)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// Each step is saved by itself, and the first run goes on where it was left.
func TestTheFirstRunIsSavedStepByStep(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	for _, s := range []struct {
		step string
		form url.Values
		next string
	}{
		{"name", url.Values{"name": {"  Harbour   line "}}, "/console/first/address"},
		{"address", nil, "/console/first/zone"},
		{"zone", url.Values{"zone": {"America/Chicago"}}, "/console/first/languages"},
		{"languages", url.Values{"languages": {"en", "es"}, "greets": {"es"}}, "/console/first/speech"},
		{"speech", url.Values{"speech": {"on"}}, "/console/first/crisis"},
		{"crisis", url.Values{"crisis_name": {"111"}, "crisis": {"+12025550177"}, "emergency": {"999"}}, "/console/first/ready"},
	} {
		if status, to := d.post("/console/first/"+s.step, s.form); status != 303 || to != s.next {
			t.Fatalf("%s: answered %d %.200s, want to be led to %s", s.step, status, to, s.next)
		}
		if _, to := d.get("/console/first"); to != s.next {
			t.Errorf("after %s it goes on at %s, want %s", s.step, to, s.next)
		}
	}
	if status, to := d.post("/console/first/ready", nil); status != 303 || to != "/console?done=first.done" {
		t.Errorf("the last step leads to %d %s", status, to)
	}
	got := r.settings()
	if got.Name != "Harbour line" || got.Zone != "America/Chicago" || len(got.Languages) != 2 || got.Languages[0] != "es" || got.CrisisName != "111" ||
		!got.Crisis.Equal(r.number("+12025550177")) || got.Emergency != "999" || got.Speech != store.SpeechOn || got.FirstRun != store.FirstRunDone {
		t.Errorf("saved are %+v; the crisis number is right: %t", got, got.Crisis.Equal(r.number("+12025550177")))
	}
	r.refresh()
	if _, body := d.get("/console/settings"); true {
		contains(t, body, "Harbour line", `value="America/Chicago" selected`, `value="es" selected`)
	}
}

// What the operator's environment sets is shown, and nothing that is sent changes it.
func TestWhatTheEnvironmentSetsIsNotChangedAtTheDesk(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	d.pages.Given = Given{Name: true, Zone: true, Languages: true, Crisis: true, Emergency: true, Speech: true}
	form := url.Values{"name": {"X"}, "zone": {"UTC"}, "languages": {"es"}, "crisis_name": {"1"}, "crisis": {"+12025550177"}, "emergency": {"112"}, "speech": {"on"}}
	if status, _ := d.post("/console/settings", form); status != 303 {
		t.Errorf("answered %d", status)
	}
	if got := r.settings(); got.Name != "" || got.Zone != "" || got.Languages != nil || got.CrisisName != "" || !got.Crisis.IsZero() || got.Emergency != "" || got.Speech != "" {
		t.Errorf("saved are %+v", got)
	}
}

func TestAWrongCrisisNumberKeepsTheRightOne(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	for _, wrong := range []string{"911", "2025550177", "+1202", "+999999999999999999"} {
		status, body := d.post("/console/first/crisis", url.Values{"crisis_name": {"help"}, "crisis": {wrong}})
		if status != 422 {
			t.Errorf("%q: answered %d", wrong, status)
		}
		contains(t, body, `aria-invalid="true"`, `id="crisis-fault"`)
	}
	if got := r.settings(); got.CrisisName != "" {
		t.Errorf("saved are %+v", got)
	}
	if status, _ := d.post("/console/first/crisis", url.Values{"crisis_name": {"help"}, "crisis": {""}}); status != 303 || r.settings().CrisisName != "help" {
		t.Error("the name alone is not saved")
	}
}

// What people dial in danger stays as it is until another is typed that can be dialled.
func TestWhatPeopleDialInDangerIsSaidAtTheDesk(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	form := url.Values{"crisis_name": {"988"}}
	for typed, status := range map[string]int{"1": 422, "1234567": 422, "+44": 422, "one": 422, "": 303} {
		form.Set("emergency", typed)
		if got, _ := d.post("/console/first/crisis", form); got != status || r.settings().Emergency != "" {
			t.Errorf("%q: answered %d, and saved is %q", typed, got, r.settings().Emergency)
		}
	}
	if _, body := d.get("/console/settings"); true {
		contains(t, body, `<strong class="number">911</strong>`)
	}
	form.Set("emergency", " 112 ")
	if status, _ := d.post("/console/first/crisis", form); status != 303 || r.settings().Emergency != "112" {
		t.Errorf("answered %d, and saved is %q", status, r.settings().Emergency)
	}
	r.refresh()
	if _, body := d.get("/console/settings"); true {
		contains(t, body, `<strong class="number">112</strong>`)
	}
}

// Zones are named in the language of who reads, as people name them.
func TestZonesInWords(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for lang, words := range map[string][]string{
		"en": {">Eastern time (New York): 12:00 pm<", ">Eastern time (Toronto): ", ">India time: 10:30 pm<"},
		"es": {">Hora del Este (Nueva York): ", ">Hora de Ciudad de México: ", ">Hora de Hawái (Honolulú): "},
	} {
		d.who.Lang = lang
		_, page := d.get("/console/first/zone")
		contains(t, page, words...)
		_, page = d.get("/console/groups/new")
		contains(t, page, map[string]string{"en": ">Eastern time<", "es": ">Hora del Este<"}[lang])
	}
}

// Whether callers may speak is off until an owner ticks it, and again when they take the
// tick away.
func TestAnOwnerLetsCallersSpeak(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	form := url.Values{"name": {"Harbour line"}, "zone": {"America/Chicago"}, "languages": {"en"}, "crisis_name": {"988"}}
	for _, want := range []string{"", store.SpeechOn, store.SpeechOff} {
		if form.Del("speech"); want == store.SpeechOn {
			form.Set("speech", "on")
		}
		if status, _ := d.post("/console/settings", form); status != 303 || r.settings().Speech != want {
			t.Errorf("answered %d, and saved is %q, want %q", status, r.settings().Speech, want)
		}
		r.refresh()
		if _, body := d.get("/console/settings"); strings.Contains(body, `name="speech" value="on" checked`) != (want == store.SpeechOn) {
			t.Errorf("after %q the page shows another", want)
		}
	}
}
