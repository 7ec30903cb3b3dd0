package main

import (
	"strings"
	"testing"
	"time"
)

// While it lasts, a session is one sealed row of whole KiB; of who sits there nothing
// else is kept, and a quarter of an hour after its time nothing at all.
func TestASessionIsOneSealedRow(t *testing.T) {
	t.Parallel()
	g := newGathering(t, everybody, held)
	g.at("18:21")
	g.holds("Rose", rosePIN)
	g.comes("Ida")
	g.goesOn(5 * time.Second)
	few := g.sealedSize()
	for _, name := range []string{"Sam", "Ana", "Ben", "Cleo", "Dan", "Eva"} {
		g.comes(name)
	}
	g.goesOn(5 * time.Second)
	g.meets("Rose", "Ida", "Sam", "Ana", "Ben", "Cleo", "Dan", "Eva")
	g.stars("Ida", "9")
	g.stars("Rose", "#22")
	g.at("18:23")
	if many := g.sealedSize(); many != few {
		t.Errorf("a session of two is sealed in %d bytes, one of eight in %d", few, many)
	}
	everything := strings.ToLower(strings.Join(append(g.sessionRows(1), g.log.String()), "\n"))
	for name, alias := range g.aliases {
		if strings.Contains(everything, strings.ToLower(alias)) {
			t.Errorf("the alias of %s is in the row or the log", name)
		}
		if sid := strings.ToLower(g.people[name].Current().SID()); strings.Contains(everything, sid) {
			t.Errorf("the call of %s is in the row or the log", name)
		}
		if found := leaks(g.sinks(), g.people[name].Number()); len(found) > 0 {
			t.Errorf("the number of %s is in %s", name, strings.Join(found, ", "))
		}
	}
	mention(t, g.subpoena(sam), "live sessions", "a seat in a live session")
	g.people["Sam"].says("FORGET ME")
	g.people["Sam"].says("OK")
	if held := heldOf(g.subpoena(sam)); strings.Contains(held, "live sessions") {
		t.Errorf("who had themselves forgotten is known:\n%s", held)
	}
	g.isIn("Sam", "room")
	g.types("", "session", "close", heldCode, "--yes")
	g.at("19:42") // a quarter of an hour after it would have ended, so that nobody is let in anew
	g.sessionRows(0)
}

// sessionRows are the rows of live sessions, as text; the test fails unless there
// are so many.
func (g *gathering) sessionRows(want int) []string {
	g.t.Helper()
	rows := g.column(open(g.t, g.config.databaseURL), `SELECT s::text FROM keys.session s`)
	if len(rows) != want {
		g.t.Fatalf("there are %d rows of sessions, want %d", len(rows), want)
	}
	return rows
}

// sealedSize is the length of the one session's state, in bytes.
func (g *gathering) sealedSize() int {
	g.t.Helper()
	var n int
	if err := open(g.t, g.config.databaseURL).QueryRowContext(g.t.Context(), `SELECT octet_length(state) FROM keys.session`).Scan(&n); err != nil {
		g.t.Fatal(err)
	}
	return n
}
