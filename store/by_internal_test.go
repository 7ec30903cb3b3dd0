package store

import (
	"regexp"
	"testing"
)

func TestByEntersAnActOnce(t *testing.T) {
	t.Parallel()
	by := By{Actor: "Ada", Event: "CA1 3"}
	id := by.entry("line", "group.pause", "482105").ID
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("%q is no UUID", id)
	}
	if again := by.entry("line", "group.pause", "482105").ID; again != id {
		t.Error("the same act has another id the second time")
	}
	other, eve := by, by
	other.Event, eve.Actor = "CA1 4", "Eve"
	for what, e := range map[string]AuditEntry{
		"line": by.entry("line2", "group.pause", ""), "act": by.entry("line", "group.resume", ""), "event": other.entry("line", "group.pause", ""),
		"actor": eve.entry("line", "group.pause", ""), "object": by.on("482105").entry("line", "group.pause", ""),
	} {
		if e.ID == id {
			t.Errorf("another %s has the same id", what)
		}
	}
	if by.on("1").on("2").id("line", "a") == by.on("12").id("line", "a") {
		t.Error("two objects are taken for one")
	}
	if e := (By{Actor: "Ada"}).entry("line", "group.pause", ""); e.ID != "" {
		t.Errorf("an act without an event has the id %q", e.ID)
	}
}
