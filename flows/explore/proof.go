package explore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// check holds what an answer came to.
func (w *walk) check(p place, in flows.Input, r result) {
	node := r.State.Node
	if _, known := w.steps[node]; !known {
		w.faultAt(node, faultState, "the flow is nowhere")
	}
	if n := w.sizeOf(r.State); n > largestState {
		w.faultAt(node, faultState, fmt.Sprintf("the state takes more than the %d bytes that an address has room for", largestState))
	}
	switch r.Then.(type) {
	case flows.Await, flows.Rest:
		if len(r.Said) == 0 {
			w.faultAt(node, faultDeadEnd, "the line waits without a word")
		}
	case flows.End:
		if len(r.Said) == 0 {
			w.faultAt(node, faultDeadEnd, "the line hangs up without a word")
		}
	}
	if p.keys[in.Keys] && in.Event == flows.Pressed && r.State.Node == p.state.Node && r.State.Wrongs > p.state.Wrongs {
		w.faultAt(node, faultKey, "key "+in.Keys+" is offered, and is a wrong key")
	}
	if in.Event == flows.Heard && in.Keys != w.spoken[0].Keys && !slices.ContainsFunc(r.nodes, func(n string) bool { return w.steps[n].Help }) {
		w.faultAt(node, faultHelp, "words of danger do not lead to help")
	}
	w.checkContradiction(r)
	if w.checkWords(r) {
		w.checkOthers(p, in, r)
	}
}

// largestState is what a state may take: with a byte more, padded to 256 and sealed with
// 21 more, it stays under 300.
const largestState = 255

// sizeOf is how many bytes a state takes.
func (w *walk) sizeOf(s flows.State) int {
	b, _ := s.AppendBinary(w.room[:0])
	w.room = b
	w.counts.Largest = max(w.counts.Largest, len(b))
	return len(b)
}

// checkContradiction finds two ends of the same question that are told in one breath: a
// turn that says what follows when something was done, and then what follows when it
// was not; and the same sentence said twice.
func (w *walk) checkContradiction(r result) {
	for _, name := range r.nodes {
		step := w.steps[name]
		if step.Kind != "do" && step.Kind != "if" {
			continue
		}
		var told []string
		for _, to := range step.Leads {
			if w.steps[to].Kind == "say" && slices.Contains(r.nodes, to) {
				told = append(told, to)
			}
		}
		if len(told) > 1 {
			w.faultAt(name, faultTwice, "one turn says both "+strings.Join(told, " and "))
		}
	}
	for i, u := range r.Said {
		times, named := 1, 0
		for _, before := range r.Said[:i] {
			if u.Prompt == before.Prompt && u.Lang == before.Lang && u.Sound == "" && u.Text() == before.Text() {
				times++
			}
		}
		if times == 1 {
			continue
		}
		for _, name := range r.nodes { // who writes it twice means it
			if slices.Contains(w.steps[name].Prompts, u.Prompt) {
				named++
			}
		}
		if times > named {
			w.faultAt(r.State.Node, faultTwice, fmt.Sprintf("one turn says %s twice", u.Prompt))
		}
	}
}

// checkPlace holds a place where a caller is waited for, on a call, to what they need.
func (w *walk) checkPlace(p place) {
	if _, waits := p.then.(flows.Await); !waits {
		return
	}
	if !w.world.Text && !w.ends(p) {
		w.faultAt(p.state.Node, faultSilence, "who is silent is never let go")
	}
	w.checkHelp(p)
}

// checkHelp is that the key 0 leads to help, or the text 0.
func (w *walk) checkHelp(p place) {
	if !w.world.Text && (w.flow.Neutral(p.state) || slices.Contains(w.steps[p.state.Node].Takes, "0")) {
		w.counts.Exempt++
		return
	}
	in := flows.Input{Event: flows.Pressed, Keys: "0"}
	if w.world.Text {
		in.Event = flows.Texted
	}
	w.turn(p.state, in, func(r result) {
		if !slices.ContainsFunc(r.nodes, func(n string) bool { return w.steps[n].Help }) {
			w.faultAt(p.state.Node, faultHelp, "the key 0 does not lead to help")
		}
	})
}

// ends says whether who is silent from a place on comes to the end of the call, into a
// room or to another line, whatever hosts answer.
func (w *walk) ends(p place) bool {
	in := flows.Input{Event: flows.Silent}
	switch p.then.(type) {
	case flows.Await:
	case flows.Record:
		in = flows.Input{Event: flows.Returned, Result: flows.ResultSilent}
	default:
		return true
	}
	key := w.keyOf(p.state)
	if ends, looked := w.quiet[key]; looked {
		return ends // false of what is being looked at: a round
	}
	w.quiet[key] = false
	all := true
	w.turn(p.state, in, func(r result) { all = w.ends(place{state: r.State, then: r.Then}) && all })
	w.quiet[key] = all
	return all
}
