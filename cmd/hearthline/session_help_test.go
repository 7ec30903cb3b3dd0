package main

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// A crisis line that does not answer is told of to the two who wait for it, who stay
// together.
func TestACrisisLineThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]emulator.Behaviour{
		"busy": {Kind: emulator.Busy}, "no answer": {Kind: emulator.NoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := begun(t)
			g.people["Line"].Behave(does)
			g.about("9", "Ida", "2")
			g.goesOn(45 * time.Second)
			for _, name := range []string{"Rose", "Ida"} {
				g.wasTold(name, "The crisis line did not answer. From any phone, dial 9, 8, 8.", true)
			}
			g.wasTold("Sam", "The crisis line did not answer.", false)
			g.hears("Ida", "Rose")
			g.hears("Sam", "Ana")
			g.strict()
		})
	}
}

// A facilitator may take their time over the menus: what they ask for in the end is
// done, and they are not taken for gone.
func TestAFacilitatorMayTakeTheirTime(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.people["Line"].Behave(emulator.Behaviour{Kind: emulator.Answer, After: 3 * time.Second, Says: "You have reached the crisis line."})
	g.stars("Rose", "#22") // hands: Rose and who has the floor are heard
	r := g.people["Rose"].Current()
	r.Press("*")
	g.goesOn(time.Second)
	r.Press("#")
	g.goesOn(20 * time.Second)
	r.Press("9")
	for range 6 {
		g.goesOn(9 * time.Second)
		r.Press("#") // once more
	}
	g.goesOn(5 * time.Second)
	g.picks("Rose", g.aliases["Ida"])
	g.goesOn(5 * time.Second)
	r.Press("2")
	g.goesOn(25 * time.Second)
	g.hears("Ida", "Line", "Rose")
	g.hears("Line", "Rose", "Ida")
	g.strict()
}

// Who is rung for a person hears so, may take their time over the PIN, and is taken
// to the person; who asked for them stays with the others.
func TestWhoIsRungForAPersonMayTakeTheirTime(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.people["June"].answers()
	g.about("9", "Ida", "1")
	g.wasTold("Rose", "We are calling another leader for "+g.aliases["Ida"]+". You stay here.", true)
	g.goesOn(10 * time.Second)
	call := g.people["June"].Current()
	if call == nil {
		t.Fatal("June is not rung")
	}
	call.Press("1")
	g.wasTold("June", "needs a person to talk with now. Enter your pin", true)
	for range 5 {
		g.goesOn(7 * time.Second)
		call.Press("#")
	}
	g.goesOn(7 * time.Second)
	g.hears("Sam", "Rose", "Ida", "Ana")
	call.Press(junePIN)
	g.goesOn(afterPIN + toldKeys + 5*time.Second)
	g.hears("June", "Ida")
	g.hears("Ida", "June")
	g.hears("Sam", "Rose", "Ana")
	g.strict()
}

// Who is rung to lead and cannot says so by a key, and the next one is rung at once.
func TestWhoDeclinesIsNotRungAgain(t *testing.T) {
	t.Parallel()
	g := newGathering(t, four, held)
	g.people["Rose"].answers()
	g.people["June"].answers()
	g.at("18:16")
	g.comes("Ida")
	g.at("18:20:10")
	call := g.people["Rose"].Current()
	if call == nil {
		t.Fatal("Rose is not rung")
	}
	call.Press("9")
	g.goesOn(15 * time.Second)
	if g.people["Rose"].Current() != nil || g.people["June"].Current() == nil {
		t.Errorf("Rose has declined:\n%s", g.hearsWhom())
	}
	g.strict()
}
