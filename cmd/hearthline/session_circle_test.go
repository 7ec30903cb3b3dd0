package main

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// everybody are those who come to a circle, in the order of the sheet.
var everybody = [][2]string{
	{"Rose", rose}, {"Ida", ida}, {"Sam", sam}, {"Ana", "+12125550144"}, {"Ben", "+12125550145"}, {"Cleo", "+12125550146"},
	{"Dan", "+12125550147"}, {"Eva", "+12125550148"}, {"Finn", "+12125550149"}, {"Gus", "+12125550150"},
}

// A whole evening: eight people and a facilitator on a keypad. Finn is removed and
// tries again; Gus comes late; Sam and Cleo pass; Ben loses the line and returns.
func TestACircleIsHeld(t *testing.T) {
	t.Parallel()
	g := newGathering(t, everybody, held)
	g.arrive()
	g.quarrel()
	g.goRound()
	g.goHome()
	g.golden("circle-minutes", g.minutes())
	g.strict()
}

// arrive brings everybody in: the first ones wait for the facilitator.
func (g *gathering) arrive() {
	g.t.Helper()
	g.at("18:16")
	for _, name := range []string{"Ida", "Sam", "Ana"} {
		g.comes(name)
		g.goesOn(10 * time.Second)
	}
	g.at("18:18")
	g.comes("Ben")
	g.comes("Cleo")
	g.heardAre()
	g.at("18:21")
	g.isIn("Ida", "room, silent")
	g.holds("Rose", rosePIN)
	g.at("18:22")
	for _, name := range []string{"Dan", "Eva", "Finn"} {
		g.comes(name)
	}
	g.at("18:24")
	g.meets("Ida", "Sam", "Ana", "Ben", "Cleo", "Rose", "Dan", "Eva", "Finn")
	g.heardAre("Rose", "Ida", "Sam", "Ana", "Ben", "Cleo", "Dan", "Eva", "Finn")
}

// quarrel is Finn's part.
func (g *gathering) quarrel() {
	g.t.Helper()
	finn, r := g.people["Finn"], g.people["Rose"]
	g.at("18:26")
	finn.Current().Say("you are all fools")
	g.stars("Ida", "81") // somebody is unkind
	g.stars("Rose", "#4")
	g.heardAre("Rose")
	r.Current().Press("*#6")
	g.picks("Rose", g.aliases["Finn"])
	r.Current().Press("4")
	g.isIn("Finn", "room")
	r.Current().Press("1")
	g.goesOn(10 * time.Second)
	g.isIn("Finn", "line")
	out := finn.Current()
	g.at("18:27")
	out.Hangup()
	g.golden("circle-finn", g.told(out.Transcript()))
	again := g.comes("Finn")
	g.goesOn(10 * time.Second)
	g.isIn("Finn", "line")
	again.Hangup()
	g.golden("circle-finn-again", g.told(again.Transcript()))
	hidden := g.comes("Finn", emulator.CallerID("anonymous"))
	g.goesOn(30 * time.Second)
	g.isIn("Finn", "line") // waits to be let in
	hidden.Hangup()
	g.golden("circle-finn-withheld", g.told(hidden.Transcript()))
	g.at("18:28")
	g.heardAre("Rose")
}

// goRound is the circle.
func (g *gathering) goRound() {
	g.t.Helper()
	g.at("18:29")
	g.stars("Rose", "#5") // locks
	late := g.comes("Gus")
	g.goesOn(10 * time.Second)
	g.isIn("Gus", "line")
	late.Hangup()
	g.golden("circle-gus", g.told(late.Transcript()))
	g.at("18:30")
	g.stars("Rose", "#21")
	g.at("18:31")
	g.heardAre("Ida")
	g.people["Ida"].Current().Say("I will begin")
	g.at("18:32")
	g.stars("Ida", "3") // done
	g.goesOn(time.Second)
	g.heardAre("Sam")
	g.stars("Sam", "3") // passes
	g.passed["Sam"] = true
	g.goesOn(time.Second)
	g.heardAre("Ana")
	g.at("18:34")
	dropped := g.people["Ben"].Current()
	dropped.Hangup()
	g.at("18:35")
	g.heardAre("Ana")
	back := g.comes("Ben")
	g.goesOn(5 * time.Second)
	g.isIn("Ben", "room") // though the door is locked
	g.stars("Cleo", "3")  // passes before her turn
	g.passed["Cleo"] = true
	g.spoken("Ben", "Dan", "Eva")
	g.at("18:43:10") // both are asked again, and wait
	g.passed = nil
	g.at("18:52")
	g.golden("circle-ben", g.told(brief(dropped.Transcript())+"\n"+back.Transcript()))
	if now := g.transcript("Ida"); !strings.Contains(now, "said: I will begin\n") {
		g.t.Errorf("Ida is not heard in her turn:\n%s", now)
	}
}

// spoken has those people speak in this order, each once the one before them is
// done, for half a minute.
func (g *gathering) spoken(names ...string) {
	g.t.Helper()
	for _, name := range names {
		for range 300 { // the first of them waits until the limit of whom we left
			if g.hasFloor(name) {
				break
			}
			g.goesOn(time.Second)
		}
		g.heardAre(name)
		g.goesOn(30 * time.Second)
		g.stars(name, "3")
	}
}

// hasFloor says whether others hear somebody.
func (g *gathering) hasFloor(name string) bool {
	for _, other := range g.names {
		_, hears := g.of(other)
		for _, h := range hears {
			if h == name {
				return true
			}
		}
	}
	return false
}

// goHome is the second round, and the end.
func (g *gathering) goHome() {
	g.t.Helper()
	g.at("18:55")
	g.heardAre("Rose", "Ida", "Sam", "Ana", "Ben", "Cleo", "Dan", "Eva")
	rose, ida, sam := g.people["Rose"].Current(), g.people["Ida"].Current(), g.people["Sam"].Current()
	rose.Press("*#021")
	g.goesOn(30 * time.Second)
	for _, name := range []string{"Rose", "Ida", "Sam", "Ana", "Ben", "Cleo", "Dan", "Eva"} {
		if place, _ := g.of(name); place != "" && place != "line" {
			g.t.Errorf("%s is still in %s", name, place)
		}
	}
	g.at("18:57")
	g.golden("circle-rose", g.told(rose.Transcript()))
	g.golden("circle-ida", g.told(brief(ida.Transcript())))
	g.golden("circle-sam", g.told(brief(sam.Transcript())))
	g.at("19:42")
	g.sessionRows(0)
}
