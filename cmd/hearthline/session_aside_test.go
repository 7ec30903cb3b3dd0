package main

import (
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// What happens beside the room: a talk of two, pairs, the crisis line called to
// somebody, and the facilitation handed over; then the closing round, and the end.
func TestBesideTheRoom(t *testing.T) {
	t.Parallel()
	g := newGathering(t, append([][2]string{{"Line", crisisLine}}, everybody[:6]...), held)
	g.people["Line"].Behave(emulator.Behaviour{Kind: emulator.Answer, After: 3 * time.Second, Says: "You have reached the crisis line."})
	g.at("18:21")
	g.holds("Rose", rosePIN)
	for _, name := range []string{"Ida", "Sam", "Ana", "Ben", "Cleo"} {
		g.comes(name)
	}
	g.meets("Rose", "Ida", "Sam", "Ana", "Ben", "Cleo")
	g.at("18:23")
	g.talkAside()
	g.inPairs()
	g.called()
	g.handOver()
	g.golden("aside-minutes", g.minutes())
	g.strict()
}

// about has Rose press keys about somebody whom she picks after the first ones.
func (g *gathering) about(before, name, after string) {
	g.t.Helper()
	g.people["Rose"].Current().Press("*#" + before)
	g.picks("Rose", g.aliases[name])
	g.people["Rose"].Current().Press(after)
	g.goesOn(backIn)
}

func (g *gathering) talkAside() {
	g.t.Helper()
	g.about("6", "Ida", "2")
	g.goesOn(5 * time.Second)
	g.hears("Rose", "Ida")
	g.hears("Ida", "Rose")
	g.hears("Sam", "Ana", "Ben", "Cleo")
	g.at("18:24")
	g.stars("Ida", "1")
	g.goesOn(5 * time.Second)
	g.heardAre("Rose", "Ida", "Sam", "Ana", "Ben", "Cleo")
	g.hears("Sam", "Rose", "Ida", "Ana", "Ben", "Cleo")
}

func (g *gathering) inPairs() {
	g.t.Helper()
	g.at("18:26")
	g.stars("Rose", "#71")
	g.goesOn(15 * time.Second)
	g.hears("Rose")
	for _, name := range []string{"Ida", "Sam", "Ana", "Ben", "Cleo"} {
		if _, hears := g.of(name); len(hears) < 1 || len(hears) > 2 {
			g.t.Errorf("in pairs %s hears %v", name, hears)
		}
	}
	g.at("18:30")
	g.hears("Sam", "Rose", "Ida", "Ana", "Ben", "Cleo")
}

func (g *gathering) called() {
	g.t.Helper()
	g.at("18:31")
	g.about("9", "Ana", "2")
	g.goesOn(15 * time.Second)
	g.hears("Ana", "Line", "Rose")
	g.hears("Line", "Rose", "Ana")
	g.hears("Ben", "Ida", "Sam", "Cleo")
	g.shownTo(g.people["Line"].Phone, lineNumber)
	g.people["Line"].Current().Hangup()
	g.at("18:33")
	g.stars("Rose", "1")
	g.goesOn(5 * time.Second)
	g.hears("Ben", "Rose", "Ida", "Sam", "Ana", "Cleo")
}

func (g *gathering) handOver() {
	g.t.Helper()
	g.at("18:35")
	g.about("6", "Ben", "51")
	g.stars("Ben", "#82") // ten minutes more
	g.stars("Ben", "#01") // the closing round, of a minute each and one more for who does not stop
	g.at("18:50")
	for _, name := range []string{"Rose", "Ida", "Sam", "Ana", "Ben", "Cleo"} {
		if place, _ := g.of(name); place == "room" {
			g.t.Errorf("after the closing round %s is still there", name)
		}
	}
}

// hears fails the test unless somebody hears exactly these people.
func (g *gathering) hears(name string, want ...string) {
	g.t.Helper()
	_, got := g.of(name)
	if !slices.Equal(got, want) {
		g.t.Errorf("at %s %s hears %v, want %v\n%s", g.clock.Now().In(g.zone()).Format(time.TimeOnly), name, got, want, g.hearsWhom())
	}
}
