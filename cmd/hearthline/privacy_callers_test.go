package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/sweep"
	"github.com/hearthline/hearthline/store"
)

// callers are fictional numbers of areas in ALLOWED_COUNTRIES whose clocks are the
// line's, so that all are asked the same: at most a hundred of each of 41.
func callers(n int) []string {
	areas := []int{
		201, 203, 207, 212, 215, 216, 219, 220, 223, 226, 227, 229, 231, 234, 239, 240, 248, 249, 252, 260, 267, 269, 270, 272, 276, 283, 289,
		302, 304, 305, 313, 315, 317, 321, 324, 326, 329, 330, 332, 336, 339,
	}
	all := make([]string, 0, n)
	for i := range n {
		e164 := fmt.Sprintf("+1%d55501%02d", areas[i%len(areas)], i/len(areas))
		if e164 == ida || e164 == sam || e164 == bridgeLine {
			e164 = fmt.Sprintf("+1%d55501%02d", areas[i%len(areas)], 99-i/len(areas))
		}
		all = append(all, e164)
	}
	return all
}

// visit has a caller do what the visit says.
func (w *watch) visit(v visit, number string) {
	w.t.Helper()
	p := w.carrier.Phone(number)
	if strings.Contains(v.words, "They name the group.") {
		w.clear[number] = true
	}
	for _, step := range v.steps {
		does, what, _ := strings.Cut(step, " ")
		switch does {
		case "call":
			w.call(p, what)
		case "hide":
			w.call(p, what, emulator.CallerID("+266696687"))
		case "text":
			p.Text(lineNumber, what)
			w.carrier.Advance(2 * time.Second)
		case "wait":
			w.send()
		case "answer":
			p.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
			w.carrier.Advance(6 * time.Minute) // who enrols on a call may hang up first
			w.send()
			if call := p.Current(); call != nil {
				call.Press(what)
				w.carrier.Advance(20 * time.Second)
			}
		case "staff":
			w.printed.WriteString(w.types(number, strings.Fields(what)...))
		default:
			w.t.Fatalf("%s: there is no step %q", v.flow, step)
		}
	}
}

// leads says whether a phone has heard or read the words of a visit.
func (v visit) leads(p *emulator.Phone) bool {
	return v.words == "" || heard(p, v.words) || slices.ContainsFunc(p.Texts(), func(t emulator.Text) bool { return strings.Contains(t.Body, v.words) })
}

// call presses keys.
func (w *watch) call(p *emulator.Phone, keys string, options ...emulator.CallOption) {
	w.t.Helper()
	call := p.Call(lineNumber, options...)
	for _, key := range strings.Fields(keys) {
		switch key {
		case "~":
			w.carrier.Advance(30 * time.Second)
			continue
		case "SAY": // after the tone
			w.carrier.Advance(8 * time.Second)
			call.Say("please ring me about the circle")
			w.carrier.Advance(4 * time.Second)
			key = "#"
		case "PIN":
			key = ownPIN
		case "CODE":
			key = w.texted(p)
		case "NUMBER":
			key = caller{w.stage, p}.told()
		}
		call.Press(key)
		if w.carrier.Advance(time.Second); len(key) > 1 {
			w.carrier.Advance(afterPIN)
		}
	}
	call.Hangup()
	w.carrier.Advance(time.Second)
}

var inText = regexp.MustCompile(`enter (\d{6})\b`)

// texted is the code that a phone was texted last.
func (w *watch) texted(p *emulator.Phone) string {
	w.t.Helper()
	code := ""
	for _, t := range p.Texts() {
		if m := inText.FindStringSubmatch(t.Body); m != nil && strings.Contains(t.Body, "press 4") {
			code = m[1]
		}
	}
	if code == "" {
		w.t.Fatalf("no code was texted:\n%s", p.Thread())
	}
	return code
}

// send sends what is due, at an hour at which anybody may be sent anything.
func (w *watch) send() {
	w.t.Helper()
	w.daytime()
	for {
		n, err := w.replica.app.outbox.Pass(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		w.carrier.Advance(10 * time.Second)
		if n == 0 {
			return
		}
	}
}

// night goes on by a day and has the line do what it does while nobody calls: what is over goes, what
// is left is written anew, and the carrier forgets.
func (w *watch) night() {
	w.t.Helper()
	w.carrier.Advance(24 * time.Hour)
	app := w.replica.app
	if err := errors.Join(app.background.retention.Lapse(w.t.Context(), w.clock.Now()), app.nightly(w.t.Context())); err != nil {
		w.t.Fatal(err)
	}
	o := app.sweep.Options
	o.Pace, o.PerPass = 0, math.MaxInt
	if _, err := sweep.New(o).Pass(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// daytime goes on to the next hour that nobody sleeps at, in no zone of ours.
func (w *watch) daytime() {
	w.t.Helper()
	zone, err := time.LoadLocation(w.config.zone)
	if err != nil {
		w.t.Fatal(err)
	}
	now := w.clock.Now().In(zone)
	opens := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, zone)
	if now.Hour() >= 19 {
		opens = opens.AddDate(0, 0, 1)
	}
	if now.Before(opens) && (now.Hour() < 12 || now.Hour() >= 19) {
		w.carrier.Advance(opens.Sub(now))
	}
}

// whatVisitsNeed are groups of each kind: those that are open are so day and
// night, since the clock goes on for days.
func whatVisitsNeed(o *stageOptions) {
	group("714829", func(g *store.Group) { g.Place = "12 Elm Street, second floor" })(o)
	for _, code := range []string{"482105", "593716", "648392"} {
		group(code, func(g *store.Group) {
			g.Capacity, g.Meetings = 250, nil
			for _, begins := range []string{"2026-11-24T00:00", "2026-11-24T12:00"} {
				half, err := schedule.New(begins, "America/New_York", "FREQ=DAILY", 720)
				if err != nil {
					panic(err)
				}
				g.Meetings = append(g.Meetings, half)
			}
		})(o)
	}
	group("593716", func(g *store.Group) { g.Facilitators = facilitators() })(o)
}

// outside makes those answer whom the line connects to.
func (w *watch) outside() {
	for _, number := range []string{crisisLine, bridgeLine} {
		w.carrier.Phone(number).Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second, Says: "Hello."})
	}
}
