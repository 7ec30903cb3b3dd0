package session_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// dice decide what goes wrong, and who does what.
type dice interface {
	// Roll returns one of 0 … n-1; 0 is when nothing out of the ordinary happens.
	Roll(n int, what string) int
}

// loaded dice never let anything go wrong.
type loaded struct{}

func (loaded) Roll(int, string) int { return 0 }

// person is somebody with a telephone.
type person struct {
	name  string
	who   []byte // nil: they withhold their number
	id    string // a facilitator's, with the PIN
	call  string // "" when they are not on the line
	turn  int
	label string
	at    string        // "room", "queue", "menu", "" for nowhere
	was   session.Place // where they last went in this call
	room  *conf
	muted bool
	calls int
	heard []string
}

// conf is a conference at the carrier.
type conf struct {
	id     string
	place  session.Place
	seq    int
	people []*person
	starts bool // somebody came in with whom it may start
	begun  bool
	bridge string // the label of a crisis line's leg
}

// callback is one on its way.
type callback struct {
	at time.Time
	e  session.Event
}

// fataler is a test, or a property's.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// world is a session, the carrier and the people, under one clock. It does what the
// service of rooms does: load, change, keep, and ask the carrier for the acts.
type world struct {
	t      fataler
	dice   dice
	now    time.Time
	kept   *session.Session
	keeps  int
	people []*person
	confs  []*conf
	wire   []callback
	rung   []string
	lists  int
	muting int // acts on microphones
	events int // callbacks that were sent
	n      int
	depth  int // of what follows from what, at one moment
	faults bool
	// opens is called when somebody's microphone is to be open in a place, lets when
	// somebody goes in, steps around word that somebody has come out, acting before the
	// carrier does an act, and changed after each change.
	opens   func(p *person, at session.Place)
	lets    func(p *person, e session.Entry)
	steps   func(s *session.Session) (after func())
	acting  func(a session.Act)
	changed func(s *session.Session)
	busy    bool   // the crisis line does not answer
	deaf    bool   // word of the crisis line is lost
	called  string // the crisis line's last label
	// refuses says which acts the carrier refuses.
	refuses func(a session.Act) bool
}

func newWorld(t fataler, o session.Occurrence, from time.Duration) *world {
	t.Helper()
	w := &world{t: t, dice: loaded{}, now: at(from)}
	w.keep(session.Begin(o, 7, w.now))
	return w
}

// load is the session as it was kept. Whoever changes it has to keep it.
func (w *world) load() *session.Session { return w.kept }

// keep keeps a session, every so often as another replica would find it.
func (w *world) keep(s *session.Session) {
	if w.kept = s; w.keeps%8 == 0 {
		again, err := session.Decode(w.state())
		if err != nil {
			w.t.Fatal(err)
		}
		w.kept = again
	}
	w.keeps++
}

func (w *world) state() []byte {
	b, err := w.kept.Encode()
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// change changes the session and does what follows.
func (w *world) change(do func(s *session.Session)) {
	if w.depth++; w.depth > 200 {
		w.t.Fatalf("one thing leads to another without end")
	}
	defer func() { w.depth-- }()
	s := w.load()
	do(s)
	if w.changed != nil {
		w.changed(s)
	}
	acts := s.Acts(w.now)
	w.keep(s)
	for _, a := range acts {
		w.act(a)
	}
}

// act asks the carrier, or fails to; its answer may be lost.
func (w *world) act(a session.Act) {
	if p := w.calling(a.Call); a.Kind == session.ActMute && !a.Muted && p != nil && w.opens != nil {
		w.opens(p, a.Place)
	}
	fate := 0
	if w.faults {
		fate = w.dice.Roll(12, "fate of an act")
	}
	switch fate {
	case 1: // the replica stopped before it could ask
		return
	case 2:
		w.change(func(s *session.Session) { s.Reported(w.now, a, session.Failed) })
		return
	}
	r := w.carrier(a)
	switch fate {
	case 3: // the replica stopped before it could tell
	case 4:
		w.change(func(s *session.Session) { s.Reported(w.now, a, session.Failed) })
	default:
		w.change(func(s *session.Session) { s.Reported(w.now, a, r) })
	}
}

// carrier does an act.
func (w *world) carrier(a session.Act) session.Report {
	if w.refuses != nil && w.refuses(a) {
		return session.Refused
	}
	if w.acting != nil {
		w.acting(a)
	}
	switch a.Kind {
	case session.ActRing:
		w.rung = append(w.rung, a.Facilitator)
		return session.Accepted
	case session.ActBridge:
		if w.called = a.Label; w.busy {
			return session.Accepted
		}
		c := w.conf(a.Place)
		c.bridge, c.starts = a.Label, true
		w.tell(c, session.Event{Kind: session.Joined, Call: "crisis" + a.Label, Label: a.Label})
		w.begin(c)
		return session.Accepted
	case session.ActList:
		return w.list(a)
	case session.ActEnd:
		return w.end(a)
	case session.ActSayAll:
		return w.sayAll(a)
	}
	p := w.calling(a.Call)
	if p == nil {
		return session.Missing
	}
	switch a.Kind {
	case session.ActMute:
		if p.room == nil || p.room.id != a.Conference {
			return session.Missing
		}
		w.muting++
		if p.muted != a.Muted {
			p.muted = a.Muted
			w.tell(p.room, session.Event{Kind: session.Muted, Call: p.call, Label: p.label, Muted: p.muted})
		}
	case session.ActMove:
		w.out(p, false)
		w.follow(p)
	case session.ActSay:
		if p.room == nil || p.room.id != a.Conference {
			return session.Missing
		}
		p.heard = append(p.heard, a.Note.Prompt)
	case session.ActHangup:
		w.hangUp(p)
	}
	return session.Accepted
}

func (w *world) list(a session.Act) session.Report {
	w.lists++
	i := slices.IndexFunc(w.confs, func(c *conf) bool {
		return c.id == a.Conference || a.Conference == "" && c.place == a.Place
	})
	if i < 0 {
		return session.Missing
	}
	c := w.confs[i]
	var legs []session.Leg
	for _, p := range c.people {
		legs = append(legs, session.Leg{Call: p.call, Label: p.label, Muted: p.muted})
	}
	if c.bridge != "" {
		legs = append(legs, session.Leg{Call: "crisis" + c.bridge, Label: c.bridge})
	}
	w.change(func(s *session.Session) { s.Listed(w.now, c.place, c.id, legs) })
	return session.Accepted
}

func (w *world) end(a session.Act) session.Report {
	i := slices.IndexFunc(w.confs, func(c *conf) bool { return c.id == a.Conference })
	if i < 0 {
		return session.Missing
	}
	c := w.confs[i]
	c.bridge = ""
	for _, p := range slices.Clone(c.people) {
		w.out(p, false)
		w.follow(p)
	}
	w.over(c)
	return session.Accepted
}

func (w *world) sayAll(a session.Act) session.Report {
	for _, c := range w.confs {
		if c.id == a.Conference {
			for _, p := range c.people {
				p.heard = append(p.heard, a.Note.Prompt)
			}
			return session.Accepted
		}
	}
	return session.Missing
}

// conf is the conference of a place.
func (w *world) conf(at session.Place) *conf {
	for _, c := range w.confs {
		if c.place == at {
			return c
		}
	}
	w.n++
	c := &conf{id: fmt.Sprint("CF", w.n), place: at}
	w.confs = append(w.confs, c)
	return c
}

// tell sends a callback: once, and at once, unless things go wrong.
func (w *world) tell(c *conf, e session.Event) {
	c.seq++
	w.events++
	e.Place, e.Conference, e.Sequence, e.At = c.place, c.id, c.seq, w.now
	late := func() time.Time { return w.now }
	times := 1
	if w.faults {
		late = func() time.Time {
			return w.now.Add(time.Duration(w.dice.Roll(80, "tenths of a second")) * 100 * time.Millisecond)
		}
		times = []int{1, 1, 1, 1, 0, 2}[w.dice.Roll(6, "times")]
	}
	if w.deaf && e.Kind == session.Joined && e.Label == c.bridge && c.bridge != "" {
		times = 0
	}
	for range times {
		w.wire = append(w.wire, callback{at: late(), e: e})
	}
}

// deliver hands over the callbacks that are due.
func (w *world) deliver() {
	for {
		i := slices.IndexFunc(w.wire, func(c callback) bool { return !c.at.After(w.now) })
		if i < 0 {
			return
		}
		e := w.wire[i].e
		w.wire = slices.Delete(w.wire, i, i+1)
		w.change(func(s *session.Session) { s.Heard(w.now, e) })
	}
}

func (w *world) begin(c *conf) {
	n := len(c.people)
	if c.bridge != "" {
		n++
	}
	if !c.begun && n > 1 && c.starts {
		c.begun = true
		w.tell(c, session.Event{Kind: session.Started})
	}
}

// out takes somebody out of where they are.
func (w *world) out(p *person, hungUp bool) {
	c := p.room
	p.at, p.room = "", nil
	if c == nil {
		return
	}
	c.people = slices.DeleteFunc(c.people, func(q *person) bool { return q == p })
	w.tell(c, session.Event{Kind: session.Left, Call: p.call, Label: p.label, HungUp: hungUp})
	w.over(c)
}

func (w *world) over(c *conf) {
	if len(c.people) == 0 && c.bridge == "" {
		w.tell(c, session.Event{Kind: session.Ended})
		w.confs = slices.DeleteFunc(w.confs, func(d *conf) bool { return d == c })
	}
}

// follow is what a leg does that has come out of a room: it asks where to go.
func (w *world) follow(p *person) {
	var where session.Where
	for range 1 + w.doubled() {
		w.change(func(s *session.Session) {
			if w.steps != nil {
				s.Tick(w.now)
				defer w.steps(s)()
			}
			where = s.Stepped(w.now, p.call, false)
		})
	}
	switch where {
	case session.WhereRoom, session.WhereWaits:
		w.enter(p)
	case session.WhereMenu:
		p.at = "menu"
	default:
		p.at = "menu" // they hear why
		w.hangUp(p)
	}
}

// doubled is whether a webhook is asked twice.
func (w *world) doubled() int {
	if w.faults && w.dice.Roll(10, "doubled webhook") == 9 {
		return 1
	}
	return 0
}

// enter goes where the session says.
func (w *world) enter(p *person) bool {
	p.turn++
	p.label = fmt.Sprint(p.call, "-", p.turn)
	var e session.Entry
	var ok bool
	for range 1 + w.doubled() {
		w.change(func(s *session.Session) {
			if e, ok = s.Enter(w.now, p.call, p.label); ok && !e.Muted && w.opens != nil {
				w.opens(p, e.Place)
			}
		})
	}
	if !ok {
		return false
	}
	if p.call == "" {
		return true // they were hung up on in the meantime
	}
	p.muted = e.Muted
	if w.lets != nil {
		w.lets(p, e)
	}
	p.was = e.Place
	if e.Place == session.Waiting {
		p.at = "queue"
		return true
	}
	c := w.conf(e.Place)
	p.at, p.room = "room", c
	c.people = append(c.people, p)
	c.starts = c.starts || e.Starts
	w.tell(c, session.Event{Kind: session.Joined, Call: p.call, Label: p.label, Muted: p.muted})
	w.begin(c)
	if !w.faults {
		w.deliver()
	}
	return true
}

// calling is who is on the line by a call.
func (w *world) calling(call string) *person {
	for _, p := range w.people {
		if p.call == call && call != "" {
			return p
		}
	}
	return nil
}

func (w *world) person(name string) *person {
	for _, p := range w.people {
		if p.name == name {
			return p
		}
	}
	p := &person{name: name, who: []byte("who " + name)}
	w.people = append(w.people, p)
	return p
}

// arrive rings and goes in, if the door lets them.
func (w *world) arrive(name string) session.Door {
	p := w.person(name)
	p.calls++
	p.call, p.was = fmt.Sprint(name, p.calls), session.Main
	return w.knock(p)
}

// host arrives with the PIN.
func (w *world) host(name string) session.Door {
	w.person(name).id = "id " + name
	return w.arrive(name)
}

// anew is where somebody was who has left and comes again in the same call.
const anew session.Place = "anew"

func (w *world) knock(p *person) session.Door {
	var door session.Door
	a := session.Arrival{Call: p.call, Who: p.who, Lang: "en", Facilitator: p.id}
	if p.id != "" {
		a.Alias = p.name
	}
	for range 1 + w.doubled() {
		w.change(func(s *session.Session) { door = s.Knock(w.now, a) })
	}
	if door != session.DoorOK && door != session.DoorWaits {
		p.call = ""
		return door
	}
	if p.was != session.Main {
		p.was = anew
	}
	w.enter(p)
	return door
}

// star presses it.
func (w *world) star(name string) session.Where {
	p := w.person(name)
	w.out(p, false)
	w.follow(p)
	w.settle()
	return map[string]session.Where{"menu": session.WhereMenu, "room": session.WhereRoom, "queue": session.WhereWaits}[p.at]
}

// back goes back from the menu.
func (w *world) back(name string) {
	p := w.person(name)
	if !w.enter(p) {
		w.knock(p)
	}
	w.settle()
}

// hangUp ends a call. From a menu, nobody is told.
func (w *world) hangUp(p *person) {
	call, inside := p.call, p.room != nil || p.at == "queue"
	w.out(p, true)
	p.call = ""
	if inside && (!w.faults || w.dice.Roll(2, "end of call is told") == 0) {
		w.change(func(s *session.Session) { s.Stepped(w.now, call, true) })
	}
}

func (w *world) hang(name string) {
	w.hangUp(w.person(name))
	w.settle()
}

// do asks for a verb.
func (w *world) do(name string, r session.Request) session.Outcome {
	w.n++
	r.ID = fmt.Sprint("r", w.n)
	r.By = w.seat(name)
	var o session.Outcome
	w.change(func(s *session.Session) { o = s.Do(w.now, r) })
	w.settle()
	return o
}

func (w *world) seat(name string) int {
	return w.load().SeatOf(w.person(name).call)
}

// settle lets what is due at this moment happen.
func (w *world) settle() {
	for range 20 {
		w.deliver()
		if w.load().Wake().After(w.now) {
			return
		}
		w.change(func(s *session.Session) { s.Tick(w.now) })
	}
}

// pass lets time go by, from one moment at which something is due to the next.
func (w *world) pass(d time.Duration) {
	until := w.now.Add(d)
	w.settle()
	for stuck := 0; ; {
		next := w.load().Wake()
		for _, c := range w.wire {
			if c.at.Before(next) {
				next = c.at
			}
		}
		if next.After(until) || w.past() {
			break
		}
		if !next.After(w.now) {
			if stuck++; stuck > 50 {
				w.t.Fatalf("at %v it wakes for ever at %v: %s", w.now, next, w.state())
			}
		} else {
			stuck, w.now = 0, next
		}
		w.deliver()
		w.change(func(s *session.Session) { s.Tick(w.now) })
	}
	w.now = until
}

// past says whether nothing of the session is kept any more.
func (w *world) past() bool {
	return !w.load().Gone().After(w.now)
}

// in returns who is in a place's conference.
func (w *world) in(at session.Place) []string {
	names := []string{}
	for _, c := range w.confs {
		if c.place == at {
			for _, p := range c.people {
				names = append(names, p.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// audible returns who can be heard in a place.
func (w *world) audible(at session.Place) []string {
	names := []string{}
	for _, c := range w.confs {
		if c.place == at {
			for _, p := range c.people {
				if !p.muted {
					names = append(names, p.name)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// heard returns what somebody has heard since they were last asked.
func (w *world) heard(name string) []string {
	p := w.person(name)
	heard := p.heard
	p.heard = nil
	return heard
}
