package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/explore"
)

type flowExploreCommand struct {
	flowFolder
	Depth int      `default:"12" help:"How many answers a caller gives at most."`
	Lang  []string `help:"Languages to walk in, comma-separated (default: all that the flow has)."`
	JSON  bool     `name:"json" help:"Print JSON."`
}

// exploration is what was found, as it is printed.
type exploration struct {
	Depth     int              `json:"depth"`
	Languages []string         `json:"languages"`
	Seconds   float64          `json:"seconds"`
	States    int              `json:"states"`
	Turns     int              `json:"turns"`
	Frontier  int              `json:"states_beyond"`
	Largest   int              `json:"largest_state_bytes"` // before it is sealed
	Segments  map[int]int      `json:"texts_by_segments"`
	Coverage  explore.Coverage `json:"coverage"`
	Ways      []explore.Way    `json:"shortest"`
	Faults    []explore.Fault  `json:"faults"`
}

// Run walks a flow on every world. A fault, or a node that nothing came to, fails it.
func (f flowExploreCommand) Run(io stdio) error {
	flow, err := f.compiled()
	if err != nil {
		return err
	}
	if len(f.Lang) == 0 {
		f.Lang = flow.Languages()
	}
	for _, lang := range f.Lang {
		if !slices.Contains(flow.Languages(), lang) {
			return fmt.Errorf("--lang %s: the flow speaks %s", lang, strings.Join(flow.Languages(), ", "))
		}
	}
	if f.Depth < 1 {
		return fmt.Errorf("--depth %d: it has to be 1 at least, such as 12", f.Depth)
	}
	worlds, err := explore.Worlds(f.Lang)
	if err != nil {
		return err
	}
	started := time.Now()
	found := walkAll(flow, worlds, f.Depth)
	done := exploration{
		Depth: f.Depth, Languages: f.Lang, States: found.Counts.States, Turns: found.Counts.Turns, Frontier: found.Counts.Frontier,
		Largest: found.Counts.Largest, Segments: found.Counts.Segments, Coverage: found.Coverage(flow, f.Lang), Faults: found.Faults, Ways: shortestWays(flow, worlds),
	}
	done.Seconds = time.Since(started).Seconds()
	if f.JSON {
		text, err := json.MarshalIndent(done, "", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "%s\n", text)
	} else {
		done.print(io)
	}
	if len(done.Faults) > 0 || len(done.Coverage.Nodes.Missing) > 0 {
		return errReported
	}
	return nil
}

// walkAll walks the worlds beside each other, as many as there are processors.
func walkAll(flow *flows.Flow, worlds []explore.World, depth int) explore.Report {
	reports, todo := make([]explore.Report, len(worlds)), make(chan int)
	var walkers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(worlds)) {
		walkers.Go(func() {
			for i := range todo {
				reports[i] = explore.Walk(flow, worlds[i], depth)
			}
		})
	}
	for i := range slices.Backward(worlds) { // the long ones are not the first
		todo <- i
	}
	close(todo)
	walkers.Wait()
	return explore.Together(reports...)
}

func shortestWays(flow *flows.Flow, worlds []explore.World) (ways []explore.Way) {
	for _, goal := range explore.Goals() {
		for _, w := range worlds {
			if w.Name != goal.World {
				continue
			}
			if way, ok := explore.Shortest(flow, w, goal); ok {
				ways = append(ways, way)
			}
		}
	}
	return ways
}

// mostMissing is how much of what nothing came to is named on a terminal: a shallow walk
// comes to little, and what it found should not scroll away.
const mostMissing = 12

func (e exploration) print(io stdio) {
	fmt.Fprintf(io.Out, "%d states and %d turns, up to %d answers, in %s; %.0f s. %d states lie beyond.\n",
		e.States, e.Turns, e.Depth, strings.Join(e.Languages, ", "), e.Seconds, e.Frontier)
	for _, c := range []struct {
		name string
		explore.Share
	}{{"nodes", e.Coverage.Nodes}, {"ways between them", e.Coverage.Edges}, {"prompts, by language", e.Coverage.Prompts}} {
		fmt.Fprintf(io.Out, "%d of %d %s (%d %%)", c.Seen, c.Of, c.name, c.Percent())
		if len(c.Missing) > 0 {
			fmt.Fprintf(io.Out, "; nothing came to: %s", strings.Join(c.Missing[:min(len(c.Missing), mostMissing)], ", "))
			if more := len(c.Missing) - mostMissing; more > 0 {
				fmt.Fprintf(io.Out, " and %d more, which --json lists", more)
			}
		}
		fmt.Fprintln(io.Out)
	}
	fmt.Fprintf(io.Out, "The largest state takes %d bytes.\n", e.Largest)
	for _, n := range slices.Sorted(maps.Keys(e.Segments)) {
		fmt.Fprintf(io.Out, "%d different texts of %d %s\n", e.Segments[n], n, plural(n, "segment", "segments"))
	}
	fmt.Fprintln(io.Out, "\nThe shortest ways:")
	for _, w := range e.Ways {
		fmt.Fprintln(io.Out, "  "+w.String())
	}
	if len(e.Faults) == 0 {
		fmt.Fprintln(io.Out, "\nNo faults: no dead end, help within one key, an end for who is silent, words in the caller's language, texts within their segments, states within an address.")
		return
	}
	fmt.Fprintf(io.Out, "\n%d %s:\n", len(e.Faults), plural(len(e.Faults), "fault", "faults"))
	for _, fault := range e.Faults {
		fmt.Fprintln(io.Out, "  "+fault.String())
	}
}
