package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// Whatever a facilitator's keys do can be done by who runs the line.
func TestAFacilitatorsKeysFromATerminal(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.people["Line"].Behave(emulator.Behaviour{Kind: emulator.Answer, After: 3 * time.Second, Says: "You have reached the crisis line."})
	orders := func(args ...string) (came ordered) {
		t.Helper()
		if err := json.Unmarshal([]byte(g.types("", append([]string{"session"}, append(args, "--json", "--as", "Maria")...)...)), &came); err != nil {
			t.Fatal(err)
		}
		g.goesOn(12 * time.Second)
		return came
	}
	if came := orders("wait", heldCode, g.aliases["Ida"]); !came.Changed || came.Session.Waiting != 1 {
		t.Errorf("sent to wait: %+v", came)
	}
	g.hears("Sam", "Rose", "Ana")
	if came := orders("wait", heldCode, g.aliases["Ida"]); came.Changed {
		t.Errorf("sent to wait once more: %+v", came)
	}
	orders("admit", heldCode, g.aliases["Ida"])
	g.hears("Sam", "Rose", "Ida", "Ana")

	orders("talk", heldCode, g.aliases["Ida"])
	g.hears("Ida", "Rose")
	g.stars("Ida", "1")
	g.goesOn(5 * time.Second)

	orders("pairs", heldCode, "5")
	if _, hears := g.of("Ida"); len(hears) == 0 || len(hears) > 2 {
		t.Errorf("in pairs Ida hears %v", hears)
	}
	orders("together", heldCode)
	g.hears("Sam", "Rose", "Ida", "Ana")

	mention(t, g.fails(exitUsage, "", "session", "hand-over", heldCode, g.aliases["Ana"]), "--yes")
	orders("hand-over", heldCode, g.aliases["Ana"], "--yes")
	g.wasTold("Ana", "You lead this circle now.", true)

	orders("crisis", heldCode, g.aliases["Sam"])
	g.hears("Line", "Rose", "Sam") // at whose side Rose is since, and Ana holds the circle
	mention(t, g.fails(exitFailed, "", "session", "backup", heldCode, g.aliases["Ida"]), "not now")
	g.audited("session.to_wait", "session.talk", "session.pairs", "session.together", "session.hand_over", "session.crisis")
	g.strict()
}

// A microphone that its owner has closed is not opened from outside.
func TestAMuteOfOnesOwnStands(t *testing.T) {
	t.Parallel()
	g := begun(t)
	g.stars("Ida", "6")
	mention(t, g.fails(exitFailed, "", "session", "unmute", heldCode, g.aliases["Ida"]), "it was not a facilitator")
	g.types("", "session", "mute", heldCode, g.aliases["Ida"])
	g.goesOn(5 * time.Second)
	g.wasTold("Ida", "You were muted by whoever leads.", true)
	g.stars("Ida", "6")
	g.wasTold("Ida", "You stay muted until whoever leads lets you be heard.", true)
	g.types("", "session", "unmute", heldCode, g.aliases["Ida"])
	g.goesOn(5 * time.Second)
	g.heardAre("Rose", "Sam", "Ana")
	g.strict()
}
