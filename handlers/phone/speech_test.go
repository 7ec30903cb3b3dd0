package phone_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// A caller says what they would have pressed and is at the door of a group; what nobody
// understands is asked again, silence is silence, keys work all along, and of what was
// said nothing is logged.
func TestACallerSaysWhatTheyChoose(t *testing.T) {
	t.Parallel()
	l := newLine(t, func(c *store.LineConfig) { c.Speech = true })
	start := l.clock.Now()
	c := l.call(sam)
	if !l.heard(sam, "You can also say what you choose.", start) {
		t.Errorf("nobody is told that they may speak:\n%s", c.Transcript())
	}
	for _, step := range []struct{ does, hears string }{
		{"say xylophone parade", "I did not catch that."},
		{"wait", "I did not hear a key."},
		{"say find a group", "by topic"},
		{"press 1", "For grief"},
		{"say grief", "Evening grief circle"},
		{"say evening grief circle", "What is said here stays here."},
		{"say star", "Main menu."},
		{"say enter a group code", "code"},
		{"say 482105", ""}, // nobody listens to a code
		{"press *", "Main menu."},
		{"say I want to kill myself", "The crisis line is free"},
	} {
		since := l.clock.Now()
		switch does, what, _ := strings.Cut(step.does, " "); does {
		case "say":
			c.Say(what)
			l.pass(6 * time.Second)
		case "press":
			c.Press(what)
			l.pass(6 * time.Second)
		default:
			l.pass(30 * time.Second)
		}
		if step.hears != "" && !l.heard(sam, step.hears, since) {
			t.Fatalf("after %q, %q is not heard:\n%s", step.does, step.hears, c.Transcript())
		}
	}
	if !strings.Contains(c.Transcript(), "said: 482105 (nobody heard)") {
		t.Errorf("somebody listens to a code:\n%s", c.Transcript())
	}
	l.strict()
}
