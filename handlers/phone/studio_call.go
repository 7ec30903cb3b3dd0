package phone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store/vault"
)

// StudioCall is one on which somebody who looks after groups records a prompt, or with ""
// all that are missing in a language. What is said before their key and their PIN tells
// nothing of it.
type StudioCall struct {
	Line, Lang, Prompt string
	Staff              vault.Number
}

// ErrNothingToRecord says that the flow which they would hear has no such line with a
// number of its own, or begins no such call.
var ErrNothingToRecord = errors.New("there is nothing to record by phone")

const (
	studioRing   = 25 * time.Second
	studioLength = 2 * time.Hour // a whole language in one sitting
)

// RingStudio rings whoever asked for it. That the carrier does not tell what came of it
// is no error: the phone rings, or they ask again.
func (c *Calls) RingStudio(ctx context.Context, s StudioCall) error {
	if _, ok := c.Directories.Line(s.Line); !ok {
		return errNoLine
	}
	f := c.Flows.For(s.Line, s.Staff)
	p := carrier.Placed{Line: s.Line, Lang: s.Lang, Kind: flows.PlacedStudio}
	if s.Prompt != "" {
		script := f.Script(s.Lang)
		i := slices.IndexFunc(script, func(l flows.ScriptLine) bool { return l.Prompt == s.Prompt })
		if i < 0 || script[i].Number == 0 {
			return ErrNothingToRecord
		}
		p.Script = script[i].Number
	}
	if !f.Places(p.Kind) || !slices.Contains(f.Languages(), s.Lang) {
		return ErrNothingToRecord
	}
	address, err := p.Address(c.Keys, c.PublicURL+VoicePath)
	if err != nil {
		return err
	}
	_, err = c.Place(ctx, carrier.Ring{
		From: c.Number(s.Line), To: s.Staff, URL: address, Timeout: studioRing, TimeLimit: studioLength, DetectMachine: true,
	})
	if err != nil && carrier.ClassOf(err) != carrier.Unknown {
		return fmt.Errorf("ring to record: %w", err)
	}
	return nil
}
