package main

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

var five = [][2]string{{"Rose", rose}, {"June", june}, {"Ida", ida}, {"Sam", sam}, {"Ana", "+12125550144"}}

// begun is a session that Rose leads, with Ida, Sam and Ana.
func begun(t *testing.T, change ...func(*stageOptions)) *gathering {
	g := newGathering(t, append([][2]string{{"Line", crisisLine}}, five...), append([]func(*stageOptions){held}, change...)...)
	g.at("18:21")
	g.holds("Rose", rosePIN)
	for _, name := range []string{"Ida", "Sam", "Ana"} {
		g.comes(name)
	}
	g.goesOn(5 * time.Second)
	g.meets("Rose", "Ida", "Sam", "Ana")
	return g
}

// wasTold fails the test unless somebody has heard these words of the line, or has
// not.
func (g *gathering) wasTold(name, words string, want bool) {
	g.t.Helper()
	if all := strings.Join(g.lastHeard(name), "\n"); strings.Contains(all, words) != want {
		g.t.Errorf("at %s, that %s was told %q is %v:\n%s", g.clock.Now().In(g.zone()).Format(time.TimeOnly), name, words, !want, g.told(g.transcript(name)))
	}
}

// A star in a private talk is for its menu: the talk goes on after it, and nobody is
// put among the others who did not ask for that.
func TestAPrivateTalkStaysPrivate(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.about("6", "Ida", "2")
	g.goesOn(5 * time.Second)
	g.hears("Ida", "Rose")
	g.people["Ida"].Current().Press("*")
	for range 40 {
		g.goesOn(time.Second)
		if _, hears := g.of("Rose"); len(hears) > 1 || len(hears) == 1 && hears[0] != "Ida" {
			t.Fatalf("while Ida hears her keys Rose hears %v\n%s", hears, g.hearsWhom())
		}
		g.hears("Sam", "Ana")
	}
	g.wasTold("Ida", "To go back to the others, both of you, press 1.", true)
	g.hears("Ida", "Rose")
	g.hears("Rose", "Ida")
	g.stars("Ida", "1")
	g.goesOn(5 * time.Second)
	g.hears("Sam", "Rose", "Ida", "Ana")
	for _, name := range []string{"Rose", "Ida"} {
		g.wasTold(name, "You are back with the others.", true)
	}
	g.wasTold("Sam", "You are back with the others.", false)
	g.strict()
}

// Who is sent to wait is let in by a facilitator alone, whatever they press and
// however often they ring.
func TestWhoIsSentToWaitStaysAtTheDoor(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.about("6", "Ida", "3")
	g.goesOn(20 * time.Second)
	g.isIn("Ida", "line")
	g.wasTold("Ida", "Whoever leads will let you back in.", true)
	call := g.people["Ida"].Current()
	call.Press("*")
	g.goesOn(3 * time.Second)
	call.Press("1")
	g.goesOn(20 * time.Second)
	g.isIn("Ida", "line")
	call.Hangup()
	g.goesOn(2 * time.Second)
	g.comes("Ida")
	g.goesOn(20 * time.Second)
	g.isIn("Ida", "line")
	g.hears("Sam", "Rose", "Ana")
	g.about("6", "Ida", "1")
	g.goesOn(10 * time.Second)
	g.hears("Sam", "Rose", "Ida", "Ana")
	g.strict()
}

// Who waits at the door and calls the crisis line from there is not taken from it.
func TestWhoWaitsTalksWithTheCrisisLine(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.people["Line"].Behave(emulator.Behaviour{Kind: emulator.Answer, After: 3 * time.Second, Says: "You have reached the crisis line."})
	g.about("6", "Ida", "3")
	g.goesOn(20 * time.Second)
	call := g.people["Ida"].Current()
	call.Press("0")
	g.goesOn(3 * time.Second)
	call.Press("1")
	g.goesOn(7 * time.Minute)
	if now := g.people["Line"].Current(); now == nil || g.people["Ida"].Current() != call {
		t.Errorf("after seven minutes the call to the crisis line is over:\n%s", g.told(call.Transcript()))
	}
	g.strict()
}

// Who leaves a room by two stars and changes their mind comes back, though its door
// is locked.
func TestWhoLeftMayChangeTheirMind(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.stars("Rose", "#5")
	g.people["Ida"].Current().Press("**")
	g.goesOn(3 * time.Second)
	g.isIn("Ida", "line")
	g.people["Ida"].Current().Press("1")
	g.goesOn(10 * time.Second)
	g.hears("Sam", "Rose", "Ida", "Ana")
	g.strict()
}

// A note is said to each in the language that they chose.
func TestNotesAreInTheListenersLanguage(t *testing.T) {
	t.Parallel()
	g := newGathering(t, five, held, group(heldCode, func(g *store.Group) { g.Languages = []string{"en", "es"} }))
	g.at("18:21")
	g.holds("Rose", rosePIN)
	call := g.people["Ida"].Call(lineNumber)
	for _, keys := range []string{"9", "1", heldCode, "1"} {
		call.Press(keys)
	}
	g.goesOn(named)
	g.comes("Sam")
	g.goesOn(5 * time.Second)
	g.stars("Rose", "#4")
	g.goesOn(15 * time.Second)
	g.stars("Rose", "#5")
	g.goesOn(15 * time.Second)
	for name, words := range map[string][2]string{
		"Ida": {"Todos en silencio por un momento.", "La puerta está cerrada ahora."},
		"Sam": {"All are muted for a moment.", "The door is locked now."},
	} {
		for _, w := range words {
			for _, other := range []string{"Ida", "Sam"} {
				g.wasTold(other, w, other == name)
			}
		}
	}
	g.strict()
}
