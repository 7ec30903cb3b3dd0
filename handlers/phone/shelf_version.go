package phone

import (
	"context"
	"errors"
	"fmt"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// errUnusable says that a version is not there, or no flow in this program.
var errUnusable = errors.New("no flow")

// Version is the flow with that hash, compiled at its first use.
func (s *Shelf) Version(ctx context.Context, line, hash string) (*flows.Flow, error) {
	if f, err := s.held(line, hash); f != nil || err != nil {
		return f, err
	}
	text, err := s.archive.Load(ctx, line, hash)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("fetch flow version: %w: %w", errUnusable, err)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch flow version: %w", err)
	}
	bundle, err := flows.DecodeBundle(text)
	if err != nil {
		return nil, fmt.Errorf("fetch flow version: %w: %w", errUnusable, err)
	}
	select {
	case s.compiling <- struct{}{}:
		defer func() { <-s.compiling }()
	case <-ctx.Done():
		return nil, fmt.Errorf("compile flow version: %w", ctx.Err())
	}
	if f, err := s.held(line, hash); f != nil || err != nil {
		return f, err // of who was before us
	}
	f, problems := s.compile(bundle)
	s.mu.Lock()
	defer s.mu.Unlock()
	if f == nil {
		s.spoil(hash, len(flows.Errors(problems)))
		return nil, isFaulty(len(flows.Errors(problems)))
	}
	s.keep(f)
	return f, nil
}

func isFaulty(problems int) error {
	return fmt.Errorf("fetch flow version: %w: it has %d problems in this program", errUnusable, problems)
}

// held is a version that is compiled already, nil if it is not; an error says that it was,
// and is no flow.
func (s *Shelf) held(line, hash string) (*flows.Flow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.lines[line]
	for _, f := range []*flows.Flow{s.own, h.live, h.draft, s.older[hash]} {
		if f != nil && f.Hash == hash {
			return f, nil
		}
	}
	if problems, ok := s.faulty[hash]; ok {
		return nil, isFaulty(problems)
	}
	return nil, nil
}

// spoil keeps that a version is no flow, and forgets any other when there are too many.
func (s *Shelf) spoil(hash string, problems int) {
	for other := range s.faulty {
		if len(s.faulty) < mostOlder {
			break
		}
		delete(s.faulty, other)
	}
	s.faulty[hash] = problems
}

// mostOlder is how many versions are held compiled beside those that are heard.
const mostOlder = 16

// keep holds a version compiled, and lets any one go when there are too many: it is in
// the archive.
func (s *Shelf) keep(f *flows.Flow) {
	for other := range s.older {
		if len(s.older) < mostOlder {
			break
		}
		delete(s.older, other)
	}
	s.older[f.Hash] = f
}
