package console

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
)

// workshop is where versions are compiled and drawn, one at a time: a large one takes a
// second, and much memory, of the machine that answers calls. It is safe for concurrent use.
type workshop struct {
	places   chan struct{} // of who is at work, and of who waits for that
	work     chan struct{} // of who is at work
	patience time.Duration // how long somebody waits

	each int // places that one account may have

	mu   sync.Mutex
	has  map[string]int // places by account
	last []*compiled    // by when they were looked at, the latest first
}

const (
	mostCompiled = 6 // versions that are held: what is heard, the draft, and some beside
	mostAtWork   = 8 // requests that are at work or wait; each has a version in memory
	mostOfOne    = 2 // of those, of one account: the others are there for everybody else
	// longestWait is how long a request waits for others' versions.
	longestWait = 5 * time.Second
)

func newWorkshop() *workshop {
	return &workshop{places: make(chan struct{}, mostAtWork), work: make(chan struct{}, 1), patience: longestWait, each: mostOfOne, has: map[string]int{}}
}

// compiled is a version that was looked at, which is looked at again for each key that is
// pressed in it.
type compiled struct {
	hash     string
	flow     *flows.Flow
	problems []flows.Problem
	drawings map[string]*drawing // by the language of the page; under the workshop's mu
}

// drawing is a version to be looked at. Pages share it, and change nothing of it.
type drawing struct {
	svg      []byte
	sections []flows.DrawnSection
}

// enter waits until nobody else is at work, no longer than the request of an account is
// waited for. The caller calls leave. errBusy says that it is too full, that the account
// has as many places as one may, or that it takes too long.
func (w *workshop) enter(ctx context.Context, account string) (leave func(), err error) {
	if !w.place(account) {
		return nil, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, w.patience)
	defer cancel()
	select {
	case w.work <- struct{}{}:
		return func() { <-w.work; w.free(account) }, nil
	case <-ctx.Done():
		w.free(account)
		return nil, errBusy
	}
}

// place takes a place for an account, if there is one for it.
func (w *workshop) place(account string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.has[account] >= w.each {
		return false
	}
	select {
	case w.places <- struct{}{}:
		w.has[account]++
		return true
	default:
		return false
	}
}

// free gives it back.
func (w *workshop) free(account string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.has[account]--; w.has[account] == 0 {
		delete(w.has, account)
	}
	<-w.places
}

// held is a version that is compiled already, nil if it is not, and its drawing for pages
// of a language, nil if there is none.
func (w *workshop) held(hash, lang string) (*compiled, *drawing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.last, func(c *compiled) bool { return c.hash == hash })
	if i < 0 {
		return nil, nil
	}
	one := w.last[i]
	w.last = slices.Insert(slices.Delete(w.last, i, i+1), 0, one)
	return one, one.drawings[lang]
}

// keep holds a version, and lets go which was not looked at for longest.
func (w *workshop) keep(one *compiled) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = slices.Insert(w.last, 0, one)
	if len(w.last) > mostCompiled {
		w.last = slices.Delete(w.last, mostCompiled, len(w.last))
	}
}

// compile is a version's flow, nil for one that cannot be heard, and what is wrong with it.
// errBusy says that others' are compiled first.
func (p *page) compile(v version) (*flows.Flow, []flows.Problem, error) {
	one, _ := p.desk.workshop.held(v.Hash, p.lang)
	if one == nil {
		leave, err := p.desk.workshop.enter(p.ctx(), p.who.Account)
		if err != nil {
			return nil, nil, err
		}
		defer leave()
		one = p.compiledIn(v)
	}
	return one.flow, one.problems, nil
}

// compiledIn is a version compiled by who is at work.
func (p *page) compiledIn(v version) *compiled {
	one, _ := p.desk.workshop.held(v.Hash, p.lang) // by who was before us
	if one == nil {
		one = &compiled{hash: v.Hash, drawings: map[string]*drawing{}}
		one.flow, one.problems = p.desk.Versions.Compile(v.Bundle)
		p.desk.workshop.keep(one)
	}
	return one
}

// drawn is a version made ready to be looked at: its own words in the language of the page,
// or in its first one. errBusy is documented with compile.
func (p *page) drawn(v version) (*drawing, error) {
	w := p.desk.workshop
	if _, d := w.held(v.Hash, p.lang); d != nil {
		return d, nil
	}
	leave, err := w.enter(p.ctx(), p.who.Account)
	if err != nil {
		return nil, err
	}
	defer leave()
	one := p.compiledIn(v)
	if _, d := w.held(v.Hash, p.lang); d != nil {
		return d, nil // by who was before us
	}
	lang, _ := flows.Tongue(p.lang, v.Bundle.Languages())
	of := flows.DrawChecked(v.Bundle, one.problems, lang).In(p.reader())
	d := &drawing{svg: []byte(of.Linked("steps/").SVG()), sections: of.Sections()}
	w.mu.Lock()
	defer w.mu.Unlock()
	one.drawings[p.lang] = d
	return d, nil
}
