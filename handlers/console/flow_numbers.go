package console

import (
	"errors"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// The numbers of other lines that a flow can dial are named, added, changed and removed
// here. Everybody may know them: they stand in the flow's files.

const numbersPath = versionPath + "/numbers"

// numbersView is what the page of numbers shows.
type numbersView struct {
	editing
	All  []flows.OwnNumber
	Form numberForm
}

// numberForm is a number as it is being changed: Name is the one that there is, "" for a
// new one.
type numberForm struct{ Name, Called, Number string }

// numbers lists the numbers that a version can dial.
func (p *page) numbers() error {
	v, err := p.numbersView()
	if err != nil {
		return err
	}
	for _, n := range v.All {
		if n.Name == p.QueryParam("number") {
			v.Form = numberForm{Name: n.Name, Number: n.E164}
		}
	}
	return p.show("flow_numbers", "flows.numbers_title", v)
}

func (p *page) numbersView() (numbersView, error) {
	of, err := p.versionOf(p.Param("version"))
	if err != nil {
		return numbersView{}, err
	}
	return p.numbersIn(of)
}

// numbersIn are the numbers in a version.
func (p *page) numbersIn(of version) (numbersView, error) {
	e, err := p.editing(of, numbersPath)
	return numbersView{editing: e, All: of.Bundle.OwnNumbers()}, err
}

// Called is what a number or a step is called by its name.
func (numbersView) Called(name string) string { return stepName(name) }

// At is the address of a step.
func (v numbersView) At(step string) string { return stepAt(v.ID, step) }

// numberFaults are why a number cannot be changed: by field, and in words.
var numberFaults = editFaults{
	{flows.ErrNoName, "called", "flows.fault_called"},
	{flows.ErrNameTaken, "called", "flows.fault_taken"},
	{flows.ErrNotDialled, "number", "flows.fault_number"},
	{flows.ErrNoNumber, "numbers", "flows.fault_no_number"},
	{flows.ErrDialled, "numbers", "flows.fault_dialled"},
	{flows.ErrUnreadable, "numbers", "steps.fault_unread"},
	{errAfield, "number", "flows.fault_afield"},
	{errOurs, "number", "flows.fault_ours"},
}

// errAfield says that a number is not to be dialled from here.
var errAfield = errors.New("the number may not be dialled")

// errOurs says that a number is the line's own, which would call itself.
var errOurs = errors.New("the number is the line's own")

// setNumber adds a number, or has one that there is be another.
func (p *page) setNumber() error {
	form := numberForm{Name: p.FormValue("name"), Called: p.FormValue("called"), Number: p.FormValue("number")}
	v, err := p.numbersView()
	if p.draftGone(err) {
		return p.numberStillTyped(form)
	}
	if err != nil {
		return err
	}
	v.Form = form
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-.", r) {
			return -1 // as people write it
		}
		return r
	}, v.Form.Number)
	var bundle flows.Bundle
	if v.Form.Name == "" {
		bundle, _, err = v.base.WithNumber(v.Form.Called, number)
	} else {
		bundle, err = v.base.Dialling(v.Form.Name, number)
	}
	if err == nil {
		d, why := store.OwnNumber(number, p.desk.Setup.Countries)
		switch {
		case why != "":
			err = errAfield
		case p.ours(d.Number()):
			err = errOurs
		}
	}
	return p.numberChanged(v, bundle, "flows.is_numbered", err)
}

// ours says whether a number is one of the line's, which are public.
func (p *page) ours(n vault.Number) bool {
	return p.desk.Numbers != nil && slices.ContainsFunc(p.desk.Numbers(), func(own PublicNumber) bool { return own.Dialled == n.Reveal(vault.ForWords) })
}

// removeNumber takes a number out that nothing dials.
func (p *page) removeNumber() error {
	v, err := p.numbersView()
	if err != nil {
		return err
	}
	bundle, err := v.base.WithoutNumber(p.FormValue("name"))
	return p.numberChanged(v, bundle, "flows.is_unnumbered", err)
}

// numberChanged makes a bundle the draft that a form made.
func (p *page) numberChanged(v numbersView, bundle flows.Bundle, said string, err error) error {
	if faults := numberFaults.of(err); faults != nil {
		return p.wrong("flow_numbers", "flows.numbers_title", faults, v)
	}
	if err != nil {
		return err
	}
	if bundle.Hash() == v.base.Hash() {
		return p.done(flowsPath+"/"+v.ID+"/numbers", "steps.is_same")
	}
	err = p.redraft(v.over, bundle, "numbers")
	switch {
	case errors.Is(err, store.ErrDraftMoved) && v.Form != numberForm{}:
		return p.numberStillTyped(v.Form)
	case errors.Is(err, store.ErrDraftMoved):
		return p.done(flowsPath, "steps.is_moved")
	case err != nil:
		return err
	}
	return p.done(flowsPath+"/"+bundle.Hash()+"/numbers", said)
}

// numberStillTyped answers with the form as it was sent, of the version that can be changed
// now: nothing has changed, and what was written is not lost.
func (p *page) numberStillTyped(form numberForm) error {
	now, err := p.changeable()
	if err != nil {
		return err
	}
	v, err := p.numbersIn(now)
	if err != nil {
		return err
	}
	v.Form = form
	return p.wrong("flow_numbers", "flows.numbers_title", map[string]string{"numbers": "steps.fault_moved"}, v)
}
