package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/store"
)

// versions are those of the rig's line, of which the built-in flow is its own.
func (r *rig) versions() Versions {
	archive := store.NewFlowArchive(r.deskDB, r.t.TempDir())
	return Versions{
		Store: store.NewFlowVersions(r.deskDB, r.keys, archive), Load: archive.Load, Own: ownBundle, BuiltIn: ownBundle, Compile: compileOnce,
		Recordings: store.NewRecordings(r.deskDB, r.keys),
		PINs:       lines.PINs(),
		Rehearsal: func(line flows.Line, who string, now, at time.Time) (flows.View, Telephone, error) {
			groups, err := lines.Sample(now, line.Zone)
			view := flows.View{Now: at, Number: "(202) 555-0100", Directory: flows.NewDirectory(line, groups, at)}
			return view, lines.At(who, view.Directory), err
		},
	}
}

// compileOnce is flows.Compile, but that the built-in flow is compiled once for all tests.
func compileOnce(b flows.Bundle) (*flows.Flow, []flows.Problem) {
	if maps.Equal(b, ownBundle()) {
		return flowstest.Compiled()
	}
	return flows.Compile(b)
}

func ownBundle() flows.Bundle {
	b, err := lines.BuiltIn()
	if err != nil {
		panic(err) // it is embedded
	}
	return b
}

// changed is a version that says welcome in other words; broken, one that leads nowhere.
func changed() flows.Bundle {
	return ownWith("prompts/en.yaml", `welcome: "{line.name}.`, `welcome: "{line.name}. Good to have you here.`)
}

func broken() flows.Bundle {
	return ownWith("main.yaml", "start:", "start: nowhere #")
}

// ownWith is the flow of tests with other text at one place of a file.
func ownWith(file, text, other string) flows.Bundle {
	b := ownBundle()
	b[file] = strings.Replace(b[file], text, other, 1)
	return b
}

// keep has a version be kept, as a command keeps it, and returns its path.
func (d *desk) keep(b flows.Bundle) string {
	d.t.Helper()
	if err := store.NewFlowArchive(d.db, d.t.TempDir()).Save(d.ctx(), d.line, b.Hash(), b.Encode(), d.time()); err != nil {
		d.t.Fatal(err)
	}
	return flowsPath + "/" + b.Hash()
}

// sure sends a form that leads on, and returns where.
func (d *desk) sure(path string, form url.Values) string {
	d.t.Helper()
	status, to := d.post(path, form)
	if status != http.StatusSeeOther {
		d.t.Fatalf("%s: answered %d %.300s", path, status, to)
	}
	return to
}

var flowsShown = []shown{
	{"versions, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath, nil
	}},
	{"versions, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.sure(d.keep(changed())+"/publish", nil)
		d.sure(flowsPath+"/rollback", nil)
		d.sure(d.keep(changed())+"/publish", nil)
		d.sure(flowsPath+"/own/draft", nil)
		d.sure(flowsPath+"/testers", url.Values{"number": {"+12125550143"}})
		return d, flowsPath, nil
	}},
	{"versions, with a fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/testers", url.Values{"number": {"12"}}
	}},
	{"versions, for a coordinator", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), flowsPath, nil
	}},
	{"a version, heard", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/own", nil
	}},
	{"a version, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.keep(changed()), nil
	}},
	{"a version, of an older program", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.sure(d.keep(ofBefore())+"/publish", nil)
		return d, flowsPath + "/" + ofBefore().Hash(), nil
	}},
	{"a version, over a newer program", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.sure(d.keep(ofBefore())+"/publish", nil)
		return d, d.begin(ofBefore().Begun(ownBundle())), nil
	}},
	{"a version, with a fault", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.keep(broken()) + "/publish", url.Values{}
	}},
	{"a telephone, to begin", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), flowsPath + "/own/try", nil
	}},
	{"a telephone, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/own/try", url.Values{"in": {"en"}, "step": {"key:1", "silence"}}
	}},
	{"a telephone, hung up by a member", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/own/try", url.Values{"in": {"en"}, "who": {"member"}, "press": {"hang"}}
	}},
	{"a flow in words", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), flowsPath + "/own/map", nil
	}},
	{"a flow in words, with a fault", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.keep(broken()) + "/map", nil
	}},
	{"a flow in words, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.keep(flows.Bundle{}) + "/map", nil
	}},
	{"a telephone, with a fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/own/try", url.Values{"in": {"en"}, "press": {"typed"}, "typed": {"abc"}}
	}},
	{"a telephone, in a room", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/own/try", url.Values{"in": {"en"}, "step": {"key:1", "key:482105", "key:1", "key:1"}}
	}},
	{"a telephone, by text", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/own/try", url.Values{"in": {"en"}, "by": {"text"}, "press": {"typed"}, "typed": {"NOW"}}
	}},
}

// heard is what everybody hears, and testers.
func (d *desk) heard() store.HeardFlows {
	d.t.Helper()
	h, err := d.pages.Versions.Store.Heard(d.ctx(), d.line)
	if err != nil {
		d.t.Fatal(err)
	}
	return h
}

// An owner publishes a version and takes it back; a form that is sent twice counts once.
func TestAVersionIsPublishedAndTakenBack(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	b := changed()
	path := d.keep(b)
	if _, body := d.get(path); !strings.Contains(body, "Good to have you here") || !strings.Contains(body, "Words: English") || !strings.Contains(body, "1 thing changes") {
		t.Error("the page does not say what changes")
	}
	for range 2 {
		d.sure(path+"/publish", url.Values{"once": {"first"}})
	}
	if got := d.heard().Live; got != b.Hash() {
		t.Fatalf("%s is heard", got)
	}
	d.sure(path+"/draft", nil)
	if _, body := d.get(flowsPath); strings.Contains(body, "Drop the draft") {
		t.Error("what everybody hears is shown as a draft")
	}
	if to := d.sure(flowsPath+"/rollback", url.Values{"live": {strings.Repeat("ab", 32)}}); !strings.HasSuffix(to, "flows.heard_else") || d.heard().Live != b.Hash() {
		t.Errorf("what another owner published is taken back by who has not seen it: %s", to)
	}
	for range 2 {
		d.sure(flowsPath+"/rollback", url.Values{"once": {"second"}, "live": {b.Hash()}})
	}
	if got := d.heard().Live; got != "" {
		t.Errorf("%s is heard after it was taken back", got)
	}
	if to := d.sure(flowsPath+"/rollback", nil); !strings.HasSuffix(to, "flows.nothing_back") {
		t.Errorf("led to %s", to)
	}
}

// What has an error is neither published nor drafted, and its page says what is wrong.
func TestABrokenVersionIsNotHeard(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	path := d.keep(broken())
	for _, act := range []string{"/publish", "/draft"} {
		if status, body := d.post(path+act, nil); status != http.StatusUnprocessableEntity || !strings.Contains(body, "F001") {
			t.Errorf("%s: answered %d", act, status)
		}
	}
	if h := d.heard(); h.Live != "" || h.Draft != "" {
		t.Errorf("heard: %+v", h)
	}
}

// What was published and cannot be read any more keeps no page from being looked at: the
// list says so, and it is taken back there.
func TestASpoiledVersionIsTakenBackAtTheDesk(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	hash := strings.Repeat("ab", 32)
	spoiled := store.FlowVersion{Hash: hash, Content: []byte("{")}
	if err := d.pages.Versions.Store.Publish(d.ctx(), d.line, store.By{Actor: "Ada", At: d.time()}, spoiled); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		flowsPath: "cannot be used", flowsPath + "/" + hash: "not heard while it has faults", flowsPath + "/own": "Version", d.keep(changed()): "Good to have you here",
		promptsPath: "English", promptsPath + "/en": "welcome",
	} {
		if status, body := d.get(path); status != http.StatusOK || !strings.Contains(body, says) {
			t.Errorf("%s: answered %d, without %q", path, status, says)
		}
	}
	d.sure(flowsPath+"/rollback", url.Values{"live": {hash}})
	if _, body := d.get(flowsPath); strings.Contains(body, "cannot be used") {
		t.Error("the page warns of what nobody hears")
	}
}

// A version is drawn, one that has an error as well.
func TestAVersionIsDrawn(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	for path, says := range map[string]string{flowsPath + "/own": "Main menu", d.keep(broken()): "Main menu"} {
		if status, body := d.get(path + "/diagram.svg"); status != http.StatusOK || !strings.HasPrefix(body, "<svg") || !strings.Contains(body, says) || !strings.Contains(body, `href="steps/main"`) {
			t.Errorf("%s: answered %d, without %q", path, status, says)
		}
	}
}

// A version is told in words, a part at a time, and one that has an error as well.
func TestAVersionIsToldInWords(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	for path, says := range map[string]string{
		flowsPath + "/own/map": "enter a group code", d.keep(broken()) + "/map": "Main menu.",
		flowsPath + "/own/map?part=3": "map?part=", flowsPath + "/own/map?part=9999": "Main menu.", d.keep(flows.Bundle{}) + "/map": "can be read",
	} {
		if status, body := d.get(path); status != http.StatusOK || !strings.Contains(body, says) {
			t.Errorf("%s: answered %d, without %q", path, status, says)
		}
	}
	astray := ownBundle()
	astray["main.yaml"] = strings.Replace(astray["main.yaml"], "next: main}", "next: nowhere}", 1)
	if _, body := d.get(d.keep(astray) + "/map"); !strings.Contains(body, "→ nowhere") || strings.Contains(body, "#n-nowhere") {
		t.Error("what leads to no node is a link, or is not told")
	}
	longest, most := 0, 0
	for i, part := range flows.Draw(ownBundle(), "en").Sections() {
		if n := len(part.Steps); n > most {
			longest, most = i, n
		}
	}
	if _, body := d.get(fmt.Sprintf("%s/own/map?part=%d", flowsPath, longest)); len(body) > heaviest {
		t.Errorf("the longest part has %d bytes", len(body))
	}
	d.who.Lang = "es"
	if _, body := d.get(flowsPath + "/own/map"); !strings.Contains(body, "si no hay ninguno") || strings.Contains(body, "if there is none") {
		t.Error("the words are not Spanish")
	}
	if _, body := d.get(flowsPath + "/own/diagram.svg"); !strings.Contains(body, "tecla equivocada") || strings.Contains(body, "nobody is told") {
		t.Error("the drawing is not Spanish")
	}
}

// Its files are what was kept, the same bytes each time.
func TestTheFilesOfAVersionAreSent(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	b := changed()
	path := d.keep(b) + "/folder.zip"
	_, first := d.get(path)
	if _, again := d.get(path); again != first {
		t.Error("the bytes differ")
	}
	z, err := zip.NewReader(strings.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	got := flows.Bundle{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name] = string(text)
	}
	if got.Hash() != b.Hash() {
		t.Error("the files are not those that were kept")
	}
	odd := flows.Bundle{"main.yaml": "y", "prompts/zh-Hans.yaml": "z"}
	for _, name := range []string{
		"../main.yaml", "/main.yaml", "", `prompts\..\..\en.yaml`, "prompts/CON.yaml", "prompts/aux", "prompts/lpt1.en.yaml", "prompts/e?n.yaml", "c:main.yaml",
		"prompts/en.yaml.", "prompts /en.yaml", "prompts/e\nn.yaml",
	} {
		odd[name] = "x"
	}
	packed, err := zipped(odd)
	if z, failed := zip.NewReader(bytes.NewReader(packed), int64(len(packed))); err != nil || failed != nil || len(z.File) != 2 {
		t.Errorf("a file is packed that not every folder can have: %v, %v", err, failed)
	}
}

// To publish needs a proof of who somebody is that is five minutes old at most.
func TestPublishingNeedsAProof(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	path := d.keep(changed())
	d.pass(provenFor + time.Second)
	if to := d.sure(path+"/publish", nil); !strings.HasPrefix(to, "/console/again") {
		t.Errorf("led to %s", to)
	}
}

// Testers are numbers that no page shows again.
func TestTestersAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	number := url.Values{"number": {"+1 212 555 0143"}}
	d.sure(flowsPath+"/testers", number)
	if got := len(d.heard().Testers); got != 1 {
		t.Fatalf("%d testers", got)
	}
	if _, body := d.get(flowsPath); shows(body, "5550143") || !strings.Contains(body, "1 number hears") {
		t.Error("the page shows the number, or not that there is one")
	}
	d.sure(flowsPath+"/testers/remove", number)
	if status, body := d.post(flowsPath+"/testers/remove", number); status != http.StatusUnprocessableEntity || shows(body, "5550143") {
		t.Errorf("removed twice: answered %d", status)
	}
	if got := len(d.heard().Testers); got != 0 {
		t.Errorf("%d testers", got)
	}
}

// A call in the page is the one that a caller has, and changes nothing.
func TestAFlowIsTriedInThePage(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	path := flowsPath + "/own/try"
	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"dialled":                {url.Values{"in": {"en"}}, "No group sees your number"},
		"in Spanish":             {url.Values{"in": {"es"}}, "Ningún grupo ve"},
		"a code":                 {url.Values{"in": {"en"}, "step": {"key:1"}, "press": {"typed"}, "typed": {"482105"}}, "Evening grief circle"},
		"a text":                 {url.Values{"in": {"en"}, "by": {"text"}, "press": {"typed"}, "typed": {"NOW"}}, "Evening grief circle"},
		"a step of no phone":     {url.Values{"in": {"en"}, "step": {"end:ascension"}}, "No group sees your number"},
		"a text within a call":   {url.Values{"in": {"en"}, "step": {"text:NOW"}}, "No group sees your number"},
		"a language of no flow":  {url.Values{"in": {"tlh"}}, "No group sees your number"},
		"a member signs in":      {url.Values{"in": {"en"}, "who": {"member"}, "step": {"key:4", "key:2", "key:1", "key:739146"}}, "Your own menu."},
		"a leader's keys":        {url.Values{"in": {"en"}, "who": {"facilitator"}, "step": {"key:1", "key:482105", "key:3", "key:73914626"}}, "facilitator"},
		"a coordinator":          {url.Values{"in": {"en"}, "who": {"coordinator"}, "step": {"key:7", "key:1", "key:58203917"}}, "One person waits for approval"},
		"in a room":              {url.Values{"in": {"en"}, "step": {"key:1", "key:482105", "key:1", "silence"}}, "Press *</button>"},
		"out of it":              {url.Values{"in": {"en"}, "step": {"key:1", "key:482105", "key:1", "silence", "end:answered"}}, "To mute yourself"},
		"a room that is not had": {url.Values{"in": {"en"}, "step": {"key:1", "key:482105", "key:1", "silence"}, "press": {"end:failed"}}, "The room does not open"},
		"another number":         {url.Values{"in": {"en"}, "step": {"key:0", "key:1"}}, "Another number rings: <b class=\"wraps\">The crisis line</b>."},
		"a step back":            {url.Values{"in": {"en"}, "step": {"key:1", "key:482105"}, "press": {"back"}}, "Enter the group code.</p></li>\n</ol>"},
		"back from the end":      {url.Values{"in": {"en"}, "step": {"key:3", "hang"}, "press": {"back"}}, "Press nothing, and wait"},
		"a year away":            {url.Values{"in": {"en"}, "when": {"2099-01-01T00:00"}, "step": {"key:2"}}, "No group sees your number"},
		"another hour":           {url.Values{"in": {"en"}, "when": {"2026-11-21T03:00"}, "step": {"key:2"}}, "No call"},
		"who hangs up":           {url.Values{"in": {"en"}, "press": {"hang"}}, "The call is over"},
		"more than a call takes": {url.Values{"in": {"en"}, "step": strings.Split(strings.Repeat("key:* ", 300)+"key:*", " ")}, "Begin anew"},
	} {
		if status, body := d.post(path, c.form); status != http.StatusOK || !strings.Contains(body, c.says) {
			t.Errorf("%s: answered %d, without %q", name, status, c.says)
		}
	}
	for lang, says := range map[string]bool{"en": false, "fr": true} {
		if _, body := d.post(path, url.Values{"in": {lang}}); strings.Contains(body, `<p lang="fr">`) != says {
			t.Errorf("a line of English and Spanish, tried in %s: is French said? %t", lang, !says)
		}
	}
}
