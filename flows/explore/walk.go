package explore

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// walk is a world being walked.
type walk struct {
	flow    *flows.Flow
	world   World
	steps   map[string]flows.Step
	outside map[string]bool // where the keys lead that work everywhere
	spoken  []flows.Input   // what is said where words are listened for
	replies []flows.Input   // what is tried at the open question of a text
	known   map[digest]bool
	quiet   map[digest]bool   // whose silence comes to an end, false while that is looked at
	changed map[[2]string]int // how often a key was pressed after the world had changed
	waited  map[string]int    // in how many states of a room it was tried who hears nobody
	trails  []trail
	words   words
	counts  Counts
	faults  []Fault
	faulted map[[3]string]bool
	room    []byte // to write a state in
	// What is being done: after which trail, what, and what hosts answered.
	at    int
	doing string
	asked []string
}

// fewChanges is at how many states of a node its keys are pressed after the world has
// changed: what it comes to then does not depend on much.
const fewChanges = 8

// fewWaits is in how many states of a room it is tried what is heard by who hears nobody.
const fewWaits = 8

// trail is one answer, and the trail before it.
type trail struct {
	before int
	did    string
}

type digest [16]byte

// Walk walks one world up to so many answers. Its work grows with the states that
// there are, not with the ways to them.
func Walk(f *flows.Flow, w World, depth int) Report {
	e := newWalk(f, w)
	e.each(depth, e.answer)
	return Report{Counts: e.counts, Faults: e.faults}
}

// each does all that a caller can do, up to so many answers: answer does one thing at a
// place, and returns where that leads and nobody has been.
func (w *walk) each(depth int, answer func(place, flows.Input) []place) {
	var todo []place
	for _, o := range w.openings() {
		todo = append(todo, answer(place{state: o.state, trail: -1}, o.in)...)
	}
	for w.counts.Deepest = 1; len(todo) > 0 && w.counts.Deepest < depth; w.counts.Deepest++ {
		var next []place
		for _, p := range todo {
			for _, in := range w.inputs(p) {
				next = append(next, answer(p, in)...)
			}
		}
		todo = next
	}
	w.counts.Frontier = len(todo)
}

func newWalk(f *flows.Flow, w World) *walk {
	e := &walk{
		flow: f, world: w, steps: map[string]flows.Step{}, outside: map[string]bool{}, known: map[digest]bool{}, quiet: map[digest]bool{}, changed: map[[2]string]int{}, waited: map[string]int{}, words: newWords(f, w.lead),
		counts: newCounts(), faulted: map[[3]string]bool{}, at: -1,
	}
	for _, s := range f.Steps() {
		e.steps[s.Name] = s
		e.outside[s.Name] = s.Outside
	}
	e.spoken = spoken(f.Dangers(w.lead[0]))
	bodies := []string{"0", "1", "2", "3", "4", "9", "*", "#", "ok", "482101", "739146", "zzzzz"}
	for _, lang := range w.lead {
		for name, called := range f.Words(lang) {
			if slices.Contains([]string{"yes", "no", "halt", "menu", "help"}, name) && len(called) > 0 {
				bodies = append(bodies, called[0])
			}
		}
	}
	bodies = append(bodies, "ok 4821")
	slices.Sort(bodies)
	e.replies = texted(slices.Compact(bodies)...)
	return e
}

// answer does one thing at a place. It returns where that leads and nobody has been.
func (w *walk) answer(p place, in flows.Input) []place {
	w.at, w.doing = p.trail, describe(in)
	next := w.lead(w.world.view, p, in)
	if key := [2]string{p.state.Node, in.Keys}; p.keys[in.Keys] && len(p.state.Offered) > 0 && w.changed[key] < fewChanges {
		// A key means what was said, whatever has changed since.
		w.changed[key]++
		w.doing += " when nothing is planned any more"
		next = append(next, w.lead(w.world.emptied, p, in)...)
	}
	return next
}

func (w *walk) lead(v flows.View, p place, in flows.Input) (next []place) {
	w.turnIn(v, p.state, in, func(r result) {
		w.asked = r.asked
		w.check(p, in, r)
		q := place{state: r.State, then: r.Then}
		if _, over := r.Then.(flows.End); over || w.been(q) {
			return
		}
		q.keys = w.offered(r)
		w.checkPlace(q)
		w.trails = append(w.trails, trail{p.trail, w.did()})
		q.trail = len(w.trails) - 1
		next = append(next, q)
	})
	return next
}

// did is what is being done, with what hosts answered.
func (w *walk) did() string {
	if len(w.asked) == 0 {
		return w.doing
	}
	return w.doing + " (" + strings.Join(w.asked, ", ") + ")"
}

func describe(in flows.Input) string {
	switch in.Event {
	case flows.Started:
		return "call"
	case flows.Placed:
		return "placed " + in.Result
	case flows.Silent:
		return "silence"
	case flows.Returned:
		return in.Result
	case flows.Waiting:
		return fmt.Sprintf("wait %s %d", in.Result, in.Told)
	case flows.Texted:
		return "text " + in.Keys
	case flows.Heard:
		return "say " + in.Keys
	}
	return "press " + in.Keys
}

// path is what was done from the beginning to now.
func (w *walk) path() (path []string) {
	path = []string{w.did()}
	for at := w.at; at >= 0; at = w.trails[at].before {
		path = append(path, w.trails[at].did)
	}
	slices.Reverse(path)
	return path
}

// been says whether a place is known, and takes it in if not.
func (w *walk) been(p place) bool {
	key := w.keyOf(p.state)
	if w.known[key] {
		return true
	}
	w.known[key] = true
	w.counts.States++
	return false
}

// keyOf is what tells two states apart: all that a turn looks at, but for when the call
// began and how many turns it has taken. Where a key leads from everywhere, whatever
// was begun is over: what was chosen on the way there makes no difference. Nor does the
// language: see checkOthers.
func (w *walk) keyOf(s flows.State) digest {
	s.Turn, s.Hour, s.Flow, s.Lang = 0, 0, "", ""
	if w.outside[s.Node] {
		s.Group, s.Code, s.Query, s.Topic, s.Day, s.Speaks = "", "", "", "", "", ""
	}
	b, _ := s.AppendBinary(make([]byte, 0, 512))
	sum := sha256.Sum256(b)
	return digest(sum[:16])
}

// offered are the keys that the words of a turn offer where it waits.
func (w *walk) offered(r result) map[string]bool {
	keys := map[string]bool{}
	if _, waits := r.Then.(flows.Await); !waits {
		return keys
	}
	step := w.steps[r.State.Node]
	for _, u := range r.Said {
		if key, ok := step.Offers[u.Prompt]; ok {
			keys[key] = true
		}
	}
	if step.Kind == "pick" {
		for i := range r.State.Offered {
			keys[fmt.Sprint(i+1)] = true
		}
		if r.State.More != flows.NoMore {
			keys["9"] = true
		}
	}
	return keys
}

// fault reports what is wrong, once for each node.
func (w *walk) fault(kind, what string) { w.faultAt("", kind, what) }

func (w *walk) faultAt(node, kind, what string) {
	if id := [3]string{kind, node, what}; !w.faulted[id] {
		w.faulted[id] = true
		w.faults = append(w.faults, Fault{Kind: kind, World: w.world.Name, Node: node, What: what, Path: w.path()})
	}
}
