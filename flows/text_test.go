package flows_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
)

// What is said of texts in a flow that would serve calls.
func TestFaultsOfTexts(t *testing.T) {
	t.Parallel()
	built := inTwo(t)
	const main, en = "main.yaml", "prompts/en.yaml"
	for _, tt := range []struct{ name, file, from, to, code, what string }{
		{"a text in a room", main, "    menu: rules\n    text: how_to_enter\n", "    menu: rules\n", "F003", "where one has to listen"},
		{"a word that leads nowhere", main, "mine: {go: answer_mine}", "mine: {into: code}", "F003", `the word "mine"`},
		{"a word to no node", main, "mine: {go: answer_mine}", "mine: {go: yours}", "F001", `no node is called "yours"`},
		{"a word without a name", en, "word_mine: [mine, my groups]\n", "", "F020", `"mine" is not called anything`},
		{"two words of one name", en, "word_mine: [mine, my groups]", "word_mine: [mine, leave]", "F006", `both called "leave"`},
		{"a carrier's word", en, "word_leave: [leave]", "word_leave: [leave, Stop]", "F031", `"STOP" is not ours`},
		{"a group named unasked", main, "    menu: how_to_enter\n    discreet: ok\n", "    menu: how_to_enter\n", "F032", "{group.name}"},
		{"a member's groups named unasked", main, "mine: {go: answer_mine}", "mine: {go: held}", "F032", "{member.groups}"},
		{"a PIN asked for in a text", main, "mine: {go: answer_mine}", "mine: {go: mine}", "F007", `a text comes to "pin"`},
		{"a text that erases unasked", main, "forget: {go: forget}", "forget: {go: erase}", "F040", `"erase" cannot be undone, and nobody asked`},
		{"a key that erases among others", main, "say: opt_forget, next: forget", "say: opt_forget, next: erase", "F040", `"erase" cannot be undone`},
		{"a long text that comes unasked", en, `confirm_text: {sms: "Hello.`, `confirm_text: {sms: "Hello. Hello again. And once more, hello to whoever you are.`, "F030", `"confirm_text" takes 2 segments`},
		{"a caller's menu that knows no help", main, "    menu: enrol\n", "    menu: enrol\n    neutral: true\n", "F008", "help is no key away"},
		{"a call of ours that opens like any", main, "confirm: confirm_call", "confirm: main", "F008", `comes to "main" before a key`},
		{"a call of ours that names the line", en, `call_over: "Thank you. Goodbye."`, `call_over: "{line.name}. Goodbye."`, "F008", "names {line.name}"},
		{"a silence of ours that leads to help", main, "no_input: {after: 8s, tries: 1, then: call_over}", "no_input: {after: 8s, tries: 1, then: help}", "F008", `comes to "help" before a key`},
		{"a call of ours that cannot be stopped", main, "      - {key: 9, say: opt_stop_calls, next: stop_calls}\n  recheck_call:", "  recheck_call:", "F008", `cannot stop such calls at "confirm_call"`},
		{"a key that ends it and does not", main, "{key: 9, say: opt_stop_calls, next: stop_calls}\n  recheck_call:", "{key: 9, say: opt_stop_calls, next: call_over}\n  recheck_call:", "F008", `cannot stop such calls at "confirm_call"`},
		{"a call of ours that leads to everybody's menu", main, "    menu: reminder_ahead\n    apart: true\n", "    menu: reminder_ahead\n", "F008", `comes to "reminder_ahead" before a room`},
		{"a call of ours with a way out", main, "{key: 2, say: opt_not_coming, next: not_coming_call}", "{key: 2, say: opt_not_coming, next: main}", "F008", `comes to "main" before a room`},
		{"a call of ours that names the group", en, `moved: "{reminder.name} has`, `moved: "{group.name} has`, "F008", "names {group.name}"},
		{"a caller's menu apart", main, "    menu: its_reminders\n", "    menu: its_reminders\n    apart: true\n", "F008", "help is no key away"},
		{"two choices that OK means", main, "say: opt_agree_late, set", "say: opt_agree_late, ok: true, set", "F006", `OK means 2 options of menu "consent_late"`},
		{"a reminder that names the group", en, `skipped_text: {sms: "Change: {reminder.name}`, `skipped_text: {sms: "Change: {group.name}`, "F032", "{group.name}"},
		{"a reminder that tells the code", en, `reminder_text: {sms: "Reminder:`, `reminder_text: {sms: "{group.code}:`, "F032", "{group.code}"},
		{"words for who wants a group named, to everybody", mainFile, `reminder: {say: reminder_text,`, `reminder: {say: reminder_text_named,`, "F032", "{group.code}"},
		{"a question that names the line", en, `recheck_text: {sms: "Hello.`, `recheck_text: {sms: "Hello from {line.name}.`, "F032", "{line.name}"},
		{"a reminder of two segments", en, `moved_text_named: {sms: "Change:`, `moved_text_named: {sms: "There is a change to your plans:`, "F030", `"moved_text_named" takes 2 segments`},
		{"a reminder without its words", en, `_your_call: "your call"`, "", "F020", `"_your_call" is missing`},
		{"a plural that is not there", en, "_groups_other: \"{count} groups: {names}\"\n", "", "F020", `"_groups_other" is missing`},
		{"a preference without words", en, "_hours_evening: \"in the evening, until eight\"\n", "", "F020", `"_hours_evening" is missing`},
		{"a count of something else", en, `_groups_none: "no group"`, `_groups_none: "no group of {line.name}"`, "F020", "{line.name}"},
		{"groups listed unasked", main, "none: nothing_now, next: door, discreet: ok", "none: nothing_now, next: door", "F032", "name groups"},
		{"a long text", en, `answer_in: {sms: "Thank you.`, `answer_in: {sms: "` + strings.Repeat("Thank you. ", 30), "F030", "3 segments"},
		{"a text far too long", en, `answer_in: {sms: "Thank you.`, `answer_in: {sms: "` + strings.Repeat("Thank you. ", 50), "F030", "4 segments"},
		{"a text of two segments", en, `answer_in: {sms: "Thank you.`, `answer_in: {sms: "` + strings.Repeat("Thank you. ", 12), "F030", "2 segments"},
		{"a long one that grows", en, `_long: [`, `_long: [answer_in, `, "F030", `no text of "answer_in" takes more than one`},
		{"a character that costs half the room", en, `answer_in: {sms: "Thank you.`, `answer_in: {sms: "Жhank you.` + strings.Repeat(" Thank you.", 18), "F030", "Ж forces UCS-2"},
		{"such a character in a menu that is sent along", en, `sms: "Find a group"`, `sms: "Жind a group"`, "F030", `Ж in "opt_find" forces UCS-2`},
		{"harmless words that hide danger", en, "_harmless:\n", "_harmless:\n  - want to\n", "F041", `"want to" stands in a phrase of danger`},
		{"a text that a voice lacks", en, "main:\n  voice: \"Main menu.\"\n", "main:\n", "F020", `prompt "main" has no words for a call`},
	} {
		b := maps.Clone(built)
		if b[tt.file] = strings.Replace(b[tt.file], tt.from, tt.to, 1); b[tt.file] == built[tt.file] {
			t.Errorf("%s: nothing was changed", tt.name)
		}
		_, problems := flows.Compile(b)
		found := false
		for _, p := range problems {
			found = found || p.Code == tt.code && strings.Contains(p.What, tt.what) && p.Line > 0 && p.Mend != ""
		}
		if !found {
			t.Errorf("%s is not reported: %v", tt.name, problems)
		}
	}
}

// What a stranger with a code may hear of a group is the same whichever word
// they use.
func TestNextTellsNoMoreThanJoin(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for what, change := range map[string]func(*flows.Group){
		"an approval group": func(g *flows.Group) { g.Access = flows.AccessApproval },
		"a paused group":    func(g *flows.Group) { g.Stage = flows.StagePaused },
		"a closed group":    func(g *flows.Group) { g.Stage = flows.StageClosed },
		"a group in person": func(g *flows.Group) { g.Place = "12 Elm Street" },
	} {
		v := view(t, func(gs []flows.Group) []flows.Group { change(&gs[0]); return gs })
		v.Text, v.Number = true, "(202) 555-0100"
		code := v.Directory.Groups()[slices.IndexFunc(v.Directory.Groups(), func(g flows.Group) bool { return g.ID == "482105" })].Code
		answers := map[string]bool{}
		for _, word := range []string{"JOIN ", "NEXT "} {
			answers[flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Texted, Keys: word + code}, admits(v)).Message()] = true
		}
		if len(answers) != 1 {
			t.Errorf("%s is spoken of in two ways: %v", what, answers)
		}
	}
}

func TestATextIsAlwaysAnswered(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t, func(gs []flows.Group) []flows.Group {
		for i := range gs { // as long as real ones are
			gs[i].Name = flows.Words{"": gs[i].Name.In("en") + ", at the Church of the Good Shepherd, newcomers"}
		}
		return gs
	})
	v.Text, v.Number = true, "(202) 555-0100"
	words := []string{"now", "find", "join", "482105", "1", "9", "0", "#", "*", "ok", "next", "lang", "es", "menu", "grief", "tuesday", "", "💙", "ahora", "buscar", "duelo", "x", "nwo", "remind", "leave", "forget me", "sí", "3", "2", "please stop"}
	rapid.Check(t, func(t *rapid.T) {
		var s flows.State
		for range rapid.IntRange(1, 6).Draw(t, "texts") {
			body := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 3).Draw(t, "body"), " ")
			out := flows.Run(f, v, s, flows.Input{Event: flows.Texted, Keys: body}, admits(v))
			if out.Message() == "" {
				t.Fatalf("%q is answered by nothing", body)
			}
			if n := flows.CountSegments(out.Message()); n.Count > 2 || n.Encoding != flows.GSM7 {
				t.Fatalf("%q is answered in %+v: %s", body, n, out.Message())
			}
			s = flows.State{}
			if _, open := out.Then.(flows.Await); open {
				s = out.State
			}
		}
	})
}

// What somebody wrote is not kept once it is found, nor where the next text is no answer.
func TestWhatWasWrittenIsForgotten(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text = true
	texts := func(s flows.State, body string) flows.State {
		return flows.Run(f, v, s, flows.Input{Event: flows.Texted, Keys: body}, admits(v)).State
	}
	found := texts(flows.State{Lang: "en"}, "find grief")
	if found.Topic != "grief" || found.Query != "" {
		t.Errorf("it is found as %+v", found)
	}
	asked := texts(flows.State{Lang: "en"}, "joinn")
	if asked.Query == "" {
		t.Fatalf("nothing is asked: %+v", asked)
	}
	if s := texts(asked, "now"); s.Query != "" {
		t.Errorf("it is kept: %+v", s)
	}
}
