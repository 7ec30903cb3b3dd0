package main

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

var four = [][2]string{{"Rose", rose}, {"June", june}, {"Ida", ida}, {"Sam", sam}}

// Nobody comes to hold it: Rose is rung in vain, then June, who comes.
func TestWhoStandsInIsRungBeforeTheStart(t *testing.T) {
	t.Parallel()
	g := newGathering(t, four, held)
	g.people["June"].answers()
	g.at("18:16")
	g.comes("Ida")
	g.comes("Sam")
	g.at("18:20:30")
	if g.people["Rose"].Current() == nil && !rung(g.people["Rose"]) {
		t.Error("five minutes before the start nobody is rung")
	}
	g.at("18:21")
	call := g.people["June"].Current()
	if call == nil {
		t.Fatal("who stands in is not rung")
	}
	call.Press("1")
	g.goesOn(time.Second)
	call.Press(junePIN)
	g.goesOn(afterPIN)
	g.at("18:22")
	g.heardAre("June", "Ida", "Sam")
	g.meets("Ida", "Sam", "June")
	g.at("18:40")
	g.golden("host-june", g.told(call.Transcript()))
	g.golden("host-ida", g.told(brief(g.transcript("Ida"))))
	g.golden("host-minutes", g.minutes())
	g.strict()
}

func rung(c caller) bool {
	for _, u := range c.Heard() {
		if u.Kind == emulator.KindRing && u.From != "" {
			return true
		}
	}
	return false
}

// A group of peers goes on by itself then; one that a professional leads is closed
// kindly.
func TestWithoutAFacilitator(t *testing.T) {
	t.Parallel()
	for format, want := range map[flows.Format]string{flows.PeerLed: "room", flows.ProfessionalLed: "line"} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			g := newGathering(t, four, held, group(heldCode, func(g *store.Group) { g.Format = format }))
			g.at("18:16")
			g.comes("Ida")
			g.comes("Sam")
			g.at("18:34")
			g.isIn("Ida", "room, silent")
			g.at("18:42")
			g.isIn("Ida", want)
			if !rung(g.people["Rose"]) || !rung(g.people["June"]) {
				t.Error("not all who could hold it were rung")
			}
			g.golden("without-"+string(format), g.told(brief(g.transcript("Sam")))+"\n"+g.minutes())
			g.strict()
		})
	}
}

// Two programs serve one room, and the one that did so far is gone in the middle
// of a turn: the turn ends when it should.
func TestACircleOutlivesItsReplica(t *testing.T) {
	t.Parallel()
	g := newGathering(t, four, held)
	g.at("18:21")
	g.holds("Rose", rosePIN)
	g.comes("Ida")
	g.comes("Sam")
	g.at("18:30")
	g.stars("Rose", "#21")
	g.at("18:31")
	first := g.speaker()
	other := g.start()
	g.replica.end(t)
	g.replica = other
	g.sendTo(other)
	g.at("18:33")
	g.heardAre(first)
	g.at("18:37")
	if now := g.speaker(); now == first || now == "" {
		t.Errorf("%s speaks after seven minutes, %s did at first", now, first)
	}
	g.strict()
}

// speaker is who alone is heard, "" if that is nobody or more than one.
func (g *gathering) speaker() (only string) {
	for _, name := range g.names {
		switch {
		case !g.hasFloor(name):
		case only != "":
			return ""
		default:
			only = name
		}
	}
	return only
}
