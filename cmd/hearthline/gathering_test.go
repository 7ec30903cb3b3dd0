package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// The group of these tests meets twenty minutes after a stage begins, at 18:25 in
// New York; its door opens at 18:15.
const (
	heldCode = "714829"
	rose     = "+12125550190"
	rosePIN  = "73914626"
	june     = "+12125550191"
	junePIN  = "28461935"
)

// held has that group be held by Rose, with June to stand in for her.
func held(o *stageOptions) {
	group(heldCode, func(g *store.Group) { g.Host, g.Facilitators = flows.HostRequired, facilitators() })(o)
}

// facilitators are Rose and June, as an import reads them.
func facilitators() []store.Facilitator {
	file := fmt.Sprintf(`groups: [{code: "482105", name: Circle, meetings: [{start: "2026-11-24T19:00", timezone: America/New_York, minutes: 60}], facilitators: [
			{alias: Rose, phone: %q, pin: %q}, {alias: June, phone: %q, pin: %q}]}]`, rose, rosePIN, june, junePIN)
	parsed, faults := store.ParseGroups("held", strings.NewReader(file), store.ParseOptions{Languages: []string{"en"}, CodeLength: 6})
	if len(parsed) != 1 {
		panic(fmt.Sprint(faults))
	}
	return parsed[0].Facilitators
}

// gathering is a session with the people who come to it, in the order in which a
// sheet shows them, minute by minute.
type gathering struct {
	*stage
	names   []string
	people  map[string]caller
	aliases map[string]string
	places  map[string]string // of a conference's name
	// passed are those who have passed: others must not hear them.
	passed map[string]bool
	sheet  []minute
}

// minute is who heard whom from one full minute to another.
type minute struct {
	from, to time.Time
	told     string
}

func newGathering(t testing.TB, people [][2]string, change ...func(*stageOptions)) *gathering {
	g := &gathering{stage: newStage(t, change...), people: map[string]caller{}, aliases: map[string]string{}, places: map[string]string{}, passed: map[string]bool{}}
	for _, p := range people {
		g.names = append(g.names, p[0])
		g.people[p[0]] = g.caller(p[1])
	}
	return g
}

// zone is where the stage's line is.
func (g *gathering) zone() *time.Location {
	zone, err := time.LoadLocation(g.config.zone)
	if err != nil {
		g.t.Fatal(err)
	}
	return zone
}

// at goes on until a moment of the evening, as in "18:26" or "18:26:30".
func (g *gathering) at(wall string) {
	g.t.Helper()
	if strings.Count(wall, ":") == 1 {
		wall += ":00"
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", evening.In(g.zone()).Format("2006-01-02 ")+wall, g.zone())
	if err != nil {
		g.t.Fatal(err)
	}
	if at.Before(g.clock.Now()) {
		g.t.Fatalf("it is %s, past %s", g.clock.Now().In(g.zone()).Format(time.TimeOnly), wall)
	}
	g.goesOn(at.Sub(g.clock.Now()))
}

// goesOn lets time pass as it does for a program that runs: each second it does
// what has fallen due. Who hears whom is noted at each full minute.
func (g *gathering) goesOn(d time.Duration) {
	g.t.Helper()
	for end := g.clock.Now().Add(d); g.clock.Now().Before(end); {
		now := g.clock.Now()
		next := now.Truncate(time.Second).Add(time.Second)
		if next.After(end) {
			next = end
		}
		g.carrier.Advance(next.Sub(now))
		g.seeTo()
		for name := range g.passed {
			if g.hasFloor(name) {
				g.t.Errorf("at %s %s is heard, who has passed", next.In(g.zone()).Format(time.TimeOnly), name)
			}
		}
		if next.Truncate(time.Minute).Equal(next) {
			g.note()
		}
	}
}

// note adds a minute to the sheet.
func (g *gathering) note() {
	now, told := g.clock.Now(), g.hearsWhom()
	if n := len(g.sheet); n > 0 && g.sheet[n-1].told == told {
		g.sheet[n-1].to = now
		return
	}
	g.sheet = append(g.sheet, minute{now, now, told})
}

// minutes is the sheet: a minute that is like the one before is not told again.
func (g *gathering) minutes() string {
	var b strings.Builder
	for _, m := range g.sheet {
		from, to := m.from.In(g.zone()).Format("15:04"), m.to.In(g.zone()).Format("15:04")
		if from != to {
			from += " to " + to
		}
		fmt.Fprintf(&b, "%s\n%s\n", from, m.told)
	}
	return b.String()
}

// hearsWhom tells of each person who is on the phone where they are and whom they
// hear, a column each: x.
func (g *gathering) hearsWhom() string {
	var b strings.Builder
	for _, name := range g.names {
		place, hears := g.of(name)
		if place == "" {
			continue
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "         %s\n", g.initials())
		}
		fmt.Fprintf(&b, "  %-6s", name)
		for _, other := range g.names {
			mark := "."
			switch {
			case other == name:
				mark = "\\"
			case slices.Contains(hears, other):
				mark = "x"
			}
			b.WriteString(" " + mark)
		}
		fmt.Fprintf(&b, "  %s\n", place)
	}
	return cmp.Or(b.String(), "  nobody is on the phone\n")
}

// initials are the columns of a sheet.
func (g *gathering) initials() string {
	var all []string
	for _, name := range g.names {
		all = append(all, name[:1])
	}
	return strings.Join(all, " ")
}

// of returns where somebody is and whom they hear: "" of who is not on the phone,
// "line" of who is on it and in no room.
func (g *gathering) of(name string) (place string, hears []string) {
	call := g.people[name].Current()
	if call == nil {
		return "", nil
	}
	for _, r := range g.carrier.Rooms() {
		for _, p := range r.Participants {
			if p.CallSID != call.SID() {
				continue
			}
			for _, other := range g.names {
				if c := g.people[other].Current(); c != nil && slices.Contains(p.Hears, c.SID()) {
					hears = append(hears, other)
				}
			}
			return g.placeOf(r), hears
		}
	}
	if call.State() == "ringing" {
		return "rings", nil
	}
	return "line", nil
}

// placeOf names a conference, whose own name nobody can read: the first one that
// is come to is the room.
func (g *gathering) placeOf(r emulator.Room) string {
	if g.places[r.Name] == "" {
		g.places[r.Name] = "room"
		if n := len(g.places); n > 1 {
			g.places[r.Name] = fmt.Sprintf("side %d", n-1)
		}
	}
	if r.Status == "init" {
		return g.places[r.Name] + ", silent"
	}
	return g.places[r.Name]
}

// heardAre fails the test unless exactly these people are heard by others.
func (g *gathering) heardAre(want ...string) {
	g.t.Helper()
	var got []string
	for _, name := range g.names {
		if slices.ContainsFunc(g.names, func(other string) bool {
			_, hears := g.of(other)
			return slices.Contains(hears, name)
		}) {
			got = append(got, name)
		}
	}
	if !slices.Equal(got, want) {
		g.t.Errorf("at %s are heard %v, want %v\n%s", g.clock.Now().In(g.zone()).Format(time.TimeOnly), got, want, g.hearsWhom())
	}
}

// isIn fails the test unless somebody is where they should be.
func (g *gathering) isIn(name, want string) {
	g.t.Helper()
	if got, _ := g.of(name); got != want {
		g.t.Errorf("at %s %s is in %q, want %q\n%s", g.clock.Now().In(g.zone()).Format(time.TimeOnly), name, got, want, g.transcript(name))
	}
}

// transcript is somebody's call so far.
func (g *gathering) transcript(name string) string {
	if call := g.people[name].Current(); call != nil {
		return call.Transcript()
	}
	return "not on the phone"
}
