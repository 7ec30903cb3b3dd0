package explore

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hearthline/hearthline/flows"
)

// The kinds of faults.
const (
	faultDeadEnd = "dead end"
	faultRound   = "round"
	faultHelp    = "help"
	faultKey     = "key"
	faultSilence = "silence"
	faultWords   = "words"
	faultSegment = "segments"
	faultTwice   = "contradiction"
	faultState   = "state"
)

// Fault is a promise that a flow breaks.
type Fault struct {
	Kind  string `json:"kind"`
	World string `json:"world"`
	Node  string `json:"node"`
	What  string `json:"what"`
	// Path is what the caller did, from the beginning, and what hosts answered.
	Path []string `json:"path"`
}

func (f Fault) String() string {
	return fmt.Sprintf("%s: %s, at %s on %s, after %v", f.Kind, f.What, cmp.Or(f.Node, "the start"), f.World, f.Path)
}

// Counts is what a walk came through.
type Counts struct {
	States, Turns int
	// Deepest is the answers after which nothing new was found, or the depth that was
	// asked for; Frontier are the states at that depth which were not walked on from.
	Deepest, Frontier int
	// Largest is how many bytes a state takes at most, before it is padded and sealed.
	Largest int
	// Exempt are the places by kind where help is not one key away by design: calls of
	// ours before somebody has said who they are, and keys that are known by heart.
	Exempt int
	// Segments counts the different texts by what they cost.
	Segments map[int]int

	nodes   map[string]bool
	edges   map[[2]string]bool
	prompts map[[2]string]bool // language and key
}

func newCounts() Counts {
	return Counts{Segments: map[int]int{}, nodes: map[string]bool{}, edges: map[[2]string]bool{}, prompts: map[[2]string]bool{}}
}

// pass counts a node that a turn went through, and the way there.
func (c *Counts) pass(from, node string, here bool) {
	if way := [2]string{from, node}; !c.edges[way] {
		c.edges[way] = true
	}
	if here && !c.nodes[node] {
		c.nodes[node] = true
	}
}

func (c *Counts) add(d Counts) {
	c.States, c.Turns, c.Exempt, c.Frontier = c.States+d.States, c.Turns+d.Turns, c.Exempt+d.Exempt, c.Frontier+d.Frontier
	c.Deepest, c.Largest = max(c.Deepest, d.Deepest), max(c.Largest, d.Largest)
	for n, of := range d.Segments {
		c.Segments[n] += of
	}
	maps.Copy(c.nodes, d.nodes)
	maps.Copy(c.edges, d.edges)
	maps.Copy(c.prompts, d.prompts)
}

// Report is what walks have found.
type Report struct {
	Counts Counts
	Faults []Fault
}

// Together is one report of several.
func Together(reports ...Report) Report {
	all := Report{Counts: newCounts()}
	for _, r := range reports {
		all.Counts.add(r.Counts)
		all.Faults = append(all.Faults, r.Faults...)
	}
	return all
}

// Share is how much of something was come to.
type Share struct {
	Seen    int      `json:"seen"`
	Of      int      `json:"of"`
	Missing []string `json:"missing"`
}

func (s *Share) count(name string, seen bool) {
	if s.Of++; seen {
		s.Seen++
	} else {
		s.Missing = append(s.Missing, name)
	}
}

// Percent is the share in hundredths, 100 only if nothing is missing.
func (s Share) Percent() int {
	if s.Of == 0 {
		return 100
	}
	return s.Seen * 100 / s.Of
}

// Coverage is how much of a flow was come to: its nodes, the ways between them, and
// what its nodes say, once for each language.
type Coverage struct {
	Nodes   Share `json:"nodes"`
	Edges   Share `json:"edges"`
	Prompts Share `json:"prompts"`
}

// Coverage compares what was found with what the flow has.
func (r Report) Coverage(f *flows.Flow, languages []string) Coverage {
	var c Coverage
	prompts := map[string]bool{}
	for _, step := range f.Steps() {
		c.Nodes.count(step.Name, r.Counts.nodes[step.Name])
		for _, to := range step.Leads {
			c.Edges.count(step.Name+" → "+to, r.Counts.edges[[2]string{step.Name, to}])
		}
		for _, p := range step.Prompts {
			prompts[p] = true
		}
	}
	for _, lang := range languages {
		for _, p := range slices.Sorted(maps.Keys(prompts)) {
			c.Prompts.count(lang+" "+p, r.Counts.prompts[[2]string{lang, p}])
		}
	}
	return c
}
