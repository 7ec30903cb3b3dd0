package flows_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// BenchmarkMainMenu is the turn that most calls begin with, with its state
// read and written; the budget of a whole step, sealing included, is 20 µs and
// 60 allocations.
func BenchmarkMainMenu(b *testing.B) {
	f, v := builtIn(b), view(b)
	host := admits(v)
	kept, err := flows.Run(f, v, flows.State{}, flows.Input{}, host).State.AppendBinary(nil)
	if err != nil {
		b.Fatal(err)
	}
	for name, in := range map[string]flows.Input{
		"welcome": {Event: flows.Started}, "menu": press("*"), "now": press("2"), "days": press("#"),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var s flows.State
				if err := s.UnmarshalBinary(kept); err != nil {
					b.Fatal(err)
				}
				if name == "days" {
					s.Node = "find"
					in = press("2")
				}
				out := flows.Run(f, v, s, in, host)
				if _, err := out.State.AppendBinary(make([]byte, 0, 256)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
