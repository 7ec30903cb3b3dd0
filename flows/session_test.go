package flows_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
)

// drawSession is what anybody may hear of a session, nil for nothing.
func drawSession(t *rapid.T) *flows.Session {
	if rapid.Bool().Draw(t, "outside") {
		return nil
	}
	name := rapid.SampledFrom([]string{"", "Rose", "Blue Heron", "Río Tranquilo"})
	number := rapid.SampledFrom([]int{-1, 0, 1, 2, 7, 300})
	flag := rapid.Bool()
	s := &flows.Session{
		Seat: rapid.IntRange(0, 9).Draw(t, "seat"), Alias: name.Draw(t, "alias"), Host: flag.Draw(t, "host"), Muted: flag.Draw(t, "muted"),
		Hand: number.Draw(t, "hand"), Mine: flag.Draw(t, "mine"), Mode: rapid.SampledFrom([]string{"", "open", "hands", "circle", "listen", "x"}).Draw(t, "mode"),
		Speaker: name.Draw(t, "speaker"), Queue: rapid.SliceOfN(name, 0, 5).Draw(t, "queue"), Here: number.Draw(t, "here"), Waiting: number.Draw(t, "waiting"),
		Minutes: number.Draw(t, "minutes"), Aside: flag.Draw(t, "aside"), Paired: flag.Draw(t, "paired"), Key: name.Draw(t, "key"),
		About: name.Draw(t, "about"), Number: number.Draw(t, "number"), Silent: rapid.SliceOfN(name, 0, 3).Draw(t, "silent"),
	}
	for range rapid.IntRange(0, 12).Draw(t, "people") {
		s.People = append(s.People, flows.Person{ID: rapid.SampledFrom([]string{"", "1", "2", "5", "11"}).Draw(t, "id"), Alias: name.Draw(t, "name"), Waiting: flag.Draw(t, "waits")})
	}
	return s
}

// sitting is a session of two at the room and one at the door, as seat 1 sees it.
func sitting() *flows.Session {
	return &flows.Session{
		Seat: 1, Alias: "Rose", Host: true, Hosted: true, Mode: "hands", Here: 2, Waiting: 1, Minutes: 12, Key: "4821", About: "Blue Heron", Number: 3,
		Speaker: "Rose", Queue: []string{"Blue Heron"},
		People: []flows.Person{{ID: "1", Alias: "Rose", Host: true}, {ID: "2", Alias: "Blue Heron"}, {ID: "5", Alias: "Quiet River", Waiting: true}},
	}
}

// Every way that a session's functions can come out leads on to words or to the
// room, and never hangs up.
func TestEveryOutcomeOfASessionIsSaid(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Session = sitting()
	// the node and the key that lead to each
	at := map[string]string{
		"admit": "rules 1", "stepped": "room", "sign_in": "host_pin 73914626", "mute": "star 6", "hand": "star 9", "done": "star 3", "tell": "signal 2",
		"leave": "leave_room_sure 1", "rejoin": "star 1", "look": "report 1", "next": "group_keys 1", "quiet": "group_keys 4", "lock": "group_keys 5",
		"unlock": "group_keys 5", "close": "close_sure 1", "mode": "modes 2", "screen": "report 2", "unscreen": "report 2", "pairs": "pairs 1",
		"together": "pairs 4", "extend": "extend 3", "closing": "closing 1", "mute_seat": "person_here 1", "talk": "person_here 2", "to_wait": "person_here 3",
		"admit_seat": "person_waiting 1", "remove": "remove_sure 1", "hand_over": "hand_over_sure 1", "backup": "crisis_how 1", "crisis": "crisis_how 2",
	}
	texts := map[string]string{"look": "who", "next": "turn", "quiet": "mute", "lock": "lock", "unlock": "unlock", "close": "close"}
	for _, name := range flows.HostFunctions() {
		verb, ok := strings.CutPrefix(name, "session.")
		if !ok {
			continue
		}
		if at[verb] == "" {
			t.Errorf("nothing tries %s", name)
			continue
		}
		for _, result := range flows.Outcomes(name) {
			asked := 0
			host := func(r flows.Request) flows.Answer {
				if r.Function == name {
					asked++
					return flows.Answer{Result: result, Session: sitting()}
				}
				return flows.Answer{Result: "closed"} // the door again
			}
			node, keys, _ := strings.Cut(at[verb], " ")
			v, s := v, flows.State{Node: node, Lang: "es", Group: "482105", Offered: []string{"1", "3", "4"}, Vars: map[string]string{"seat": "2"}}
			now := *sitting()
			now.Locked, now.Screened = verb == "unlock", verb == "unscreen"
			v.Session = &now
			in := press(keys)
			if node == "room" {
				in = flows.Input{Event: flows.Returned, Result: "answered"}
			}
			out := flows.Run(f, v, s, in, host)
			if _, room := out.Then.(flows.Join); asked != 1 || !room && len(out.Said) == 0 {
				t.Errorf("%s comes to %s: asked %d times, and %s is silent", name, result, asked, out.State.Node)
			}
			if _, ended := out.Then.(flows.End); ended {
				t.Errorf("%s comes to %s, and the line hangs up", name, result)
			}
			if texts[verb] == "" {
				continue
			}
			asked, v.Text, v.Session = 0, true, nil
			out = flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Texted, Keys: texts[verb] + " 482105 4821"}, host)
			if _, sure := out.Then.(flows.Await); sure {
				out = flows.Run(f, v, out.State, flows.Input{Event: flows.Texted, Keys: "ok"}, host)
			}
			if asked != 1 || out.Message() == "" || flows.CountSegments(out.Message()).Count > 2 || out.State.Vars["key"] != "" {
				t.Errorf("%s by text comes to %s: asked %d times, answered %q, and keeps %v", name, result, asked, out.Message(), out.State.Vars)
			}
		}
	}
}

func TestTextsToASessionCarryItsCodeAndKey(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text = true
	for body, want := range map[string]string{
		"LOCK 482105 4821": "482105 4821", "lock 4821 0548-21": "482105 4821", "Lock, 48 21 05 key 4821": "482105 4821", "LOCK 482105": "", "LOCK 482105 48211": "",
		"LOCK 4821 482105": "482105 4821", "WHO482105 4821": "482105 4821", "who482105,4821": "482105 4821", "LOCK 4821482105": "482148 2105", "lock is 4821, code 482105": "482105 4821",
		"LOCK 48 21 482105": "482148 2105", "lock482105": "",
	} {
		asked := ""
		flows.Run(f, v, flows.State{Group: "593716"}, flows.Input{Event: flows.Texted, Keys: body}, func(r flows.Request) flows.Answer {
			asked = strings.TrimSpace(r.State.Code + " " + r.State.Vars["key"] + r.State.Group)
			return flows.Answer{Result: "ok"}
		})
		if asked != want {
			t.Errorf("%q asks for %q", body, asked)
		}
	}
}

// Where a code is as long as a key, they stand as they were written.
func TestACodeAsLongAsAKeyComesFirst(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	line := v.Directory.Line
	line.CodeLength = 4
	v.Text, v.Directory = true, flows.NewDirectory(line, nil, v.Now)
	asked := ""
	flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Texted, Keys: "LOCK 7148 4821"}, func(r flows.Request) flows.Answer {
		asked = r.State.Code + " " + r.State.Vars["key"]
		return flows.Answer{Result: "ok"}
	})
	if asked != "7148 4821" {
		t.Errorf("asked for %q", asked)
	}
}

// The keys of a star are known by heart: its words wait, but not for who asks for
// them.
func TestStarIsHushedOnce(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Session = sitting()
	host := func(flows.Request) flows.Answer { return flows.Answer{Result: "menu", Session: sitting()} }
	out := flows.Run(f, v, flows.State{Node: "room", Lang: "en"}, flows.Input{Event: flows.Returned, Result: "answered"}, host)
	wait, ok := out.Then.(flows.Await)
	if !ok || !wait.Tone || wait.Hush != 3e9 || wait.Digits != 1 || wait.Timeout != 4e9 || len(out.Said) < 5 {
		t.Errorf("a star comes to %+v", out.Then)
	}
	wrong := flows.Run(f, v, out.State, press("5"), host)
	if wait := wrong.Then.(flows.Await); wait.Tone || wait.Hush != 0 {
		t.Errorf("a wrong key comes to %+v", wait)
	}
	group := flows.Run(f, v, out.State, press("#"), host)
	if wait := group.Then.(flows.Await); !wait.Tone || wait.Hush == 0 || group.State.Node != "group_keys" {
		t.Errorf("%s comes to %+v", group.State.Node, wait)
	}
}

func TestWhoWaitsAtADoorHasKeys(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for keys, want := range map[string]string{"0": "help_here", "*": "left", "7": "room", "": "room"} {
		out := flows.Run(f, v, flows.State{Node: f.Room(), Lang: "en", Group: "482105"}, press(keys), func(flows.Request) flows.Answer { return flows.Answer{Result: "ok"} })
		if out.State.Node != want {
			t.Errorf("%q leads to %s", keys, out.State.Node)
		}
	}
}

func TestPeopleAreCalledByTheSameNamesInEveryLanguage(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for n, want := range map[int][2]string{
		0: {"Blue Heron", "Garza Azul"}, 59: {"Soft Cloud", "Nube Suave"}, 60: {"Blue Heron 2", "Garza Azul 2"}, 125: {"Green Valley 3", "Valle Verde 3"}, -1: {"0", "0"},
	} {
		if got := [2]string{f.Alias("en", n), f.Alias("es", n)}; got != want {
			t.Errorf("%d is called %q", n, got)
		}
	}
	if got := f.Alias("de", 3); got != "Golden Meadow" {
		t.Errorf("in a language that nobody speaks, 3 is called %q", got)
	}
}

func TestWhatASessionSays(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Session = sitting()
	s := flows.State{Lang: "en", Group: "482105", Vars: map[string]string{"seat": "2"}}
	for prompt, want := range map[string]string{
		"circle_order": "The order is: Rose, Blue Heron.", "next_is": "Blue Heron has the floor.", "one_waiting": "Waiting at the door: three.",
		"extended": "for three more minutes", "waiting_host": "You are in. One other is here. Whoever", "waiting_door": "at the door. Nobody else waits.",
		"status": "You are Rose. Two are here. Rose has the floor. Twelve minutes are left.",
		"report": "Two are here. With you: Blue Heron. One waits at the door. Rose has the floor. Next: Blue Heron. Twelve minutes are left. Your key for texts is 4, 8, 2, 1.",
	} {
		if got := f.Say(v, s, prompt); !strings.Contains(got.Text(), want) {
			t.Errorf("%s says %q", prompt, got.Text())
		}
	}
	v.Session = &flows.Session{Here: -1, Waiting: -1, Hand: -1, Minutes: -1, Number: -1}
	for _, prompt := range []string{"status", "report", "waiting_host", "waiting_door", "hand_up", "one_waiting"} {
		if got := f.Say(v, s, prompt).Text(); got == "" {
			t.Errorf("of a session that cannot be, %s says nothing", prompt)
		}
	}
	v.Session = nil
	for _, prompt := range []string{"status", "report", "waiting_host", "circle_order", "hand_up"} {
		if got := f.Say(v, s, prompt).Text(); strings.Contains(got, "\uFFFD") || strings.Contains(got, "{") {
			t.Errorf("outside, %s says %q", prompt, got)
		}
	}
}

func TestOtherCallsAreOfTheCallersLanguage(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	v := view(t, func(gs []flows.Group) []flows.Group { gs[5].Access = flows.AccessCode; return gs })
	full := func(flows.Request) flows.Answer { return flows.Answer{Result: "full"} }
	for lang, want := range map[string]string{"en": "another", "es": "no_other"} {
		out := flows.Run(f, v, flows.State{Node: "rules", Lang: lang, Group: "482105"}, press("1"), full)
		if out.State.Node != want {
			t.Errorf("%s comes to %s", lang, out.State.Node)
		}
		out = flows.Run(f, v, out.State, press("1"), full)
		if lang == "en" && (out.State.Node != "rules" || out.State.Group != "593716") {
			t.Errorf("the only other call is %s at %s", out.State.Group, out.State.Node)
		}
	}
}

// What is said of sessions in a flow that would serve calls.
func TestFaultsOfSessions(t *testing.T) {
	t.Parallel()
	built := inTwo(t)
	const main, en = "main.yaml", "prompts/en.yaml"
	seated := built[main][strings.Index(built[main], "seated:"):strings.Index(built[main], "words:")]
	for _, tt := range []struct{ name, file, from, to, code, what string }{
		{"a question to who sits elsewhere", main, "    menu: privacy\n", "    menu: privacy\n    sits: true\n", "F009", `who sits in no session comes to "privacy_menu"`},
		{"a list of a session's", main, "say: people, sits: true, into: seat, none: nobody_here, next: person}", "say: people, into: seat, none: nobody_here, next: person}", "F009", `"people" reads a session`},
		{"a condition of a session's", main, "    menu: pairs\n    sits: true\n", "    menu: pairs\n", "F009", `"pairs" reads a session`},
		{"words of a session's", main, "    menu: remove_sure\n    sensitive: true\n    sits: true\n", "    menu: remove_sure\n    sensitive: true\n", "F009", `"remove_sure" reads a session in English`},
		{"no keys for who sits", main, seated, "", "F003", "the key 0 does nothing everywhere"},
		{"a key of who sits that leads nowhere", main, `"0": {go: help_here}`, `"0": {go: helpless}`, "F001", `no node is called "helpless"`},
		{"a silence of who sits that leads nowhere", main, "no_input: {after: 5s, then: room}", "no_input: {after: 5s, then: hall}", "F001", `no node is called "hall"`},
		{"a key of who sits that cannot be read", main, `"0": {go: help_here}`, `"0": {to: help_here}`, "F000", `no setting is called "to"`},
		{"no crisis line for who sits", main, "{key: 1, say: opt_crisis, next: crisis_here}", "{key: 1, say: opt_crisis, next: keys_here}", "F041", "two keys away"},
		{"who sits is told of help by another", main, `"0": {go: help_here}`, `"0": {repeat: true}`, "F041", "does not lead to help"},
		{"a universal key taken without a word", main, `{key: "#", instead: true, say`, `{key: "#", say`, "F006", `"star" takes the key #`},
		{"a universal key taken outside", main, "{key: 0, say: opt_help, next: help}", "{key: 0, instead: true, say: opt_help, next: now}", "F006", `"main" takes the key 0`},
		{"a key taken that is nobody's", main, "{key: 6, say: opt_star_mute", "{key: 6, instead: true, say: opt_star_mute", "F006", `"star" takes the key 6`},
		{"a digit for who waits", main, `keys: {"0": help_here`, `keys: {"7": left, "0": help_here`, "F006", "no key 7"},
		{"a removal in one key", main, "{key: 4, say: opt_remove, next: remove_sure}", "{key: 4, say: opt_remove, next: remove}", "F040", `"remove" cannot be undone`},
		{"an end in one key", main, "{key: 2, say: opt_close, next: close_sure}", "{key: 2, say: opt_close, next: close}", "F040", `"close" cannot be undone`},
		{"an end by one text", main, "close: {go: order_close,", "close: {go: order_close_now,", "F040", `"order_close_now" cannot be undone`},
		{"a member's call that is declined and not stopped", main, "next: confirm}\n      - {key: 9, say: opt_stop_calls, next: stop_calls}", "next: confirm}\n      - {key: 9, say: opt_not_expected, next: call_over}", "F008", `cannot stop such calls at "confirm_call"`},
		{"a leader's call that cannot be declined", main, "      - {key: 9, say: opt_not_expected, next: call_over}      # the next one is rung\n", "", "F008", `cannot stop such calls at "host_call"`},
		{"an order without help", main, "who: {go: order_who, into: code_and_key, without: order_how}", "who: {go: order_who, into: code_and_key}", "F003", `the word "who" leads nowhere without its code`},
		{"an option to what there is not", main, "set: {mode: hands}", "set: {mode: chaos}", "F005", `"mode" cannot be "chaos"`},
		{"no names", en, built[en][strings.Index(built[en], "_aliases: ["):], "", "F020", "people have 0 names"},
		{"a name less", en, "Blue Heron, ", "", "F020", "60 names in Spanish, and 59 in English"},
		{"a name twice", en, "Quiet River", "blue heron", "F020", `be called "blue heron" in English`},
		{"names in a row", en, "_aliases: [", "_aliases: {a: b}\nx: [", "F000", "a list of names"},
		{"a name that holds a slot", en, "Blue Heron", `"{line.name}"`, "F000", "a name is expected"},
		{"a note without words", en, `your_turn: "It is your turn. You can be heard."`, "", "F020", `"your_turn" is missing`},
		{"a status without words", en, `_floor_hands: "Nobody has the floor. To ask for it, press star, then 9."`, "", "F020", `"_floor_hands" is missing`},
	} {
		b := maps.Clone(built)
		if b[tt.file] = strings.Replace(b[tt.file], tt.from, tt.to, 1); b[tt.file] == built[tt.file] {
			t.Errorf("%s: nothing was changed", tt.name)
		}
		_, problems := flows.Compile(b)
		if !slices.ContainsFunc(problems, func(p flows.Problem) bool {
			return p.Code == tt.code && strings.Contains(p.What, tt.what) && p.Line > 0 && p.Mend != ""
		}) {
			t.Errorf("%s is not reported: %.600s", tt.name, fmt.Sprint(problems))
		}
	}
}

// Who goes from a group that they hold to another is no facilitator any more, in either.
func TestFacilitatorsOfOneGroup(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	const own = "482105"
	for group, holds := range map[string]bool{own: true, "648392": false} {
		s := flows.State{Node: "code", Lang: "en", Group: own, Vars: map[string]string{"facilitator": own + ":1"}}
		out := flows.Run(f, v, s, press("482105"), func(q flows.Request) flows.Answer {
			return flows.Answer{Result: flows.Outcomes(q.Function)[0], Set: map[string]string{"group": group}}
		})
		if got := out.State.Vars["facilitator"] != ""; out.State.Group != group || got != holds {
			t.Errorf("in %s, who holds %s: %v", out.State.Group, own, out.State.Vars)
		}
	}
}

// Whoever signs in to the desk in a call of ours is there for no one group, and is told
// of no refusal any more.
func TestTheDeskIsAboutNoGroup(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for result, set := range map[string]map[string]string{"ok": {"staff": "coordinator"}, "refused": nil} {
		s := flows.State{
			Node: "studio_call_pin", Lang: "en", Group: "482105", Visits: map[string]int{"studio_call_refused": 1},
			About: flows.About{Row: "row", Group: "482105", Start: 1},
		}
		out := flows.Run(f, v, s, press("739146"), func(q flows.Request) flows.Answer {
			if q.Function == "desk.sign_in" {
				return flows.Answer{Result: result, Set: set}
			}
			return flows.Answer{Result: flows.Outcomes(q.Function)[0]}
		})
		over := out.State.About == flows.About{} && len(out.State.Visits) == 0
		if over != (result == "ok") {
			t.Errorf("%s: %+v", result, out.State)
		}
	}
}
