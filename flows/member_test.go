package flows_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

func TestPINs(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for pin, want := range map[string]string{
		"739146": "pin_again", "7391468205": "pin_again", "112233": "pin_again", "123457": "pin_again", "197003": "pin_again", "135790": "pin_again",
		"111111": "choose_pin", "9999999999": "choose_pin", "123456": "choose_pin", "7890123": "choose_pin", "654321": "choose_pin", "321098": "choose_pin",
		"12345": "choose_pin", "73914": "choose_pin", "039146": "choose_pin", "73914682051": "choose_pin", "73914*": "choose_pin",
	} {
		out := next(f, v, flows.State{Node: "choose_pin", Lang: "en"}, press(pin))
		if out.State.Node != want || (out.State.Vars["pin"] == pin) != (want == "pin_again") {
			t.Errorf("%q leads to %s with %v", pin, out.State.Node, out.State.Vars)
		}
		if a, ok := out.Then.(flows.Await); !ok || a.Digits != 10 {
			t.Errorf("after %q the line waits for %+v", pin, out.Then)
		}
	}
}

// Key 5 is a wrong key to everybody but whom it leads somewhere.
func TestQuickJoinThatLeadsNowhereIsAWrongKey(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	start := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v)).State
	for _, before := range [][]string{nil, {"6"}, {"6", "8"}, {"9"}, {"9", "6"}, {"1", "482105", "*"}, {"6", "#"}} {
		s := start
		for _, k := range before {
			s = flows.Run(f, v, s, press(k), admits(v)).State
		}
		quick, wrong := flows.Run(f, v, s, press("5"), admits(v)), flows.Run(f, v, s, press("6"), admits(v))
		if diff := cmp.Diff(wrong, quick); diff != "" {
			t.Errorf("after %v, key 5 is not like key 6: %s", before, diff)
		}
		if ask, ok := flows.Turn(f, v, s, press("5")).Then.(flows.Request); !ok || ask.Function != "member.quick" || len(flows.Turn(f, v, s, press("5")).Said) > 0 {
			t.Errorf("after %v, key 5 asks nothing: %+v", before, ask)
		}
	}
	found := func(flows.Request) flows.Answer {
		return flows.Answer{Result: "found", Set: map[string]string{"group": "482105"}}
	}
	if out := flows.Run(f, v, start, press("5"), found); out.State.Node != "rules" || out.State.Group != "482105" {
		t.Errorf("quick join leads to %s of %q", out.State.Node, out.State.Group)
	}
	v.Text = true
	open := flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Texted, Keys: "menu"}, nil)
	if strings.Contains(open.Message(), "5") {
		t.Errorf("a text is offered %q", open.Message())
	}
	out := flows.Run(f, v, open.State, flows.Input{Event: flows.Texted, Keys: "5"}, nil) // nothing is asked
	if out.Said[0].Prompt != "_wrong_r1" {
		t.Errorf("the text 5 is answered %q", out.Message())
	}
}

// What a PIN is needed for is done once, and the PIN is gone; no words hold it,
// and the main menu and help begin anew.
func TestPINsDoNotStay(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	keys := []string{"1", "2", "3", "4", "739146", "739146", "285017", "482913", "836254", "*", "0", "#", "12"}
	need := []string{"member.enrol", "member.log_in", "member.set_pin", "session.sign_in", "desk.sign_in"}
	rapid.Check(t, func(t *rapid.T) {
		edge := &lines.Practice{}
		host := func(r flows.Request) flows.Answer {
			for _, name := range []string{"pin", "again"} {
				if _, ok := r.State.Vars[name]; ok && !slices.Contains(need, r.Function) {
					t.Fatalf("%s is asked with a %s", r.Function, name)
				}
			}
			return edge.Answer(v, r)
		}
		out := flows.Run(f, v, flows.State{}, flows.Input{}, host)
		for _, k := range append([]string{"1", "836254", "3"}, rapid.SliceOfN(rapid.SampledFrom(keys), 1, 14).Draw(t, "keys")...) {
			if _, ok := out.Then.(flows.Await); !ok {
				return
			}
			out = flows.Run(f, v, out.State, press(k), host)
			for _, u := range out.Said {
				if said := strings.NewReplacer(", ", "").Replace(u.Text()); strings.Contains(said, "739146") || strings.Contains(said, "285017") {
					t.Fatalf("the line said %q", u.Text())
				}
			}
			vars := slices.Sorted(maps.Keys(out.State.Vars))
			switch out.State.Node {
			case "main", "help", "explain", "crisis_line":
				if len(vars) > 0 {
					t.Fatalf("%s still has %v", out.State.Node, vars)
				}
			case "pin_again":
			default:
				if slices.Contains(vars, "pin") || slices.Contains(vars, "again") {
					t.Fatalf("%s still has %v", out.State.Node, vars)
				}
			}
		}
	})
}

func TestCallsThatWePlace(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	line := v.Directory.Line
	line.Languages = spoken
	v.Directory = flows.NewDirectory(line, v.Directory.Groups(), at)
	for _, lang := range spoken {
		s := flows.State{Lang: lang, Node: "main", Member: "member", Vars: map[string]string{"pin": "739146"}}
		open := flows.Run(f, v, s, flows.Input{Event: flows.Placed, Result: "confirm"}, admits(v))
		if open.State.Lang != lang || open.State.Member != "" || open.State.Vars != nil || open.State.Node != "confirm_call" {
			t.Errorf("%s: the call begins with %+v", lang, open.State)
		}
		if !f.Neutral(open.State) || f.Neutral(flows.State{Node: "main"}) || f.Neutral(flows.State{}) {
			t.Errorf("%s: which questions are neutral is not known", lang)
		}
		telling := regexp.MustCompile(`(?i)line|línea|group|grupo|help|ayuda|crisis|support|apoyo|988|remind|record`)
		for _, in := range []flows.Input{press("0"), press("*"), press("#"), press("5"), press("482105"), {Event: flows.Silent}, {Event: flows.Again}} {
			out := open
			for range 4 {
				if said := heard(out); telling.MatchString(said) || said == "" {
					t.Errorf("%s: after %+v the line said %q", lang, in, said)
				}
				if _, ended := out.Then.(flows.End); ended {
					break
				}
				out = flows.Run(f, v, out.State, in, admits(v))
			}
			if _, ended := out.Then.(flows.End); !ended && in.Event != flows.Again {
				t.Errorf("%s: %+v does not end the call", lang, in)
			}
		}
		for _, result := range []string{"ok", "later"} {
			host := func(flows.Request) flows.Answer { return flows.Answer{Result: result} }
			if said := heard(flows.Run(f, v, open.State, press("1"), host)); telling.MatchString(said) {
				t.Errorf("%s: after 1, %s, the line said %q", lang, result, said)
			}
		}
	}
	out := flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Placed, Result: "what is this"}, admits(v))
	if _, ended := out.Then.(flows.End); !ended || len(out.Said) > 0 {
		t.Errorf("a call that the flow has no place for says %q", heard(out))
	}
}

func TestMembersComeIntoTheirApprovalGroup(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	v := view(t, func(gs []flows.Group) []flows.Group { gs[0].Access = flows.AccessApproval; return gs })
	for _, tt := range []struct {
		member *flows.Member
		want   string
	}{
		{nil, "members_only"}, {&flows.Member{}, "members_only"}, {&flows.Member{Groups: []string{"593716"}}, "members_only"},
		{&flows.Member{Groups: []string{"593716", "482105"}}, "rules"},
	} {
		v.Member = tt.member
		if got := flows.Run(f, v, flows.State{Node: "code"}, press("482105"), admits(v)).Said[0].Prompt; got != tt.want {
			t.Errorf("%+v comes to %s", tt.member, got)
		}
	}
}

// Every way that the edge can answer leads to words, in both channels.
func TestEveryOutcomeIsSaid(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Number, v.Member = "(202) 555-0100", &flows.Member{Groups: []string{"482105"}}
	at := map[string]string{ // where the request is made, and the key
		"member.enrol": "pin_again 739146", "member.log_in": "pin 739146", "member.prefer": "channel 1", "member.leave": "leave_sure 1",
		"member.erase": "forget 1", "member.confirm": "confirm_call 1", "member.set_quick": "quick 2", "member.quick": "main 5",
		"member.set_pin": "pin_again 739146", "member.join": "closed 3", "member.stop": "stop_sure 1", "member.resume": "reminders 4",
		"member.remind_when": "its_reminders 1", "member.ring": "reminder_ahead 3", "member.coming": "reminder_ahead 1", "member.not_coming": "reminder_open 2",
	}
	v.Member.Stopped = true
	about := flows.About{Group: "836254", Start: v.Now.Add(4*time.Hour).Unix() / 60}
	texts := map[string]string{"member.enrol": "consent_text ok", "member.leave": " leave 482105", "member.erase": " forget me", "member.confirm": " ok", "member.stop": " please stop",
		"member.coming": " in", "member.not_coming": " OUT!", "member.ring": " call me"}
	for _, name := range flows.HostFunctions() {
		if !strings.HasPrefix(name, "member.") {
			continue
		}
		if at[name] == "" && texts[name] == "" {
			t.Errorf("nothing tries %s", name)
		}
		for _, result := range flows.Outcomes(name) {
			asked := false
			host := func(r flows.Request) flows.Answer {
				if r.Function == "groups.by_code" {
					return flows.Answer{Result: "found", Set: map[string]string{"group": "482105"}}
				}
				asked = asked || r.Function == name
				return flows.Answer{Result: result, Set: map[string]string{"group": "482105", "told": "482913", "code": "193746", "member": "m"}}
			}
			check := func(what string, out flows.Outcome) {
				if !asked || len(out.Said) == 0 || strings.Contains(heard(out), "  ") || out.Said[0].Prompt == "welcome" {
					t.Errorf("%s, %s %s: asked %v, said %q", what, name, result, asked, heard(out))
				}
				asked = false
			}
			if where := at[name]; where != "" {
				node, key, _ := strings.Cut(where, " ")
				vars := map[string]string{"pin": key, "channel": "text"}
				returns := map[string][]string{
					"member.enrol": {"enrol_pin"}, "member.set_pin": {"change_pin", "new_pin"}, "member.log_in": {"mine_log_in"},
				}[name]
				check("by phone", flows.Run(f, v, flows.State{
					Node: node, Lang: "en", Group: "482105", Vars: vars, Returns: returns, About: about, Offered: []string{"3"},
				}, press(key), host))
			}
			if where := texts[name]; where != "" {
				node, body, _ := strings.Cut(where, " ")
				tv := v
				tv.Text, tv.Member = true, nil
				out := flows.Run(f, tv, flows.State{Node: node, Lang: "en", Group: "482105"}, flows.Input{Event: flows.Texted, Keys: body}, host)
				if name == "member.erase" {
					out = flows.Run(f, tv, out.State, flows.Input{Event: flows.Texted, Keys: "ok"}, host)
				}
				check("by text", out)
			}
		}
	}
}

// A member's texts are answered like anybody's.
func TestTextsDoNotTellAMember(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text, v.Number = true, "(202) 555-0100"
	digits := regexp.MustCompile(`(enter|marque) [0-9]{6}\b`) // the code differs by itself
	for _, script := range []string{
		"JOIN 482105/1/OK", "REMIND 482105/ok", "REMIND", "REMIND 111111", "LEAVE 482105", "LEAVE 648392", "LEAVE", "MINE", "OK", "FORGET ME/OK",
		"please stop", "JOIN 836254/3/ok", "NEXT 836254/3/ok", "CALL", "IN", "OUT", "PRIVACY", "MENU/5", "FORGET ME/no", "sí", "4",
	} {
		var answers []string
		for _, edge := range []*lines.Practice{{}, lines.Enrolled(ownPIN, "482105", "593716")} {
			var all strings.Builder
			var out flows.Outcome
			for _, body := range strings.Split(script, "/") {
				if _, open := out.Then.(flows.Await); !open {
					out.State = flows.State{}
				}
				out = edge.Run(f, v, out.State, flows.Input{Event: flows.Texted, Keys: body})
				fmt.Fprintln(&all, out.Message())
			}
			answers = append(answers, digits.ReplaceAllString(all.String(), "enter ######"))
		}
		if answers[0] != answers[1] {
			t.Errorf("%s: a stranger is answered\n%s\na member\n%s", script, answers[0], answers[1])
		}
	}
}

func TestOneOKConfirmsOneThing(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text = true
	text := func(s flows.State, body string) flows.Outcome {
		return new(lines.Practice).Run(f, v, s, flows.Input{Event: flows.Texted, Keys: body})
	}
	for _, ok := range []string{"ok", "OK.", "okay", "Yes", "agree", "de acuerdo", "1", "👍 ok"} {
		if out := text(text(flows.State{}, "remind 482105").State, ok); out.Said[0].Prompt != "enrolled_text" {
			t.Errorf("%q is answered %q", ok, out.Message())
		}
	}
	for _, open := range []string{"menu", "now", "find", "join 482105", "join 836254"} {
		if out := text(text(flows.State{}, open).State, "ok"); out.Said[0].Prompt != "answer_agreed" {
			t.Errorf("OK after %s is answered %q", open, out.Message())
		}
	}
}
