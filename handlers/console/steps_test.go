package console

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

const ownSteps = flowsPath + "/own/steps"

// inEach are words in each language of the built-in flow.
func inEach(field, words string, form url.Values) url.Values {
	for _, lang := range ownBundle().Speaks() {
		form.Set(field+"-"+lang, words)
	}
	return form
}

// toNowhere is a draft in which a key leads nowhere.
func toNowhere() flows.Bundle {
	return ownWith("main.yaml", "- {key: 2, say: opt_find, next: find}", "- {key: 2, say: opt_find, next: heaven}")
}

// The parts of a flow are called as on its map, and stand in the same order.
func TestPartsAreCalledAsOnTheMap(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for _, before := range []string{"", "  extra: {say: welcome, next: main}\n", "  # élan\n  extra: {say: welcome, next: main}\n"} {
		version := d.begin(ownWith("main.yaml", "nodes:\n", "nodes:\n"+before))
		_, onMap := d.get(version + "/map")
		_, onList := d.get(version + "/steps")
		var drawn, list []string
		for _, m := range regexp.MustCompile(`<option value="\d+"[^>]*>([^<]+) \(`).FindAllStringSubmatch(onMap, -1) {
			drawn = append(drawn, m[1])
		}
		for _, m := range regexp.MustCompile(`\?section=\d+"[^>]*>(?:<span lang="en">)?([^<]+?)(?:</span>)?&nbsp;`).FindAllStringSubmatch(onList, -1) {
			list = append(list, m[1])
		}
		if len(list) < 3 || !slices.Equal(drawn, list) {
			t.Errorf("on the map: %q, in the list: %q", drawn, list)
		}
	}
}

// begin has a version be the draft, as a command does, and returns its path.
func (d *desk) begin(b flows.Bundle) string {
	d.t.Helper()
	by := store.By{Actor: "Bo", At: d.time()}
	within := store.Within(d.ctx(), store.Scope{Line: d.line, All: true})
	if err := d.pages.Versions.Store.Draft(within, d.line, by, store.FlowVersion{Hash: b.Hash(), Content: b.Encode()}); err != nil {
		d.t.Fatal(err)
	}
	return flowsPath + "/" + b.Hash()
}

var stepsShown = []shown{
	{"steps", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps, nil
	}},
	{"steps, looked for", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), ownSteps + "?find=crisis", nil
	}},
	{"steps, none", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "?find=xyzzy", nil
	}},
	{"a step, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find", nil
	}},
	{"a step, for a coordinator", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), ownSteps + "/door", nil
	}},
	{"a step, beside a draft", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.begin(changed())
		return d, ownSteps + "/help", nil
	}},
	{"a step, of a draft with faults", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.begin(toNowhere()) + "/steps/nothing_now", nil
	}},
	{"a step, that nothing leads to", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		b := ownBundle()
		b["main.yaml"] += "  spare: {say: back, end: true}\n"
		return d, d.begin(b) + "/steps/spare", nil
	}},
	{"a step, to change a way", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find?way=silence", nil
	}},
	{"a step, to change a key", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find?way=option+1", nil
	}},
	{"a step, to add a key", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find?add=option", nil
	}},
	{"a step, to add a menu", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find?add=menu", nil
	}},
	{"a step, to add a number", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find?add=dial", nil
	}},
	{"a step, to choose what is put in between", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/crisis_line?between=outcome+failed", nil
	}},
	{"a step, to put a number in between", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.begin(numbered()) + "/steps/crisis_line?between=outcome+failed&add=dial", nil
	}},
	{"a step, to call it otherwise", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.begin(numbered()) + "/steps/prayer?add=name", nil
	}},
	{"a step, called nothing", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.begin(numbered()) + "/steps/prayer/name", url.Values{"called": {"!"}}
	}},
	{"a step, over the built-in one", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.begin(numbered()) + "/steps/find", nil
	}},
	{"a step, of an older version", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.sure(d.keep(ofBefore())+"/publish", nil)
		return d, flowsPath + "/" + ofBefore().Hash() + "/steps/find", nil
	}},
	{"numbers, none", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), flowsPath + "/own/numbers", nil
	}},
	{"numbers, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.begin(numbered()) + "/numbers?number=prayer", nil
	}},
	{"numbers, with a fault", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.begin(numbered()) + "/numbers", url.Values{"called": {"Prayer"}, "number": {prayerNumber}}
	}},
	{"numbers, for a coordinator", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleCoordinator, griefCode)
		return d, d.begin(numbered()) + "/numbers", nil
	}},
	{"numbers, beside a draft", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.begin(numbered())
		return d, flowsPath + "/own/numbers", nil
	}},
	{"a step, with a fault", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find/add", url.Values{"pattern": {"message"}, "key": {"4"}, "label-en": {"tell us"}, "says-en": {"<b>Go on.</b>"}}
	}},
	{"a step, with a fault of a way", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), ownSteps + "/find/way", url.Values{"kind": {"option"}, "of": {"1"}, "key": {"2"}, "say": {"opt_topic"}, "to": {"topic"}}
	}},
}

// changes sends a form of a step of what can be changed now, and returns the draft that
// came of it.
func (d *desk) changes(node, form string, values url.Values) flows.Bundle {
	d.t.Helper()
	id := d.heard().Draft
	if id == "" {
		id = ownVersion
	}
	to := d.sure(flowsPath+"/"+id+"/steps/"+node+form, values)
	draft := d.heard().Draft
	if !strings.HasPrefix(to, flowsPath+"/"+draft+"/steps") || !strings.Contains(to, "?done=steps.is_") {
		d.t.Fatalf("%s%s led to %s", node, form, to)
	}
	return d.draftBundle()
}

// A coordinator without a line of YAML gives the line a key that says something, leads
// another elsewhere, and publishes it; each step of it is in the audit log.
func TestAFlowIsChangedStepByStep(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	added := inEach("label", "hear who we are", inEach("says", "We are neighbors who listen.", url.Values{"pattern": {"say"}, "key": {"4"}}))
	d.changes("find", "/add", added)
	if status, body := d.get(promptsPath + "/en/hear_who_we_are/words"); status != http.StatusOK || !strings.Contains(body, "We are neighbors who listen.") {
		t.Errorf("what it says cannot be changed: %d", status)
	}
	d.changes("hear_who_we_are", "/way", url.Values{"kind": {"next"}, "to": {"main"}})
	d.changes("find", "/way", url.Values{"kind": {"silence"}, "to": {"main"}})
	d.changes("find", "/way", url.Values{"kind": {"option"}, "of": {"3"}, "key": {"3"}, "say": {"opt_now"}, "to": {"now"}})
	b := d.changes("main", "/option/remove", url.Values{"key": {"5"}})
	var said []string
	for _, c := range flows.Diff(ownBundle(), b) {
		if c.Lang == "" {
			said = append(said, c.What)
		}
	}
	for _, want := range []string{
		`At "find", key 4 leads to "hear_who_we_are" now.`, `At "find", silence leads to "main" now.`, `At "find", key 3 led to "speaks" and leads to "now" now.`,
		`At "main", key 5 leads nowhere of its own now; it led to "door".`,
	} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("it does not say %s:\n%s", want, strings.Join(said, "\n"))
		}
	}
	if d.heard().Live != "" {
		t.Error("callers hear a draft")
	}
	d.sure(flowsPath+"/"+b.Hash()+"/publish", nil)
	if d.heard().Live != b.Hash() {
		t.Error("what was changed cannot be published")
	}
	if _, log := d.get("/console/audit"); strings.Count(log, "changed steps or numbers of the draft") != 5 {
		t.Errorf("the audit log has not five changes")
	}
}

// Who adds a step writes it in one language, their own; the others say the same for now,
// and the check warns of each until it is translated.
func TestAStepIsAddedInOneLanguage(t *testing.T) {
	t.Parallel()
	for reader, of := range map[string]struct{ label, says, other, otherSays string }{
		"en": {"hear who we are", "We are neighbors who listen.", "es", "Somos vecinos que escuchan."},
		"es": {"oír quiénes somos", "Somos vecinos que escuchan.", "fr", "Nous sommes des voisins."},
	} {
		d := newRig(t).as(store.RoleOwner)
		d.who.Lang = reader
		_, form := d.get(ownSteps + "/find?add=message")
		if n := strings.Count(form, " required"); n != 3 {
			t.Errorf("%s: the form asks for %d fields", reader, n)
		}
		added := url.Values{"pattern": {"say"}, "key": {"4"}, "label-" + reader: {of.label}, "says-" + reader: {of.says}, "says-" + of.other: {of.otherSays}}
		b := d.changes("find", "/add", added)
		flow, problems := flows.Compile(b)
		if flow == nil {
			t.Fatal(problems)
		}
		warned := map[string]int{}
		for _, p := range problems {
			warned[p.Code+" "+p.File]++
		}
		for _, lang := range b.Speaks()[1:] {
			want := 2
			if lang == of.other {
				want = 1
			}
			if got := warned["F020 prompts/"+lang+".yaml"]; got != want {
				t.Errorf("%s: %d warnings of %s, not %d: %v", reader, got, lang, want, problems)
			}
		}
		path := flowsPath + "/" + b.Hash()
		if _, body := d.get(path); !strings.Contains(body, "F020") || !strings.Contains(body, `<a href="/console/prompts/fr/opt_`) {
			t.Errorf("%s: the draft does not say what is not translated, or does not lead there", reader)
		}
		d.sure(path+"/publish", nil)
		if d.heard().Live != b.Hash() {
			t.Errorf("%s: it cannot be published", reader)
		}
	}
}

// A draft with faults is kept, shows them beside the form, and cannot be published.
func TestADraftWithFaultsIsKept(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	b := d.changes("crisis_line", "/way", url.Values{"kind": {"outcome"}, "of": {"failed"}, "to": {"crisis"}})
	path := flowsPath + "/" + b.Hash()
	if flow, _ := flows.Compile(b); flow != nil {
		t.Fatal("a round without a question can be heard")
	}
	if _, body := d.get(path + "/steps/crisis_line"); !strings.Contains(body, "F004") || !strings.Contains(body, "cannot be heard or published") {
		t.Error("the step does not say what is wrong")
	}
	if _, body := d.get(path); !strings.Contains(body, `<a href="`+path+`/steps/crisis`) {
		t.Error("the version does not lead to the step that is wrong")
	}
	if _, body := d.get(flowsPath); !strings.Contains(body, `href="`+path+`/steps"`) {
		t.Error("the list of versions does not lead to the steps of the draft")
	}
	if status, _ := d.post(path+"/publish", nil); status != http.StatusUnprocessableEntity || d.heard().Live != "" {
		t.Errorf("published: %d", status)
	}
	d.changes("crisis_line", "/way", url.Values{"kind": {"outcome"}, "of": {"failed"}, "to": {"crisis_failed"}})
	if got := d.heard().Draft; got != ownBundle().Begun(ownBundle()).Hash() {
		t.Errorf("taken back, it is %s", got)
	}
}

// Who changes a draft that has become another one meanwhile changes nothing, and is told;
// a form that is sent twice counts once.
func TestADraftThatHasMoved(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	form := func(to string) url.Values { return url.Values{"kind": {"next"}, "to": {to}, "once": {to}} }
	d.changes("no_groups", "/way", form("find"))
	draft := d.heard().Draft
	again := d.sure(ownSteps+"/no_groups/way", form("find"))
	if !strings.HasSuffix(again, "is_changed") || d.heard().Draft != draft {
		t.Errorf("sent twice, it led to %s", again)
	}
	if to := d.sure(ownSteps+"/no_groups/way", form("topic")); to != flowsPath+"/"+draft+"/steps/no_groups?done=steps.is_moved" || d.heard().Draft != draft {
		t.Errorf("beside a draft, it led to %s", to)
	}
	d.sure(flowsPath+"/draft/drop", nil)
	if to := d.sure(flowsPath+"/"+draft+"/steps/no_groups/way", form("topic")); !strings.HasSuffix(to, "is_moved") || d.heard().Draft != "" {
		t.Errorf("of a draft that was dropped, it led to %s", to)
	}
}

// What somebody wrote of a step is not lost when another one changes the draft meanwhile, nor
// when that draft is there no more; it takes one more press.
func TestAStepThatWasWrittenIsNotLost(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	added := func(label string) url.Values {
		return url.Values{"pattern": {"say"}, "key": {"8"}, "label-en": {label}, "says-en": {"We meet at the old mill."}}
	}
	d.changes("find", "/add", added("hear where we meet"))
	late := url.Values{"pattern": {"say"}, "key": {"9"}, "label-en": {"hear of the mill"}, "says-en": {"It was built by many hands."}}
	gone := d.heard().Draft
	for name, path := range map[string]string{"beside a draft": ownSteps, "of one that is gone": flowsPath + "/" + gone + "/steps"} {
		if name == "of one that is gone" {
			d.sure(flowsPath+"/draft/drop", nil)
		}
		status, body := d.post(path+"/find/add", late)
		for _, want := range []string{"What you wrote is below", "It was built by many hands.", `value="hear of the mill"`, `<option selected>9`} {
			if status != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
				t.Errorf("%s: answered %d, without %q", name, status, want)
			}
		}
		to := regexp.MustCompile(`action="(/console/flows/[^"]+/add)"`).FindStringSubmatch(body)
		if len(to) == 0 {
			t.Fatalf("%s: there is no form to send again", name)
		}
		if name == "of one that is gone" {
			late.Set("once", "anew")
			if led := d.sure(to[1], late); !strings.HasSuffix(led, "is_changed") {
				t.Errorf("sent once more, it led to %s", led)
			}
		}
	}
}

// A key is to be written as most keys of its menu are, not as one that names itself; a name
// for a step ends with a word.
func TestAStepIsCalledByWholeWords(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	_, form := d.get(ownSteps + "/main?add=say")
	if !strings.Contains(form, `Written like: <span lang="en">enter a group code</span>`) {
		t.Error("the form shows an unusual key")
	}
	b := d.changes("find", "/add", url.Values{"pattern": {"say"}, "key": {"8"}, "label-en": {"reach the prayer line"}, "says-en": {"Nobody is there."}})
	if !slices.ContainsFunc(b.Steps("en").Nodes, func(n flows.Node) bool { return n.Name == "reach_the_prayer" }) {
		t.Error("the name of the step ends within a word")
	}
}

// What is laid over a step of the built-in flow stays in the part that it is in, and what a
// line has beside it is no part of what stands last.
func TestPartsStayWhenStepsChange(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	was := map[string]string{}
	for _, n := range ownBundle().Steps("en").Nodes {
		was[n.Name] = n.Section
	}
	b := d.changes("find", "/add", url.Values{"pattern": {"say"}, "key": {"8"}, "label-en": {"hear more"}, "says-en": {"We listen."}})
	for _, n := range b.Steps("en").Nodes {
		if section, known := was[n.Name]; known && n.Section != section {
			t.Errorf("%s was in %q, and is in %q", n.Name, section, n.Section)
		} else if !known && n.Section != "This line's own" {
			t.Errorf("%s is in %q", n.Name, n.Section)
		}
	}
}

// What a form cannot ask for is refused in words, and changes nothing.
func TestStepsRefuse(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for name, c := range map[string]struct {
		path, says string
		form       url.Values
	}{
		"to nowhere":       {"find/way", "Choose a step that there is.", url.Values{"kind": {"option"}, "of": {"1"}, "key": {"1"}, "to": {"heaven"}}},
		"a key taken":      {"find/option", "has that key already", url.Values{"key": {"1"}, "say": {"opt_now"}, "to": {"now"}}},
		"no key":           {"find/option", "Choose one key", url.Values{"key": {"11"}, "say": {"opt_now"}, "to": {"now"}}},
		"no label":         {"find/option", "in the first language", url.Values{"key": {"8"}, "say": {"_voice"}, "to": {"now"}}},
		"no way":           {"find/way", "no such way", url.Values{"kind": {"else"}, "to": {"now"}}},
		"no number":        {"find/add", "one of the numbers", inEach("label", "x", inEach("says", "x", url.Values{"pattern": {"dial"}, "key": {"8"}, "number": {"+12125550143"}}))},
		"no words":         {"find/add", "in the first language", url.Values{"pattern": {"say"}, "key": {"8"}}},
		"words elsewhere":  {"find/add", "in the first language", url.Values{"pattern": {"say"}, "key": {"8"}, "label-es": {"oír más"}, "says-es": {"Somos vecinos."}}},
		"too many words":   {"find/add", "too long", inEach("label", strings.Repeat("x", 2000), url.Values{"pattern": {"say"}, "key": {"8"}})},
		"what is led to":   {"find/remove", "something still leads", nil},
		"no key to remove": {"find/option/remove", "no such way", url.Values{"key": {"8"}}},
	} {
		if status, body := d.post(ownSteps+"/"+c.path, c.form); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.says) {
			t.Errorf("%s: answered %d, without %q", name, status, c.says)
		}
	}
	for _, path := range []string{ownSteps + "/heaven", flowsPath + "/" + strings.Repeat("0", 64) + "/steps", ownSteps + "/find/add"} {
		if status, _ := d.do(map[bool]string{true: http.MethodPost, false: http.MethodGet}[strings.HasSuffix(path, "add")], path, url.Values{"token": {d.who.Token}, "pattern": {"join"}}); status != http.StatusNotFound {
			t.Errorf("%s: answered %d", path, status)
		}
	}
	if got := d.heard().Draft; got != "" {
		t.Errorf("the draft is %s", got)
	}
}

// Each outcome and each kind of step that the built-in flow has is called something.
func TestStepsAreInWords(t *testing.T) {
	t.Parallel()
	all, err := readCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range ownBundle().Steps("en").Nodes {
		keys := []string{"kind_" + n.Kind, "of_" + n.Kind}
		for _, w := range n.Ways {
			if keys = append(keys, "way_"+w.Kind); w.Kind == flows.WayOutcome {
				keys[len(keys)-1] = "outcome_" + w.Of
			}
		}
		for _, key := range keys {
			if all["en"]["steps."+key] == "" {
				t.Errorf("step %s: there is no text %s", n.Name, key)
			}
		}
	}
}

// A draft with faults is not said to be heard by those who try it out.
func TestAFaultyDraftIsNotHeard(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for _, is := range []struct {
		of    flows.Bundle
		words string
	}{{changed(), "Heard by testers"}, {broken(), "not heard by testers while it has faults"}} {
		path := d.keep(is.of)
		if err := d.versions().Store.Draft(t.Context(), d.line, store.By{Actor: "ada", At: monday}, store.FlowVersion{Hash: is.of.Hash(), Content: is.of.Encode()}); err != nil {
			t.Fatal(err)
		}
		if _, body := d.get(path); !strings.Contains(body, is.words) {
			t.Errorf("the page does not say %q", is.words)
		}
	}
}
