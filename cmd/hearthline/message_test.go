package main

import (
	"regexp"
	"testing"
)

// What an operator writes to a group is looked at, sent, listed and taken back.
func TestMessageCommands(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	mention(t, s.types("The hall is closed.", "message", "send", "--group", "836254", "--file", "-", "--dry-run"), "The hall is closed.", "1 text each", "to 0 people")
	mention(t, s.types("", "message", "list", "--group", "836254"), "Nothing was said")
	sent := s.types("The hall is closed.", "message", "send", "--group", "836254", "--file", "-")
	id := regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`).FindString(sent)
	// By the clocks of the line: it is a minute past five past eleven at night in UTC.
	mention(t, s.types("", "message", "list", "--group", "836254"), id, "waiting", "The hall is closed.", "today 6:06 pm ET")
	mention(t, s.types("", "message", "list", "--group", "836254", "--json"), `"goes_at": "2026-11-24T18:06:00-05:00"`)
	mention(t, s.types("More.", "message", "send", "--group", "836254", "--file", "-", "--json"), `"goes_at": "2026-11-24T18:06:00-05:00"`)
	mention(t, s.types("", "message", "cancel", "--group", "836254", id), "Nobody gets it")
	mention(t, s.types("", "message", "list", "--group", "836254"), "taken back")
	s.fails(exitFailed, "", "message", "cancel", "--group", "482105", id)
	s.fails(exitUsage, " ", "message", "send", "--group", "836254", "--file", "-")
}
