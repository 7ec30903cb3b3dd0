package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// The hours of the line's own clock between which tables are written anew: calls
// are fewest then, and who writes waits for it. What was not done by then waits
// for the next night.
const (
	nightBegins = 3
	nightEnds   = 6
)

// nightly removes what has been kept for long enough and writes members and
// memberships anew, so that nothing tells which were written together. It is
// done once a night, by one of the programs.
func (a *app) nightly(ctx context.Context) error {
	snap, ok := a.snapshots.Line(a.line)
	if !ok {
		return nil
	}
	zone, err := time.LoadLocation(snap.Directory.Line.Zone)
	if err != nil {
		return fmt.Errorf("the line's zone: %w", err)
	}
	local := a.now().In(zone)
	if day := schedule.DateOf(local); day == a.background.night || local.Hour() < nightBegins {
		return nil
	}
	_, err = a.db.Alone(ctx, "night", func(ctx context.Context) error {
		removed, err := a.background.retention.Sweep(ctx, a.line, a.now())
		for rule, n := range removed {
			if n > 0 {
				a.log.Info("removed, as its time was over", "what", rule, "rows", n)
			}
		}
		if len(removed) == 0 {
			return err // another program has done it
		}
		err = errors.Join(err, a.recheck(ctx), a.tellChanges(ctx))
		if local.Hour() >= nightEnds {
			return err // it is day
		}
		return errors.Join(err, a.db.Rewrite(ctx, a.line))
	})
	if err == nil {
		a.background.night = schedule.DateOf(local)
	}
	return err
}

// recheck asks members who have not shown for long whether it is still safe to
// reach them.
func (a *app) recheck(ctx context.Context) error {
	asked, stopped, err := a.members.Recheck(ctx, a.line, a.now(), a.groups(a.line))
	if asked+stopped > 0 {
		a.log.Info("whether it is still safe to reach members", "asked", asked, "silent", stopped)
	}
	return err
}

// tellChanges tells members of dates that were cancelled or moved long before.
func (a *app) tellChanges(ctx context.Context) error {
	told, err := a.db.TellChanges(ctx, a.line, a.now())
	if told > 0 {
		a.log.Info("told of dates that were changed long before", "members", told)
	}
	return err
}
