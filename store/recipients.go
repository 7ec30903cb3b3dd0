package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Recipient is whom a row goes to, opened when it is claimed.
type Recipient struct {
	Number      vault.Number
	Preferences flows.Preferences
	// Asked says that they were asked to confirm and have not answered.
	Asked bool
	// Said is what a row says that is a message to a group.
	Said Said
	// Err says why nothing of them could be opened: this replica may lack the keys
	// that another one uses already. All else is zero then.
	Err error
}

// Recipients opens whom rows of one line go to, by the rows' ids. Whoever is gone,
// told us to stop, or is not in the group any more, is missing. It asks at most once
// for the members, once for the memberships, once for facilitators and once for messages.
func (m *Members) Recipients(ctx context.Context, xs []Outgoing) (map[string]Recipient, error) {
	var ids pq.StringArray
	var pseudonyms pq.ByteaArray
	for _, x := range xs {
		switch {
		case x.Kind == Cover:
		case x.Member != "":
			ids = append(ids, x.Member)
		default:
			pseudonyms = append(pseudonyms, x.Pseudonym)
		}
	}
	found := map[string]Recipient{} // by member, or by pseudonym
	var err error
	if len(ids) > 0 {
		err = m.openMembers(ctx, xs[0].Line, ids, found)
	}
	if err == nil && len(pseudonyms) > 0 {
		err = m.openMemberships(ctx, xs[0].Line, pseudonyms, found)
	}
	if err == nil && len(xs) > 0 {
		err = m.openFacilitators(ctx, xs[0].Line, xs, found)
	}
	var said map[string]Said
	if err == nil {
		said, err = m.openMessages(ctx, xs)
	}
	if err != nil {
		return nil, fmt.Errorf("recipients: %w", dbError(ctx, err))
	}
	all := make(map[string]Recipient, len(xs))
	for _, x := range xs {
		if r, ok := found[x.Member+string(x.Pseudonym)]; ok {
			if x.Kind == ToGroup {
				r.Said = said[x.Firing.Meeting]
			}
			all[x.ID] = r
		}
	}
	return all, nil
}

func (m *Members) openMembers(ctx context.Context, line string, ids pq.StringArray, found map[string]Recipient) error {
	var rows []memberRow
	if err := m.db.pool.SelectContext(ctx, &rows, memberRows+`
		WHERE m.line_id = $1 AND m.member_id = ANY($2)`, line, ids); err != nil {
		return err
	}
	for _, r := range rows {
		w, err := m.open(r)
		switch {
		case err != nil:
			found[r.MemberID] = Recipient{Err: err}
		case !w.profile.Stopped:
			found[r.MemberID] = Recipient{Number: w.number, Preferences: w.profile.Preferences, Asked: w.state == stateAsked}
		}
	}
	return nil
}

type recipientRow struct {
	Pseudonym, Number, Profile, DataKey []byte
}

func (m *Members) openMemberships(ctx context.Context, line string, pseudonyms pq.ByteaArray, found map[string]Recipient) error {
	var rows []recipientRow
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT p.pseudonym, p.number, p.profile, k.data_key
		FROM membership p
		JOIN keys.membership k USING (line_id, pseudonym)
		WHERE p.line_id = $1 AND p.pseudonym = ANY($2) AND p.state = 'active'`, line, pseudonyms); err != nil {
		return err
	}
	for _, r := range rows {
		to, err := m.openRecipient(line, r)
		if err != nil {
			to = Recipient{Err: err}
		}
		found[string(r.Pseudonym)] = to
	}
	return nil
}

func (m *Members) openRecipient(line string, r recipientRow) (Recipient, error) {
	p := &membership{line: line, pseudonym: r.Pseudonym}
	var err error
	if p.key, err = m.keys.UnwrapKey(membershipCell("keys.membership", "data_key", line, r.Pseudonym), r.DataKey); err != nil {
		return Recipient{}, err
	}
	number, err := p.key.OpenNumber(p.cell("number"), r.Number)
	err = errors.Join(err, openJSON(p.key, p.cell("profile"), r.Profile, &p.profile))
	return Recipient{Number: number, Preferences: p.profile.Preferences}, err
}
