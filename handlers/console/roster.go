package console

import (
	"context"

	"github.com/hearthline/hearthline/store"
)

// Roster is who is in groups, and who waits to be let in.
type Roster interface {
	List(ctx context.Context, line, group string) ([]store.RosterEntry, error)
	Approve(ctx context.Context, line string, by store.By, group, key string) error
	Decline(ctx context.Context, line string, by store.By, group, key string) error
	Block(ctx context.Context, line string, by store.By, group, key string) error
	Unblock(ctx context.Context, line string, by store.By, group, key string) error
	SetAlias(ctx context.Context, line string, by store.By, group, key, alias string) error
	SetNote(ctx context.Context, line string, by store.By, group, key, note string) error
}
