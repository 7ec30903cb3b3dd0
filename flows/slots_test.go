package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

func TestWhatAMemberHears(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for _, tt := range []struct {
		lang, prompt string
		member       flows.Member
		want         string
	}{
		{"en", "held_rest", flows.Member{}, "You belong to no group. Quick join leads to no group."},
		{"en", "held_rest", flows.Member{Groups: []string{"gone", "482105"}, Quick: "gone"}, "one group: Evening grief circle. Quick join leads to no group."},
		{"es", "held_rest", flows.Member{Groups: []string{"927461", "482105", "648392"}, Quick: "927461"}, "Sus grupos: tres, Círculo de duelo; Evening grief circle; Night owls. Su entrada rápida: Círculo de duelo."},
		{"en", "held_times", flows.Member{Preferences: flows.Preferences{Zone: "Europe/London", Hours: flows.Mornings}}, "on any day, in the morning, by London time. None comes before nine, or from eight at night on. An answering machine hears nothing."},
		{"en", "held_reminders", flows.Member{Preferences: flows.Preferences{Channel: flows.ByCall, Language: "es", Clear: true}, Stopped: true}, "by phone, in Spanish. They name the group. You told us to send none."},
		{"es", "held", flows.Member{Enrolled: "2026-03", Consent: flows.Consent{Month: "2026-02"}}, "Se inscribió en marzo de 2026, y aceptó los recordatorios en febrero de 2026."},
	} {
		v.Member = &tt.member
		if got := f.Say(v, flows.State{Lang: tt.lang}, tt.prompt).Text(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, not %q", tt.prompt, got, tt.want)
		}
	}
	for prompt, s := range map[string]flows.State{
		"enrolled":      {Lang: "en", Vars: map[string]string{"told": "482913"}},
		"enrolled_text": {Lang: "en", Vars: map[string]string{"code": "193746"}},
	} {
		v.Text = prompt == "enrolled_text"
		if got := f.Say(v, s, prompt); !strings.Contains(got.Text(), map[bool]string{false: "4, 8, 2, 9, 1, 3", true: "enter 193746."}[v.Text]) {
			t.Errorf("%s: %q", prompt, got.Text())
		} else if slow := slices.ContainsFunc(got.Parts, func(p flows.Part) bool { return p.Slow && strings.HasPrefix(p.Text, "4, 8") }); slow == v.Text {
			t.Errorf("%s: slowly %v", prompt, slow)
		}
	}
	for _, lang := range spoken {
		v.Text = true
		u := f.Say(v, flows.State{Lang: lang}, "confirm_text")
		if s := flows.CountSegments(flows.Fold(u.Text())); s.Count != 1 || s.Encoding != encoding(lang) || !strings.Contains(u.Text(), "OK") || !strings.Contains(u.Text(), "STOP") {
			t.Errorf("%+v: %s", s, u.Text())
		}
	}
}

func TestZonesAreEachOfferedOnce(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for own, want := range map[string][]string{
		"America/Detroit": {"Eastern time", "Central time", "Mountain time", "Arizona time", "Pacific time", "Alaska time", "Hawaii time", "Atlantic time", "Newfoundland time", "Puerto Rico time", "Saskatchewan time"},
		"Europe/London":   {"London time", "Eastern time", "Central time"},
		"America/Phoenix": {"Arizona time", "Eastern time"},
	} {
		v := view(t)
		v.Directory = flows.NewDirectory(flows.Line{ID: "line", Zone: own, Languages: []string{"en"}, CodeLength: 6}, nil, at)
		v.Member = &flows.Member{}
		var said []string
		out := flows.Run(f, v, flows.State{Node: "times"}, press("4"), admits(v))
		for {
			for _, u := range out.Said {
				if name, ok := strings.CutPrefix(u.Text(), "For "); ok {
					said = append(said, strings.Split(name, ", press")[0])
				}
			}
			if out.State.More != flows.MoreItems {
				break
			}
			out = flows.Run(f, v, out.State, press("9"), admits(v))
		}
		if len(said) < len(want) || !slices.Equal(said[:len(want)], want) || len(said) != len(slices.Compact(slices.Sorted(slices.Values(said)))) {
			t.Errorf("%s: %q", own, said)
		}
	}
}

// Who waits for the last of many languages hears in it which key leads there.
func TestMoreLanguagesAreOfferedInThem(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	line := v.Directory.Line
	line.Languages = f.Languages()
	v.Directory = flows.NewDirectory(line, v.Directory.Groups(), at)
	out := flows.Run(f, v, flows.State{Node: "main", Lang: "en", Offered: []string{"9"}}, press("9"), admits(v))
	if last := out.Said[len(out.Said)-1]; last.Lang != "zh-Hans" || last.Text() != "听更多，请按9。" {
		t.Errorf("after four languages is said %q in %s", last.Text(), last.Lang)
	}
	out = flows.Run(f, v, out.State, press("9"), admits(v))
	if first := out.Said[0]; first.Lang != "zh-Hans" || !strings.HasPrefix(first.Text(), "中文") {
		t.Errorf("then is said %q in %s", first.Text(), first.Lang)
	}
	v.Text = true
	out = flows.Run(f, v, flows.State{Node: "main", Lang: "en", Offered: []string{"9"}}, flows.Input{Event: flows.Texted, Keys: "9"}, admits(v))
	if last := out.Said[len(out.Said)-1]; last.Lang != "en" || !strings.HasPrefix(last.Text(), "9 ") {
		t.Errorf("a text ends with %q in %s", last.Text(), last.Lang)
	}
}

// One of something is said as one in every language, also where CLDR has no rules.
func TestOneIsSaidAsOne(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for lang, want := range map[string]string{
		"en": "one group: ", "es": "uno, ", "fr": "un seul, ", "ht": "youn, ", "pt-BR": "um, ", "zh-Hans": "一个，",
	} {
		v.Member = &flows.Member{Groups: []string{"482105"}}
		if got := f.Say(v, flows.State{Lang: lang}, "held_rest").Text(); !strings.Contains(got, want) {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

// The main menu of a line with all languages is a text in GSM-7 for whoever reads one of
// those, and a short one.
func TestAMenuOfAllLanguagesStaysAText(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	line := v.Directory.Line
	line.Languages = spoken
	v.Directory, v.Text = flows.NewDirectory(line, v.Directory.Groups(), at), true
	for _, lang := range spoken {
		text := flows.Turn(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Texted, Keys: "*"}).Message()
		if n := flows.CountSegments(text); n.Encoding != encoding(lang) || n.Count > 3 {
			t.Errorf("%s takes %+v: %s", lang, n, text)
		} else {
			t.Logf("%s: %+v", lang, n)
		}
	}
}
