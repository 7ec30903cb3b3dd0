package main

import (
	"strings"
	"testing"
	"time"
)

// A session as who runs the line sees it, and what they can do in it.
func TestASessionFromATerminal(t *testing.T) {
	t.Parallel()
	g := newGathering(t, everybody, held)
	mention(t, g.types("", "session", "list"), "No group is in session.")
	g.at("18:21")
	g.holds("Rose", rosePIN)
	g.comes("Ida")
	g.comes("Sam")
	g.comes("Ana")
	g.goesOn(5 * time.Second)
	g.meets("Rose", "Ida", "Sam", "Ana")
	mention(t, g.types("", "session", "list"), heldCode, "yes")
	mention(t, g.types("", "session", "show", heldCode), "open; 4 here", g.aliases["Ida"], "facilitator")

	orders := func(want string, args ...string) {
		t.Helper()
		said := g.types("", append([]string{"session"}, append(args, "--as", "Maria")...)...)
		g.carrier.Settle()
		mention(t, said, want)
	}
	orders("Done.", "mute", heldCode, strings.ToUpper(g.aliases["Ida"]))
	g.heardAre("Rose", "Sam", "Ana")
	orders("It was so before", "mute", heldCode, g.aliases["Ida"])
	g.heardAre("Rose", "Sam", "Ana")
	orders("Done.", "unmute", heldCode, g.aliases["Ida"])
	g.heardAre("Rose", "Ida", "Sam", "Ana")
	orders("locked", "lock", heldCode)
	orders("It was so before", "lock", heldCode)
	orders("Done.", "unlock", heldCode)
	orders("newcomers wait", "screen", heldCode)
	g.comes("Ben")
	g.goesOn(5 * time.Second)
	g.isIn("Ben", "line")
	orders("5 here", "admit", heldCode)
	g.goesOn(10 * time.Second)
	g.isIn("Ben", "room")
	orders("listen", "mode", heldCode, "listen")
	g.heardAre("Rose")
	orders("open", "mode", heldCode, "open")
	mention(t, g.fails(exitUsage, "", "session", "remove", heldCode, g.aliases["Ana"]), "--yes")
	orders("Done.", "remove", heldCode, g.aliases["Ana"], "--yes")
	g.goesOn(10 * time.Second)
	g.isIn("Ana", "line")
	orders("min left", "extend", heldCode, "10")
	orders("Done.", "close", heldCode, "--yes")
	g.goesOn(30 * time.Second)
	for _, name := range []string{"Rose", "Ida", "Sam", "Ben"} {
		g.isIn(name, "line")
	}
	g.audited("session.mute_seat", "session.lock", "session.unlock", "session.screen", "session.admit", "session.mode", "session.remove", "session.extend", "session.close")
	g.strict()
}

// audited fails the test unless those acts are in the audit log, by Maria, and
// nothing in it names anybody of the session.
func (g *gathering) audited(acts ...string) {
	g.t.Helper()
	log := strings.Join(g.rows()["audit"], "\n")
	for _, act := range acts {
		if !strings.Contains(log, act) {
			g.t.Errorf("the audit log lacks %s:\n%s", act, log)
		}
	}
	for name, alias := range g.aliases {
		if name != "Rose" && strings.Contains(log, alias) {
			g.t.Errorf("the audit log names %s", name)
		}
	}
	mention(g.t.(*testing.T), g.types("", "audit", "verify"), "The audit log is whole")
}

func TestASessionCommandSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	g := newGathering(t, four, held)
	for _, of := range []struct {
		code int
		args []string
		says string
	}{
		{exitFailed, []string{"show", heldCode}, "is not in session"},
		{exitFailed, []string{"lock", "999999"}, "no group has the code 999999"},
		{exitUsage, []string{"mode", heldCode, "loud"}, "open"},
		{exitUsage, []string{"close", heldCode}, "--yes"},
	} {
		mention(t, g.fails(of.code, "", append([]string{"session"}, of.args...)...), of.says)
	}
	g.at("18:21")
	g.comes("Ida")
	for _, of := range []struct{ verb, alias, says string }{
		{"mute", "Nobody Atall", "nobody there has that alias"},
	} {
		mention(t, g.fails(exitFailed, "", "session", of.verb, heldCode, of.alias), of.says)
	}
}

// A facilitator holds a session by texts, with the key that they were told.
func TestASessionByText(t *testing.T) {
	t.Parallel()
	g := newGathering(t, everybody, held)
	g.at("18:21")
	g.holds("Rose", rosePIN)
	g.comes("Ida")
	g.comes("Sam")
	g.goesOn(5 * time.Second)
	g.meets("Rose", "Ida", "Sam")
	key := g.textKey("Rose")
	for _, body := range []string{"WHO", "LOCK", "MUTE", "UNLOCK", "TURN"} {
		g.people["Rose"].says(body + " " + heldCode + " " + key)
	}
	// Who gets the same answer for a third time gets none. The fifth wrong key makes
	// another one.
	for i, body := range []string{"WHO", "LOCK", "CLOSE"} {
		who := g.caller(callers(len(everybody) + i)[i])
		var answers []string
		for _, with := range []string{heldCode + " 0000", "482106 0000"} {
			answer := who.says(body + " " + with)
			if body == "CLOSE" {
				answer = who.says("OK")
			}
			answers = append(answers, answer)
		}
		if answers[0] != answers[1] || !strings.HasPrefix(answers[0], "To hold a circle by text") {
			t.Errorf("%s with a wrong key is answered %q, with a wrong code %q", body, answers[0], answers[1])
		}
	}
	g.isIn("Ida", "room")
	g.people["Rose"].says("CLOSE " + heldCode + " " + key)
	g.people["Rose"].says("OK")
	g.goesOn(30 * time.Second)
	g.isIn("Ida", "line")
	g.golden("session-texts", g.told(strings.ReplaceAll(g.people["Rose"].Thread(), key, "####")))
	g.strict()
}

// textKey is the key for texts as a facilitator heard it.
func (g *gathering) textKey(name string) string {
	g.t.Helper()
	for _, words := range g.lastHeard(name) {
		if key := keyForTexts.FindString(words); key != "" {
			return strings.ReplaceAll(key, ", ", "")
		}
	}
	g.t.Fatalf("%s hears no key:\n%s", name, g.transcript(name))
	return ""
}
