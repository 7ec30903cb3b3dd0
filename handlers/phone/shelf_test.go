package phone_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// published is what a line has published, and where it is kept.
type published struct {
	store.HeardFlows
	err  error
	kept map[string][]byte
}

func (p *published) Heard(context.Context, string) (store.HeardFlows, error) {
	return p.HeardFlows, p.err
}

func (p *published) LastLive(string) string { return p.Live }

func (p *published) Load(_ context.Context, _, hash string) ([]byte, error) {
	if text, ok := p.kept[hash]; ok {
		return text, nil
	}
	return nil, store.ErrNotFound
}

// version is the built-in flow with another name for its goodbye.
func (p *published) version(t *testing.T, more string) string {
	t.Helper()
	built, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	b := flows.Bundle{"main.yaml": "extends: built-in\n" + more}.Over(built)
	p.kept[b.Hash()] = b.Encode()
	return b.Hash()
}

func TestShelf(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	p, said := &published{kept: map[string][]byte{}}, &storetest.Log{}
	first, second := p.version(t, "# one\n"), p.version(t, "# two\n")
	broken := p.version(t, "nodes:\n  back: {say: back, next: heaven}\n")
	own := builtIn().Current("")
	s := phone.NewPublishedShelf(phone.ShelfOptions{Flow: own, Archive: p, Published: p, Log: slog.New(slog.NewTextHandler(said, nil))})
	tester, other := number(t, ida), number(t, sam)
	hears := func(who vault.Number) string { return s.For("line", who).Hash }
	for _, step := range []struct {
		name          string
		says          store.HeardFlows
		err           error
		all, testers  string
		unusable      []string
		told, refused bool
	}{
		{name: "nothing", all: own.Hash, testers: own.Hash},
		{name: "a version", says: store.HeardFlows{Live: first}, all: first, testers: first},
		{name: "a draft", says: store.HeardFlows{Live: first, Draft: second, Testers: []vault.Number{tester}}, all: first, testers: second},
		{name: "no answer from Postgres", err: errors.New("away"), all: first, testers: second, refused: true},
		{name: "a broken one", says: store.HeardFlows{Live: broken}, all: own.Hash, testers: own.Hash, unusable: []string{broken}, told: true},
		{name: "it again", says: store.HeardFlows{Live: broken}, all: own.Hash, testers: own.Hash, unusable: []string{broken}},
		{name: "a draft with faults", says: store.HeardFlows{Live: first, Draft: broken, Testers: []vault.Number{tester}}, all: first, testers: first},
		{name: "one that is lost", says: store.HeardFlows{Live: strings.Repeat("0", 64)}, all: own.Hash, testers: own.Hash, unusable: []string{strings.Repeat("0", 64)}, told: true},
		{name: "taken back", says: store.HeardFlows{Live: second}, all: second, testers: second},
	} {
		before := said.String()
		p.HeardFlows, p.err = step.says, step.err
		if err := s.Refresh(ctx, "line"); (err != nil) != step.refused {
			t.Errorf("%s: %v", step.name, err)
		}
		if all, testers := hears(other), hears(tester); all != step.all || testers != step.testers || s.Current("line").Hash != step.all {
			t.Errorf("%s: everybody hears %s, testers %s", step.name, all, testers)
		}
		if got := s.Unusable("line"); !slices.Equal(got, step.unusable) {
			t.Errorf("%s: %v cannot be used", step.name, got)
		}
		if told := said.String() != before; told != step.told {
			t.Errorf("%s: the log says %q", step.name, strings.TrimPrefix(said.String(), before))
		}
	}
	if f, err := s.Version(ctx, "line", first); err != nil || f.Hash != first {
		t.Errorf("a call on the version before: %v", err)
	}
	if hears(vault.Number{}) != second {
		t.Error("a number that is withheld hears something else")
	}
	p.err = errors.New("away")
	if err := s.Refresh(ctx, "another line"); err == nil || s.Current("another line").Hash != second {
		t.Errorf("at a start without Postgres: %v", err)
	}
	s.SetOwn(prayerLine(t))
	if f, err := s.Version(ctx, "line", own.Hash); err != nil || f != own || s.Own() == own {
		t.Errorf("a call on the flow before: %v", err)
	}
}

// A version is compiled once, however many calls ask for it at a time and however often
// it is looked at, whether it can be heard or not: each takes the time and the memory of
// thousands of turns.
func TestAVersionIsCompiledOnce(t *testing.T) {
	t.Parallel()
	p := &published{kept: map[string][]byte{}}
	older := p.version(t, "# older\n")
	faulty := p.version(t, "nodes:\n  back: {say: back, next: heaven}\n")
	p.Draft, p.Testers = faulty, []vault.Number{number(t, ida)}
	var compiled atomic.Int32
	s := phone.NewPublishedShelf(phone.ShelfOptions{
		Flow: builtIn().Current(""), Archive: p, Published: p,
		Compile: func(b flows.Bundle) (*flows.Flow, []flows.Problem) {
			compiled.Add(1)
			return flows.Compile(b)
		},
	})
	var calls sync.WaitGroup
	for range 8 { // that began before the program was started anew
		calls.Go(func() {
			if f, err := s.Version(t.Context(), "line", older); err != nil || f.Hash != older {
				t.Errorf("a call cannot go on: %v", err)
			}
		})
	}
	calls.Wait()
	if n := compiled.Swap(0); n != 1 {
		t.Errorf("compiled %d times for as many calls", n)
	}
	for range 3 {
		if err := s.Refresh(t.Context(), "line"); err != nil {
			t.Fatal(err)
		}
	}
	if n := compiled.Load(); n != 1 {
		t.Errorf("a draft with faults is compiled %d times", n)
	}
}
