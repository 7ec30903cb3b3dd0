package phone

import (
	"context"
	"fmt"
	"sync"

	"github.com/hearthline/hearthline/flows"
)

// Archive keeps flow versions by hash.
type Archive interface {
	Load(ctx context.Context, line, hash string) ([]byte, error)
}

// Shelf holds compiled flows: the built-in one, and those that calls in
// progress started on before this program was replaced.
type Shelf struct {
	builtIn *flows.Flow
	archive Archive

	mu    sync.Mutex
	older map[string]*flows.Flow
}

// NewShelf returns a shelf whose current flow is builtIn.
func NewShelf(builtIn *flows.Flow, a Archive) *Shelf {
	return &Shelf{builtIn: builtIn, archive: a, older: map[string]*flows.Flow{}}
}

// Current is the flow that a call starts on.
func (s *Shelf) Current(string) *flows.Flow { return s.builtIn }

// Version is the flow with that hash, compiled at its first use.
func (s *Shelf) Version(ctx context.Context, line, hash string) (*flows.Flow, error) {
	if hash == s.builtIn.Hash {
		return s.builtIn, nil
	}
	s.mu.Lock()
	f := s.older[hash]
	s.mu.Unlock()
	if f != nil {
		return f, nil
	}
	text, err := s.archive.Load(ctx, line, hash)
	if err != nil {
		return nil, fmt.Errorf("fetch flow version: %w", err)
	}
	bundle, err := flows.DecodeBundle(text)
	if err != nil {
		return nil, fmt.Errorf("fetch flow version: %w", err)
	}
	f, problems := flows.Compile(bundle)
	if f == nil {
		return nil, fmt.Errorf("fetch flow version: it has %d problems in this program", len(flows.Errors(problems)))
	}
	s.mu.Lock()
	s.older[hash] = f
	s.mu.Unlock()
	return f, nil
}
