package flows_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// What is said of texts in a flow that would serve calls.
func TestFaultsOfTexts(t *testing.T) {
	t.Parallel()
	built, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	const main, en = "main.yaml", "prompts/en.yaml"
	for _, tt := range []struct{ name, file, from, to, code, what string }{
		{"a text in a room", main, "    menu: rules\n    text: how_to_enter\n", "    menu: rules\n", "F003", "where one has to listen"},
		{"a word that leads nowhere", main, "mine: {go: answer_mine}", "mine: {into: code}", "F003", `the word "mine"`},
		{"a word to no node", main, "mine: {go: answer_mine}", "mine: {go: mine}", "F001", `no node is called "mine"`},
		{"a word without a name", en, "word_mine: [mine, my groups]\n", "", "F020", `"mine" is not called anything`},
		{"two words of one name", en, "word_mine: [mine, my groups]", "word_mine: [mine, leave]", "F006", `both called "leave"`},
		{"a carrier's word", en, "word_leave: [leave]", "word_leave: [leave, Stop]", "F031", `"STOP" is not ours`},
		{"a group named unasked", main, "say: how_to_enter, end: true, discreet: ok", "say: how_to_enter, end: true", "F032", "{group.name}"},
		{"groups listed unasked", main, "none: nothing_now, next: door, discreet: ok", "none: nothing_now, next: door", "F032", "name groups"},
		{"a long text", en, `answer_in: {sms: "Thank you.`, `answer_in: {sms: "` + strings.Repeat("Thank you. ", 30), "F030", "3 segments"},
		{"a text far too long", en, `answer_in: {sms: "Thank you.`, `answer_in: {sms: "` + strings.Repeat("Thank you. ", 50), "F030", "4 segments"},
		{"a character that costs half the room", en, `answer_in: {sms: "Thank you.`, `answer_in: {sms: "Жhank you.` + strings.Repeat(" Thank you.", 18), "F030", "Ж forces UCS-2"},
		{"a text that a voice lacks", en, "main:\n  voice: \"Main menu.\"\n", "main:\n", "F020", `prompt "main" is missing`},
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
	words := []string{"now", "find", "join", "482105", "1", "9", "0", "#", "*", "ok", "next", "lang", "es", "menu", "grief", "tuesday", "", "💙", "ahora", "buscar", "duelo", "x", "nwo"}
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
