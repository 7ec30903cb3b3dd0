package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

var sessionPaths = []writePath{
	{name: "Begin a session", covers: "Sessions.Change", web: true, do: lockRoom},
	{name: "Change a session", covers: "Sessions.Change", web: true, before: begun, do: lockRoom},
	{name: "End a session", covers: "Sessions.Change", web: true, before: begun, do: func(ctx context.Context, p *paths) error {
		return p.sessions.Change(ctx, p.sessions.ID(p.id, "room"), func(state []byte) (store.SessionChange, error) {
			if string(state) == "over" {
				return store.SessionChange{}, nil
			}
			return store.SessionChange{State: []byte("over"), Gone: noon.Add(time.Hour), Attended: &store.Attended{Line: p.id, Group: auditID, Date: day, Came: 7}}, nil
		})
	}},
	{name: "ChangeAll", covers: "Sessions.ChangeAll", web: true, before: begun, do: func(ctx context.Context, p *paths) error {
		return p.sessions.ChangeAll(ctx, p.id, func([]byte) (store.SessionChange, error) {
			return store.SessionChange{State: []byte("without ann"), Gone: noon.Add(time.Hour)}, nil
		})
	}},
	{name: "Postpone", covers: "Sessions.Postpone", web: true, before: begun, do: func(ctx context.Context, p *paths) error {
		return p.sessions.Postpone(ctx, p.sessions.ID(p.id, "room"), noon.Add(2*time.Minute))
	}},
	{name: "Drop", covers: "Sessions.Drop", before: begun, do: func(ctx context.Context, p *paths) error {
		_, err := p.sessions.Drop(ctx, p.id, noon.Add(time.Hour))
		return err
	}},
	{name: "Lapse of sessions", covers: "Retention.Lapse", before: begun, do: func(ctx context.Context, p *paths) error {
		return p.retention.Lapse(ctx, noon.Add(time.Hour))
	}},
	{name: "Reversed", covers: "Sessions.Reversed", web: true, before: heldBefore, do: func(ctx context.Context, p *paths) error {
		reversed, err := p.sessions.Reversed(ctx, p.id, p.groups[0], "2026-11-26")
		return toldIf(err, reversed)
	}},
	{name: "SignIn", covers: "Staff.SignIn", web: true, before: facilitated, do: func(ctx context.Context, p *paths) error {
		_, alias, ok, err := p.staff.SignIn(ctx, store.SignIn{Event: p.came, Group: p.groups[0], Caller: p.ann, Verified: true, PIN: hazelPIN})
		return toldIf(err, ok && alias == "Hazel")
	}},
	{name: "SignIn with a wrong PIN", covers: "Staff.SignIn", web: true, before: facilitated, do: func(ctx context.Context, p *paths) error {
		_, _, ok, err := p.staff.SignIn(ctx, store.SignIn{Event: p.came, Group: p.groups[0], PIN: "000000"})
		return toldIf(err, !ok)
	}},
}

// lockRoom is what a facilitator does to a room.
func lockRoom(ctx context.Context, p *paths) error {
	return p.sessions.Change(ctx, p.sessions.ID(p.id, "room"), func([]byte) (store.SessionChange, error) {
		return store.SessionChange{State: []byte("locked"), Wake: noon.Add(time.Minute), Gone: noon.Add(2 * time.Hour), Audit: []store.AuditEntry{
			{Line: p.id, ID: auditID, Actor: "facilitator", Act: "session.lock", At: noon},
		}}, nil
	})
}

// begun is a room that is live.
func begun(t *testing.T, p *paths) {
	t.Helper()
	if err := p.sessions.Change(t.Context(), p.sessions.ID(p.id, "room"), to("ann is here")); err != nil {
		t.Fatal(err)
	}
}

// heldBefore are groups, whose circle has begun at its usual end.
func heldBefore(t *testing.T, p *paths) {
	t.Helper()
	withGroups(t, p)
	if reversed, err := p.sessions.Reversed(t.Context(), p.id, p.groups[0], "2026-11-19"); err != nil || reversed {
		t.Fatal(reversed, err)
	}
}

const hazelPIN = "58203917"

// facilitated is the sample's group that Hazel, by ann's number, and Juniper hold.
func facilitated(t *testing.T, p *paths) {
	t.Helper()
	if _, err := p.db.ImportGroups(t.Context(), p.keys, p.id, p.sample); err != nil {
		t.Fatal(err)
	}
	p.groups = texts(t, p.look, `SELECT group_id FROM facilitator WHERE alias = 'Hazel'`)
}
