package flows_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
)

// A step has 20 µs and 60 allocations, reading and writing its state included; a flow of
// a thousand nodes is loaded in 50 ms. `make bench` measures them. A test holds the
// times only to many times that, since it may share its machine.
const (
	mostAllocations = 60
	mostStep        = 20 * time.Microsecond
	mostLoad        = 50 * time.Millisecond
	shared          = 40
)

// steps are answers at places that most calls come to.
var steps = []struct {
	node string
	in   flows.Input
}{
	{"", flows.Input{Event: flows.Started}},
	{"main", press("*")}, {"main", press("2")}, {"main", press("4")}, {"main", press("0")}, {"main", press("8")},
	{"find", press("1")}, {"topic", press("1")}, {"code", press("482105")}, {"rules", press("1")},
	{"closed", press("1")}, {"help", flows.Input{Event: flows.Silent}},
}

// stepsOf takes each step once.
func stepsOf(t testing.TB) map[string]func() {
	f, v := builtIn(t), view(t)
	all := map[string]func(){}
	for _, s := range steps {
		kept, err := flows.State{Flow: f.Hash, Hour: at.Unix() / 3600, Node: s.node, Lang: "en", Group: "482105", Offered: []string{"grief"}}.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		host := func(q flows.Request) flows.Answer {
			return flows.Answer{Result: flows.Outcomes(q.Function)[0], Set: map[string]string{"group": "482105"}}
		}
		all[fmt.Sprintf("%s+%s", s.node, s.in.Keys)] = func() {
			var state flows.State
			if err := state.UnmarshalBinary(kept); err != nil {
				t.Fatal(err)
			}
			out := flows.Run(f, v, state, s.in, host)
			if _, err := out.State.AppendBinary(make([]byte, 0, 256)); err != nil || out.Then == nil {
				t.Fatalf("nothing happened at %s: %v", s.node, err)
			}
		}
	}
	return all
}

func TestStepsAreCheap(t *testing.T) {
	for name, step := range stepsOf(t) {
		if got := testing.AllocsPerRun(20, step); got > mostAllocations {
			t.Errorf("%s takes %.0f allocations", name, got)
		}
		if took := fastest(20, step); took > shared*mostStep {
			t.Errorf("%s takes %s", name, took)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	for name, step := range stepsOf(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
		})
	}
}

// fastest is the shortest of so many tries.
func fastest(times int, try func()) time.Duration {
	best := time.Hour
	for range times {
		start := time.Now()
		try()
		best = min(best, time.Since(start))
	}
	return best
}

// thousand is the small flow with so many nodes more: menus one behind the other, and
// what each says.
func thousand(t testing.TB) flows.Bundle {
	b := small(t)
	var nodes strings.Builder
	for i := range 500 {
		next := fmt.Sprintf("m%d", i+1)
		if i == 499 {
			next = "main"
		}
		fmt.Fprintf(&nodes, "  m%d: {menu: main, options: [{key: 1, say: opt_find, next: s%d}, {key: 2, say: opt_now, next: main}]}\n", i, i)
		fmt.Fprintf(&nodes, "  s%d: {say: back, next: %s}\n", i, next)
	}
	b[mainFile] = strings.Replace(b[mainFile], "  back: {say: back, next: main}\n", "  back: {say: back, next: m0}\n"+nodes.String(), 1)
	return b
}

func TestAThousandNodesLoadSoon(t *testing.T) {
	b := thousand(t)
	took := fastest(2, func() {
		f, problems := flows.Compile(b)
		if f == nil {
			t.Fatal(flows.Errors(problems)[0])
		}
		if n := len(f.Steps()); n < 1000 {
			t.Fatalf("%d nodes", n)
		}
	})
	if took > shared*mostLoad {
		t.Errorf("it takes %s", took)
	}
}

func BenchmarkLoadAThousandNodes(b *testing.B) {
	bundle := thousand(b)
	for b.Loop() {
		if f, problems := flows.Compile(bundle); f == nil {
			b.Fatal(problems)
		}
	}
}
