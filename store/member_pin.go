package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// pinSize is that of every identity's PIN cell, so that its length tells nothing.
const pinSize = 447

// codeLife is how long a texted code can be used.
const codeLife = 24 * time.Hour

// The budgets of attempts at one member's PIN, besides callerLimit.
const (
	triesPerDay  = 10
	triesAtMost  = 20 // within triesWithin; then the PIN is frozen until that is over
	triesWithin  = 30 * 24 * time.Hour
	secondsInDay = 24 * 60 * 60
)

// pinCell is what is kept of a member's PIN.
type pinCell struct {
	Hash string `json:"hash,omitempty"` // of the PIN or of the code that was texted
	// Until is when the code lapses, in Unix seconds; 0 of a PIN.
	Until int64 `json:"until,omitempty"`
	// Own are the attempts from the member's own number, when the carriers vouch
	// for it; Other all the rest.
	Own   tries `json:"own"`
	Other tries `json:"other"`
}

func (p *pinCell) isPIN() bool { return p.Hash != "" && p.Until == 0 }

func (p *pinCell) isCode() bool { return p.Until != 0 }

// hash is what an attempt is checked against, "" for nothing that can be right.
func (p *pinCell) hash(at time.Time) string {
	if p.isCode() && at.Unix() >= p.Until {
		return ""
	}
	return p.Hash
}

func (p *pinCell) tries(own bool) *tries {
	if own {
		return &p.Own
	}
	return &p.Other
}

// tries are the wrong attempts at a PIN, and those whose end is not known yet.
type tries struct {
	bucket
	Day   int64 `json:"day"` // since 1970, that Today counts
	Today int   `json:"today"`
	From  int64 `json:"from"` // Unix seconds, when Month began
	Month int   `json:"month"`
}

// take counts an attempt, unless there were too many.
func (t *tries) take(at time.Time) bool {
	if day := at.Unix() / secondsInDay; day != t.Day {
		t.Day, t.Today = day, 0
	}
	if at.Unix()-t.From >= int64(triesWithin/time.Second) {
		t.From, t.Month = at.Unix(), 0
	}
	if t.Today >= triesPerDay || t.Month >= triesAtMost || !t.bucket.take(callerLimit, at, 1) {
		return false
	}
	t.Today++
	t.Month++
	return true
}

// giveBack undoes what take counted.
func (t *tries) giveBack() {
	t.Spent = max(0, t.Spent-1)
	t.Today = max(0, t.Today-1)
	t.Month = max(0, t.Month-1)
}

// SetPIN makes pin the member's, in place of another or of a texted code. It
// returns the six-digit member number if it was not told yet, else "".
func (m *Members) SetPIN(ctx context.Context, a Act, pin string) (handle string, err error) {
	hash, err := m.keys.HashPIN(pin)
	if err != nil {
		return "", fmt.Errorf("set PIN: %w", err)
	}
	_, outcome, err := m.alter(ctx, a.Event, "set pin", byID(a.Member), func(_ *sqlx.Tx, w *member) ([]byte, error) {
		w.pin.Hash, w.pin.Until = hash, 0
		told := ""
		if !w.profile.Told {
			told, w.profile.Told = w.profile.Handle, true
		}
		return json.Marshal(told)
	})
	if err == nil {
		err = json.Unmarshal(outcome, &handle)
	}
	if err != nil {
		return "", fmt.Errorf("set PIN: %w", err)
	}
	return handle, nil
}
