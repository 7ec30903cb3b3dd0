package console

import (
	"errors"
	"maps"

	"github.com/hearthline/hearthline/flows"
)

// editing is a version that is looked at, and what becomes of it if something of it is
// changed.
type editing struct {
	version
	// Changes says that it can be changed by who looks at it; Draft that another version
	// can be, the draft: its hash.
	Changes bool
	Draft   string
	IsDraft bool
	base    flows.Bundle // of which a change is made
	over    string       // the hash of the draft that it takes the place of, "" for none
}

// editFault is why a version cannot be changed so: at a field of the form, in words.
type editFault struct {
	is           error
	field, words string
}

type editFaults []editFault

// of is what an error is among them, as a form shows it; nil if it is another.
func (all editFaults) of(err error) map[string]string {
	for _, fault := range all {
		if errors.Is(err, fault.is) {
			return map[string]string{fault.field: fault.words}
		}
	}
	return nil
}

// changing is the version of which a change is made: the draft, if there is one, or else
// what everybody hears, as a draft of it begins. From is the hash of what it begins from.
func (p *page) changing() (v version, from, draft string, err error) {
	heard, err := p.desk.Versions.Store.Heard(p.ctx(), p.line)
	if err != nil {
		return version{}, "", "", err
	}
	if heard.Draft != "" {
		v, err = p.versionOf(heard.Draft)
		return v, v.Hash, heard.Draft, err
	}
	if v, _, err = p.heardNow(); err != nil {
		return version{}, "", "", err
	}
	v.Older = p.older(v.Bundle)
	from, v.Bundle = v.Hash, v.Bundle.Begun(p.desk.Versions.BuiltIn())
	v.Hash = v.Bundle.Hash()
	return v, from, "", nil
}

// changeable is the version whose pages change it now, as its address names it.
func (p *page) changeable() (version, error) {
	now, _, _, err := p.changing()
	if err != nil {
		return version{}, err
	}
	return p.versionOf(now.ID)
}

// editing says what becomes of a version that is changed, by whom may send a form to a
// route.
func (p *page) editing(of version, route string) (editing, error) {
	now, from, draft, err := p.changing()
	if err != nil {
		return editing{}, err
	}
	e := editing{version: of, IsDraft: of.Hash == draft, base: of.Bundle, over: of.Hash}
	if !e.IsDraft {
		e.base = of.Bundle.Begun(p.desk.Versions.BuiltIn())
	}
	if of.Hash == from {
		e.Changes = p.Can(post, route)
		e.over, e.Older = draft, now.Older
	} else if draft != "" {
		e.Draft = draft
	}
	return e, nil
}

// older says whether a bundle is laid over the built-in flow of another program.
func (p *page) older(b flows.Bundle) bool {
	return b.Extends() && !maps.Equal(b, b.Over(p.desk.Versions.BuiltIn()))
}
