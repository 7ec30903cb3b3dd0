package phone_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/emulator"
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

// What the carrier takes for other words, for none, or only may have heard, is asked
// again at a menu, at the topics and at a list, in the caller's language; what it then
// hears well leads on.
func TestWhatTheCarrierMishears(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string][4]string{
		"en": {"find a group", "by topic", "grief", "evening grief circle"},
		"es": {"buscar un grupo", "por tema", "duelo", "círculo de duelo"},
		"fr": {"trouver un groupe", "par sujet", "deuil", "evening grief circle"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			l := newLine(t, func(c *store.LineConfig) { c.Speech, c.Languages = true, []string{lang, "en"} })
			tells := func(prompt string) string {
				return flowstest.BuiltIn().Say(flows.View{Now: evening, Directory: flows.NewDirectory(flows.Line{Languages: []string{lang}, Zone: "UTC"}, nil, evening)}, flows.State{Lang: lang}, prompt).Text()
			}
			unheard, silent := tells("_unheard_r1"), tells("_silence_r1")
			c := l.call(sam)
			hears := func(what, says string, as emulator.Hearing, want string, is bool) {
				since := l.clock.Now()
				c.SayHeard(says, as)
				if l.pass(8 * time.Second); l.heard(sam, want, since) != is {
					t.Fatalf("%s, %q: that %q is heard is %t:\n%s", what, says, want, !is, c.Transcript())
				}
			}
			for _, says := range words {
				hears("other words", says, emulator.Hearing{Text: "xylophone", Confidence: "0.93"}, unheard, true)
				hears("in doubt", says, emulator.Hearing{Text: says, Confidence: "0.22"}, unheard, false) // the second time in other words
				hears("no words", says, emulator.Hearing{Confidence: "0.0"}, silent, true)
				hears("well", says, emulator.Hearing{Text: says, Confidence: "0.88"}, unheard, false)
			}
			l.strict()
		})
	}
}
