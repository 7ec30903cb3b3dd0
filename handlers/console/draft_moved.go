package console

import (
	"errors"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// mostMoves is how often a change is made to the draft that others change at the same time.
const mostMoves = 4

// toDraft makes a change of the draft once more where somebody else was quicker, to what
// they have made of it: neither is lost.
func (p *page) toDraft(change func() error) error {
	for range mostMoves {
		if err := change(); !errors.Is(err, store.ErrDraftMoved) {
			return err
		}
	}
	return p.done(flowsPath, "steps.is_moved")
}

// redraft makes a bundle the draft, if what it was made of still is: the version with the
// hash over, "" for none. It is store.ErrDraftMoved if not. Of is the node that was changed,
// "" for words. The draft may have faults, which pages show; nobody can publish it then.
func (p *page) redraft(over string, b flows.Bundle, of string) error {
	return p.desk.Versions.Store.Edit(p.ctx(), p.line, p.by(), over, store.FlowVersion{Hash: b.Hash(), Content: b.Encode()}, of)
}

// setWords is documented with wordDraft.
func (p *page) setWords() error { return p.toDraft(p.wordDraft) }

// takeCatalogue is documented with takeIn.
func (p *page) takeCatalogue() error { return p.toDraft(p.takeIn) }
