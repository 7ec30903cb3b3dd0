package console

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// stepForm is what is being changed: Kind is what, "" for nothing. The other fields are
// what the form has been sent with, or what is so now.
type stepForm struct {
	Kind   string    // "way", "option", or a pattern of flows.Additions
	Way    flows.Way // that leads elsewhere, of "way"
	To     string
	Key    string
	Say    string
	Number string
	Words  []stepWords // by language; those of the first have to be there
}

// stepWords are what somebody writes of a step that they add, in a language.
type stepWords struct{ Lang, Label, Says, After string }

// stepForm is the form that was asked for, filled with what is so now.
func (p *page) stepForm(v stepView) stepForm {
	f := stepForm{Key: v.freeKey()}
	if way := p.QueryParam("way"); way != "" {
		for _, w := range v.Step.Ways {
			if wayID(w) == way {
				return stepForm{Kind: "way", Way: w, To: w.To, Key: w.Of, Say: w.Say}
			}
		}
	}
	switch add := p.QueryParam("add"); {
	case v.Step.Kind != "menu" || f.Key == "":
	case add == "option":
		f.Kind = add
	case slices.Contains(flows.Additions, add):
		f.Kind = add
		for _, lang := range v.asked() {
			f.Words = append(f.Words, stepWords{Lang: lang})
		}
	}
	return f
}

// Unsaid says that the way can be left to where the flow leads everywhere.
func (f stepForm) Unsaid() bool {
	return slices.Contains([]string{flows.WaySilence, flows.WayWrong, flows.WayOne}, f.Way.Kind)
}

// shownWay is when a way is taken, in words.
type shownWay struct {
	Words string
	Said  string // what a key is called, in the language of the flow
	To    string
}

// All is both.
func (w shownWay) All() string { return strings.TrimSuffix(w.Words+": "+w.Said, ": ") }

// Way is a way of a step of a kind in words.
func (p *page) Way(kind string, w flows.Way) (shownWay, error) {
	shown := shownWay{Said: w.Words, To: w.To}
	var err error
	switch {
	case w.Kind == flows.WayOutcome:
		if shown.Words, err = p.T("steps.outcome_" + w.Of); err != nil {
			shown.Words = w.Of // what there is not, as somebody wrote it
		}
		return shown, nil
	case w.Kind == flows.WayThen && kind == "say":
		shown.Words, err = p.T("steps.way_then_say")
	default:
		shown.Words, err = p.T("steps.way_"+w.Kind, "key", w.Of)
	}
	if err == nil && w.Kind == flows.WayOption && w.Say == "" {
		var quiet string
		quiet, err = p.T("steps.way_quiet")
		shown.Words += " " + quiet
	}
	return shown, err
}

// wayID names a way of a step in an address.
func wayID(w flows.Way) string {
	if w.Of == "" {
		return w.Kind
	}
	return w.Kind + " " + w.Of
}

// asked are the languages in which a step that is added can have words: first the one of
// the page, without which there is no step.
func (v stepView) asked() []string {
	if len(v.Langs) == 0 {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(v.Langs), func(lang string) bool { return lang == v.Lang })
	return append([]string{v.Lang}, others...)
}

// inAll has each language say something: one that was left empty what the flow's first
// one says, from which the check tells what is not translated, and that one, left empty,
// what the language says that had to be written.
func (v stepView) inAll(words map[string]string) {
	if strings.TrimSpace(words[v.Lang]) == "" {
		return // which is a fault
	}
	source := v.Langs[0]
	if strings.TrimSpace(words[source]) == "" {
		words[source] = words[v.Lang]
	}
	for _, lang := range v.Langs {
		if strings.TrimSpace(words[lang]) == "" {
			words[lang] = words[source]
		}
	}
}

// freeKey is the first digit that the menu has no option for, "" for none.
func (v stepView) freeKey() string {
	if free := v.Free(""); len(free) > 0 {
		return free[0]
	}
	return ""
}

// Free are the digits that the menu has no option for, and the one that an option has.
func (v stepView) Free(own string) (keys []string) {
	for _, key := range strings.Split("123456789", "") {
		if key == own || !slices.ContainsFunc(v.Step.Ways, func(w flows.Way) bool { return w.Kind == flows.WayOption && w.Of == key }) {
			keys = append(keys, key)
		}
	}
	if own != "" && !slices.Contains(keys, own) {
		keys = append(keys, own)
	}
	return keys
}

// Patterns are the steps that can be added.
func (stepView) Patterns() []string { return flows.Additions }

// Targets are the steps that something can lead to, in sections.
func (v stepView) Targets() (all []stepTargets) {
	for _, n := range v.all {
		if last := len(all); last == 0 || all[last-1].Section != n.Section {
			all = append(all, stepTargets{Section: n.Section})
		}
		in := &all[len(all)-1]
		in.Steps = append(in.Steps, stepTarget{Name: n.Name, Words: brief(n)})
	}
	return all
}

type (
	stepTargets struct {
		Section string
		Steps   []stepTarget
	}
	stepTarget struct{ Name, Words string }
)

// mostBrief is how many letters of what a step says tell it from others.
const mostBrief = 28

// brief is what a step is called, and how what is said there begins.
func brief(n flows.Node) string {
	return strings.TrimSuffix(stepName(n.Name)+": "+briefly(n.Words), ": ")
}

func briefly(text string) string {
	words := []rune(text)
	if len(words) <= mostBrief {
		return text
	}
	return string(words[:mostBrief]) + "…"
}

// Labels are what options of the version's menus are called, to choose from.
func (v stepView) Labels() (all []stepTarget) {
	for _, n := range v.all {
		for _, w := range n.Ways {
			if w.Say != "" && w.Words != "" && !slices.ContainsFunc(all, func(l stepTarget) bool { return l.Name == w.Say }) {
				all = append(all, stepTarget{Name: w.Say, Words: briefly(w.Words)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b stepTarget) int {
		return cmp.Compare(strings.Join(flows.PlainWords(a.Words), " "), strings.Join(flows.PlainWords(b.Words), " "))
	})
	return all
}
