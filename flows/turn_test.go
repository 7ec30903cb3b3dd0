package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/lines"
)

// roomyState is what a state may take: padded to 256 bytes and sealed with 21 more it
// stays below 300, however long the call.
const roomyState = 255

// spoken are the languages of the built-in flow.
var spoken = []string{"en", "es", "fr", "ht", "pt-BR", "zh-Hans"}

// encoding is what texts in a language are sent in.
func encoding(lang string) flows.Encoding {
	if lang == "zh-Hans" {
		return flows.UCS2
	}
	return flows.GSM7
}

var at = time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)

func builtIn(testing.TB) *flows.Flow { return flowstest.BuiltIn() }

// inTwo is the built-in flow's files in two of its languages, which are read sooner.
func inTwo(t testing.TB) flows.Bundle {
	t.Helper()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return flows.Bundle{
		mainFile: strings.Replace(b[mainFile], "languages: [en, es, fr, ht, pt-BR, zh-Hans]", "languages: [en, es]", 1),
		en:       b[en], es: b[es],
	}
}

func view(t testing.TB, change ...func([]flows.Group) []flows.Group) flows.View {
	t.Helper()
	groups, err := lines.Sample(at, "America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		groups = c(groups)
	}
	return flows.View{Now: at, Number: "(202) 555-0100", Directory: flows.NewDirectory(flows.Line{
		ID: "line", Name: "The support line", Zone: "America/New_York",
		Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
	}, groups, at)}
}

// admits answers every request as a line does that lets callers on and that
// nobody has enrolled with.
func admits(v flows.View) flows.HostFunc {
	return func(r flows.Request) flows.Answer { return new(lines.Practice).Answer(v, r) }
}

// ownPIN is that of who has enrolled where next takes a turn.
const ownPIN = "739146"

// next takes a turn as admits does, on a line that the caller has enrolled
// with. What they change there is forgotten with it.
func next(f *flows.Flow, v flows.View, s flows.State, in flows.Input) flows.Outcome {
	var groups []string
	for _, g := range v.Directory.Groups() {
		groups = append(groups, g.ID)
	}
	return lines.Enrolled(ownPIN, groups...).Run(f, v, s, in)
}

func press(keys string) flows.Input { return flows.Input{Event: flows.Pressed, Keys: keys} }

// everyWait calls check with each distinct place where a key is waited for
// that can be reached in the built-in flow.
func everyWait(t *testing.T, f *flows.Flow, v flows.View, check func(path string, out flows.Outcome)) {
	t.Helper()
	type step struct {
		path string
		out  flows.Outcome
	}
	seen := map[string]bool{}
	todo := []step{{"start", next(f, v, flows.State{}, flows.Input{})}}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		key := fmt.Sprint(s.out.State.Node, s.out.State.Lang, s.out.State.Offered, s.out.State.Group, s.out.State.Vars["facilitator"])
		if seen[key] {
			continue
		}
		seen[key] = true
		inputs := []flows.Input{{Event: flows.Returned, Result: "answered"}, {Event: flows.Returned, Result: "failed"}}
		if a, ok := s.out.Then.(flows.Await); ok {
			check(s.path, s.out)
			inputs = []flows.Input{press("482105"), press("648392"), press("836254"), press(ownPIN), press(lines.PracticePIN)}
			if a.Digits == 1 {
				inputs = nil
				for _, k := range strings.Split("0123456789*#", "") {
					inputs = append(inputs, press(k))
				}
			}
		}
		for _, in := range inputs {
			todo = append(todo, step{s.path + " " + in.Keys + in.Result, next(f, v, s.out.State, in)})
		}
	}
	if len(seen) < 150 {
		t.Errorf("only %d places were reached", len(seen))
	}
}

func TestUniversalKeysWorkEverywhere(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	everyWait(t, f, v, func(path string, out flows.Outcome) {
		want := map[string]string{"0": "help", "*": "main", "#": out.State.Node}
		if f.Sits(out.State) {
			want = seated(out.State)
		}
		for key, node := range want {
			if got := next(f, v, out.State, press(key)); got.State.Node != node {
				t.Errorf("after %s, %s leads to %s", path, key, got.State.Node)
			}
		}
		same := next(f, v, out.State, press("#"))
		if same.State.Node == out.State.Node && !slices.Equal(same.State.Offered, out.State.Offered) {
			t.Errorf("after %s, # offers other items", path)
		}
	})
}

// seated is where the keys lead that work everywhere, for who sits in a session.
func seated(s flows.State) map[string]string {
	leads := s.Vars["facilitator"] != ""
	switch {
	case s.Node == "star" && leads:
		return map[string]string{"0": "help_here", "*": "leave_room_sure", "#": "group_keys"}
	case s.Node == "star":
		return map[string]string{"0": "help_here", "*": "left", "#": "status"}
	case s.Node == "group_keys":
		return map[string]string{"0": "closing", "*": "room", "#": "group_keys"}
	case s.Node == "seat_in" || s.Node == "host_in": // not in yet, and the star is pressed already
		return map[string]string{"0": "help_here", "*": "star", "#": s.Node}
	}
	return map[string]string{"0": "help_here", "*": "room", "#": s.Node}
}

// Who has stepped out of a room and presses no key, or wrong ones, is soon back.
func TestWhoStepsOutIsSoonBack(t *testing.T) {
	t.Parallel()
	f, v, reached := builtIn(t), view(t), 0
	everyWait(t, f, v, func(path string, out flows.Outcome) {
		if !f.Sits(out.State) {
			return
		}
		reached++
		for what, in := range map[string]flows.Input{"silence": {Event: flows.Silent}, "wrong": press("8*")} {
			got, in := out, in
			for times := 1; ; times++ {
				got = next(f, v, got.State, in)
				if _, back := got.Then.(flows.Join); back {
					break
				}
				if times > 2 {
					t.Errorf("after %s, %s does not lead back", path, what)
					break
				}
			}
		}
	})
	if reached < 25 {
		t.Errorf("only %d questions of a session were reached", reached)
	}
}

func TestSilenceAndWrongKeysAreHelpedBeforeGoodbye(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	everyWait(t, f, v, func(path string, out flows.Outcome) {
		if f.Sits(out.State) {
			return
		}
		for what, in := range map[string]flows.Input{"silence": {Event: flows.Silent}, "wrong": press("8*")} {
			got, helped := out, out.State.Node == "help"
			for i := range 12 {
				got = next(f, v, got.State, in)
				if len(got.Said) == 0 {
					t.Errorf("after %s, %s number %d is met with silence", path, what, i+1)
				}
				helped = helped || got.State.Node == "help"
				if _, ended := got.Then.(flows.End); ended {
					break
				}
			}
			if !helped {
				t.Errorf("after %s, %s never leads to help", path, what)
			}
		}
	})
}

func TestTurnIsTotalAndDeterministic(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	nodes := []string{
		"", "main", "now", "code", "code_look_up", "room", "bridge", "results", "language", "topic", "gone", "nowhere",
		"enrol", "choose_pin", "pin_again", "pin_same", "enrol_now", "what_comes", "handle", "pin", "logging_in", "set_pin", "mine_menu",
		"my_groups", "my_group", "leave", "reminders", "zone", "prefer", "held_rest", "quick", "set_quick", "forget", "erase", "confirm_call", "confirm",
		"enrol_late", "its_reminders", "set_offsets", "own_late", "ring_member", "stopping", "stop_member", "resume", "reminder_call", "reminder_ahead",
		"reminder_open", "reminder_over", "call_no_host", "moved", "call_next", "ring", "coming", "consent_late", "stop_calls",
		"host_pin", "sign_in", "admit", "arrived", "host_in", "stepped", "star", "signal", "tell", "pound", "group_keys", "report", "people", "person",
		"person_here", "person_waiting", "mute_seat", "remove_sure", "pairs", "set_pairs", "extend", "set_mode", "crisis_how", "close", "other", "host_call_pin",
		"order_quiet", "order_close", "order_close_now", "over", "another",
	}
	values := rapid.SampledFrom([]string{"", "739146", "111111", "text", "yes", "enrol", "America/Denver", "no such thing", "2", "5", "circle", "15", "4821"})
	names := rapid.SampledFrom([]string{"pin", "again", "handle", "told", "code", "channel", "clear", "days", "hours", "machine", "zone", "late", "ring", "pace", "offsets", "seat", "mode", "minutes", "signal", "key", "facilitator", "x"})
	rapid.Check(t, func(t *rapid.T) {
		s := flows.State{
			Node: rapid.SampledFrom(nodes).Draw(t, "node"), Lang: rapid.SampledFrom([]string{"", "en", "es", "xx"}).Draw(t, "lang"),
			Group: rapid.SampledFrom([]string{"", "482105", "999999"}).Draw(t, "group"), Code: rapid.StringN(0, 8, 8).Draw(t, "code"),
			Offered: rapid.SliceOfN(rapid.SampledFrom([]string{"482105", "x", "_more", "_first", "es"}), 0, 6).Draw(t, "offered"),
			Page:    rapid.IntRange(0, 90).Draw(t, "page"), Silences: rapid.IntRange(0, 9).Draw(t, "silences"),
			Returns: rapid.SliceOfN(rapid.SampledFrom([]string{"enrol_pin", "new_pin", "change_pin", "mine_log_in", "main", "nowhere"}), 0, 3).Draw(t, "returns"),
			Member:  rapid.SampledFrom([]string{"", "member", "x"}).Draw(t, "member"), Vars: rapid.MapOfN(names, values, 0, 5).Draw(t, "vars"),
			About: flows.About{
				Group: rapid.SampledFrom([]string{"", "482105", "648392", "999999"}).Draw(t, "about"), Named: rapid.Bool().Draw(t, "named"),
				Start: rapid.SampledFrom([]int64{0, at.Unix()/60 - 15, at.Unix() / 60, 1 << 40, -1 << 60}).Draw(t, "start"), Was: rapid.Int64().Draw(t, "was"),
			},
		}
		v := v
		v.Text = rapid.Bool().Draw(t, "text")
		v.Member, v.Session = drawMember(t), drawSession(t)
		in := flows.Input{
			Event: flows.Event(rapid.IntRange(0, 9).Draw(t, "event")), Keys: rapid.StringN(0, 8, 8).Draw(t, "keys"),
			Result: rapid.SampledFrom([]string{"", "ok", "answered", "failed", "found", "first", "later", "confirm", "reminder", "call_me", "moved", "machine", "?"}).Draw(t, "result"),
		}
		out := flows.Run(f, v, s, in, admits(v))
		if out.Then == nil {
			t.Fatal("the turn came to nothing")
		}
		if diff := cmp.Diff(out, flows.Run(f, v, s, in, admits(v))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// drawMember is anybody who may have signed in, nil for nobody.
func drawMember(t *rapid.T) *flows.Member {
	if rapid.Bool().Draw(t, "a stranger") {
		return nil
	}
	text := rapid.SampledFrom([]string{"", "text", "call", "weekdays", "evening", "neutral", "America/Chicago", "Europe/Paris", "nowhere", "es", "xx"})
	group := rapid.SampledFrom([]string{"482105", "593716", "999999", ""})
	month := rapid.SampledFrom([]string{"", "2026-11", "2026-13"})
	return &flows.Member{
		Preferences: flows.Preferences{
			Channel: flows.Channel(text.Draw(t, "channel")), Language: text.Draw(t, "language"), Zone: text.Draw(t, "zone"),
			Clear: rapid.Bool().Draw(t, "clear"), Days: flows.Days(text.Draw(t, "days")), Hours: flows.Hours(text.Draw(t, "hours")),
			Machine: flows.Machine(text.Draw(t, "machine")), Late: rapid.Bool().Draw(t, "late"), Slow: rapid.Bool().Draw(t, "slow"), Ring: rapid.Bool().Draw(t, "ring"),
		},
		Consent: flows.Consent{Month: month.Draw(t, "agreed")}, Enrolled: month.Draw(t, "enrolled"),
		Groups: rapid.SliceOfN(group, 0, 5).Draw(t, "groups"), Quick: group.Draw(t, "quick"), Stopped: rapid.Bool().Draw(t, "stopped"),
		Reason: flows.Reason(rapid.SampledFrom([]string{"", "unreachable", "silence"}).Draw(t, "reason")),
	}
}

func TestKeyMeansWhatWasSaid(t *testing.T) {
	t.Parallel()
	f, before := builtIn(t), view(t)
	heard := flows.Run(f, before, flows.State{}, flows.Input{}, admits(before))
	heard = flows.Run(f, before, heard.State, press("2"), admits(before))
	second := heard.State.Offered[1]
	after := view(t, func(gs []flows.Group) []flows.Group {
		return slices.DeleteFunc(gs, func(g flows.Group) bool { return g.ID == heard.State.Offered[0] })
	})
	if got := flows.Run(f, after, heard.State, press("2"), admits(after)); got.State.Group != second {
		t.Errorf("key 2 meant %s and chose %s", second, got.State.Group)
	}
	if got := flows.Run(f, after, heard.State, press("1"), admits(after)); got.Said[0].Prompt != "gone" {
		t.Errorf("a group that is gone is met with %s", got.Said[0].Prompt)
	}
}

func TestCodeAndApprovalGroupsAreNeverListed(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	v := view(t, func(gs []flows.Group) []flows.Group {
		gs[0].Access, gs[1].Access, gs[2].Stage = flows.AccessCode, flows.AccessApproval, flows.StagePaused
		gs[0].Topics, gs[1].Topics = []string{"secret"}, []string{"secret"}
		return gs
	})
	everyWait(t, f, v, func(path string, out flows.Outcome) {
		if strings.Contains(path, "482105") || strings.Contains(path, ownPIN) {
			return // the caller typed the code, or belongs to them
		}
		for _, u := range out.Said {
			for _, name := range []string{"Evening grief circle", "One day at a time", "secret"} {
				if strings.Contains(u.Text(), name) {
					t.Errorf("after %s the line said %q", path, u.Text())
				}
			}
		}
	})
}

// A voice speaks 150 words a minute (trust in captions: the emulator's rate).
func seconds(us []flows.Utterance) (s float64) {
	for _, u := range us {
		s += float64(len(strings.Fields(u.Text()))) / 2.5
	}
	return s
}

func TestFirstOptionIsHeardWithinEightSeconds(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for _, lang := range spoken {
		out := flows.Run(f, v, flows.State{Lang: lang}, flows.Input{}, admits(v))
		first := slices.IndexFunc(out.Said, func(u flows.Utterance) bool { return u.Prompt == "opt_language" })
		own := slices.IndexFunc(out.Said, func(u flows.Utterance) bool { return u.Prompt == "opt_code" })
		if first < 0 || own != first+1 || seconds(out.Said[:own]) > 8 {
			t.Errorf("%s: an option of the caller's own language starts after %.1f s", lang, seconds(out.Said[:own]))
		}
	}
}

func TestWordsThatNoKeyInterruptAreShort(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	everyWait(t, f, v, func(path string, out flows.Outcome) {
		for _, k := range strings.Split("0123456789", "") {
			got := next(f, v, out.State, press(k))
			if _, waits := got.Then.(flows.Await); !waits && seconds(got.Said) > 6 {
				t.Errorf("after %s %s, %.1f s are said that no key interrupts", path, k, seconds(got.Said))
			}
		}
	})
}
