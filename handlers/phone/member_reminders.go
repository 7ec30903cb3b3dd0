package phone

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

const (
	// ringFor is how long after a meeting's start, or after it was asked for, who
	// asked for it may still be rung.
	ringFor = 20 * time.Minute
	// hangUpIn lets who asks for it in a call hang up before we ring.
	hangUpIn = 2 * time.Minute
)

// stop keeps that who signed in, or else the number at the other end, is to be left
// alone.
func (m memberships) stop(ctx context.Context) error {
	if m.s.Member != "" {
		return m.Members.StopMember(ctx, m.act(), true, m.groups())
	}
	return m.Members.Stop(ctx, m.event(), m.caller(), true, m.groups())
}

// coming keeps whether somebody comes: in a call of ours to what it is about, by
// text to what they were reminded of last.
func (m memberships) coming(ctx context.Context, coming bool) error {
	if m.in.view.Text {
		return m.Members.Coming(ctx, m.event(), m.caller(), coming, m.groups())
	}
	if m.s.About.Row == "" {
		return nil
	}
	if err := m.Members.ComingRow(ctx, m.event(), m.s.About.Row, coming); err != nil {
		return err
	}
	return m.Members.Seen(ctx, m.event(), m.caller())
}

// ring has somebody rung once a meeting starts. Whatever comes of it, they are told
// the same.
func (m memberships) ring(ctx context.Context) error {
	switch {
	case m.s.Member != "":
		if f, ok := m.starting(m.s.Group); ok {
			return m.Members.RingMember(ctx, m.act(), f)
		}
	case m.in.view.Text:
		f, ok, err := m.wanted(ctx)
		if err != nil || !ok {
			return err
		}
		return m.Members.RingMe(ctx, m.event(), m.caller(), f)
	case m.s.About.Row != "":
		f, ok, err := m.about(ctx)
		if err == nil && ok {
			err = m.Members.RingRow(ctx, m.event(), m.s.About.Row, f)
		}
		if err != nil {
			return err
		}
		return m.Members.Seen(ctx, m.event(), m.caller())
	}
	return nil
}

// wanted is the meeting that a text asks to be rung to: of the group that it names,
// or what its sender was reminded of last.
func (m memberships) wanted(ctx context.Context) (store.Firing, bool, error) {
	if m.s.Group != "" {
		f, ok := m.starting(m.s.Group)
		return f, ok, nil
	}
	of, ok, err := m.Members.Newest(ctx, m.event().Line, m.caller(), m.groups(), m.Now())
	if err != nil || !ok {
		return store.Firing{}, false, err
	}
	f, ok := m.startOf(of)
	return f, ok, nil
}

// about is the meeting that the call is about.
func (m memberships) about(ctx context.Context) (store.Firing, bool, error) {
	of, err := m.Members.RowFiring(ctx, m.event().Line, m.s.About.Row)
	if errors.Is(err, store.ErrNotFound) {
		return store.Firing{}, false, nil
	}
	if err != nil {
		return store.Firing{}, false, err
	}
	f, ok := m.startOf(of)
	return f, ok, nil
}

// starting is the start of a group's meeting whose door is open, or else of the
// next one; false when there is none soon.
func (m memberships) starting(group string) (store.Firing, bool) {
	now := m.in.view.Now
	return m.start(group, func(o schedule.Occurrence) bool { return o.Start.Before(now.Add(flows.RingsWithin)) })
}

// startOf is the start of the occurrence that something was told of, when it is now.
func (m memberships) startOf(of store.Firing) (store.Firing, bool) {
	return m.start(of.Group, func(o schedule.Occurrence) bool { return o.Meeting == of.Meeting && o.Date == of.Date })
}

// soonest is among how many dates of a group one is looked for that was told of.
const soonest = 16

// start is the start of the group's first occurrence that fits and has not ended:
// when to ring to it, and until when. There is nothing to be rung to in a group that
// meets in a place, or does not meet now.
func (m memberships) start(group string, fits func(schedule.Occurrence) bool) (store.Firing, bool) {
	d, now := m.in.view.Directory, m.in.view.Now
	g, ok := d.Group(group)
	if !ok || g.Place != "" || !g.Stage.Meets() {
		return store.Firing{}, false
	}
	dates := d.Next(group, now, soonest)
	i := slices.IndexFunc(dates, fits)
	if i < 0 {
		return store.Firing{}, false
	}
	o := dates[i]
	f := store.Firing{Group: group, Meeting: o.Meeting, Date: o.Date, Purpose: store.Starting, Start: o.Start, Due: o.Start}
	if o.DoorOpen(now) {
		f.Due = m.Now()
	}
	if reachable := m.Now().Add(hangUpIn); !m.in.view.Text && f.Due.Before(reachable) {
		f.Due = reachable
	}
	f.Expires = latest(o.Start, f.Due).Add(ringFor)
	if f.Expires.After(o.End) {
		f.Expires = o.End
	}
	return f, true
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// remindWhen keeps when who signed in wants to be reminded of the group in hand.
func (m memberships) remindWhen(ctx context.Context) error {
	var offsets []string // as the group does
	switch chosen := m.s.Vars["offsets"]; chosen {
	case "", flows.GroupsOwn:
	case flows.NoReminder:
		offsets = []string{}
	default:
		offsets = []string{chosen}
	}
	return m.Members.SetOffsets(ctx, m.act(), m.s.Group, offsets)
}

// joins notes that who took a call of ours comes to what it is about, since a key
// shows that it reaches whom it should. Nobody waits for it.
func (m memberships) joins(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, m.quickly)
	defer cancel()
	if err := m.Members.Seen(ctx, m.event(), m.caller()); err != nil {
		m.Log.WarnContext(ctx, "that somebody took a call is not kept", "error", err)
	}
}
