package explore

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
)

// Goal is what a caller calls for.
type Goal struct {
	Name  string
	World string // the world that it is looked for in
	is    func(s step, steps map[string]flows.Step) bool
}

// Goals are what the shortest ways are found to: a live room, help and the crisis line,
// to be reminded, and to be forgotten.
func Goals() []Goal {
	room := func(s step, _ map[string]flows.Step) bool {
		_, ok := s.then.(flows.Join)
		return ok && slices.Contains(s.asked, "session.admit ok")
	}
	did := func(calls ...string) func(step, map[string]flows.Step) bool {
		return func(s step, _ map[string]flows.Step) bool {
			return slices.ContainsFunc(s.asked, func(a string) bool { return slices.Contains(calls, a) })
		}
	}
	return []Goal{
		{"a live room", "one call open", room},
		{"a live room", "many calls open", room},
		{"a live room", "calls that we place", room},
		{"help", "one call open", func(s step, steps map[string]flows.Step) bool { return steps[s.state.Node].Help }},
		{"the crisis line", "one call open", func(s step, _ map[string]flows.Step) bool {
			d, ok := s.then.(flows.Dial)
			return ok && d.Crisis
		}},
		{"a reminder, of a stranger", "one call open", did("member.enrol ok")},
		{"a reminder, of a member", "one call open", did("member.join ok")},
		{"a reminder", "texts", did("member.enrol ok")},
		{"erasure", "one call open", did("member.erase ok")},
		{"erasure", "texts", did("member.erase ok")},
	}
}

// Way is how somebody comes to a goal.
type Way struct {
	Goal  string `json:"goal"`
	World string `json:"world"`
	// Answers are what they do, and Keys the keys that they press for it; of texts, the
	// texts that they send.
	Answers []string `json:"answers"`
	Keys    int      `json:"keys"`
	// Heard is how long it takes who listens to each choice before they take it; Known
	// how long for who knows the keys. Both go up to the end of the words that lead there.
	Heard float64 `json:"heard_seconds"`
	Known float64 `json:"known_seconds"`
}

func (w Way) String() string {
	unit := "keys"
	if strings.HasPrefix(w.World, "texts") {
		return fmt.Sprintf("%s (%s): %d texts: %s", w.Goal, w.World, w.Keys, strings.Join(w.Answers, ", "))
	}
	if w.Keys == 1 {
		unit = "key"
	}
	return fmt.Sprintf("%s (%s): %d %s, %.0f s when each choice is heard, %.0f s when the keys are known: %s",
		w.Goal, w.World, w.Keys, unit, w.Heard, w.Known, strings.Join(w.Answers, ", "))
}

// How fast a voice speaks and a finger presses.
const (
	wordsPerSecond = 150.0 / 60
	perKey         = 0.7 // seconds
)

// farthest is after how many answers a way is given up.
const farthest = 9

// unannounced leads only where a member has chosen it.
const unannounced = "member.quick found"

// Shortest finds the way with the fewest keys, and among those with the fewest seconds.
// It says so when there is none.
func Shortest(f *flows.Flow, w World, g Goal) (Way, bool) {
	e := newWalk(f, w)
	q := &queue{}
	for _, o := range e.openings() {
		keys := 0
		if w.Text {
			keys = 1
		}
		e.reach(q, step{place: place{state: o.state}}, o.in, keys, 0, 0, g)
	}
	for q.Len() > 0 {
		s := heap.Pop(q).(step)
		if s.there {
			return Way{Goal: g.Name, World: w.Name, Answers: s.did, Keys: s.keys - s.silences, Heard: s.heard, Known: s.known}, true
		}
		if len(s.did) > farthest || e.been(s.place) {
			continue
		}
		for _, in := range e.inputs(s.place) {
			if in.Event == flows.Waiting {
				continue // it leads nowhere
			}
			keys, wait := cost(s, in, w.Text)
			e.reach(q, s, in, keys, wait+e.listens(s, in), wait, g)
		}
	}
	return Way{}, false
}

// step is a place with what it took to come there.
type step struct {
	place
	said         []flows.Utterance
	did, asked   []string
	keys         int // and silences
	silences     int
	heard, known float64
	there        bool
	order        int // of being found
}

func (w *walk) reach(q *queue, s step, in flows.Input, keys int, heard, known float64, g Goal) {
	did, silences := describe(in), s.silences
	if in.Event == flows.Silent {
		silences++
	}
	w.turn(s.state, in, func(r result) {
		if slices.Contains(r.asked, unannounced) {
			return
		}
		next := step{
			order: q.pushed, asked: append(slices.Clip(s.asked), r.asked...), silences: silences,
			place: place{state: r.State, then: r.Then, keys: w.offered(r)}, said: r.Said, keys: s.keys + keys,
			did: append(slices.Clip(s.did), did), heard: s.heard + heard, known: s.known + known,
		}
		next.there = g.is(next, w.steps)
		q.pushed++
		if next.there {
			next.heard += seconds(r.Said)
			next.known += seconds(r.Said)
		}
		if _, over := r.Then.(flows.End); next.there || !over {
			heap.Push(q, next)
		}
	})
}

// cost is how many keys an input is, and how long it takes to give.
func cost(s step, in flows.Input, text bool) (keys int, wait float64) {
	switch await, _ := s.then.(flows.Await); {
	case text:
		return 1, 0
	case in.Event == flows.Silent:
		return 1, seconds(s.said) + (await.Grace + await.Timeout + await.Hush).Seconds()
	case in.Event == flows.Pressed:
		wait = float64(len(in.Keys)) * perKey
		if await.Digits > len(in.Keys) { // the line waits for more
			wait += await.Timeout.Seconds()
		}
		return len(in.Keys), wait
	}
	return 0, (time.Minute).Seconds() // of a room, a call or a recording
}

// listens is how long a caller listens before they press a key: up to the end of the
// sentence that offers it, or to all if none does.
func (w *walk) listens(s step, in flows.Input) float64 {
	if in.Event != flows.Pressed {
		return 0
	}
	offers := w.steps[s.state.Node].Offers
	items := 0
	for i, u := range s.said {
		if u.Prompt == "_item" {
			items++
		}
		if offers[u.Prompt] == in.Keys || u.Prompt == "_item" && fmt.Sprint(items) == in.Keys {
			return seconds(s.said[:i+1])
		}
	}
	return seconds(s.said)
}

// seconds is how long words take to say.
func seconds(said []flows.Utterance) (s float64) {
	for _, u := range said {
		s += float64(len(strings.Fields(u.Text()))) / wordsPerSecond
		for _, p := range u.Parts {
			s += p.Pause.Seconds()
		}
	}
	return s
}

// queue gives the step with the fewest keys first, then with the fewest seconds.
type queue struct {
	steps  []step
	pushed int
}

func (q *queue) Len() int { return len(q.steps) }

func (q *queue) Less(i, j int) bool {
	a, b := &q.steps[i], &q.steps[j]
	return cmp.Or(cmp.Compare(a.keys, b.keys), cmp.Compare(a.heard, b.heard), cmp.Compare(a.order, b.order)) < 0
}

func (q *queue) Swap(i, j int) { q.steps[i], q.steps[j] = q.steps[j], q.steps[i] }

func (q *queue) Push(x any) { q.steps = append(q.steps, x.(step)) }

func (q *queue) Pop() any {
	last := len(q.steps) - 1
	s := q.steps[last]
	q.steps = q.steps[:last]
	return s
}
