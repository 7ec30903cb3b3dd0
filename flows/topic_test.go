package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// aboutEverything is a view of a line in every language with a group of each topic.
func aboutEverything(t testing.TB, f *flows.Flow) flows.View {
	t.Helper()
	v := view(t)
	line := v.Directory.Line
	line.Speech, line.Languages = true, f.Languages()
	var groups []flows.Group
	for _, p := range inAll(t).Prompts("en") {
		if topic, ok := strings.CutPrefix(p.Name, "topic_"); ok {
			groups = append(groups, flows.Group{ID: topic, Name: flows.Words{"": "x"}, Topics: []string{topic}, Access: flows.AccessOpen, Stage: flows.StageOpen})
		}
	}
	v.Directory = flows.NewDirectory(line, groups, at)
	return v
}

// asked are the ways in which people ask for a topic; "" for what is about none.
var asked = map[string]map[string]string{
	"en": {
		"find bereavement": "grief", "I lost my husband": "grief", "looking for a loss group": "grief", "FIND mourning": "grief", "sight loss": "blind", "hearing loss": "deaf",
		"find addiction": "recovery", "find addiction and mental health": "dual-diagnosis", "depressed": "anxiety", "lgbtq": "lgbtq", "find gay": "lgbtq", "12 steps": "steps",
		"find cancer": "living-with-illness", "find men": "men", "find women's": "women", "domestic violence": "safety", "find something else": "", "I lost my card": "", "hello everyone": "",
	},
	"es": {"perdida": "grief", "buscar perdida": "grief", "perdí a mi madre": "grief", "luto": "grief", "alcoholismo": "recovery", "depresion": "anxiety", "¿Qué pasó?": "", "señoras": ""},
	"fr": {"chercher décès": "grief", "j'ai perdu ma mère": "grief", "soeur decedee": "grief", "chercher l'alcool": "recovery", "depression": "anxiety", "proche aidante": "caregivers"},
	"ht": {"chèche lanmò": "grief", "m pedi manman m": "grief", "bwè alkòl": "recovery", "depresyon": "anxiety", "vyolans": "safety", "mesye": ""},
	"pt-BR": {
		"procurar perda": "grief", "perdi meu pai": "grief", "alcoolismo": "recovery", "depressao": "anxiety", "saúde mental": "anxiety", "violencia domestica": "safety", "oi gente": "",
	},
	"zh-Hans": {
		"查找悲伤": "grief", "找丧亲小组": "grief", "我想找失去亲人的小组": "grief", "戒酒": "recovery", "抑郁": "anxiety", "家庭暴力": "safety", "新朋友": "newcomers", "朋友": "family", "大家好": "",
	},
}

func TestTopicsHaveOtherNames(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	v := aboutEverything(t, f)
	v.Text = true
	for lang, texts := range asked {
		for body, want := range texts {
			out := flows.Turn(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Texted, Keys: body})
			if got := out.State.Topic; got != want || want != "" && out.State.Lang != lang {
				t.Errorf("%q finds %q in %s, not %q", body, got, out.State.Lang, want)
			}
		}
	}
}

// A topic is heard at the list of topics by any of its names, whatever page it is on.
func TestTopicsAreHeardByOtherNames(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	v := aboutEverything(t, f)
	for _, tt := range []struct{ lang, said, want string }{
		{"en", "bereavement", "grief"}, {"en", "I have lost my mother", "grief"}, {"en", "Women.", "women"}, {"es", "pérdida", "grief"}, {"fr", "le décès", "grief"},
		{"pt-BR", "a perda", "grief"}, {"zh-Hans", "丧亲", "grief"}, {"en", "the weather", ""},
	} {
		s := flows.Run(f, v, flows.State{Lang: tt.lang}, flows.Input{}, admits(v)).State
		s.Lang = tt.lang
		for _, key := range []string{"3", "1"} {
			s = flows.Run(f, v, s, press(key), admits(v)).State
		}
		if out := flows.Run(f, v, s, say(tt.said), admits(v)); out.State.Topic != tt.want {
			t.Errorf("in %s %q leads to %q at %s", tt.lang, tt.said, out.State.Topic, out.State.Node)
		}
	}
}

func TestEveryTopicHasOtherNames(t *testing.T) {
	t.Parallel()
	b := inAll(t)
	for _, lang := range spoken {
		var own, also []string
		for _, p := range b.Prompts(lang) {
			if topic, ok := strings.CutPrefix(p.Name, "topic_"); ok {
				own = append(own, topic)
			}
			if topic, ok := strings.CutPrefix(p.Name, "also_"); ok {
				also = append(also, topic)
			}
		}
		if !slices.Equal(own, also) {
			t.Errorf("in %s topics are %v, of which %v have other names", lang, own, also)
		}
	}
}

func inAll(t testing.TB) flows.Bundle {
	t.Helper()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return b
}
