package console

import (
	"errors"
	"slices"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// stepFaults are why a change cannot be made: by field, and in words.
var stepFaults = []struct {
	is           error
	field, words string
}{
	{flows.ErrNoNode, "to", "steps.fault_to"},
	{flows.ErrNoKey, "key", "steps.fault_key"},
	{flows.ErrKeyTaken, "key", "steps.fault_taken"},
	{flows.ErrNoWords, "words", "steps.fault_words"},
	{flows.ErrNoNumber, "number", "steps.fault_number"},
	{flows.ErrNoWay, "step", "steps.fault_way"},
	{flows.ErrLedTo, "step", "steps.fault_led"},
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
	v.Form = stepForm{Kind: "way", Way: flows.Way{Kind: kind, Of: of}, To: to, Key: of}
	for _, w := range v.Step.Ways {
		if w.Kind == kind && w.Of == of {
			v.Form.Way = w
		}
	}
	if kind != flows.WayOption {
		bundle, err := v.Bundle.Led(v.Step.Name, kind, of, to)
		return p.changed(v, bundle, v.Step.Name, err)
	}
	v.Form.Key, v.Form.Say = p.FormValue("key"), p.FormValue("say")
	bundle, err := v.Bundle.WithOption(v.Step.Name, of, flows.MenuOption{Key: v.Form.Key, Say: v.label(v.Form.Say), To: to})
	if of == "" {
		err = flows.ErrNoWay // addOption does that
	}
	return p.changed(v, bundle, v.Step.Name, err)
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
	bundle, err := v.Bundle.WithOption(v.Step.Name, "", flows.MenuOption{Key: v.Form.Key, Say: v.label(v.Form.Say), To: v.Form.To})
	return p.changed(v, bundle, v.Step.Name, err)
}

// removeOption takes a key from a menu. What it is called stays, for another one.
func (p *page) removeOption() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	bundle, err := v.Bundle.WithoutOption(v.Step.Name, p.FormValue("key"))
	return p.changed(v, bundle, v.Step.Name, err)
}

// addStep gives a menu a key for a step that there was not.
func (p *page) addStep() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	v.Form = stepForm{Kind: p.FormValue("pattern"), Key: p.FormValue("key"), Say: p.FormValue("say"), Number: p.FormValue("number")}
	if !slices.Contains(flows.Additions, v.Form.Kind) {
		return missing
	}
	a := flows.Addition{
		Menu: v.Step.Name, Key: v.Form.Key, Pattern: v.Form.Kind, Number: v.Form.Number, First: v.label(v.Form.Say),
		Label: map[string]string{}, Says: map[string]string{}, After: map[string]string{},
	}
	long := false
	for _, lang := range v.asked() {
		w := stepWords{lang, p.FormValue("label-" + lang), p.FormValue("says-" + lang), p.FormValue("after-" + lang)}
		long = long || max(len(w.Label), len(w.Says), len(w.After)) > longestStepWords
		a.Label[lang], a.Says[lang], a.After[lang] = w.Label, w.Says, w.After
		v.Form.Words = append(v.Form.Words, w)
	}
	if long {
		return p.wrong("step", "steps.step_title", map[string]string{"words": "steps.fault_long"}, v)
	}
	for _, words := range []map[string]string{a.Label, a.Says, a.After} {
		v.inAll(words)
	}
	bundle, name, err := v.Bundle.WithAddition(a)
	return p.changed(v, bundle, name, err)
}

// removeStep takes a step out that nothing leads to, and goes on at the list.
func (p *page) removeStep() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	bundle, err := v.Bundle.WithoutNode(v.Step.Name)
	return p.changed(v, bundle, "", err)
}

// changed makes a bundle the draft that a form made of the version of the page, and goes
// on at a step of it, "" for the list. The draft may have faults, which the step's page
// shows; nobody can publish it then.
func (p *page) changed(v stepView, bundle flows.Bundle, at string, err error) error {
	for _, fault := range stepFaults {
		if errors.Is(err, fault.is) {
			return p.wrong("step", "steps.step_title", map[string]string{fault.field: fault.words}, v)
		}
	}
	if err != nil {
		return err
	}
	over := v.Hash
	if heard, err := p.desk.Versions.Store.Heard(p.ctx(), p.line); err != nil {
		return err
	} else if heard.Draft == "" && v.Changes {
		over = ""
	}
	hash := bundle.Hash()
	if hash == v.Hash {
		return p.done(v.At(), "steps.is_same")
	}
	err = p.desk.Versions.Store.Edit(p.ctx(), p.line, p.by(), over, store.FlowVersion{Hash: hash, Content: bundle.Encode()}, v.Step.Name)
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

// draftMoved leads to the step in the draft as it is now, where a change was made to
// another version: nothing has changed.
func (p *page) draftMoved(v stepView) error {
	now, _, err := p.changing()
	if err != nil {
		return err
	}
	to := flowsPath + "/" + now.ID + "/steps"
	if slices.ContainsFunc(now.Bundle.Nodes(v.Lang), func(n flows.Node) bool { return n.Name == v.Step.Name }) {
		to = stepAt(now.ID, v.Step.Name)
	}
	return p.done(to, "steps.is_moved")
}
