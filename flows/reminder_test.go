package flows_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// kinds are what we place calls for; machine speaks to nobody who could answer.
var kinds = []string{"confirm", "recheck", "reminder", "call_me", "skipped", "moved", "held"}

// toLeaders are the calls that ring somebody to lead.
var toLeaders = []string{"host", "backup"}

// told is what a call about the group of that code is about, some hours ahead.
func told(v flows.View, code string) flows.About {
	g, _ := v.Directory.ByCode(code)
	start := v.Directory.Next(g.ID, v.Now, 1)[0].Start
	return flows.About{Row: "row", Group: g.ID, Start: start.Unix() / 60, Was: start.Add(-time.Hour).Unix() / 60}
}

// place begins a call of ours.
func place(f *flows.Flow, v flows.View, kind, lang string, about flows.About) flows.Outcome {
	return flows.Run(f, v, flows.State{Lang: lang, About: about}, flows.Input{Event: flows.Placed, Result: kind}, admits(v))
}

var everyKey = strings.Split("0123456789*#", "")

// Before its key, no call of ours says what another does not.
func TestCallsOfOursOpenAlike(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	about := told(v, "836254")
	about.Named = true
	for _, lang := range spoken {
		plain := heard(place(f, v, "confirm", lang, flows.About{}))
		for _, kind := range kinds {
			out := place(f, v, kind, lang, about)
			if heard(out) != plain || seconds(out.Said) > 12 || f.Guest(out.State) != "" || !f.Neutral(out.State) {
				t.Errorf("%s: %s opens with %q in %.1f s", lang, kind, heard(out), seconds(out.Said))
			}
			for _, k := range everyKey {
				if got := flows.Run(f, v, out.State, press(k), admits(v)); k != "1" && k != "9" && got.Said[0].Prompt != "call_over" {
					t.Errorf("%s: %s answers key %s with %q", lang, kind, k, heard(got))
				}
			}
			asked := ""
			flows.Run(f, v, out.State, press("9"), func(r flows.Request) flows.Answer { asked = r.Function; return flows.Answer{Result: "ok"} })
			if asked != "member.stop" {
				t.Errorf("%s: key 9 of %s asks for %q", lang, kind, asked)
			}
		}
		machine := place(f, v, "machine", lang, about)
		if _, ended := machine.Then.(flows.End); !ended || len(machine.Said) != 2 || machine.Said[0].Text() != machine.Said[1].Text() || seconds(machine.Said) > 12 {
			t.Errorf("%s: a machine hears %q in %.1f s", lang, heard(machine), seconds(machine.Said))
		}
	}
}

// Who is rung to lead and does not is left alone by a key, and has the reminders
// still that they asked for as a member.
func TestWhoIsRungToLeadDeclinesByAKey(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for _, lang := range spoken {
		for _, kind := range toLeaders {
			out := place(f, v, kind, lang, told(v, "836254"))
			if f.Guest(out.State) != "" || !f.Neutral(out.State) || seconds(out.Said) > 12 {
				t.Errorf("%s: %s opens with %q in %.1f s", lang, kind, heard(out), seconds(out.Said))
			}
			got := flows.Run(f, v, out.State, press("9"), func(r flows.Request) flows.Answer {
				t.Errorf("%s: key 9 of %s asks for %s", lang, kind, r.Function)
				return flows.Answer{Result: "ok"}
			})
			if _, ended := got.Then.(flows.End); !ended || got.Said[0].Prompt != "call_over" {
				t.Errorf("%s: key 9 of %s leads to %q", lang, kind, heard(got))
			}
		}
	}
}

// Whatever is pressed, nobody comes to the main menu before a room, and none
// hears the group's name, its code or the line's who does not want it named.
func TestCallsOfOursKeepToThemselves(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	telling := regexp.MustCompile(`(?i)support|apoyo|crisis|crónica|988|grief|duelo|caring|living with|group|grupo|482105|836254|714829`)
	for _, code := range []string{"482105", "714829", "836254", "648392"} {
		for _, place1 := range []string{"", "12 Elm Street"} {
			v := view(t, func(gs []flows.Group) []flows.Group {
				for i := range gs {
					gs[i].Place = place1
				}
				return gs
			})
			for _, lang := range spoken {
				for _, kind := range slices.Concat(kinds, toLeaders) {
					explorePlaced(t, f, v, place(f, v, kind, lang, told(v, code)), func(path string, out flows.Outcome) {
						if said := heard(out); telling.MatchString(said) || said == "" {
							t.Errorf("%s: %s about %s, %s: the line said %q", lang, kind, code, path, said)
						}
					})
				}
			}
		}
	}
}

// explorePlaced presses every key, and none, wherever one is waited for, up to a
// room or the end.
func explorePlaced(t *testing.T, f *flows.Flow, v flows.View, begin flows.Outcome, check func(path string, out flows.Outcome)) {
	t.Helper()
	type step struct {
		path string
		out  flows.Outcome
	}
	seen := map[string]bool{}
	for todo := []step{{"", begin}}; len(todo) > 0; todo = todo[1:] {
		s := todo[0]
		if _, waits := s.out.Then.(flows.Await); !waits {
			if len(s.out.Said) > 0 {
				check(s.path, s.out)
			}
			continue
		}
		key := fmt.Sprint(s.out.State.Node, s.out.State.Silences, s.out.State.Wrongs, s.out.State.Offered)
		if seen[key] {
			continue
		}
		seen[key] = true
		check(s.path, s.out)
		for _, k := range everyKey {
			todo = append(todo, step{s.path + " " + k, flows.Run(f, v, s.out.State, press(k), admits(v))})
		}
		todo = append(todo, step{s.path + " silence", flows.Run(f, v, s.out.State, flows.Input{Event: flows.Silent}, admits(v))})
	}
	if len(seen) < 2 || len(seen) > 200 {
		t.Errorf("%d places were reached", len(seen))
	}
}

// Whoever is called about an approval group and pressed the key is in it, and
// nobody before.
func TestWhoIsCalledIsInTheGroup(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	v := view(t, func(gs []flows.Group) []flows.Group { gs[0].Access = flows.AccessApproval; return gs })
	about := told(v, "482105")
	about.Start = at.Add(-15*time.Minute).Unix() / 60
	out := place(f, v, "call_me", "en", about)
	admitted := ""
	in := flows.Run(f, v, out.State, press("1"), func(r flows.Request) flows.Answer {
		admitted = f.Guest(r.State)
		return flows.Answer{Result: "ok"}
	})
	if j, ok := in.Then.(flows.Join); !ok || j.Group != "482105" || admitted != "482105" || f.Guest(in.State) != "482105" {
		t.Fatalf("the call leads to %+v, as a guest of %q", in.Then, admitted)
	}
	left := flows.Run(f, v, in.State, flows.Input{Event: flows.Returned, Result: "answered"}, admits(v))
	back := left
	for _, k := range []string{"*", "*", "1", "482105"} {
		back = flows.Run(f, v, back.State, press(k), admits(v))
	}
	if back.State.Node != "rules" {
		t.Errorf("who was rung comes back to %s", back.State.Node)
	}
	stranger := call(f, v, "1", "482105")
	if stranger.Said[0].Prompt != "members_only" {
		t.Errorf("a stranger comes to %s", stranger.Said[0].Prompt)
	}
}

func TestQuietHoursAreAskedAboutOnlyWhereTheyMatter(t *testing.T) {
	t.Parallel()
	f, ny := builtIn(t), newYork(t)
	day := func(hour, minute int) time.Time {
		return time.Date(ny.Year(), ny.Month(), ny.Day()+2, hour, minute, 0, 0, ny.Location())
	}
	for _, tt := range []struct {
		start     time.Time
		reminders string
		want      bool
	}{
		{day(19, 0), "24h 15m", false}, {day(9, 0), "24h", false}, {day(8, 59), "24h", true}, {day(9, 0), "24h 15m", true},
		{day(9, 15), "24h 15m", false}, {day(19, 59), "24h", false}, {day(20, 0), "24h", true}, {day(20, 14), "15m", false},
		{day(20, 15), "15m", true}, {day(20, 30), "1h", false}, {day(20, 0), "", false}, {day(3, 0), "12h", false},
	} {
		g := weekly(t, "482105", "Evening grief circle", tt.start)
		g.Reminders = strings.Fields(tt.reminders)
		v := view(t, only(g))
		out := call(f, v, "1", "482105", "3", "1")
		if asked := out.State.Node == "enrol_late"; asked != tt.want {
			t.Errorf("with %q before %s, the caller comes to %s", tt.reminders, tt.start.Format("15:04"), out.State.Node)
		}
		v.Text, v.Number = true, "(202) 555-0100"
		out = flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Texted, Keys: "remind 482105"}, admits(v))
		if asked := out.State.Node == "consent_late"; asked != tt.want {
			t.Errorf("with %q before %s, a text comes to %s", tt.reminders, tt.start.Format("15:04"), out.State.Node)
		}
	}
}

// What is chosen of quiet hours reaches the function that enrols, and OK alone
// allows none.
func TestQuietHoursAreOnlyGivenUpByChoice(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for script, want := range map[string]string{
		"remind 836254/ok": "no", "remind 836254/OK thanks": "no", "remind 836254/agree": "no", "remind 836254/1": "no", "remind 836254/2": "yes",
		"remind 482105/ok": "", "press 1 836254 3 1 1 739146 739146": "yes", "press 1 836254 3 2 2 739146 739146": "no", "press 1 482105 1": "-",
	} {
		got := "-"
		host := func(r flows.Request) flows.Answer {
			if r.Function == "member.enrol" {
				got = r.State.Vars["late"]
			}
			return new(lines.Practice).Answer(v, r)
		}
		keys, spoken := strings.CutPrefix(script, "press ")
		var out flows.Outcome
		if spoken {
			out = flows.Run(f, v, flows.State{}, flows.Input{}, host)
			for _, k := range strings.Fields(keys) {
				out = flows.Run(f, v, out.State, press(k), host)
			}
		} else {
			tv := v
			tv.Text, tv.Number = true, "(202) 555-0100"
			for _, body := range strings.Split(script, "/") {
				out = flows.Run(f, tv, out.State, flows.Input{Event: flows.Texted, Keys: body}, host)
			}
		}
		if got != want {
			t.Errorf("%s enrols with late %q, not %q", script, got, want)
		}
	}
}

// What a member chooses of one group's reminders is asked for once, and leaves
// nothing behind for the next.
func TestOffsetsAreForgottenOnceKept(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	m := &flows.Member{Groups: []string{"836254"}, Preferences: flows.Preferences{Zone: "America/New_York"}}
	chosen := map[string]string{}
	for keys, node := range map[string]string{"1": "own_late", "2 1": "own_late", "2 2": "own_late", "2 3": "own_late", "3": "mine_menu"} {
		v.Member = m
		out := flows.Outcome{State: flows.State{Node: "my_group", Lang: "en", Group: "836254", Member: "m"}}
		for _, k := range append([]string{"4"}, strings.Fields(keys)...) {
			out = flows.Run(f, v, out.State, press(k), func(r flows.Request) flows.Answer {
				chosen[keys] = r.Function + " " + r.State.Vars["offsets"]
				return flows.Answer{Result: "ok"}
			})
		}
		if out.State.Node != node || out.State.Vars["offsets"] != "" {
			t.Errorf("%s leads to %s with %v", keys, out.State.Node, out.State.Vars)
		}
	}
	want := map[string]string{"1": "group", "2 1": "24h", "2 2": "1h", "2 3": "15m", "3": "none"}
	for keys, offset := range want {
		if chosen[keys] != "member.remind_when "+offset {
			t.Errorf("%s asks for %q", keys, chosen[keys])
		}
	}
	if got, all := slices.Sorted(maps.Keys(chosen)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, all) {
		t.Errorf("%v was tried of %v", got, all)
	}
}

// Who says in a call that they come hears how: by phone, or where it is.
func TestWhoComesHearsHow(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for place1, want := range map[string][2]string{
		"":              {"When it is time, call 2, 0, 2. 5, 5, 5. 0, 1, 0, 0.", "Cuando sea la hora, llame al 2, 0, 2. 5, 5, 5. 0, 1, 0, 0."},
		"12 Elm Street": {"For the place, call 2, 0, 2. 5, 5, 5. 0, 1, 0, 0.", "Para saber el lugar, llame al 2, 0, 2. 5, 5, 5. 0, 1, 0, 0."},
	} {
		v := view(t, func(gs []flows.Group) []flows.Group {
			for i := range gs {
				gs[i].Place = place1
			}
			return gs
		})
		for i, lang := range []string{"en", "es"} {
			out := place(f, v, "reminder", lang, told(v, "836254"))
			for _, key := range []string{"1", "1"} {
				out = flows.Run(f, v, out.State, press(key), admits(v))
			}
			if !strings.Contains(heard(out), want[i]) {
				t.Errorf("%s: who comes hears %q", lang, heard(out))
			}
		}
	}
}

// What whoever has no zone is asked, and what becomes of it.
func TestTheZoneIsAskedForWhereItMayDiffer(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for script, want := range map[string]string{
		"714829 3 1 739146 739146": "", "far 714829 3 1 1 739146 739146": "America/New_York", "far 714829 3 2 2 2 739146 739146": "America/Chicago",
		"far 714829 3 1 2 9 1 739146 739146": "America/Los_Angeles",
	} {
		v, got := v, "nothing"
		keys, isFar := strings.CutPrefix(script, "far ")
		v.Far = isFar
		host := func(r flows.Request) flows.Answer {
			if r.Function == "member.enrol" {
				got = r.State.Vars["zone"]
			}
			return new(lines.Practice).Answer(v, r)
		}
		out := flows.Run(f, v, flows.State{}, flows.Input{}, host)
		for _, k := range append([]string{"1"}, strings.Fields(keys)...) {
			out = flows.Run(f, v, out.State, press(k), host)
		}
		if got != want {
			t.Errorf("%s enrols in zone %q, not %q", script, got, want)
		}
	}
	// A group whose reminders are by day here, and in the quiet hours of Hawaii.
	g := weekly(t, "482105", "Evening grief circle", newYork(t).Add(47*time.Hour))
	g.Reminders = []string{"6h"}
	v = view(t, only(g))
	v.Far = true
	for keys, want := range map[string]string{"1": "choose_pin", "2 9 3": "enrol_late"} {
		out := call(f, v, append([]string{"1", "482105", "3", "1"}, strings.Fields(keys)...)...)
		if out.State.Node != want {
			t.Errorf("after %s the caller comes to %s", keys, out.State.Node)
		}
	}
}

// Texts that anybody may be answered fit into one segment each.
func TestAnswersToRemindersAreOneSegment(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text = true
	for _, lang := range spoken {
		for _, body := range []string{"in", "out", "yes please", "call", "remind 482105", "voy", "no voy", "sí", "llamar", "recordar 482105", "remind 482105/ok"} {
			out := flows.Outcome{State: flows.State{Lang: lang}}
			for _, text := range strings.Split(body, "/") {
				out = flows.Run(f, v, out.State, flows.Input{Event: flows.Texted, Keys: text}, admits(v))
			}
			if n := flows.CountSegments(out.Message()); n.Count != 1 || n.Encoding != flows.GSM7 {
				t.Errorf("%s: %q is answered in %+v: %s", lang, body, n, out.Message())
			}
		}
	}
}
