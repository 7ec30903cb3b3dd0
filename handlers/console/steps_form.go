package console

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hearthline/hearthline/flows"
)

// stepForm is what is being changed: Kind is what, "" for nothing. The other fields are
// what the form has been sent with, or what is so now.
type stepForm struct {
	Kind string    // "way", "option", "name", "what" to choose a pattern, or one of flows.Additions
	Way  flows.Way // that leads elsewhere, of "way"; of a step that is put in between, where
	// Between says that a step is put in between, and no key leads to it.
	Between bool
	Called  string // of "name"
	To      string
	Key     string
	Say     string
	Number  string
	Words   []stepWords // by language; those of the first have to be there
}

// stepWords are what somebody writes of a step that they add, in a language.
type stepWords struct{ Lang, Label, Says, Left string }

// stepForm is the form that was asked for, filled with what is so now.
func (p *page) stepForm(v stepView) stepForm {
	f := stepForm{Key: v.freeKey()}
	if between := p.QueryParam("between"); between != "" && p.QueryParam("add") == "" {
		for _, w := range v.Betweens() {
			if wayID(w) == between {
				return stepForm{Kind: "what", Between: true, Way: w}
			}
		}
	}
	if way := p.QueryParam("way"); way != "" {
		for _, w := range v.Step.Ways {
			if wayID(w) == way {
				return stepForm{Kind: "way", Way: w, To: w.To, Key: w.Of, Say: w.Say}
			}
		}
	}
	between := p.QueryParam("between")
	i := slices.IndexFunc(v.Betweens(), func(w flows.Way) bool { return wayID(w) == between })
	switch add := p.QueryParam("add"); {
	case add == "name" && v.Renames():
		f.Kind, f.Called = add, stepName(v.Step.Name)
	case between != "" && i < 0, between == "" && (v.Step.Kind != "menu" || f.Key == ""):
	case add == "option" && between == "":
		f.Kind = add
	case slices.Contains(flows.Additions, add):
		f.Kind = add
		if len(v.Numbers) > 1 {
			f.Number = v.Numbers[1] // the first of the flow's own
		}
		if between != "" {
			f.Between, f.Way = true, v.Betweens()[i]
			f.To = f.Way.To
		}
		if at := v.way(flows.WayOutcome, "answered"); f.Between && add == flows.AddDial && at.To != "" {
			f.To = at.To // a call that was answered goes on as those of this step do
		}
		for _, lang := range v.asked() {
			f.Words = append(f.Words, stepWords{Lang: lang})
		}
	}
	return f
}

// Betweens are the ways on that a step can be put on.
func (v stepView) Betweens() (ways []flows.Way) {
	for _, w := range v.Step.Ways {
		if w.To != "" && w.Kind != flows.WayUse && w.Kind != flows.WayWait {
			ways = append(ways, w)
		}
	}
	return ways
}

// Takes says whether a step can be put on a way.
func (v stepView) Takes(w flows.Way) bool { return slices.Contains(v.Betweens(), w) }

// Between is the address of the form that puts a step of a pattern on a way, or with ""
// that asks which.
func (v stepView) Between(w flows.Way, pattern string) string {
	q := url.Values{"between": {wayID(w)}}
	if pattern != "" {
		q.Set("add", pattern)
	}
	return v.At() + "?" + q.Encode() + "#change"
}

// Renames says that the step can be called otherwise: it is not the built-in flow's.
func (v stepView) Renames() bool {
	return v.Changes && (v.Step.Laid == flows.LaidBeside || v.Step.Laid == "" && v.IsDraft)
}

// Quiet says that nothing has to be said at a step that is added.
func (f stepForm) Quiet() bool { return f.Between && f.Kind == flows.AddDial }

// Likes are by language how a key of the step is called, for who writes of another one.
func (v stepView) Likes() map[string]string { return v.likes() }

// likesOf are the Likes of a step of a bundle, which are read once and only if they are shown:
// of a key that is said as most are, if there is one.
func likesOf(b flows.Bundle, step flows.Node) func() map[string]string {
	return sync.OnceValue(func() map[string]string {
		like := ""
		for _, w := range step.Ways {
			whole := strings.Contains(w.Words, "{") // a sentence that names its key itself
			if w.Kind == flows.WayOption && w.Words != "" && (like == "" || !whole) {
				like = w.Say
				if !whole {
					break
				}
			}
		}
		if like == "" {
			return nil
		}
		return b.Spoken(like)
	})
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
	for _, n := range v.Nodes {
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

func briefly(text string) string { return cutShort(text, mostBrief) }

// cutShort is a text of so many letters at most.
func cutShort(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return string(letters[:most]) + "…"
}

// Labels are what options of the version's menus are called, to choose from.
func (v stepView) Labels() (all []stepTarget) {
	for _, n := range v.Nodes {
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
