package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// formatFaults are those of conditions, sub-flows and what a flow may say in short.
var formatFaults = []fault{
	{"if without a way", mainFile, "  left: {say: back, next: main}", "  ‸left: {if: group.has_dates, then: main}", "F003", nil},
	{"if nobody knows", mainFile, "  left: {say: back, next: main}", "  left: {if: ‸group.merry, then: main, else: main}", "F005", nil},
	{"if a choice there is not", mainFile, "  left: {say: back, next: main}", "  left: {if: ‸channel is smoke, then: main, else: main}", "F005", nil},
	{"sub-flow that never returns", mainFile, "  left: {say: back, next: main}", "  left: {use: ‸back, next: main}", "F003", nil},
	{"sub-flow that is not there", mainFile, "  left: {say: back, next: main}", "  left: {use: ‸nowhere, next: main}", "F001", nil},
	{"return that nothing sent", mainFile, "  left: {say: back, next: main}", "  ‸left: {say: back, next: return}", "F003", nil},
	{"sub-flow that uses itself", mainFile, "  left: {say: back, next: main}",
		"  left: {use: inner, next: main}\n  inner: {menu: back, options: [{key: 1, say: opt_agree, next: again}, {key: 2, say: opt_find, next: return}]}\n  again: {use: ‸inner, next: return}", "F004", nil},
	{"yes or no of what is neither", mainFile, "type: digits, into: code", "type: yes_no, into: ‸code", "F005", []string{"prompts/en.yaml:1:1 F020", "prompts/en.yaml:1:1 F020", "prompts/es.yaml:1:1 F020", "prompts/es.yaml:1:1 F020"}},
	{"confirmation that is a node", mainFile, "say: opt_agree, next: admit", "say: opt_agree, confirm: ‸back, next: admit", "F000", nil},
	{"confirmation of nothing", mainFile, "say: opt_agree, next: admit", "say: opt_agree, confirm: ‸true, next: admit", "F000", nil},
	{"text that a call cannot write", mainFile, "  topic: {pick: topics, into: topic, none: back, next: now}", "  ‸topic: {ask: now, type: text, into: query, next: now}", "F003", nil},
	{"option for nobody", mainFile, "- {key: 3, say: opt_find", "- ‸{key: 3, voice_only: true, sms_only: true, say: opt_find", "F003", nil},
	{"speech without a country", en, `main: "`, "_speech: ‸en\nmain: \"", "F000", []string{}},
	{"sounds of nothing", en, `main: "`, "_say: {Sequim: ‸\"\"}\nmain: \"", "F000", nil},
	{"sounds that are none", en, `main: "`, "_say: ‸Skwim\nmain: \"", "F000", nil},
	{"sound with a mark", en, `main: "`, "_say: {Sequim: ‸\"[pause]\"}\nmain: \"", "F000", nil},
	{"sound of a number", en, `main: "`, "_say: {‸12: twelve}\nmain: \"", "F000", nil},
	{"sound given twice", en, `main: "`, "_say: {Sequim: Skwim, ‸sequim: Skwim}\nmain: \"", "F000", nil},
	{"option in no language", mainFile, "- {key: 3, say: opt_find", "- {key: 3, lang: ‸fr, say: opt_find", "F005", nil},
}

// changed is the small flow with nodes and words of its own.
func changed(t *testing.T, replace ...string) *flows.Flow {
	t.Helper()
	b := small(t)
	b[mainFile] = strings.NewReplacer(replace...).Replace(b[mainFile])
	for _, file := range []string{en, es} {
		b[file] += "_yes: \"For yes, press {key}.\"\n_no: \"For no, press {key}.\"\nback_sure: \"Sure?\"\n"
	}
	f, problems := flows.Compile(b)
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// keys presses one after the other, and returns the nodes that they lead to.
func keys(f *flows.Flow, v flows.View, s flows.State, presses ...string) (nodes []string, last flows.State) {
	for _, k := range presses {
		s = flows.Run(f, v, s, press(k), admits(v)).State
		nodes = append(nodes, s.Node)
	}
	return nodes, s
}

const findNode = "  topic: {pick: topics, into: topic, none: back, next: now}"

// A sub-flow comes back to whatever used it, and is left by the keys that lead
// elsewhere everywhere; however often it is used, the state stays as it is.
func TestSubFlows(t *testing.T) {
	t.Parallel()
	f := changed(t, findNode, `
  topic: {menu: now, options: [{key: 1, say: opt_agree, next: first}, {key: 2, say: opt_find, next: second}]}
  first: {use: outer, next: code}
  second: {use: inner, next: topic}
  outer: {menu: rules, options: [{key: 1, say: opt_agree, next: deeper}, {key: 2, say: opt_find, next: return}]}
  deeper: {use: inner, next: return}
  inner: {menu: back, options: [{key: 1, say: opt_agree, next: return}]}`[1:])
	v := view(t)
	for _, tt := range []struct{ presses, want string }{
		{"1", "outer"}, {"1 2", "code"}, {"1 1", "inner"}, {"1 1 1", "code"}, {"2 1", "topic"}, {"2 1 1 1 1", "code"},
		{"1 1 *", "main"}, {"1 * 3 2 1", "topic"},
	} {
		nodes, s := keys(f, v, flows.State{Node: "topic", Lang: "en"}, strings.Fields(tt.presses)...)
		if got := nodes[len(nodes)-1]; got != tt.want {
			t.Errorf("%s leads to %v, not %s", tt.presses, nodes, tt.want)
		}
		if tt.want != "inner" && tt.want != "outer" && len(s.Returns) > 0 {
			t.Errorf("%s: still in %v", tt.presses, s.Returns)
		}
	}
	once, _ := keys(f, v, flows.State{Node: "inner", Lang: "en"}, "1")
	if once[0] != "main" {
		t.Errorf("a return that nothing sent leads to %v", once)
	}
}

// What is asked in short means the same key by key and word by word.
func TestShortForms(t *testing.T) {
	t.Parallel()
	f := changed(t, findNode, `
  topic: {ask: now, type: yes_no, into: may_call, next: which}
  which: {if: may_call is yes, then: sure, else: day}
  sure: {menu: rules, options: [{key: 1, say: opt_agree, confirm: back_sure, next: words}, {key: 2, say: opt_find, sms_only: true, lang: es, next: day}]}
  words: {ask: now, type: text, into: query, voice: code, next: help}
  day: {ask: code, type: weekday, into: weekday, next: clock}
  clock: {ask: code, type: time, into: clock, next: rules}`[1:], "", "")
	for _, tt := range []struct {
		at, voice, texts, want string
	}{
		{"topic", "1", "yes", "sure"}, {"topic", "1", "ok", "sure"}, {"topic", "2", "No!", "day"}, {"topic", "3", "", "topic"},
		{"sure", "1", "1", "back_sure"}, {"back_sure", "2", "no", "sure"}, {"back_sure", "1", "", "code"}, {"back_sure", "", "yes", "words"},
		{"sure", "2", "", "sure"}, {"sure", "", "2", "day es"},
		{"words", "", "Evenings, for mothers", "help evenings for mothers"},
		{"day", "4", "4", "clock 4"}, {"day", "", "Thursday", "clock 4"}, {"day", "", "jueves", "clock 4"}, {"day", "8", "", "day"},
		{"clock", "1930", "19:30", "rules 1930"}, {"clock", "730", "7.30", "rules 730"}, {"clock", "775", "", "clock"}, {"clock", "2400", "", "clock"},
	} {
		for _, text := range []bool{false, true} {
			v, in := view(t), press(tt.voice)
			if v.Text = text; text {
				in = flows.Input{Event: flows.Texted, Keys: tt.texts}
			}
			if in.Keys == "" {
				continue
			}
			s := flows.Turn(f, v, flows.State{Node: tt.at, Lang: "en"}, in).State
			got := s.Node
			for _, kept := range []string{s.Vars["weekday"], s.Vars["clock"], s.Query} {
				got = strings.TrimSpace(got + " " + kept)
			}
			if s.Lang != "en" {
				got += " " + s.Lang
			}
			if got != tt.want {
				t.Errorf("text %v: %q at %s leads to %q, not %q", text, in.Keys, tt.at, got, tt.want)
			}
		}
	}
}

// A place, a name or letters are spoken as the language says, whoever brought them
// along; a text has them as they are written.
func TestWordsAreSpokenAsTheirLanguageSays(t *testing.T) {
	t.Parallel()
	b := small(t)
	b[en] += "_say: {circle: sirkle, Tuesday: Toosday}\n"
	f, problems := flows.Compile(b)
	if f == nil {
		t.Fatal(problems)
	}
	v := view(t)
	s := flows.State{Node: "main", Lang: "en"}
	alias := func() (heard []string) {
		for _, u := range flows.Run(f, v, s, press("2"), admits(v)).Said {
			for _, p := range u.Parts {
				if p.Alias != "" {
					heard = append(heard, p.Text+" "+p.Alias)
				}
			}
		}
		return heard
	}
	if got := alias(); !slices.Contains(got, "circle sirkle") {
		t.Errorf("a voice says %q", got)
	}
	if v.Text = true; len(alias()) > 0 {
		t.Error("a text has sounds")
	}
	v.Text, s.Lang = false, "es"
	if got := alias(); len(got) > 0 {
		t.Errorf("in Spanish a voice says %q", got)
	}
}

// What has a sound of its own in its language is not warned of.
func TestSoundMendsWhatAVoiceMisreads(t *testing.T) {
	t.Parallel()
	b := small(t)
	b[en] = strings.Replace(b[en], `main: "`, `main: "PTSD. `, 1)
	if _, problems := flows.Compile(b); len(problems) != 1 || problems[0].Code != "F022" {
		t.Fatal(problems)
	}
	b[en] += "_say: {PTSD: P T S D}\n"
	if _, problems := flows.Compile(b); len(problems) > 0 {
		t.Error(problems)
	}
}
