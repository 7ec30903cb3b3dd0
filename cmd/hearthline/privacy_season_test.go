package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// reminded is what one member of the group that meets on Saturdays does about its
// reminders. Steps at a moment are those of a visit, or
//
//	press 1 3    presses keys in the call that rings then
//
// which everybody does at the same time, as they are rung at the same time.
type reminded struct {
	flow  string
	words []string // all of which are heard or read on the way
	never string   // what is neither, "" for nothing
	by    emulator.Behaviour
	enrol []string
	at    map[moment][]string
	clear bool // asked for clear words, which name the group
}

// moment is one of a season at which something is sent.
type moment string

// The moments of a season, in their order.
const (
	dayBefore    moment = "24 hours before"
	hourBefore   moment = "an hour before"
	soonBefore   moment = "15 minutes before"
	start        moment = "at the start"
	dateSkipped  moment = "the next date is cancelled"
	dateMoved    moment = "the one after it is moved"
	dateHeld     moment = "the next date is held after all"
	afterSilence moment = "after 90 days"
)

// saturdays is the code of the group.
const saturdays = "927461"

// onSaturdays has it meet at six in the evening.
func onSaturdays(o *stageOptions) {
	group(saturdays, func(g *store.Group) {
		m, err := schedule.New("2026-11-21T18:00", "America/New_York", "FREQ=WEEKLY", 60)
		if err != nil {
			panic(err)
		}
		g.Meetings, g.Capacity = []schedule.Meeting{m}, 250
	})(o)
}

// The ways to become a member of the group: whom texts remind, and whom calls do,
// which takes somebody who answers.
var (
	byTexts = []string{"text REMIND " + saturdays, "text OK"}
	byCalls = append(slices.Clone(byTexts), "call 4 2 1 CODE PIN PIN 2 2 1 2 ~")
	human   = emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second, Says: "Hello?"}
	machine = emulator.Behaviour{Kind: emulator.Machine, After: 2 * time.Second, Says: "Please leave a message after the tone."}
)

// reminders are every flow of theirs that there is.
var reminders = []reminded{
	{flow: "coming, by text", words: []string{"Reminder: Llamada de la tarde is tomorrow", "Thank you. When it is time, or for the place, call", "Soon: "}, enrol: byTexts,
		at: map[moment][]string{dayBefore: {"text IN"}}},
	{flow: "not coming, by text", words: []string{"You can still call"}, never: "Soon: ", enrol: byTexts,
		at: map[moment][]string{dayBefore: {"text OUT"}}},
	{flow: "coming, by key", words: []string{"is tomorrow at six in the evening", "When it is time, call"}, by: human, enrol: byCalls,
		at: map[moment][]string{dayBefore: {"press 1 1"}, soonBefore: {"press 1 1"}}},
	{flow: "not coming, by key", words: []string{"Thank you for telling us."}, never: "is today at six", by: human, enrol: byCalls,
		at: map[moment][]string{dayBefore: {"press 1 2"}}},
	{flow: "call me, by key", words: []string{"We will call you when it starts."}, by: human, enrol: byCalls,
		at: map[moment][]string{dayBefore: {"press 1 3"}, start: {"press 1"}}},
	{flow: "no more calls, by key", words: []string{"Goodbye."}, never: "is tomorrow", by: human, enrol: byCalls,
		at: map[moment][]string{dayBefore: {"press 9"}}},
	{flow: "not expected", words: []string{"This is an automated call that was asked for."}, never: "Llamada", by: human, enrol: byCalls},
	{flow: "call me, by text", words: []string{"If you chose to be called"}, by: human, enrol: append(slices.Clone(byTexts), "call 4 2 1 CODE PIN PIN 2 2 1 3 ~"),
		at: map[moment][]string{dayBefore: {"text CALL " + saturdays}, start: {"press 1"}}},
	{flow: "call me, by phone", words: []string{"Done. We call you when it starts."}, by: human, enrol: byCalls,
		at: map[moment][]string{hourBefore: {"call 4 2 1 PIN 1 4 4 ~"}, start: {"press 1"}}},
	{flow: "a machine", never: "automated call", by: machine, enrol: byCalls},
	{flow: "a machine that may hear", words: []string{"There is nothing to do."}, never: "press 9", by: machine, enrol: append(slices.Clone(byCalls), "call 4 2 1 PIN 2 3 3 2 ~")},
	{flow: "busy", never: "automated call", by: emulator.Behaviour{Kind: emulator.Busy}, enrol: byCalls},
	{flow: "own time", words: []string{"Soon: Llamada de la tarde, today"}, never: "is tomorrow", enrol: append(slices.Clone(byTexts), "call 4 2 1 CODE PIN PIN 2 1 4 2 2 ~")},
	{flow: "no reminders", words: []string{"Change: "}, never: "Reminder: ", enrol: append(slices.Clone(byTexts), "call 4 2 1 CODE PIN PIN 2 1 4 3 ~")},
	{flow: "clear, by text", words: []string{"Circulo de duelo is tomorrow"}, clear: true, enrol: append(slices.Clone(byTexts), "call 4 2 1 CODE PIN PIN 2 2 2 2 ~")},
	{flow: "clear, by call", words: []string{"Círculo de duelo is tomorrow"}, clear: true, by: human, enrol: append(slices.Clone(byCalls), "call 4 2 1 PIN 2 2 2 ~"),
		at: map[moment][]string{dayBefore: {"press 1 1"}}},
	{flow: "a date cancelled, moved and held, by text", words: []string{"will not be held", "moves from", "will be held after all"}, enrol: byTexts},
	{flow: "a date cancelled, moved and held, by call", words: []string{"will not be held", "has moved from", "will be held after all"}, by: human, enrol: byCalls,
		at: map[moment][]string{dateSkipped: {"press 1"}, dateMoved: {"press 1"}, dateHeld: {"press 1"}}},
	{flow: "please stop", words: []string{"Done: we send nothing more"}, never: "Soon: ", enrol: byTexts,
		at: map[moment][]string{dayBefore: {"text please stop texting me"}}},
	{flow: "STOP", words: []string{"Reminder: "}, never: "Soon: ", enrol: byTexts, at: map[moment][]string{dayBefore: {"text STOP"}}},
	{flow: "forget me, reminded", words: []string{"We hold nothing about this number any more."}, never: "Soon: ", enrol: byTexts,
		at: map[moment][]string{dayBefore: {"text FORGET ME", "text OK"}}},
	{flow: "still safe", words: []string{"May we still write to this number?", "your answer is kept"}, enrol: byTexts,
		at: map[moment][]string{afterSilence: {"text OK"}}},
	{flow: "still safe, by call", words: []string{"Thank you."}, by: human, enrol: byCalls, at: map[moment][]string{afterSilence: {"press 1"}}},
}

// season has numbers enrol and be reminded, until a date was cancelled, moved and
// held after all. It returns whom it does not lead to where it should.
func (w *watch) season(numbers []string) (astray []string) {
	w.t.Helper()
	for i, number := range numbers {
		v := reminders[i%len(reminders)]
		if v.clear {
			w.clear[number] = true
		}
		w.visit(visit{v.flow, "", v.enrol}, number)
		w.carrier.Phone(number).Behave(v.by)
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		w.t.Fatal(err)
	}
	day := schedule.DateOf(w.clock.Now().In(zone)).Add(2)
	for day.Weekday() != time.Saturday {
		day = day.Add(1)
	}
	begins := schedule.Wall{Date: day, Hour: 18}.In(zone)
	inRoom, rung := 0, 0
	at := func(when time.Time, m moment, staff ...string) {
		w.carrier.Advance(when.Sub(w.clock.Now()))
		if len(staff) > 0 {
			w.types("", append([]string{"group"}, staff...)...)
			w.replica.app.snapshots.Refresh(w.t.Context())
		}
		inRoom = max(inRoom, w.moment(numbers, m))
	}
	at(begins.Add(-24*time.Hour), dayBefore)
	at(begins.Add(-time.Hour), hourBefore)
	at(begins.Add(-15*time.Minute), soonBefore)
	at(begins, start)
	for i := range numbers {
		rung += len(reminders[i%len(reminders)].at[start])
	}
	next, after := day.Add(7), day.Add(14)
	morning := begins.AddDate(0, 0, 1).Add(-6 * time.Hour)
	at(morning, dateSkipped, "skip", saturdays, next.String())
	at(morning.Add(time.Hour), dateMoved, "move", saturdays, after.String(), schedule.Wall{Date: after.Add(1), Hour: 17}.String())
	at(morning.Add(2*time.Hour), dateHeld, "unskip", saturdays, next.String())
	for i, number := range numbers {
		if v := reminders[i%len(reminders)]; v.at[afterSilence] == nil && !v.leads(w.carrier.Phone(number)) {
			astray = append(astray, v.flow)
		}
	}
	if inRoom != rung {
		astray = append(astray, fmt.Sprintf("%d asked to be rung at the start, and %d come in", rung, inRoom))
	}
	return astray
}

// silence lets 90 days go by in which nobody does anything, and the days over which
// members are asked whether it is still safe to reach them.
func (w *watch) silence(numbers []string) (astray []string) {
	w.t.Helper()
	w.carrier.Advance(85 * 24 * time.Hour)
	for range 14 {
		w.night()
		w.daytime()
		w.moment(numbers, afterSilence)
	}
	for i, number := range numbers {
		if v := reminders[i%len(reminders)]; v.at[afterSilence] != nil && !v.leads(w.carrier.Phone(number)) {
			astray = append(astray, v.flow)
		}
	}
	return astray
}

// moment sends what is due and has everybody do what they do then. It returns how
// many were in rooms before they hung up.
func (w *watch) moment(numbers []string, m moment) (inRooms int) {
	w.t.Helper()
	w.pass()
	w.carrier.Advance(20 * time.Second)
	keys := map[*emulator.Call][]string{}
	for i, number := range numbers {
		for _, step := range reminders[i%len(reminders)].at[m] {
			pressed, ok := strings.CutPrefix(step, "press ")
			if call := w.carrier.Phone(number).Current(); ok && call != nil {
				keys[call] = strings.Fields(pressed)
			}
		}
	}
	for turn := 0; len(keys) > 0; turn++ {
		inRooms = max(inRooms, w.inRooms())
		for call, k := range keys {
			if turn < len(k) {
				call.Press(k[turn])
				continue
			}
			call.Hangup()
			delete(keys, call)
		}
		w.carrier.Advance(12 * time.Second)
	}
	w.carrier.Advance(time.Minute)
	for i, number := range numbers {
		v := reminders[i%len(reminders)]
		steps := slices.DeleteFunc(slices.Clone(v.at[m]), func(s string) bool { return strings.HasPrefix(s, "press ") })
		if m == afterSilence && !asked(w.carrier.Phone(number)) {
			continue
		}
		w.visit(visit{v.flow, "", steps}, number)
	}
	w.carrier.Advance(6 * time.Minute) // who was busy is rung once more
	w.pass()
	w.carrier.Advance(time.Minute)
	return inRooms
}

func (w *watch) inRooms() (people int) {
	for _, room := range w.carrier.Rooms() {
		people += len(room.Participants)
	}
	return people
}

// asked says whether the last text to a phone asks whether it is still safe.
func asked(p *emulator.Phone) bool {
	texts := p.Texts()
	return len(texts) > 0 && strings.Contains(texts[len(texts)-1].Body, "May we still write")
}

// pass sends what is due now, whatever the hour.
func (w *watch) pass() {
	w.t.Helper()
	for {
		n, err := w.replica.app.outbox.Pass(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		w.carrier.Advance(5 * time.Second)
		if n == 0 {
			return
		}
	}
}

// leads says whether a phone has heard or read all words that it should, and
// nothing that it should not.
func (v reminded) leads(p *emulator.Phone) bool {
	for _, words := range v.words {
		if !(visit{words: words}).leads(p) {
			return false
		}
	}
	return v.never == "" || !(visit{words: v.never}).leads(p)
}

// Reminders of every kind, with one member each.
func TestNobodyLearnsWhoIsReminded(t *testing.T) {
	t.Parallel()
	numbers := callers(len(reminders))
	w := newWatch(t, numbers, onSaturdays)
	for _, flow := range append(w.season(numbers), w.silence(numbers)...) {
		t.Errorf("%s: does not lead to where it should", flow)
	}
	w.strict()
	if told := w.topics().told(w.started()); len(told) > 0 {
		t.Errorf("the carrier is told %q", told)
	}
	for _, fault := range w.requestFaults() {
		t.Error(fault)
	}
	w.plantEverywhere(canary)
	results := w.scan(w.sinks())
	w.clean(results)
	t.Log("\n" + w.table(results))
}
