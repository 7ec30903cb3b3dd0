package console

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// The numbers of the example, which are for everybody.
const (
	prayerNumber = "+12025550142"
	secondNumber = "+12025550188"
)

// numbered is a flow that is laid over the built-in one, with two numbers of its own; one of
// them is not called.
func numbered() flows.Bundle {
	return flows.Bundle{
		"main.yaml": `extends: built-in
languages: [en, es]
numbers: {prayer: "` + prayerNumber + `", second_crisis: "` + secondNumber + `"}
nodes:
  find: {options: [{key: 4, say: opt_prayer, voice_only: true, next: prayer}]}
  prayer: {dial: prayer, outcomes: {answered: back, failed: back}}
`,
		"prompts/en.yaml": "opt_prayer: call the prayer line\n",
		"prompts/es.yaml": "opt_prayer: llamar a la línea de oración\n",
	}.Over(ownBundle())
}

// ofBefore is the same over the built-in flow of a program of before.
func ofBefore() flows.Bundle {
	return numbered().Over(ownWith("prompts/en.yaml", `no_groups: "There is no group like that here yet."`, `no_groups: "There is none."`))
}

// Numbers are added, changed and taken out in the draft; one that a step calls stays.
func TestNumbersOfAFlow(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	path := flowsPath + "/own/numbers"
	does := func(form, said string, values url.Values) {
		t.Helper()
		to := d.sure(path+form, values)
		if path = flowsPath + "/" + d.heard().Draft + "/numbers"; to != path+"?done=flows."+said {
			t.Errorf("%s led to %s", form, to)
		}
	}
	does("", "is_numbered", url.Values{"called": {"Prayer line"}, "number": {"+1 (202) 555-0142"}})
	does("", "is_numbered", url.Values{"called": {"Second crisis"}, "number": {secondNumber}})
	does("", "is_numbered", url.Values{"name": {"second_crisis"}, "number": {prayerNumber}})
	if all := d.draftBundle().OwnNumbers(); len(all) != 2 || all[0].Name != "prayer_line" || all[0].E164 != prayerNumber || all[1].E164 != prayerNumber {
		t.Errorf("there are %+v", all)
	}
	added := inEach("label", "call the prayer line", inEach("says", "Nobody answered.", url.Values{"pattern": {"dial"}, "key": {"4"}, "number": {"prayer_line"}}))
	d.changes("find", "/add", added)
	path = flowsPath + "/" + d.heard().Draft + "/numbers"
	if _, body := d.get(path); !strings.Contains(body, "/steps/call_the_prayer_line") {
		t.Error("the page does not say where it is called")
	}
	for name, c := range map[string]struct {
		form, says string
		values     url.Values
	}{
		"called":            {"/remove", "a step still calls", url.Values{"name": {"prayer_line"}}},
		"no number":         {"/remove", "no such number", url.Values{"name": {"third"}}},
		"none to change":    {"", "no such number", url.Values{"name": {"third"}, "number": {prayerNumber}}},
		"a name twice":      {"", "of that name already", url.Values{"called": {"prayer line"}, "number": {prayerNumber}}},
		"a name of ours":    {"", "cannot be called crisis", url.Values{"called": {"Crisis"}, "number": {prayerNumber}}},
		"a local number":    {"", "country’s code", url.Values{"called": {"third"}, "number": {"202 555 0142"}}},
		"keys to press":     {"", "country’s code", url.Values{"called": {"third"}, "number": {prayerNumber + ",,1"}}},
		"another country":   {"", "not called from here", url.Values{"called": {"third"}, "number": {"+442071838750"}}},
		"a dear number":     {"", "not called from here", url.Values{"called": {"third"}, "number": {"+19005550142"}}},
		"the line's own":    {"", "number of the line itself", url.Values{"called": {"third"}, "number": {"+1 (202) 555-0100"}}},
		"of another number": {"", "not called from here", url.Values{"name": {"prayer_line"}, "number": {"+442071838750"}}},
	} {
		if status, body := d.post(path+c.form, c.values); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.says) {
			t.Errorf("%s: answered %d, without %q", name, status, c.says)
		}
	}
	does("/remove", "is_unnumbered", url.Values{"name": {"second_crisis"}})
	if flow, problems := flows.Compile(d.draftBundle()); flow == nil || len(flow.Numbers()) != 1 {
		t.Error(problems)
	}
	for _, of := range []string{flowsPath + "/own/numbers", strings.Replace(path, d.heard().Draft, strings.Repeat("0", 64), 1)} {
		status, body := d.post(of, url.Values{"called": {"A third"}, "number": {prayerNumber}})
		if len(d.draftBundle().OwnNumbers()) != 1 || status != http.StatusUnprocessableEntity {
			t.Errorf("of what is no draft any more: %d", status)
		}
		if !strings.Contains(body, `value="A third"`) || !strings.Contains(body, "send it once more") || !strings.Contains(body, `action="`+path+`"`) {
			t.Error("what was typed is lost, or would go astray again")
		}
	}
}

// A draft that is begun after the program has changed stands on the built-in flow of the
// new one, with what its author wrote; the pages say so before and after.
func TestADraftBeginsOnThisProgram(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	live := d.keep(ofBefore())
	d.sure(live+"/publish", nil)
	for _, path := range []string{live, live + "/steps/find", live + "/numbers", promptsPath + "/en/back/words"} {
		if _, body := d.get(path); !strings.Contains(body, "of an earlier program") {
			t.Errorf("%s does not say that it is older", path)
		}
	}
	to := d.sure(live+"/steps/prayer/way", url.Values{"kind": {"outcome"}, "of": {"failed"}, "to": {"main"}})
	b := d.draftBundle()
	if b["built-in/prompts/en.yaml"] != ownBundle()["prompts/en.yaml"] || !strings.Contains(b["main.yaml"], "prayer: {dial: prayer, outcomes: {answered: back, failed: main}}") {
		t.Errorf("the draft is\n%s", b["main.yaml"])
	}
	draft := flowsPath + "/" + b.Hash()
	if _, body := d.get(draft); !strings.Contains(body, "This draft stands on the built-in flow of this program") || !strings.Contains(body, "There is none.") {
		t.Error("the draft does not say what it stands on")
	}
	if _, body := d.get(to); strings.Contains(body, "earlier program") {
		t.Error("a draft that is there is said to be older")
	}
	d.sure(draft+"/publish", nil)
	d.sure(flowsPath+"/draft/drop", nil)
	if _, body := d.get(draft); strings.Contains(body, "earlier program") {
		t.Error("what stands on this program is said to be older")
	}
	// Words that are changed begin a draft in the same way.
	d.sure(live+"/publish", nil)
	d.sure(promptsPath+"/en/back/words", url.Values{"voice": {"You are back."}})
	if b := d.draftBundle(); b["built-in/prompts/en.yaml"] != ownBundle()["prompts/en.yaml"] || !strings.Contains(b["prompts/en.yaml"], "You are back.") {
		t.Errorf("the draft says\n%s", b["prompts/en.yaml"])
	}
}

// What changes is told in the reader's words: languages, and what keys are called.
func TestChangesAreInWords(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	path := d.keep(numbered())
	for lang, want := range map[string][]string{
		"en": {`In Spanish, "call the prayer line" is said as "llamar a la línea de oración" now.`, `what is said of key 4 is "call the prayer line" now.`, "The list of languages was English, Spanish, French"},
		"es": {`En inglés, "llamar a la línea de oración" se dice ahora "call the prayer line".`, `lo que se dice de la tecla 4: ahora es "llamar a la línea de oración".`},
	} {
		d.who.Lang = lang
		_, body := d.get(path)
		contains(t, html.UnescapeString(body), want...)
		if strings.Contains(body, "opt_prayer") {
			t.Errorf("%s: it is named as in the files", lang)
		}
	}
}

// Who sends a form of a draft that the next one has replaced is led to what there is.
func TestADraftThatIsGone(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	first := flowsPath + "/" + d.changes("no_groups", "/way", url.Values{"kind": {"next"}, "to": {"find"}}).Hash()
	d.changes("no_groups", "/way", url.Values{"kind": {"next"}, "to": {"topic"}})
	if status, _ := d.get(first); status != http.StatusNotFound {
		t.Errorf("it is still there: %d", status)
	}
	for _, form := range []string{"/steps/no_groups/way", "/steps/no_groups/name", "/numbers/remove"} {
		if to := d.sure(first+form, url.Values{"kind": {"next"}, "to": {"main"}}); to != flowsPath+"?done=steps.is_moved" {
			t.Errorf("%s led to %s", form, to)
		}
	}
}
