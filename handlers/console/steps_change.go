package console

import (
	"errors"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// stepFaults are why a change cannot be made: by field, and in words.
var stepFaults = editFaults{
	{flows.ErrNoNode, "to", "steps.fault_to"},
	{flows.ErrNoKey, "key", "steps.fault_key"},
	{flows.ErrKeyTaken, "key", "steps.fault_taken"},
	{flows.ErrNoWords, "words", "steps.fault_words"},
	{flows.ErrNoNumber, "number", "steps.fault_number"},
	{flows.ErrNoWay, "step", "steps.fault_way"},
	{flows.ErrLedTo, "step", "steps.fault_led"},
	{flows.ErrNoName, "called", "steps.fault_name"},
	{flows.ErrUnreadable, "step", "steps.fault_unread"},
}

// longestStepWords is how many bytes somebody may write of a step in a field.
const longestStepWords = 1000

// leadElsewhere has a way of a step lead to another, or an option be called otherwise.
func (p *page) leadElsewhere() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	kind, of, to := p.FormValue("kind"), p.FormValue("of"), p.FormValue("to")
	v.Form = stepForm{Kind: "way", Way: v.way(kind, of), To: to, Key: of}
	if kind != flows.WayOption {
		bundle, err := v.base.Led(v.Step.Name, kind, of, to)
		return p.changed(v, bundle, v.Step.Name, err)
	}
	v.Form.Key, v.Form.Say = p.FormValue("key"), p.FormValue("say")
	bundle, err := v.base.WithOption(v.Step.Name, of, flows.MenuOption{Key: v.Form.Key, Say: v.label(v.Form.Say), To: to})
	if of == "" {
		err = flows.ErrNoWay // addOption does that
	}
	return p.changed(v, bundle, v.Step.Name, err)
}

// way is a way on of the step, as it is known; nothing but its kind where there is none.
func (v stepView) way(kind, of string) flows.Way {
	for _, w := range v.Step.Ways {
		if w.Kind == kind && w.Of == of {
			return w
		}
	}
	return flows.Way{Kind: kind, Of: of}
}

// label is the prompt of a form, "" for one that no option has.
func (v stepView) label(say string) string {
	if slices.ContainsFunc(v.Labels(), func(l stepTarget) bool { return l.Name == say }) {
		return say
	}
	return ""
}

// addOption gives a menu a key for a step that there is.
func (p *page) addOption() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	v.Form = stepForm{Kind: "option", Key: p.FormValue("key"), Say: p.FormValue("say"), To: p.FormValue("to")}
	bundle, err := v.base.WithOption(v.Step.Name, "", flows.MenuOption{Key: v.Form.Key, Say: v.label(v.Form.Say), To: v.Form.To})
	return p.changed(v, bundle, v.Step.Name, err)
}

// removeOption takes a key from a menu. What it is called stays, for another one.
func (p *page) removeOption() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	bundle, err := v.base.WithoutOption(v.Step.Name, p.FormValue("key"))
	return p.changed(v, bundle, v.Step.Name, err)
}

// addStep gives a menu a key for a step that there was not, or puts that step in between.
func (p *page) addStep() error {
	v, moved, err := p.stepToAddTo()
	if err != nil {
		return err
	}
	v.Form = stepForm{Kind: p.FormValue("pattern"), Key: p.FormValue("key"), Say: p.FormValue("say"), Number: p.FormValue("number"), To: p.FormValue("to")}
	if !slices.Contains(flows.Additions, v.Form.Kind) {
		return missing
	}
	a := flows.Addition{
		After: v.Step.Name, Key: v.Form.Key, Pattern: v.Form.Kind, Number: v.Form.Number, First: v.label(v.Form.Say), To: v.Form.To,
		Label: map[string]string{}, Says: map[string]string{}, Left: map[string]string{},
	}
	if a.Way, a.Of = p.FormValue("way"), p.FormValue("of"); a.Way != "" {
		v.Form.Between, a.Key = true, ""
		v.Form.Way = v.way(a.Way, a.Of)
	}
	long := false
	for _, lang := range v.asked() {
		w := stepWords{lang, p.FormValue("label-" + lang), p.FormValue("says-" + lang), p.FormValue("left-" + lang)}
		long = long || max(len(w.Label), len(w.Says), len(w.Left)) > longestStepWords
		a.Label[lang], a.Says[lang], a.Left[lang] = w.Label, w.Says, w.Left
		v.Form.Words = append(v.Form.Words, w)
	}
	if long {
		return p.wrong("step", "steps.step_title", map[string]string{"words": "steps.fault_long"}, v)
	}
	if moved {
		return p.stillTyped(v)
	}
	for _, words := range []map[string]string{a.Label, a.Says, a.Left} {
		v.inAll(words)
	}
	if v.Form.Between && v.Form.Kind == flows.AddDial && strings.TrimSpace(a.Says[v.Lang]) == "" {
		a.Says = nil // what was heard before is heard then
	}
	bundle, name, err := v.base.WithAddition(a)
	return p.changed(v, bundle, name, err)
}

// renameStep has a step of the flow's own be called otherwise.
func (p *page) renameStep() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	v.Form = stepForm{Kind: "name", Called: p.FormValue("called")}
	bundle, name, err := v.base.Renamed(v.Step.Name, v.Form.Called)
	return p.changed(v, bundle, name, err)
}

// removeStep takes a step out that nothing leads to, and goes on at the list.
func (p *page) removeStep() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	bundle, err := v.base.WithoutNode(v.Step.Name)
	return p.changed(v, bundle, "", err)
}

// changed makes a bundle the draft that a form made of the version of the page, and goes
// on at a step of it, "" for the list. The draft may have faults, which the step's page
// shows; nobody can publish it then.
func (p *page) changed(v stepView, bundle flows.Bundle, at string, err error) error {
	if faults := stepFaults.of(err); faults != nil {
		return p.wrong("step", "steps.step_title", faults, v)
	}
	if err != nil {
		return err
	}
	hash := bundle.Hash()
	if hash == v.base.Hash() {
		return p.done(v.At(), "steps.is_same")
	}
	err = p.redraft(v.over, bundle, v.Step.Name)
	if errors.Is(err, store.ErrDraftMoved) {
		return p.draftMoved(v)
	}
	if err != nil {
		return err
	}
	if at == "" {
		return p.done(flowsPath+"/"+hash+"/steps", "steps.is_removed")
	}
	return p.done(stepAt(hash, at), "steps.is_changed")
}

// ofADraft leads who sends a form of a draft that is kept no more to what there is now:
// nothing has changed.
func ofADraft(do func(*page) error) func(*page) error {
	return func(p *page) error {
		if _, err := p.versionOf(p.Param("version")); p.draftGone(err) {
			return p.done(flowsPath, "steps.is_moved")
		}
		return do(p)
	}
}

// draftGone says whether an error is that the draft of the address is kept no more.
func (p *page) draftGone(err error) bool {
	return errors.Is(err, missing) && hashed.MatchString(p.Param("version"))
}

// stepToAddTo is the step of the address or, where its draft is kept no more, that step as
// it is now.
func (p *page) stepToAddTo() (v stepView, moved bool, err error) {
	if v, err = p.stepView(); !p.draftGone(err) {
		return v, false, err
	}
	v, err = p.stepNow()
	return v, true, err
}

// stepNow is the step of the address in the version that can be changed.
func (p *page) stepNow() (stepView, error) {
	now, err := p.changeable()
	if err != nil {
		return stepView{}, err
	}
	return p.stepIn(now)
}

// stillTyped answers with the form of a step that is added as it was sent, of the draft as
// it is now: nothing has changed, and what was written is not lost.
func (p *page) stillTyped(v stepView) error {
	return p.wrong("step", "steps.step_title", map[string]string{"step": "steps.fault_moved"}, v)
}

// draftMoved leads to the step in the draft as it is now, where a change was made to
// another version: nothing has changed.
func (p *page) draftMoved(v stepView) error {
	now, _, _, err := p.changing()
	if err != nil {
		return err
	}
	if slices.Contains(flows.Additions, v.Form.Kind) {
		is, err := p.stepNow()
		if err == nil {
			is.Form = v.Form
			return p.stillTyped(is)
		}
		if !errors.Is(err, missing) {
			return err
		}
	}
	to := flowsPath + "/" + now.ID + "/steps"
	if slices.ContainsFunc(now.Bundle.Steps(v.Lang).Nodes, func(n flows.Node) bool { return n.Name == v.Step.Name }) {
		to = stepAt(now.ID, v.Step.Name)
	}
	return p.done(to, "steps.is_moved")
}
