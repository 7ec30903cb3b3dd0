package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// beforehand are the flags of a command that reads back what it understood of a time,
// before it counts.
type beforehand struct {
	Yes    bool `short:"y" help:"Do it without asking."`
	DryRun bool `help:"Read back what was understood, and change nothing."`
}

// understood is what a command makes of what was typed.
type understood struct {
	Does   string     `json:"does"` // in words
	Group  string     `json:"group"`
	Code   string     `json:"code,omitempty"` // "" of a group that gets one
	Meets  []string   `json:"meets,omitempty"`
	Dates  []readDate `json:"dates"`
	To     *readDate  `json:"to,omitempty"` // of a date that is moved
	Effect string     `json:"effect"`       // who hears of it
}

// readDate is a date as it is read back: with its year, its zone and what clocks do.
type readDate struct {
	Start    time.Time `json:"start"`
	Words    string    `json:"words"`
	Zone     string    `json:"zone"`
	Daylight bool      `json:"daylight_saving"`
	// Clocks is "forward" or "back" where clocks change before it, counted from now or
	// from the date before.
	Clocks string `json:"clocks,omitempty"`
	// Skipped says that clocks skip the time that was said: it is held when they have.
	Skipped bool `json:"hour_skipped,omitempty"`
}

// reads is a date that is said to be at a time of the wall; since is now, or the date
// before.
func (d dateDesk) reads(start, since time.Time, said schedule.Wall) readDate {
	at := readDate{
		Start: start, Words: schedule.Written(d.line.Languages[0], start, start.AddDate(0, 0, -30)), // never "tomorrow"
		Zone: start.Location().String(), Daylight: start.IsDST(), Skipped: start.Hour() != said.Hour || start.Minute() != said.Minute,
	}
	_, before := since.In(start.Location()).Zone()
	switch _, after := start.Zone(); {
	case after > before:
		at.Clocks = "forward"
	case after < before:
		at.Clocks = "back"
	}
	return at
}

// upcoming are the next dates of meetings, by their rules alone.
func (d dateDesk) upcoming(meetings []schedule.Meeting) []readDate {
	const shown = 8
	type dated struct {
		schedule.Occurrence
		said schedule.Wall
	}
	var next []dated
	for _, m := range meetings {
		m.Skipped, m.Moved = nil, nil
		for _, o := range m.Next(d.now, shown) {
			next = append(next, dated{o, m.Start})
		}
	}
	slices.SortFunc(next, func(a, b dated) int { return a.Start.Compare(b.Start) })
	dates := []readDate{}
	since := d.now
	for _, o := range next[:min(shown, len(next))] {
		dates = append(dates, d.reads(o.Start, since, o.said))
		since = o.Start
	}
	return dates
}

// tell reads it back.
func (u understood) tell(w io.Writer) {
	who := u.Group
	if u.Code != "" {
		who += ", code " + u.Code
	}
	fmt.Fprintf(w, "%s: %s.\n", u.Does, who)
	for _, meets := range u.Meets {
		fmt.Fprintln(w, meets)
	}
	for _, date := range u.Dates {
		fmt.Fprintln(w, "  "+date.line())
	}
	if u.To != nil {
		fmt.Fprintln(w, "to\n  "+u.To.line())
	}
	fmt.Fprintln(w, u.Effect)
}

// line is one date, as in "2026-12-08  Tue Dec 8, 7 pm ET  (America/New_York, standard
// time)".
func (r readDate) line() string {
	about := []string{r.Zone, "standard time"}
	if r.Daylight {
		about[1] = "daylight saving time"
	}
	if r.Clocks != "" {
		about = append(about, "clocks go "+r.Clocks+" before this date")
	}
	if r.Skipped {
		about = append(about, "clocks skip the hour that was said")
	}
	return fmt.Sprintf("%s  %s  (%s)", r.Start.Format(time.DateOnly), r.Words, strings.Join(about, ", "))
}

// agreed reads back what was understood, and says whether it is to be done. Who types
// at a terminal is asked. Elsewhere nobody can be: what was said as computers write it
// is done, and words are not without --yes.
func (c stdio) agreed(b beforehand, inJSON, exact bool, u understood) (bool, error) {
	switch {
	case b.DryRun && inJSON:
		return false, c.json(u)
	case b.DryRun:
		u.tell(c.Out)
		fmt.Fprintln(c.Out, "Nothing was changed.")
		return false, nil
	case b.Yes, exact && !c.asks:
		return true, nil
	}
	u.tell(c.Err)
	if !c.asks {
		return false, argumentError("nothing was changed, as nobody is there to say that this is what is meant; add --yes to do it, or --dry-run to look at it first")
	}
	fmt.Fprint(c.Err, "Type yes to do it: ")
	answer, err := bufio.NewReader(io.LimitReader(c.In, 1<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, errors.New("standard input cannot be read; nothing was changed")
	}
	if !slices.Contains([]string{"yes", "y", "sí", "si", "s"}, strings.ToLower(strings.TrimSpace(answer))) {
		return false, errors.New("nothing was changed")
	}
	return true, nil
}

// given is a date as the rule of a meeting gives it, and as it is held.
type given struct {
	schedule.Meeting
	byRule, held time.Time
	said         schedule.Wall // of held
	changed      bool          // it is not held, or was moved
	skipped      bool
}

// givenOn are the meetings of the group whose rule gives a date.
func (d dateDesk) givenOn(date schedule.Date) []given {
	var all []given
	for _, m := range d.group.Meetings {
		plain := m
		plain.Skipped, plain.Moved = nil, nil
		noon := schedule.Wall{Date: date, Hour: 12}.In(time.UTC)
		for _, o := range plain.Between(noon.AddDate(0, 0, -2), noon.AddDate(0, 0, 2)) {
			if o.Date != date {
				continue
			}
			g := given{Meeting: m, byRule: o.Start, held: o.Start, said: m.Start, skipped: slices.Contains(m.Skipped, date)}
			for _, move := range m.Moved {
				if move.Date == date {
					g.held, g.said, g.changed = move.To.In(o.Start.Location()), move.To, true
				}
			}
			g.changed = g.changed || g.skipped
			all = append(all, g)
		}
	}
	return all
}

func (g given) isHeld() bool { return !g.skipped }

func (g given) isChanged() bool { return g.changed }

func (g given) heldAt() (time.Time, schedule.Wall) { return g.held, g.said }

func (g given) ruledAt() (time.Time, schedule.Wall) { return g.byRule, g.Start }

// about is what a command does to a date of the group: of those that the group's
// meetings give, the ones that can be meant.
func (d dateDesk) about(does string, of []given, meant func(given) bool, at func(given) (time.Time, schedule.Wall)) understood {
	u := understood{Does: does, Group: d.group.Name.In(d.line.Languages[0]), Code: d.group.Code, Dates: []readDate{}, Effect: "Its members are told."}
	if slices.ContainsFunc(of, meant) {
		of = slices.DeleteFunc(slices.Clone(of), func(g given) bool { return !meant(g) })
	}
	slices.SortFunc(of, func(a, b given) int { return cmp.Or(a.held.Compare(b.held), a.byRule.Compare(b.byRule)) })
	for _, g := range of {
		start, said := at(g)
		u.Dates = append(u.Dates, d.reads(start, d.now, said))
		if !start.Add(time.Duration(g.Minutes) * time.Minute).After(d.now) {
			u.Effect = "That time is past."
		}
	}
	return u
}
