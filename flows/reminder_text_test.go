package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// reminderTexts are what a group's members are sent: whether it names the group.
var reminderTexts = map[string]bool{
	"reminder_text": false, "reminder_soon_text": false, "skipped_text": false, "moved_text": false, "held_text": false,
	"reminder_text_named": true, "reminder_soon_text_named": true, "skipped_text_named": true, "moved_text_named": true, "held_text_named": true,
}

func TestReminderTextsFitAndTellNoMoreThanTheyMay(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	zones := []string{"America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix", "America/St_Johns", "America/Puerto_Rico", "Europe/London"}
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(rt, "zone")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			rt.Fatal(err)
		}
		start := at.In(loc).Add(time.Duration(rapid.IntRange(1, 400*24*60).Draw(rt, "minutes")) * time.Minute).Truncate(time.Minute)
		m, err := schedule.New(start.Format("2006-01-02T15:04"), zone, "", 60)
		if err != nil {
			rt.Skip(err)
		}
		g := flows.Group{
			ID: "g", Code: "48210593", Stage: flows.StageOpen, Meetings: []schedule.Meeting{m},
			Name:         flows.Words{"": rapid.SampledFrom([]string{"Hope", "Círculo de duelo y de esperanza de los martes", strings.Repeat("Wide ", 20)}).Draw(rt, "name")},
			Place:        rapid.SampledFrom([]string{"", "12 Elm Street"}).Draw(rt, "place"),
			DiscreetName: flows.Words{"": rapid.SampledFrom([]string{"", "Tuesday call", "The call of every other Tuesday evening"}).Draw(rt, "discreet")},
		}
		v := flows.View{Now: at, Text: true, Number: "(202) 555-0100", Clip: rapid.SampledFrom([]int{0, 30, 12, 8}).Draw(rt, "clip"), Directory: flows.NewDirectory(flows.Line{
			ID: "line", Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 8, CrisisName: "988",
		}, []flows.Group{g}, at)}
		for _, lang := range spoken {
			for prompt, named := range reminderTexts {
				s := flows.State{Lang: lang, Group: "g", About: flows.About{Group: "g", Start: start.Unix() / 60, Was: start.Add(-26*time.Hour).Unix() / 60, Named: named}}
				text := flows.Fold(f.Say(v, s, prompt).Text())
				// The other zones' names are long. Where a named one is too long for a place,
				// the discreet one goes out.
				near := slices.Contains(zones[:3], zone)
				short := near && (g.Place == "" || v.Clip == 8) || v.Clip == 8 && (g.Place == "" || !named)
				if encoding(lang) == flows.UCS2 { // the sender shortens a name until it fits
					short = near && v.Clip == 8 && (g.Place == "" || !named)
				}
				if n := flows.CountSegments(text); n.Encoding != encoding(lang) || n.Count > 1 && short {
					rt.Fatalf("%s %s takes %+v: %s", lang, prompt, n, text)
				}
				if lang == "en" && strings.Contains(text, "For the place, call (202)") != (g.Place != "" && !strings.HasPrefix(prompt, "skipped") && !strings.HasPrefix(prompt, "moved")) {
					rt.Fatalf("%s, of %q: %s", prompt, g.Place, text)
				}
				if !named && (strings.Contains(text, "48210593") || strings.Contains(text, "support") || strings.Contains(text, "Hope")) {
					rt.Fatalf("%s %s tells: %s", lang, prompt, text)
				}
				if !strings.Contains(text, "STOP") || !strings.Contains(text, "(202) 555-0100") || strings.Contains(text, "  ") {
					rt.Fatalf("%s %s lacks something: %s", lang, prompt, text)
				}
			}
		}
	})
}

func TestReminderTexts(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text, v.Number = true, "(202) 555-0100"
	about := told(v, "836254")
	for prompt, want := range map[string]string{
		"reminder_text":       "Reminder: Evening call is today 10:05 pm ET. Call (202) 555-0100. Reply IN if you come, OUT if not. STOP ends these.",
		"reminder_text_named": "Caring for someone is today 10:05 pm ET. Call (202) 555-0100, press 1, enter 836254. Reply IN if you come, OUT if not. STOP ends these.",
		"moved_text":          "Change: Evening call moves from today 9:05 pm ET to today 10:05 pm ET. Call (202) 555-0100. STOP ends these.",
		"skipped_text":        "Change: Evening call, today 9:05 pm ET, will not be held. For other dates, call (202) 555-0100. STOP ends these.",
		"recheck_text":        "Hello. May we still write to this number? If so, reply OK. If not, do nothing. To block it, reply STOP.",
	} {
		about.Named = reminderTexts[prompt]
		s := flows.State{Lang: "en", Group: about.Group, About: about}
		if got := f.Say(v, s, prompt).Text(); got != want {
			t.Errorf("%s is %q", prompt, got)
		}
	}
	about.Named = true
	for clip, want := range map[int]string{0: "Caring for someone", 18: "Caring for someone", 17: "Caring for som...", 4: "C...", 3: "...", 1: "."} {
		v.Clip = clip
		if got := f.Say(v, flows.State{Lang: "en", About: about, Group: about.Group}, "held_text_named").Text(); !strings.HasPrefix(got, "Change: "+want+",") {
			t.Errorf("clipped to %d letters it is %q", clip, got)
		}
	}
	v.Clip = 0
	if got := f.Say(v, flows.State{Lang: "es", About: flows.About{Group: "gone", Start: about.Start, Named: true}}, "reminder_text").Text(); !strings.Contains(got, "su llamada, hoy 10:05 pm ET.") {
		t.Errorf("of a group that is gone it is %q", got)
	}
}

// What a text asks for comes to the function that does it, with the group that
// its code names and no other.
func TestAnswersToReminders(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text, v.Number = true, "(202) 555-0100"
	for script, want := range map[string]string{
		"in": "member.coming", "yes, I will come!": "member.coming", "I’ll be there": "member.coming", "In please": "member.coming", "sí, ahí estaré": "member.coming",
		"no, not this time": "member.not_coming", "can't make it": "member.not_coming", "No puedo.": "member.not_coming", "out thanks": "member.not_coming",
		"yes!": "member.confirm, member.coming", "Sí": "member.confirm, member.coming", "ok": "member.confirm", "no": "member.not_coming", "menu/no": "member.not_coming", "what is this/No.": "member.not_coming",
		"remind 482105/no": "", "remind 482105/nope": "", "remind 836254/no": "", "forget me/no": "", "olvídame/no gracias": "", "now/no": "", "leave/no": "", "find/no thanks": "",
		"remind 482105/yes please": "member.enrol", "remind 836254/sure": "member.enrol", "forget me/yes": "member.erase", "now/sí": "member.confirm, member.coming",
		"now/no, not this time": "member.not_coming", "find out": "", "find coming": "", "no reason to live": "", "no puedo más": "", "hope": "", "no one": "", "I can't go on": "",
		"I am coming": "member.coming", "Voy": "member.coming", "OUT": "member.not_coming", "no voy": "member.not_coming",
		"call": "member.ring", "CALL ME!": "member.ring", "call 482105": "member.ring 482105", "call me 4821 05": "member.ring 482105", "call 111111": "member.ring",
		"join 482105/call": "member.ring", "join 482105/call 111111": "member.ring", "join 482105/in": "member.coming", "llamar 836254": "member.ring 836254",
		"stop texting me": "member.stop", "join 482105/end": "member.stop", "find/pare": "member.stop", "call 911": "", "stop, he is hitting me": "", "stop. i want to die": "",
	} {
		var did []string
		var out flows.Outcome
		for _, body := range strings.Split(script, "/") {
			out = flows.Run(f, v, out.State, flows.Input{Event: flows.Texted, Keys: body}, func(r flows.Request) flows.Answer {
				if strings.HasPrefix(r.Function, "member.") {
					asked := r.Function
					if asked == "member.ring" {
						asked = strings.TrimSpace(asked + " " + r.State.Group)
					}
					did = append(did, asked)
				}
				return admits(v)(r)
			})
		}
		if got := strings.Join(did, ", "); got != want {
			t.Errorf("%q asks for %q, not %q", script, got, want)
		}
	}
}

// A wish to be left alone is answered in its own language, if the line has it.
func TestHaltsAreAnsweredInTheirLanguage(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text, v.Number = true, "(202) 555-0100"
	for body, want := range map[string]string{"STOP": "es", "basta": "es", "pare": "es", "please stop texting me": "en", "arrêtez": "es", "停止": "es"} {
		out := flows.Run(f, v, flows.State{Lang: "es"}, flows.Input{Event: flows.Texted, Keys: body}, admits(v))
		if out.Said[0].Prompt != "answer_halt" || out.State.Lang != want {
			t.Errorf("%q is answered in %s: %s", body, out.State.Lang, out.Message())
		}
	}
}
