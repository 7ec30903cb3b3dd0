package main

import (
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// comes has somebody ring the line, enter the group's code and agree to the rules.
func (g *gathering) comes(name string, options ...emulator.CallOption) *emulator.Call {
	g.t.Helper()
	call := g.people[name].Call(lineNumber, options...)
	for _, keys := range []string{"1", heldCode, "1"} {
		call.Press(keys)
	}
	g.goesOn(named)
	return call
}

// holds has a facilitator come in, by key 3 at the rules and the PIN.
func (g *gathering) holds(name, pin string) *emulator.Call {
	g.t.Helper()
	call := g.people[name].Call(lineNumber)
	for _, keys := range []string{"1", heldCode, "3"} {
		call.Press(keys)
	}
	g.goesOn(time.Second)
	call.Press(pin)
	g.goesOn(afterPIN + toldKeys)
	return call
}

// toldKeys is how long it takes to hear that one holds the session, and by what key.
const toldKeys = 15 * time.Second

// stars presses the star and keys after it, and waits for what comes of it: a
// short word, and the room again.
func (g *gathering) stars(name, keys string) {
	g.t.Helper()
	call := g.people[name].Current()
	if call == nil {
		g.t.Fatalf("%s is not on the phone", name)
	}
	call.Press("*")
	for _, k := range keys {
		call.Press(string(k))
	}
	g.goesOn(backIn)
}

// backIn is how long it takes to be in the room again after a key: the word that
// says what was done, and the way back.
const backIn = 6 * time.Second
