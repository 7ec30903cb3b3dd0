package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/simulator"
	"github.com/hearthline/hearthline/store"
)

// lookEvery is how soon the demo sees that a file of the line's flow was written.
const lookEvery = time.Second

// watch has the phones hear what stands in the line's folder, from their next call on,
// whenever that or its recordings change and it has no error; until ctx ends. News go to the page of phones.
func (d *demo) watch(ctx context.Context, news chan<- simulator.FlowNews) {
	if d.app.config.flowDir == "" {
		return
	}
	look := d.look
	if look == nil {
		every := time.NewTicker(lookEvery)
		defer every.Stop()
		look = every.C
	}
	// At first the phones hear what the program began with.
	seen := d.app.flow.Hash + soundsIn(d.app.config.flowDir)
	if d.app.ownBroken.Load() {
		seen = ""
	}
	for {
		state, n := d.reread(ctx, seen)
		if state != seen {
			seen = state
			d.tellFlow(n)
			select {
			case news <- n:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-look:
		case <-ctx.Done():
			return
		}
	}
}

// reread reads the folder, and has the phones hear what it found if that is another flow
// than was seen. It returns what it saw, to tell it from what comes next.
func (d *demo) reread(ctx context.Context, seen string) (state string, n simulator.FlowNews) {
	bundle, err := readFlow(d.app.config.flowDir)
	if err != nil {
		return err.Error(), d.amiss("the folder cannot be read: " + err.Error())
	}
	hash := bundle.Hash()
	if state = hash + soundsIn(d.app.config.flowDir); state == seen {
		return seen, n
	}
	flow, problems := d.app.config.compileOwn(bundle)
	if flow == nil {
		return state, d.amiss(sentences(problems)...)
	}
	if err := d.app.setOwn(ctx, flow, bundle); err != nil {
		return err.Error(), d.amiss("Postgres does not take the flow at the moment")
	}
	sounds, err := d.app.readSounds(flow)
	if err != nil {
		return state, d.amiss("its recordings cannot be read: " + err.Error())
	}
	return state, simulator.FlowNews{
		Words:    fmt.Sprintf("The flow was read anew: calls begin on version %s.", store.Brief(hash)),
		Problems: sentences(append(problems, sounds...)),
	}
}

func sentences(problems []flows.Problem) (all []string) {
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

// amiss is the news of a flow that is not heard.
func (d *demo) amiss(problems ...string) simulator.FlowNews {
	return simulator.FlowNews{Words: "The flow in the folder is not heard: mend it, and the phones hear it at once.", Problems: problems}
}

func (d *demo) tellFlow(n simulator.FlowNews) {
	fmt.Fprintf(d.Out, "\n%s\n", n.Words)
	for _, p := range n.Problems {
		fmt.Fprintf(d.Out, "  %s\n", p)
	}
}

// setOwn has a flow be heard where nothing is published, from the next call on. It is
// kept first, so that each replica finds it.
func (a *app) setOwn(ctx context.Context, f *flows.Flow, b flows.Bundle) error {
	if err := a.archive.Save(ctx, a.deskLine(), f.Hash, b.Encode(), a.now()); err != nil {
		return err
	}
	a.ownBroken.Store(false)
	a.shelf.SetOwn(f)
	return nil
}
