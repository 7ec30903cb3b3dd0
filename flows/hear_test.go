package flows_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
)

// listening is a view of a line that listens for words.
func listening(t testing.TB) flows.View {
	t.Helper()
	v := view(t)
	line := v.Directory.Line
	line.Speech, line.Languages = true, []string{"en", "es", "fr", "ht", "pt-BR", "zh-Hans"}
	v.Directory = flows.NewDirectory(line, v.Directory.Groups(), at)
	return v
}

func say(words string) flows.Input { return flows.Input{Event: flows.Heard, Keys: words} }

// What a caller says does what a key does, by its name, its word or its label.
func TestWhatIsSaidIsLikeAKey(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), listening(t)
	start := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v)).State
	for _, tt := range []struct{ lang, words, keys string }{
		{"en", "2", "2"}, {"en", "Number 3.", "3"}, {"en", "three", "3"}, {"en", "star", "*"}, {"en", "Now", "2"}, {"en", "find a group", "3"},
		{"en", "I want to find a group, please", "3"}, {"en", "group code", "1"}, {"en", "Join.", "1"}, {"en", "the crisis line", "0"}, {"en", "Help!", "0"}, {"en", "privacy", "4"},
		{"en", "menu", "*"}, {"es", "ayuda", "0"}, {"es", "dos", "2"}, {"es", "buscar un grupo", "3"}, {"fr", "aide", "0"}, {"pt-BR", "ajuda", "0"}, {"zh-Hans", "帮助", "0"},
	} {
		s := start
		s.Lang = tt.lang
		said, pressed := flows.Run(f, v, s, say(tt.words), admits(v)), flows.Run(f, v, s, press(tt.keys), admits(v))
		if diff := cmp.Diff(pressed, said); diff != "" {
			t.Errorf("%q is not like %s: %s is said", tt.words, tt.keys, said.Said[0].Prompt)
		}
	}
	s := start
	for _, words := range []string{"find a group", "by topic", "grief"} {
		s = flows.Run(f, v, s, say(words), admits(v)).State
	}
	if s.Topic != "grief" {
		t.Errorf("three words lead to %s", s.Node)
	}
	if out := flows.Run(f, v, start, say("español"), admits(v)); out.State.Lang != "es" || out.State.Node != "main" {
		t.Errorf("a language leads to %s in %s", out.State.Node, out.State.Lang)
	}
}

// What was not understood is asked again without blame, and in the end led to help like
// a wrong key; nothing is like silence.
func TestWhatIsNotUnderstoodIsAskedAgain(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), listening(t)
	start := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v)).State
	for _, in := range []flows.Input{
		say("what is the weather"), say("group"), say("to"), say("5"), say("seven"), say("2 or 3"), say("the"), {Event: flows.Heard, Keys: "2", Unsure: true},
		{Event: flows.Heard, Keys: "find a group", Unsure: true},
	} {
		s := start
		for _, want := range []string{"_unheard_r1", "_wrong_r2", "help"} {
			out := flows.Run(f, v, s, in, admits(v))
			if s = out.State; out.Said[0].Prompt != want {
				t.Errorf("%q is answered by %s, not %s", in.Keys, out.Said[0].Prompt, want)
			}
		}
	}
	for _, words := range []string{"", " ", "...", "\u200b"} {
		if diff := cmp.Diff(flows.Run(f, v, start, flows.Input{Event: flows.Silent}, admits(v)), flows.Run(f, v, start, say(words), admits(v))); diff != "" {
			t.Errorf("%q is not like silence: %s", words, diff)
		}
	}
}

// At a menu, a list and the topics, in each language that is listened for, what is likely
// to be said there leads on if the carrier is sure of it. If it is not, or heard other
// words, or two choices at once, the same is asked again; nothing is silence.
func TestHearingAtMenusAndLists(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), listening(t)
	for lang, other := range map[string]string{
		"en": "xylophone parade", "es": "desfile de xilófonos", "fr": "défilé de xylophones", "pt-BR": "desfile de xilofones", "zh-Hans": "木琴游行",
	} {
		for _, place := range []struct {
			keys    string
			another int // of the hints is for another key than the first
		}{{"", 2}, {"3", 2}, {"31", 1}, {"331", 1}} {
			s := flows.Run(f, v, flows.State{Lang: lang}, flows.Input{}, admits(v))
			for _, key := range place.keys {
				s = flows.Run(f, v, s.State, press(string(key)), admits(v))
			}
			wait := s.Then.(flows.Await)
			likely := strings.Split(wait.Hints, ",")
			if wait.Listen == "" || len(likely) <= place.another {
				t.Errorf("%s: at %s the line listens in %q for %q", lang, s.State.Node, wait.Listen, wait.Hints)
				continue
			}
			if apart := regexp.MustCompile(`\p{Han} \p{Han} \p{Han}`); apart.MatchString(wait.Hints) || lang != "en" && place.keys == "" && !strings.ContainsFunc(wait.Hints, func(r rune) bool { return r > unicode.MaxASCII }) {
				t.Errorf("%s: at %s the carrier is told to expect %q, which nobody spells so", lang, s.State.Node, wait.Hints)
			}
			for _, in := range []flows.Input{
				say(other), {Event: flows.Heard, Keys: likely[0], Unsure: true}, say(likely[0] + " " + likely[place.another]),
			} {
				out := flows.Run(f, v, s.State, in, admits(v))
				if again := out.State; out.Said[0].Prompt != "_unheard_r1" || out.Said[0].Lang != lang || again.Node != s.State.Node || !slices.Equal(again.Offered, s.State.Offered) {
					t.Errorf("%s: at %s %q, in doubt %t, is answered by %s at %s", lang, s.State.Node, in.Keys, in.Unsure, out.Said[0].Prompt, again.Node)
				}
			}
			if diff := cmp.Diff(flows.Run(f, v, s.State, flows.Input{Event: flows.Silent}, admits(v)), flows.Run(f, v, s.State, say(" "), admits(v))); diff != "" {
				t.Errorf("%s: at %s nothing is not like silence: %s", lang, s.State.Node, diff)
			}
			for _, words := range likely {
				if out := flows.Run(f, v, s.State, say(words), admits(v)); out.Said[0].Prompt == "_unheard_r1" {
					t.Errorf("%s: at %s %q is not understood", lang, s.State.Node, words)
				}
			}
		}
	}
}

// Whoever speaks of dying or danger is at the crisis line's menu, however badly they
// were understood and in whatever language of the line.
func TestDangerThatIsHeardLeadsToHelp(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), listening(t)
	start := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v)).State
	for words, lang := range map[string]string{"I want to kill myself": "en", "me quiero matar": "es", "je veux mourir": "fr", "我想死": "zh-Hans"} {
		for _, unsure := range []bool{false, true} {
			out := flows.Run(f, v, start, flows.Input{Event: flows.Heard, Keys: words, Unsure: unsure}, admits(v))
			if out.State.Node != "help" || out.State.Lang != lang {
				t.Errorf("%q leads to %s in %s", words, out.State.Node, out.State.Lang)
			}
		}
	}
}

// Words are listened for where nothing of the caller's is said aloud, and nowhere unless
// the line has it so: not for codes and PINs, nor consent, nor behind the PIN, nor in a
// room, nor in a call of ours. Whatever is said there is nothing.
func TestNothingSecretIsListenedFor(t *testing.T) {
	t.Parallel()
	f, loud, quiet := builtIn(t), listening(t), view(t)
	everyWait(t, f, quiet, func(path string, out flows.Outcome) {
		if wait := out.Then.(flows.Await); wait.Listen != "" || wait.Hints != "" {
			t.Errorf("after %s a line listens that does not", path)
		}
	})
	heard := map[string]bool{}
	everyWait(t, f, loud, func(path string, out flows.Outcome) {
		wait, s := out.Then.(flows.Await), out.State
		if heard[s.Node] = heard[s.Node] || wait.Listen != ""; wait.Listen == "" {
			return
		}
		if s.Member != "" || s.Staff != "" || wait.Digits != 1 || strings.Contains(wait.Hints, "{") || len(wait.Hints) > 600 {
			t.Errorf("after %s the line listens at %s for %q", path, s.Node, wait.Hints)
		}
	})
	for node, want := range map[string]bool{
		"main": true, "find": true, "topic": true, "results": true, "rules": true,
		"privacy_menu": false, "help": false, "code": false, "enrol": false, "pin": false, "handle": false, "choose_pin": false, "mine_menu": false, "star": false,
	} {
		if heard[node] != want {
			t.Errorf("%s is listened at: %t", node, heard[node])
		}
	}
	for _, s := range []flows.State{{Node: "code"}, {Node: "pin"}, {Node: "enrol"}, {Node: "mine_menu", Member: "x"}, {Node: "main", About: flows.About{Group: "482105"}}, {Node: "star"}} {
		s.Lang = "en"
		if diff := cmp.Diff(flows.Run(f, loud, s, flows.Input{Event: flows.Silent}, admits(loud)), flows.Run(f, loud, s, say("482105"), admits(loud))); diff != "" {
			t.Errorf("at %s something is heard: %s", s.Node, diff)
		}
	}
}

// A caller is told once that they may speak, in a language that is listened for; and
// what becomes of what they say is told with everything else of their privacy.
func TestSpeakingIsOfferedOnceAndExplained(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), listening(t)
	has := func(out flows.Outcome, prompt string) bool {
		for _, u := range out.Said {
			if u.Prompt == prompt {
				return true
			}
		}
		return false
	}
	out := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v))
	if wait := out.Then.(flows.Await); !has(out, "_speak") || wait.Listen != "en-US" || !strings.Contains(wait.Hints, "find a group") {
		t.Errorf("the line begins by %+v", out)
	}
	if again := flows.Run(f, v, out.State, press("#"), admits(v)); has(again, "_speak") {
		t.Error("it is offered twice")
	}
	if !has(flows.Run(f, v, out.State, say("privacy"), admits(v)), "privacy_speech") {
		t.Error("it is not told who hears what is said")
	}
	none := flows.Run(f, v, flows.State{Lang: "ht"}, flows.Input{}, admits(v))
	if wait := none.Then.(flows.Await); has(none, "_speak") || wait.Listen != "" {
		t.Errorf("a language that the carrier does not know is listened for: %+v", wait)
	}
	// Who begins in such a language hears it where they come to one that is listened for,
	// and not again, wherever they go.
	s, told := none.State, []string{}
	for _, in := range []flows.Input{press("9"), press("1"), press("#"), press("3"), press("1"), press("*"), press("9"), press("1"), press("*")} {
		out := flows.Run(f, v, s, in, admits(v))
		if s = out.State; has(out, "_speak") {
			told = append(told, s.Lang+" "+s.Node)
		}
	}
	if !slices.Equal(told, []string{"en main"}) {
		t.Errorf("it is offered at %q", told)
	}
	if calm := flows.Run(f, view(t), flows.State{}, flows.Input{}, admits(v)); has(calm, "_speak") || has(flows.Run(f, view(t), calm.State, press("4"), admits(v)), "privacy_speech") {
		t.Error("a line that does not listen says that it does")
	}
}

// FuzzHeard holds that whatever a carrier makes of a voice is answered, and that none of
// it is in the state.
func FuzzHeard(f *testing.F) {
	for _, s := range []string{"", "help", "2", "grief", "kill myself", "\xff", "帮助", strings.Repeat("a ", 5000), "*", "{key}"} {
		f.Add(s, false)
	}
	flow, v := builtIn(f), listening(f)
	f.Fuzz(func(t *testing.T, words string, unsure bool) {
		for _, node := range []string{"main", "topic", "code", "help", "rules"} {
			s := flows.State{Node: node, Lang: "en", Group: "482105", Offered: []string{"grief"}}
			out := flows.Run(flow, v, s, flows.Input{Event: flows.Heard, Keys: words, Unsure: unsure}, admits(v))
			if out.Then == nil || out.State.Query != "" || out.State.Code != "" || len(out.State.Vars) > 0 {
				t.Fatalf("at %s %q came to %+v", node, words, out.Then)
			}
		}
	})
}
