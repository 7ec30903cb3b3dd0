package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// MembershipPreferences opens the copy that a membership has.
func (m *Members) MembershipPreferences(ctx context.Context, line string, pseudonym []byte) (p flows.Preferences, err error) {
	err = m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		opened, err := m.findMembership(ctx, tx, line, pseudonym)
		if err == nil {
			p = opened.profile.Preferences
		}
		return err
	})
	return p, err
}

// MembershipNumber opens the number of a membership.
func (m *Members) MembershipNumber(ctx context.Context, line string, pseudonym []byte) (vault.Number, error) {
	var r struct{ Number, DataKey []byte }
	if err := m.db.pool.GetContext(ctx, &r, `
		SELECT p.number, k.data_key
		FROM membership p
		JOIN keys.membership k USING (line_id, pseudonym)
		WHERE p.line_id = $1 AND p.pseudonym = $2`, line, pseudonym); err != nil {
		return vault.Number{}, dbError(ctx, err)
	}
	key, err := m.keys.UnwrapKey(membershipCell("keys.membership", "data_key", line, pseudonym), r.DataKey)
	if err != nil {
		return vault.Number{}, err
	}
	return key.OpenNumber(membershipCell("membership", "number", line, pseudonym), r.Number)
}

// Pseudonym is the one under which the member of a number is in a group, or would be.
func (m *Members) Pseudonym(ctx context.Context, line string, n vault.Number, group string) ([]byte, error) {
	w, err := m.find(ctx, m.db.pool, line, m.byNumber(line, n))
	if err != nil {
		return nil, err
	}
	return w.secret.Pseudonym(line, group), nil
}

// LongestProfiles says whether the longest that there can be fit their cells.
func LongestProfiles(zone string) error {
	p := flows.Preferences{
		Channel: flows.ByText, Language: "zh-Hans", Zone: zone, Days: flows.Weekdays, Hours: flows.Afternoons, Machine: flows.MachineNeutral, Late: true, Ring: true,
	}
	var wishes []string
	for range mostWishes {
		wishes = append(wishes, newID())
	}
	_, identity := filledJSON(profile{
		Preferences: p, Consent: flows.Consent{Wording: "stated: " + strings.Repeat("w", longestStated-2), Channel: flows.ByText, Month: "2026-11"},
		Enrolled: "2026-11", Quick: newID(), Handle: "482913", Told: true, Stopped: true, Why: flows.Unreachable,
		Seen: "2026-11", Safe: 20780, Asked: true,
		Wishes: wishes, Invited: true, MayCall: true,
	}, profileSize)
	_, place := filledJSON(membershipProfile{Preferences: p, Invited: true, MayCall: true, Stopped: true}, membershipProfileSize)
	return errors.Join(identity, place)
}

// PlantMembers makes undated members, all of a number and each under indexes of
// nobody's.
func (m *Members) PlantMembers(ctx context.Context, line string, n vault.Number, many int) error {
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		for i := 0; i < many; i += openedAtOnce {
			var ids pq.StringArray
			var handles, numbers, profiles, pins, keys, secrets pq.ByteaArray
			for range min(openedAtOnce, many-i) {
				w := &member{line: line, id: newID(), key: vault.NewDataKey(), secret: vault.NewLinkSecret()}
				w.pin.Hash = strings.Repeat("h", 90) // of Argon2's length
				number, err := w.key.SealNumber(w.cell("number"), n)
				if err != nil {
					return err
				}
				profile, err := sealJSON(w.key, w.cell("profile"), w.profile, profileSize)
				if err != nil {
					return err
				}
				pin, err := sealJSON(w.key, w.cell("pin"), w.pin, pinSize)
				if err != nil {
					return err
				}
				key, err := m.keys.WrapKey(w.keyCell("data_key"), w.key)
				if err != nil {
					return err
				}
				secret, err := m.keys.WrapSecret(w.keyCell("link_secret"), w.secret)
				if err != nil {
					return err
				}
				ids, handles = append(ids, w.id), append(handles, m.keys.Mark("planted", w.id))
				numbers, profiles, pins = append(numbers, number), append(profiles, profile), append(pins, pin)
				keys, secrets = append(keys, key), append(secrets, secret)
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state)
				SELECT $1, i, h, h, 1, n, f, p, 'confirmed' FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) AS v (i, h, n, f, p)`,
				line, ids, handles, numbers, profiles, pins); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO keys.member (line_id, member_id, data_key, link_secret)
				SELECT $1, * FROM unnest($2::uuid[], $3::bytea[], $4::bytea[])`, line, ids, keys, secrets); err != nil {
				return err
			}
		}
		return nil
	})
}

// Undate seals everybody as a program did that kept no day of them there.
func (m *Members) Undate(ctx context.Context, line string) error {
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := m.everybody(ctx, line, func(opened []*member) error {
			for _, w := range opened {
				w, err := m.find(ctx, tx, line, byID(w.id))
				if err != nil {
					return err
				}
				w.profile.Seen, w.profile.Safe = "", 0
				if err := m.save(ctx, tx, w); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
}

// SpreadDays is how many of so many random undated members get each day.
func SpreadDays(members int, at time.Time) map[string]int {
	days := map[string]int{}
	for range members {
		w := &member{id: newID()}
		w.spread(at)
		days[w.safeUntil().Format(time.DateOnly)]++
	}
	return days
}

// LookUp finds and opens the identity of a number's indexes, and says whether
// there is one.
func (m *Members) LookUp(ctx context.Context, line string, n vault.Number) (bool, error) {
	_, err := m.find(ctx, m.db.pool, line, m.byNumber(line, n))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// SpendOnly is a login that is interrupted before the PIN is looked at.
func (m *Members) SpendOnly(ctx context.Context, l Login) error {
	_, err := m.spend(ctx, l)
	return err
}

// SpendStaffOnly is a sign-in that is interrupted in the same way.
func (s *Staff) SpendStaffOnly(ctx context.Context, in SignIn) error {
	_, _, err := s.spend(ctx, in)
	return err
}

// SignInMeanwhile is a sign-in during which something else is done.
func (s *Staff) SignInMeanwhile(ctx context.Context, in SignIn, something func()) (bool, error) {
	a, staff, err := s.spend(ctx, in)
	if err != nil {
		return false, err
	}
	something()
	a, _, err = s.settle(ctx, in, a, s.match(staff, a.Spent, in.PIN))
	return a.Result == LoginOK, err
}

// AttemptMark is the id of a counter of attempts.
func (m *Members) AttemptMark(line string, at time.Time, what string, of []byte) []byte {
	return m.attemptMark(line, at, what, of)
}

// EffectMark is the id of an effect.
func (m *Members) EffectMark(e Event, kind, of string) []byte { return m.mark(effect{e, kind, of}) }

// Fetch finds a row by an index, by the statement of every look-up.
func (m *Members) Fetch(ctx context.Context, line string, index []byte) error {
	_, err := m.find(ctx, m.db.pool, line, whom{"number_index", pq.ByteaArray{index}})
	if errors.Is(err, vault.ErrNotOpened) { // somebody else's keys
		return nil
	}
	return err
}
