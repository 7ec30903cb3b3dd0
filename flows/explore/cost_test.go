package explore

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
)

// A step has 20 µs and 60 allocations, from a state's bytes to those of the next, host
// functions aside.
const (
	mostTime = 20 * time.Microsecond
	mostOf   = 60
	// shared is how many times that long it may take on a machine that does other things.
	shared = 40
)

// taken is a step that a walk takes, with what hosts answered.
type taken struct {
	name    string
	view    flows.View
	kept    []byte
	in      flows.Input
	answers []flows.Answer
}

// take takes the step once more, and returns its state's bytes.
func (s *taken) take(t testing.TB, f *flows.Flow) []byte {
	var state flows.State
	if err := state.UnmarshalBinary(s.kept); err != nil {
		t.Fatal(err)
	}
	asked := 0
	out := flows.Run(f, s.view, state, s.in, func(flows.Request) flows.Answer {
		asked++
		return s.answers[asked-1]
	})
	b, err := out.State.AppendBinary(make([]byte, 0, 256))
	if err != nil || asked != len(s.answers) {
		t.Fatalf("%s asked %d of %d hosts: %v", s.name, asked, len(s.answers), err)
	}
	return b
}

// stepsIn are the steps that differ by where they begin, what is done and where they go
// through, of who is greeted in a language on a line that speaks all.
func stepsIn(t testing.TB, f *flows.Flow, lang string, depth int) (all []taken) {
	worlds, err := Worlds(f.Languages())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range worlds {
		w.lead = []string{lang}
		e, known := newWalk(f, w), map[string]bool{}
		e.each(depth, func(p place, in flows.Input) []place {
			for _, v := range e.views(w.view, p.state, in) {
				e.follow(v, p.state, in, result{}, func(r result) {
					name := fmt.Sprintf("%s, %s: %s+%s %v, through %v", w.Name, lang, p.state.Node, describe(in), r.asked, r.nodes)
					if known[name] {
						return
					}
					known[name] = true
					s := p.state
					s.Flow, s.Hour = f.Hash, now.Unix()/3600
					kept, _ := s.AppendBinary(nil)
					all = append(all, taken{name, v, kept, in, r.answers})
				})
			}
			return e.answer(p, in)
		})
	}
	return all
}

// deep is how far the steps are walked that are counted, and deeper, those that are measured.
const deep, deeper = 4, 6

func TestEveryStepIsCheap(t *testing.T) {
	f := flowstest.BuiltIn()
	for _, lang := range f.Languages() {
		all := stepsIn(t, f, lang, deep)
		for i := range all {
			s := &all[i]
			if got := testing.AllocsPerRun(1, func() { s.take(t, f) }); got > mostOf {
				t.Errorf("%s takes %.0f allocations, and may take %d", s.name, got, mostOf)
			}
		}
	}
}

// How long steps take is held to by `make bench`, which names the slowest.
func TestEveryStepIsQuick(t *testing.T) {
	if os.Getenv("HEARTHLINE_MEASURE") == "" {
		t.Skip("make bench measures it")
	}
	f := flowstest.BuiltIn()
	type timed struct {
		taken
		took time.Duration
	}
	time20 := func(all []taken) (slow []timed) {
		for i := range all {
			took := time.Hour
			for range 20 {
				start := time.Now()
				all[i].take(t, f)
				took = min(took, time.Since(start))
			}
			if took > mostTime {
				slow = append(slow, timed{all[i], took})
			}
		}
		return slow
	}
	var slow []timed
	count := 0
	for _, lang := range f.Languages() {
		all := stepsIn(t, f, lang, deeper)
		count += len(all)
		var again []taken // what the machine did meanwhile may have slowed all twenty
		for _, s := range time20(all) {
			again = append(again, s.taken)
		}
		slow = append(slow, time20(again)...)
	}
	for _, s := range slow {
		if s.took > shared*mostTime {
			t.Errorf("%s takes %s", s.name, s.took)
		}
	}
	slices.SortFunc(slow, func(a, b timed) int { return cmp.Compare(b.took, a.took) })
	t.Logf("%d of %d steps take more than %s; the slowest:", len(slow), count, mostTime)
	for _, s := range slow[:min(len(slow), 20)] {
		t.Logf("%8s %s", s.took.Round(100*time.Nanosecond), s.name)
	}
}

// However long a call is, a step of it costs as much, and its state takes as much room but
// for the number of its turns.
func TestCostIsFlatHoweverLongTheCall(t *testing.T) {
	f := flowstest.BuiltIn()
	worlds, err := Worlds(f.Languages())
	if err != nil {
		t.Fatal(err)
	}
	round := strings.Fields("2 * 1 1 * 4 * 0 * # 7 *")
	view := worlds[slices.IndexFunc(worlds, func(w World) bool { return w.Name == "many calls open" })].view
	host := func(q flows.Request) flows.Answer { return flows.Answer{Result: flows.Outcomes(q.Function)[0]} }
	var kept []byte
	once := func() (largest int) {
		for _, key := range round {
			var s flows.State
			if err := s.UnmarshalBinary(kept); err != nil {
				t.Fatal(err)
			}
			out := flows.Run(f, view, s, flows.Input{Event: flows.Pressed, Keys: key}, host)
			if _, over := out.Then.(flows.End); over || out.State.Turn == s.Turn {
				t.Fatalf("%s at %s leads to %s, and the call is over", key, s.Node, out.State.Node)
			}
			kept, _ = out.State.AppendBinary(nil)
			largest = max(largest, len(kept))
		}
		return largest
	}
	kept, _ = flows.Run(f, view, flows.State{}, flows.Input{}, host).State.AppendBinary(nil)
	once() // what is said once in a call is said
	size, allocations := once(), testing.AllocsPerRun(1, func() { once() })
	for range 1_000 {
		once()
	}
	if later := once(); later > size+2 { // the number of turns takes up to two bytes more
		t.Errorf("a state takes %d bytes, and %d after 12,000 turns", size, later)
	}
	if later := testing.AllocsPerRun(1, func() { once() }); later > allocations+1 {
		t.Errorf("a round takes %.0f allocations, and %.0f after 12,000 turns", allocations, later)
	}
}
