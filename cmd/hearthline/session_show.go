package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

type sessionListCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// shownSession is a session as staff see it: aliases and counts.
type shownSession struct {
	Code     string        `json:"code"`
	Name     string        `json:"name"`
	Mode     string        `json:"mode"`
	Hosted   bool          `json:"hosted"` // a facilitator is in
	Here     int           `json:"here"`
	Waiting  int           `json:"waiting"` // at the door
	Speaker  string        `json:"speaker,omitempty"`
	Queue    []string      `json:"queue,omitempty"`
	Minutes  int           `json:"minutes_left"`
	Locked   bool          `json:"locked"`
	Screened bool          `json:"screened"` // newcomers wait
	People   []shownPerson `json:"people,omitempty"`
}

type shownPerson struct {
	Seat    string `json:"seat"`
	Alias   string `json:"alias"`
	Host    bool   `json:"facilitator"`
	Waiting bool   `json:"waiting"`
	Muted   bool   `json:"muted"`
}

func shown(g store.Group, lang string, now *flows.Session) shownSession {
	s := shownSession{
		Code: g.Code, Name: g.Name.In(lang), Mode: now.Mode, Hosted: now.Hosted, Here: now.Here, Waiting: now.Waiting,
		Speaker: now.Speaker, Queue: now.Queue, Minutes: now.Minutes, Locked: now.Locked, Screened: now.Screened,
	}
	for _, p := range now.People {
		s.People = append(s.People, shownPerson{Seat: p.ID, Alias: p.Alias, Host: p.Host, Waiting: p.Waiting, Muted: p.Muted})
	}
	return s
}

// Run lists the live sessions of the first line.
func (l sessionListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atSessions(ctx, io, func(d sessionDesk) error {
		live, err := d.rooms.Live(ctx, d.flow, d.line.ID, d.view.Directory)
		if err != nil {
			return err
		}
		all := []shownSession{} // [] for none
		for _, of := range live {
			for _, g := range d.groups {
				if g.ID == of.Group {
					all = append(all, shown(g, d.line.Languages[0], of.Session))
				}
			}
		}
		if l.JSON {
			return io.json(all)
		}
		if len(all) == 0 {
			fmt.Fprintln(io.Out, "No group is in session.")
			return nil
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "CODE\tNAME\tFACILITATOR\tHERE\tWAITING\tMODE\tSPEAKS\tLEFT")
		for _, one := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\t%s\t%d min\n", one.Code, one.Name, yesOrNo(one.Hosted), one.Here, one.Waiting, one.Mode, orDash(one.Speaker), one.Minutes)
		}
		return w.Flush()
	})
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

type sessionShowCommand struct{ inSession }

// Run shows one session.
func (c sessionShowCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.inSession(ctx, io, c.inSession, func(f floor) error {
		_, now, err := f.ask(ctx, session.Request{Verb: session.Look})
		if err != nil {
			return err
		}
		one := shown(f.group, f.line.Languages[0], now)
		if c.JSON {
			return io.json(one)
		}
		fmt.Fprintf(io.Out, "%s (%s): %s\n\n", one.Name, one.Code, sentence(now))
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "SEAT\tALIAS\tIS\tMICROPHONE")
		for _, p := range one.People {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Seat, p.Alias, p.is(), p.microphone())
		}
		return w.Flush()
	})
}

func (p shownPerson) is() string {
	switch {
	case p.Waiting:
		return "waits at the door"
	case p.Host:
		return "facilitator"
	}
	return "in"
}

func (p shownPerson) microphone() string {
	switch {
	case p.Waiting:
		return "-"
	case p.Muted:
		return "closed"
	}
	return "open"
}

// sentence is a session in one line.
func sentence(now *flows.Session) string {
	parts := []string{now.Mode}
	if now.Speaker != "" {
		parts[0] += ", " + now.Speaker + " speaks"
	}
	if len(now.Queue) > 0 {
		parts = append(parts, "then "+strings.Join(now.Queue, ", "))
	}
	parts = append(parts, fmt.Sprintf("%d here", now.Here))
	if now.Waiting > 0 {
		parts = append(parts, fmt.Sprintf("%d at the door", now.Waiting))
	}
	if !now.Hosted {
		parts = append(parts, "no facilitator")
	}
	if now.Locked {
		parts = append(parts, "locked")
	}
	if now.Screened {
		parts = append(parts, "newcomers wait")
	}
	return strings.Join(append(parts, fmt.Sprintf("%d min left", now.Minutes)), "; ") + "."
}

// sessionDesk is where a command works on live sessions.
type sessionDesk struct {
	desk
	rooms *rooms.Service
	flow  *flows.Flow
	view  flows.View
}

// atSessions does something about the live sessions of the first line. It needs
// the settings of `serve`, for what is asked for is asked of the carrier.
func (s settings) atSessions(ctx context.Context, io stdio, do func(sessionDesk) error) error {
	c, err := s.forServing()
	if err != nil {
		return err
	}
	return s.onLine(ctx, io, func(_ config, db *store.DB, line flows.Line) error {
		now := io.Now
		if io.shared {
			clock := store.NewClock(db, io.Now)
			if _, err := clock.Set(ctx); err != nil {
				return err
			}
			now = clock.Now
		}
		d := sessionDesk{desk: desk{stdio: io, config: c, db: db, line: line, now: now()}}
		if d.keys, err = c.keysOf(ctx, db, line.ID); err != nil {
			return err
		}
		if d.groups, err = db.Groups(ctx, line.ID); err != nil {
			return err
		}
		meeting := make([]flows.Group, len(d.groups))
		for i, g := range d.groups {
			meeting[i] = g.Group
		}
		d.view = flows.View{Now: d.now, Directory: flows.NewDirectory(line, meeting, d.now)}
		looks, err := c.lookAt(ctx, db, d.keys, line.ID)
		if err != nil {
			return err
		}
		d.flow = looks.heard
		client, err := c.client()
		if err != nil {
			return err
		}
		d.rooms = rooms.New(c.rooms(db, d.keys, client, now, c.logger(io.Err)))
		return do(d)
	})
}
