package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// longestStated is how long the words of a stated consent may be, in bytes of JSON.
const longestStated = 200

// ErrStatedTooLong says that the stated consent is longer than what is kept of it.
var ErrStatedTooLong = errors.New("the stated consent is too long: say it in 150 letters at most")

// Invitation is somebody whom a coordinator enters with their consent.
type Invitation struct {
	Line        string
	Number      vault.Number
	Group       string // to be in, by its id; "" for none
	Preferences flows.Preferences
	Stated      string // how they consented, as the coordinator wrote it down
	At          time.Time
}

// Invite makes an identity that is asked to confirm, and erased unless it does
// within 7 days, and whose membership, which needs no approval, begins with that. It
// takes the place of one that whoever called has had made and nobody confirmed.
// Nothing tells whether the number is a member's already: then nobody is asked, and
// the membership begins at once, stopped if they want nothing of us; the coordinator
// says that they consent.
func (m *Members) Invite(ctx context.Context, i Invitation) error {
	if err := m.invite(ctx, i); err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return nil
}

func (m *Members) invite(ctx context.Context, i Invitation) error {
	if text, err := json.Marshal(i.Stated); err != nil || len(text) > longestStated {
		return errors.Join(ErrStatedTooLong, err)
	}
	if i.Number.IsZero() {
		return errNoCaller
	}
	p := i.Preferences.Complete()
	n := newcomer{
		Event: Event{Line: i.Line, At: i.At}, number: i.Number,
		profile: newProfile(i.At, p, flows.Consent{Wording: "stated: " + i.Stated, Channel: p.Channel}),
	}
	n.profile.Invited = true
	if i.Group != "" {
		n.profile.Wishes = []string{i.Group}
	}
	var w *member
	err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		w, _, err = m.admit(ctx, tx, n)
		return err
	})
	if err != nil || i.Group == "" {
		return err
	}
	return m.join(ctx, joining{Event: n.Event, who: w, group: i.Group, invited: true})
}
