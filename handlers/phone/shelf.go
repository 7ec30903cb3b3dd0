package phone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Archive keeps flow versions by hash.
type Archive interface {
	Load(ctx context.Context, line, hash string) ([]byte, error)
}

// Published says which versions a line has published.
type Published interface {
	Heard(ctx context.Context, line string) (store.HeardFlows, error)
	// LastLive is the live one of the last answer that this machine got.
	LastLive(line string) string
}

// ShelfOptions are what a [Shelf] works with.
type ShelfOptions struct {
	// Flow is what is heard of a line that has published nothing, or nothing that can be
	// used.
	Flow      *flows.Flow
	Archive   Archive
	Published Published
	// Compile holds a version to what may be heard here; nil for flows.Compile.
	Compile func(flows.Bundle) (*flows.Flow, []flows.Problem)
	Log     *slog.Logger
}

// Shelf holds compiled flows: what everybody hears, what testers hear, and those that
// calls in progress started on. Its methods are safe for concurrent use.
type Shelf struct {
	archive   Archive
	published Published
	compile   func(flows.Bundle) (*flows.Flow, []flows.Problem)
	log       *slog.Logger

	// compiling holds whoever compiles: one version at a time, each of which takes the time
	// and the memory of thousands of turns.
	compiling chan struct{}

	mu     sync.Mutex
	own    *flows.Flow
	lines  map[string]heard
	older  map[string]*flows.Flow
	faulty map[string]int // how many problems those have that are no flow, by hash
}

// heard is what is heard of a line: live is nil for the shelf's own flow, and draft
// where testers hear nothing else.
type heard struct {
	live, draft *flows.Flow
	testers     []vault.Number
	unusable    []string // hashes of what was published and cannot be used
}

// NewShelf returns a shelf of one flow, where nothing is published.
func NewShelf(f *flows.Flow, a Archive) *Shelf {
	return NewPublishedShelf(ShelfOptions{Flow: f, Archive: a})
}

// NewPublishedShelf returns a shelf on which everybody hears o.Flow until a [Shelf.Refresh].
func NewPublishedShelf(o ShelfOptions) *Shelf {
	s := &Shelf{
		archive: o.Archive, published: o.Published, compile: o.Compile, log: o.Log,
		own: o.Flow, lines: map[string]heard{}, older: map[string]*flows.Flow{}, faulty: map[string]int{}, compiling: make(chan struct{}, 1),
	}
	if s.compile == nil {
		s.compile = flows.Compile
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Current is the flow that a call starts on.
func (s *Shelf) Current(line string) *flows.Flow { return s.For(line, vault.Number{}) }

// For is Current for who calls: a tester hears the draft.
func (s *Shelf) For(line string, who vault.Number) *flows.Flow {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.lines[line]
	switch {
	case h.draft != nil && !who.IsZero() && slices.ContainsFunc(h.testers, who.Equal):
		return h.draft
	case h.live != nil:
		return h.live
	}
	return s.own
}

// Own is what is heard where nothing is published.
func (s *Shelf) Own() *flows.Flow {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.own
}

// SetOwn has it be another flow from the next call on. Calls in progress go on as they
// began.
func (s *Shelf) SetOwn(f *flows.Flow) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(s.own)
	s.own = f
}

// Unusable are the hashes of the versions that a line has published and that cannot be
// used: something else is heard in their place.
func (s *Shelf) Unusable(line string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines[line].unusable)
}

// Refresh reads what is published of a line, and has it be heard from the next call on.
// A version that cannot be used is passed over, and told in the log unless it is a draft,
// which may have faults: testers hear what everybody does. An error leaves
// all as it was; at the start, as it was when this machine last knew.
func (s *Shelf) Refresh(ctx context.Context, line string) error {
	if s.published == nil {
		return nil
	}
	says, err := s.published.Heard(ctx, line)
	switch {
	case err != nil && !s.knows(line):
		return errors.Join(fmt.Errorf("which flow is heard: %w", err), s.put(ctx, line, store.HeardFlows{Live: s.published.LastLive(line)}))
	case err != nil:
		return fmt.Errorf("which flow is heard: %w", err)
	}
	return s.put(ctx, line, says)
}

func (s *Shelf) knows(line string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.lines[line]
	return ok
}

// put has it be heard what is published of a line.
func (s *Shelf) put(ctx context.Context, line string, says store.HeardFlows) error {
	h := heard{testers: says.Testers}
	for _, of := range []struct {
		hash string
		to   **flows.Flow
	}{{says.Live, &h.live}, {says.Draft, &h.draft}} {
		if of.hash == "" {
			continue
		}
		f, err := s.Version(ctx, line, of.hash)
		if errors.Is(err, errUnusable) && of.to == &h.draft {
			continue // somebody is still at work on it
		}
		if errors.Is(err, errUnusable) {
			h.unusable = append(h.unusable, of.hash)
			s.tell(ctx, line, of.hash, err)
			continue
		}
		if err != nil {
			return err
		}
		*of.to = f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range []*flows.Flow{s.lines[line].live, s.lines[line].draft} {
		if f != nil {
			s.keep(f)
		}
	}
	s.lines[line] = h
	return nil
}

// tell says once of a version that it cannot be used.
func (s *Shelf) tell(ctx context.Context, line, hash string, err error) {
	if !slices.Contains(s.Unusable(line), hash) {
		s.log.ErrorContext(ctx, "a version of the flow cannot be used; callers hear the one of this program in its place", "version", store.Brief(hash), "error", err)
	}
}
