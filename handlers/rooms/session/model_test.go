package session_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// drawn are dice that rapid throws, so that it can find the smallest failure.
type drawn struct{ t *rapid.T }

func (d drawn) Roll(n int, what string) int { return rapid.IntRange(0, n-1).Draw(d.t, what) }

// seeded are dice for long runs.
type seeded struct{ r *rand.Rand }

func (d seeded) Roll(n int, _ string) int { return d.r.IntN(n) }

// model is a world in which anything happens, and what must hold in it.
type model struct {
	*world
	self, shut, held, passed map[int]bool    // by seat: what people asked for
	words                    map[int]int     // by seat: one more than its alias
	owner                    map[int]person  // who was last known to go to a seat
	banned, before           map[string]bool // calls and numbers: who was removed; who of them is a facilitator
	waits, inside            map[string]bool // calls and numbers: who was sent to wait; who of them was in by another call
	slipped, seated          map[string]bool // calls: without word of them, and the session knows of them
	freed                    map[string]bool // calls: who may leave the crisis line
	lines                    []string        // labels of the crisis line's legs
	acts                     []string        // what happened, for the report of a failure
}

func newModel(t fataler, d dice, o session.Occurrence) *model {
	m := &model{
		world: newWorld(t, o, -4*time.Minute), self: map[int]bool{}, shut: map[int]bool{}, held: map[int]bool{}, passed: map[int]bool{},
		words: map[int]int{}, owner: map[int]person{}, banned: map[string]bool{}, before: map[string]bool{}, waits: map[string]bool{}, inside: map[string]bool{},
		slipped: map[string]bool{}, seated: map[string]bool{}, freed: map[string]bool{},
	}
	m.dice, m.faults = d, true
	m.opens, m.lets, m.steps, m.acting, m.changed = m.mayBeHeard, m.mayBeIn, m.staysWhere, m.cutsOff, m.adopts
	return m
}

// mayBeHeard holds whenever a microphone is opened: not against a mute, a mode or a
// pass.
func (m *model) mayBeHeard(p *person, at session.Place) {
	st := m.load().Status(m.now, session.Coordinator)
	n := m.load().SeatOf(p.call)
	i := slices.IndexFunc(st.People, func(q session.Person) bool { return q.Seat == n })
	if at == session.Side && p.was == session.Side && m.shut[n] {
		m.t.Fatalf("%s is opened in a private talk though they closed it", p.name)
	}
	if i < 0 || at != session.Main {
		return
	}
	host := st.People[i].Role != session.Participant
	switch {
	case m.self[n]:
		m.t.Fatalf("%s is opened though they closed it", p.name)
	case m.held[n]:
		m.t.Fatalf("%s is opened though a facilitator closed it", p.name)
	case host:
	case st.Mode == session.Circle && (st.Speaker != n || m.passed[n]):
		m.t.Fatalf("%s is opened in a circle, %d's turn, passed %v", p.name, st.Speaker, m.passed[n])
	case st.Mode == session.Hands && st.Speaker != n, st.Mode == session.Listen:
		m.t.Fatalf("%s is opened in mode %s", p.name, st.Mode)
	}
}

// mayBeIn holds whenever somebody goes in: they were not removed, nor sent to wait. Who
// comes from apart is told so.
func (m *model) mayBeIn(p *person, e session.Entry) {
	if m.banned[p.call] || p.who != nil && m.banned[string(p.who)] && !m.before[p.call] && !m.slipped[p.call] {
		m.t.Fatalf("%s is let in, who was removed", p.name)
	}
	if sent := m.waits[p.call] || p.id == "" && p.who != nil && m.waits[string(p.who)] && !m.inside[p.call]; sent && e.Place != session.Waiting {
		m.t.Fatalf("%s walks in, who was sent to wait", p.name)
	}
	if apart := p.was != session.Main && p.was != session.Waiting; p.was != anew && e.Back != (apart && e.Place == session.Main) {
		m.t.Fatalf("%s goes from %q to %q, and that is back: %v", p.name, p.was, e.Place, e.Back)
	}
	n := m.load().SeatOf(p.call)
	if e.Place == session.Side && p.was != session.Side {
		m.shut[n] = false
		delete(m.freed, p.call)
	}
	q := *p
	if m.slipped[p.call] {
		q.who = nil
	}
	m.owner[n] = q
}

// staysWhere holds whenever somebody comes out by their star: that alone takes nobody
// anywhere.
func (m *model) staysWhere(s *session.Session) func() {
	places := func() map[int]session.Place {
		all := map[int]session.Place{}
		for _, p := range s.Status(m.now, session.Coordinator).People {
			all[p.Seat] = p.Place
		}
		return all
	}
	before := places()
	return func() {
		if after := places(); !maps.Equal(before, after) {
			m.t.Fatalf("a star has moved people: from %v to %v", before, after)
		}
	}
}

// cutsOff holds of every act: it takes nobody from the crisis line who did not ask for it.
func (m *model) cutsOff(a session.Act) {
	if a.Kind != session.ActMove && a.Kind != session.ActHangup && a.Kind != session.ActEnd {
		return
	}
	for _, c := range m.confs {
		if c.place != session.Side || c.bridge == "" {
			continue
		}
		for _, p := range c.people {
			if (p.call == a.Call || a.Kind == session.ActEnd && a.Conference == c.id) && !m.freed[p.call] {
				m.t.Fatalf("%s is cut off from the crisis line", p.name)
			}
		}
	}
}

// free lets people leave the crisis line: who asked for it, and with a participant all.
func (m *model) free(p *person, all bool) {
	m.freed[p.call] = true
	for _, q := range m.people {
		if all && q.call != "" {
			m.freed[q.call] = true
		}
	}
}

// adopts holds when the session comes to know of somebody who slipped in: where
// newcomers are looked at, they wait.
func (m *model) adopts(s *session.Session) {
	for _, q := range s.Status(m.now, session.Coordinator).People {
		if m.words[q.Seat] != 1+q.Number { // the seat was somebody else's, long ago
			m.words[q.Seat] = 1 + q.Number
			m.self[q.Seat], m.shut[q.Seat], m.held[q.Seat], m.passed[q.Seat] = false, false, false, false
			delete(m.owner, q.Seat)
		}
	}
	for _, p := range m.people {
		n := s.SeatOf(p.call)
		if p.call == "" || n == 0 || !m.slipped[p.call] || m.seated[p.call] {
			continue
		}
		m.seated[p.call] = true
		st := s.Status(m.now, session.Coordinator)
		i := slices.IndexFunc(st.People, func(q session.Person) bool { return q.Seat == n })
		if looked := st.Locked || st.Screened || len(m.banned) > 0; looked && st.People[i].Place != session.Waiting {
			m.t.Fatalf("%s slipped into %q past a door that is locked", p.name, st.People[i].Place)
		}
	}
}

// step lets one thing happen.
func (m *model) step() {
	switch what := m.dice.Roll(20, "step"); what {
	case 0, 1:
		m.passes(time.Duration(m.dice.Roll(20, "seconds")) * time.Second)
	case 2:
		m.passes(time.Duration(m.dice.Roll(240, "seconds")) * time.Second)
	case 3, 4, 5:
		m.comes()
	case 6, 7:
		m.some("room", func(p *person) { m.note("star", p.name); m.star(p.name) })
	case 8, 9, 10:
		m.some("menu", func(p *person) { m.note("back", p.name); m.back(p.name) })
	case 11:
		m.some(rooms[m.dice.Roll(4, "where")], func(p *person) { m.note("hang up", p.name); m.hangUp(p) })
	case 12, 13:
		m.asks()
	case 14:
		m.holds()
	case 15:
		m.outside()
	case 16, 17:
		m.apart()
	case 18:
		m.some("menu", func(p *person) { m.note("out and in", p.name); m.outAndIn(p) })
	case 19:
		m.some("menu", func(p *person) { m.note("looks", p.name); m.looks(p) })
	}
}

var rooms = []string{"room", "menu", "queue", "room"}

func (m *model) note(what ...any) {
	m.acts = append(m.acts, fmt.Sprintln(append([]any{m.now.Sub(start)}, what...)...))
}

func (m *model) passes(d time.Duration) {
	m.note("pass", d)
	m.pass(d)
}

// some does something with one of those who are somewhere, if there are any.
func (m *model) some(at string, do func(p *person)) {
	var there []*person
	for _, p := range m.people {
		if p.at == at && p.call != "" {
			there = append(there, p)
		}
	}
	if len(there) > 0 {
		do(there[m.dice.Roll(len(there), "who")])
	}
}

// comes is somebody who rings, for the first time or again.
func (m *model) comes() {
	name := fmt.Sprint("p", m.dice.Roll(12, "who comes"))
	p := m.person(name)
	if p.call != "" {
		return
	}
	switch name {
	case "p0", "p1":
		p.id = "id " + name
	case "p2":
		p.who = nil
	case "p3", "p4":
		p.who = []byte("who of a household")
	}
	m.note("arrives", name)
	if m.dice.Roll(12, "slips in") == 11 && p.id == "" && !m.banned[string(p.who)] {
		m.slips(p)
		return
	}
	door := m.arrive(name)
	if m.banned[string(p.who)] && p.who != nil && door != session.DoorRemoved {
		m.t.Fatalf("%s was removed and finds %s", name, door)
	}
}

// outAndIn leaves for good, and comes back in the same call.
func (m *model) outAndIn(p *person) {
	if m.seat(p.name) == 0 {
		return
	}
	m.free(p, true)
	m.asked(p, session.Request{Verb: session.Leave})
	m.knock(p)
}

// looks is somebody at their menu who presses keys: they are there.
func (m *model) looks(p *person) {
	for range 1 + m.dice.Roll(6, "keys") {
		m.pass(time.Duration(m.dice.Roll(170, "seconds between keys")) * time.Second)
		if m.past() || p.call == "" {
			return
		}
		m.change(func(s *session.Session) {
			if s.Revive(m.now, p.call) {
				m.isThere(s, p)
			}
		})
	}
}

// isThere holds of somebody who has just pressed a key.
func (m *model) isThere(s *session.Session, p *person) {
	for _, q := range s.Status(m.now, session.Coordinator).People {
		if q.Seat == s.SeatOf(p.call) && !q.Present {
			m.t.Fatalf("%s presses keys and counts as lost", p.name)
		}
	}
}

// apart is a facilitator at their menu who takes somebody aside, or comes back.
func (m *model) apart() {
	m.some("room", func(p *person) {
		if p.id == "" {
			return
		}
		m.note("star", p.name)
		m.star(p.name)
		if p.at != "menu" || m.seat(p.name) == 0 {
			return
		}
		m.passes(time.Duration(m.dice.Roll(150, "seconds at the menu")) * time.Second)
		verbs := []session.Verb{session.Crisis, session.Talk, session.Crisis, session.Rejoin, session.ToWait, session.Backup}
		all := m.load().Status(m.now, session.Coordinator).People
		if m.past() || p.call == "" || len(all) == 0 {
			return
		}
		on := all[m.dice.Roll(len(all), "seat")]
		r := session.Request{Verb: verbs[m.dice.Roll(len(verbs), "verb")], Seat: on.Seat}
		m.deaf = m.dice.Roll(3, "word of the crisis line") == 2
		defer func() { m.deaf = false }()
		o := m.does(p, r, m.callOf(on.Seat))
		if r.Verb == session.Crisis && o == session.OK && m.dice.Roll(2, "leaves them to it") == 1 {
			m.leavesAlone(p)
		}
	})
}

// leavesAlone is a facilitator who goes to the side room and, after a while, back from it.
func (m *model) leavesAlone(p *person) {
	m.back(p.name)
	m.passes(time.Duration(m.dice.Roll(200, "seconds aside")) * time.Second)
	if p.at != "room" || m.past() {
		return
	}
	m.star(p.name)
	if p.at != "menu" || m.seat(p.name) == 0 {
		return
	}
	m.does(p, session.Request{Verb: session.Rejoin}, "")
	m.back(p.name)
	m.passes(time.Minute)
}

func (m *model) callOf(n int) string {
	for _, p := range m.people {
		if p.call != "" && m.load().SeatOf(p.call) == n {
			return p.call
		}
	}
	return ""
}

// does asks for a verb on a seat, and remembers what came of it.
func (m *model) does(by *person, r session.Request, call string) session.Outcome {
	if r.Verb == session.Rejoin {
		m.free(by, false) // a facilitator goes alone
	} else if r.Verb == session.ToWait || r.Verb == session.Remove {
		m.free(by, true)
		m.free(&person{call: call}, false)
	}
	known := 0
	if p := m.calling(call); p != nil {
		known = m.load().Known(p.who)
	}
	o := m.asked(by, r)
	st := m.load().Status(m.now, session.Coordinator)
	switch {
	case r.Verb == session.ToWait && o == session.OK:
		m.sent(r.Seat, known)
	case (r.Verb == session.Talk || r.Verb == session.Crisis) && o == session.OK:
		clear(m.shut)
		for _, p := range st.People {
			if p.Seat == r.Seat && p.Place != session.Side {
				m.t.Fatalf("%s was promised, and %d is in %q", r.Verb, p.Seat, p.Place)
			}
		}
	}
	return o
}

// sent remembers who was sent to wait. Others of the same number who are in stay in.
// A seat of which the session has no number is known by its call alone.
func (m *model) sent(n, known int) {
	for _, p := range m.people {
		if p.call == "" || m.load().SeatOf(p.call) != n {
			continue
		}
		m.waits[p.call] = true
		if p.who == nil || m.load().Known(p.who) == known {
			return
		}
		m.waits[string(p.who)] = true
		for _, q := range m.people {
			if q.call != "" && q != p {
				m.inside[q.call] = true
			}
		}
	}
}

// letIn forgets who was sent to wait, when all who wait are let in or some of them.
func (m *model) letIn() {
	clear(m.waits)
}

// slips lets somebody in of whom the session could not be told.
func (m *model) slips(p *person) {
	p.calls++
	p.call = fmt.Sprint(p.name, p.calls)
	m.slipped[p.call], p.was = true, session.Main
	p.turn++
	p.label = fmt.Sprint(p.call, "-", p.turn)
	p.muted = false
	c := m.conf(session.Main)
	p.at, p.room = "room", c
	c.people = append(c.people, p)
	c.starts = true
	m.tell(c, session.Event{Kind: session.Joined, Call: p.call, Label: p.label})
	m.begin(c)
}

// asks is a participant's verb.
func (m *model) asks() {
	verbs := []session.Verb{session.MuteSelf, session.Hand, session.Done, session.Tell, session.Leave, session.Rejoin, session.Done, session.Hand}
	verb := verbs[m.dice.Roll(len(verbs), "verb")]
	m.some([]string{"menu", "room"}[m.dice.Roll(2, "where")], func(p *person) {
		if p.at == "room" {
			m.note("star", p.name)
			m.star(p.name)
		}
		n := m.seat(p.name)
		if n == 0 || p.at != "menu" {
			return
		}
		aside := m.placeOf(n) == session.Side
		if verb == session.Leave || verb == session.Rejoin {
			m.free(p, true)
		}
		o := m.asked(p, session.Request{Verb: verb, Signal: session.Unsafe})
		st := m.load().Status(m.now, session.Coordinator)
		switch {
		case verb == session.MuteSelf && aside && (o == session.On || o == session.Off):
			m.shut[n] = o == session.On
		case verb == session.MuteSelf && (o == session.On || o == session.Off):
			m.self[n] = o == session.On
		case verb == session.Done && o == session.On, verb == session.Done && o == session.OK && slices.Contains(st.Order, n):
			m.passed[n] = true
		case verb == session.Done && o == session.Off, verb == session.Hand && o == session.On && st.Speaker == n:
			m.passed[n] = false
		}
	})
}

func (m *model) placeOf(n int) session.Place {
	for _, p := range m.load().Status(m.now, session.Coordinator).People {
		if p.Seat == n {
			return p.Place
		}
	}
	return session.Out
}

// asked asks without letting time or callbacks go by in between.
func (m *model) asked(p *person, r session.Request) session.Outcome {
	m.n++
	r.ID, r.By = fmt.Sprint("r", m.n), m.seat(p.name)
	before := m.opens
	m.opens = nil // what people asked for is known only after it is done
	var o session.Outcome
	s := m.load()
	o = s.Do(m.now, r)
	again := s.Do(m.now, r)
	if o != again {
		m.t.Fatalf("%s asked twice: %s, then %s", r.Verb, o, again)
	}
	if p.call != "" {
		m.isThere(s, p)
	}
	m.keep(s)
	m.opens = before
	m.note(p.name, r.Verb, r.Seat, r.Mode, o)
	return o
}

// holds is a facilitator's verb.
func (m *model) holds() {
	verbs := []session.Verb{
		session.Next, session.SetMode, session.SetMode, session.Quiet, session.Lock, session.Unlock, session.Screen, session.Unscreen,
		session.Admit, session.Admit, session.MuteSeat, session.UnmuteSeat, session.Talk, session.ToWait, session.Remove, session.RemoveSoon, session.Keep, session.Pairs, session.Together,
		session.Extend, session.Backup, session.Crisis, session.HandOver, session.Summon, session.Next, session.Next, session.Closing, session.Close,
	}
	r := session.Request{Role: session.Coordinator, Verb: verbs[m.dice.Roll(len(verbs), "verb")], Minutes: 5}
	if end := r.Verb == session.Closing || r.Verb == session.Close; end && m.dice.Roll(20, "really") != 19 {
		return
	}
	r.Mode = []session.Mode{session.Circle, session.Hands, session.Open, session.Listen, session.Circle}[m.dice.Roll(5, "mode")]
	all := m.load().Status(m.now, session.Coordinator).People
	if len(all) == 0 {
		return
	}
	on := all[m.dice.Roll(len(all), "seat")]
	if r.Seat = on.Seat; r.Verb == session.Admit || r.Verb == session.Next && m.dice.Roll(3, "named") != 0 {
		r.Seat = 0
	}
	by := &person{}
	if r.Verb == session.Talk {
		by = m.person("p0")
	}
	o := m.does(by, r, m.callOf(r.Seat))
	switch st := m.load().Status(m.now, session.Coordinator); {
	case r.Verb == session.MuteSeat && o == session.On:
		m.held[r.Seat] = true
	case r.Verb == session.UnmuteSeat && o == session.Off:
		m.held[r.Seat] = false
	case r.Verb == session.Next && o == session.OK:
		for n := range m.held {
			if n == st.Speaker || n == r.Seat {
				m.held[n] = false
			}
		}
	case r.Verb == session.SetMode && o == session.OK, r.Verb == session.Closing:
		clear(m.passed)
	case r.Verb == session.Remove && o == session.OK:
		m.removed(r.Seat, all)
	case r.Verb == session.Admit && o == session.OK:
		m.letIn()
	}
}

// removed remembers who was removed. Of others with the same number, facilitators stay
// in.
func (m *model) removed(n int, people []session.Person) {
	p, ok := m.owner[n]
	if !ok {
		return
	}
	m.banned[p.call] = true
	if p.who == nil {
		return
	}
	m.banned[string(p.who)] = true
	for _, q := range m.people {
		i := slices.IndexFunc(people, func(one session.Person) bool { return q.call != "" && one.Seat == m.load().SeatOf(q.call) })
		if i >= 0 && q.call != p.call && people[i].Role != session.Participant {
			m.before[q.call] = true
		}
		if string(q.who) == string(p.who) && i >= 0 && !m.before[q.call] && !m.slipped[q.call] && m.owner[people[i].Seat].call == q.call {
			m.t.Fatalf("%s sits on, whose number was removed", q.name)
		}
	}
}

// outside is what others do: facilitators who are rung, the crisis line.
func (m *model) outside() {
	if len(m.rung) > 0 {
		id, coming := m.rung[0], m.dice.Roll(2, "coming") == 1
		m.rung = m.rung[1:]
		m.note("rung", id, coming)
		m.change(func(s *session.Session) {
			if m.dice.Roll(2, "answered") == 1 {
				s.Answered(m.now, id)
			}
			s.Rung(m.now, id, coming)
		})
	}
	for _, c := range m.confs {
		if c.bridge != "" && m.dice.Roll(3, "crisis line") == 0 {
			m.note("crisis line hangs up")
			label := c.bridge
			m.lines = append(m.lines, label)
			c.bridge = ""
			m.tell(c, session.Event{Kind: session.Left, Call: "crisis" + label, Label: label, HungUp: true})
			m.over(c)
			return
		}
	}
}

// calm is when nothing goes wrong any more. What was lost shows by the next callback
// of each conference, and a minute later all is as it should be.
func (m *model) calm() {
	m.note("calm")
	m.faults = false
	m.beat()
	m.pass(time.Minute)
	m.settle()
}

// beat is a callback of each conference.
func (m *model) beat() {
	for _, c := range m.confs {
		m.tell(c, session.Event{Kind: "hold"})
	}
}

// holdsTrue is what must be true when nothing has gone wrong for a while: nobody is
// stranded, heard wrongly, or there in name only.
func (m *model) holdsTrue() {
	s := m.load()
	if m.past() {
		return
	}
	st := s.Status(m.now, session.Coordinator)
	m.noLine(s)
	for _, p := range m.people {
		if p.call == "" || p.at == "menu" {
			continue
		}
		i := slices.IndexFunc(st.People, func(q session.Person) bool { return q.Seat == s.SeatOf(p.call) })
		switch {
		case i < 0 || st.Ended && (p.room == nil || p.room.bridge == ""):
			m.t.Fatalf("%s has no seat and is in the %s", p.name, p.at)
		case p.at == "queue" != (st.People[i].Place == session.Waiting):
			m.t.Fatalf("%s is in the %s and belongs to %q", p.name, p.at, st.People[i].Place)
		case p.at == "queue":
			continue
		case p.room.place != st.People[i].Place:
			m.t.Fatalf("%s is in %q and belongs to %q", p.name, p.room.place, st.People[i].Place)
		case p.muted != st.People[i].Muted:
			m.t.Fatalf("%s is muted: %v, and should be: %v", p.name, p.muted, st.People[i].Muted)
		case !st.People[i].Present:
			m.t.Fatalf("%s is in the room and counts as lost", p.name)
		}
		m.hears(p, st)
	}
	m.noGhost()
}

// noLine holds of the crisis line: it is nobody who has a seat, and nobody's line is left
// on its own.
func (m *model) noLine(s *session.Session) {
	for _, c := range m.confs {
		if c.bridge == "" {
			continue
		}
		m.lines = append(m.lines, c.bridge)
		if len(c.people) == 0 && !m.comesBack(c.place) {
			m.t.Fatalf("the crisis line is left alone")
		}
	}
	for _, label := range m.lines {
		if n := s.SeatOf("crisis" + label); n != 0 {
			m.t.Fatalf("the crisis line has seat %d", n)
		}
	}
}

// hears holds of everybody in a conference: they hear others, or are told that they
// wait.
func (m *model) hears(p *person, st session.Status) {
	c := p.room
	others := len(c.people) - 1
	if c.bridge != "" {
		others++
	}
	switch {
	case others == 0 && c.begun && !m.comesBack(c.place):
		m.t.Fatalf("%s is alone in silence in %q", p.name, c.place)
	case others > 0 && !c.begun && st.Opened:
		m.t.Fatalf("%s waits with others in a room that is open", p.name)
	}
}

// comesBack says whether somebody is at a menu whose place this is.
func (m *model) comesBack(at session.Place) bool {
	s := m.load()
	for _, q := range s.Status(m.now, session.Coordinator).People {
		in := slices.ContainsFunc(m.people, func(p *person) bool { return p.at == "room" && s.SeatOf(p.call) == q.Seat })
		if q.Place == at && q.Present && !in {
			return true
		}
	}
	return false
}

// noGhost holds of every seat: who counts as present is on the line. Who hung up at a
// menu tells nobody: they count as there for three minutes. In the queue nobody is
// told either.
func (m *model) noGhost() {
	m.pass(2*time.Minute + time.Second)
	if m.past() {
		return
	}
	s := m.load()
	st := s.Status(m.now, session.Coordinator)
	for _, q := range st.People {
		live := slices.ContainsFunc(m.people, func(p *person) bool { return s.SeatOf(p.call) == q.Seat })
		if q.Present && !live && q.Place != session.Waiting && m.living(q.Place) {
			m.t.Fatalf("seat %d is a ghost in %q", q.Seat, q.Place)
		}
	}
}

// living says whether a place has a conference, which can tell what was missed.
func (m *model) living(at session.Place) bool {
	return slices.ContainsFunc(m.confs, func(c *conf) bool { return c.place == at })
}

// TestAnythingGoes lets callbacks, webhooks and acts be lost, doubled and shuffled
// while people do whatever comes to them.
func TestAnythingGoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := occurrence()
		o.Host, o.PeerLed, o.Reversed = rapid.Bool().Draw(t, "host"), rapid.Bool().Draw(t, "peer-led"), rapid.Bool().Draw(t, "reversed")
		o.Stand = []string{"id p0", "id p1"}
		m := newModel(t, drawn{t}, o)
		m.t = story{t, m}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			m.step()
		}
		m.calm()
		m.holdsTrue()
	})
}

// TestTenThousandCallbacks holds one session after the other until ten thousand
// callbacks were sent, and every so often lets it calm down.
func TestTenThousandCallbacks(t *testing.T) {
	t.Parallel()
	events, lists := 0, 0
	for seed := uint64(1); events < 10_000; seed++ {
		o := occurrence()
		o.Host, o.PeerLed = seed%3 == 0, seed%2 == 0
		o.Stand = []string{"id p0", "id p1"}
		m := newModel(t, seeded{rand.New(rand.NewPCG(seed, 1))}, o)
		m.t = story{t, m}
		for i := range 300 {
			if m.past() {
				break
			}
			m.faults = true
			m.step()
			if i%50 == 49 {
				m.calm()
				m.holdsTrue()
			}
		}
		m.calm()
		m.pass(12 * time.Minute)
		m.holdsTrue()
		events, lists = events+m.events, lists+m.lists
	}
	t.Logf("%d callbacks, %d lists", events, lists)
}

// story is what happened last, for the report of a failure.
type story struct {
	fataler
	m *model
}

func (s story) Fatalf(format string, args ...any) {
	s.Helper()
	acts := s.m.acts
	s.fataler.Fatalf(format+"\n%v\n%s", append(args, acts[max(0, len(acts)-60):], s.m.state())...)
}
