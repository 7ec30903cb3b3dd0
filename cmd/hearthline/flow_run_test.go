package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// playFlow types lines into flow run.
func playFlow(t *testing.T, want int, typed string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	args = append([]string{"flow", "run"}, args...)
	if code := run(t.Context(), args, func(string) (string, bool) { return "", false }, stdio{In: strings.NewReader(typed), Out: &out, Err: &out}); code != want {
		t.Errorf("%v: exit %d, want %d: %s", args, code, want, out.String())
	}
	return out.String()
}

// What is recorded in the terminal plays, and stops playing when the flow does
// something else.
func TestARecordedDialoguePlays(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args  []string
		typed string
		heard string
	}{
		"a stranger":             {nil, "0\n3\n1\nrecorded\n1\n482105\n1\n~6s\nanswered\n*\n\nhang\n", "(you are recorded"},
		"who waits":              {[]string{"--room", "waits"}, "1\n482105\n1\nwaits host\nwaits door 1m\n0\n~6s\nhang\n", "You are still at the door."},
		"a member":               {[]string{"--as", "member:heron"}, "4\n2\n1\n739146\n1\n~30s\n~2s\nhang\n", "your PIN is 739146"},
		"a call of ours":         {[]string{"--placed", "reminder", "--about", "836254"}, "1\n1\n\n", "Evening call is today"},
		"a masked call":          {[]string{"--placed", "masked", "--as", "coordinator"}, "1\nanswered\n", "another number is rung"},
		"the other end of one":   {[]string{"--placed", "them", "--lang", "es"}, "1\n", "you talk with who had you called"},
		"texts of a coordinator": {[]string{"--as", "coordinator", "--channel", "sms", "--lang", "es"}, "AHORA\n1\n~10m\nxyzzy\nhang\n", "You look after every group"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "d.yaml")
			args := append([]string{"--at", "2026-11-24T18:05:00-05:00", "--record", file}, test.args...)
			mention(t, playFlow(t, exitOK, test.typed, args...), test.heard)
			mention(t, playFlow(t, exitOK, "", "--play", file), "1 of 1 dialogue held.")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			other := strings.Replace(string(text), "hear welcome", "hear goodbye", 1)
			other = strings.Replace(other, "see now", "see goodbye", 1)
			for _, first := range []string{"confirm_call", "masked_staff", "masked_them"} {
				other = strings.Replace(other, "hear "+first, "hear goodbye", 1)
			}
			if err := os.WriteFile(file, []byte(other), 0o600); err != nil {
				t.Fatal(err)
			}
			mention(t, playFlow(t, exitFailed, "", "--play", file), "step", "goodbye")
		})
	}
}

// A call can be made at a time as people say it, in a language of the flow.
func TestACallIsMadeAtATimeInWords(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"tuesday 6:58 pm", "martes 6:58 de la tarde"} {
		file := filepath.Join(t.TempDir(), "d.yaml")
		playFlow(t, exitOK, "hang\n", "--at", at, "--record", file)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mention(t, string(text), "T18:58:00-0")
	}
	mention(t, playFlow(t, exitUsage, "", "--at", "whenever"), "--at: ")
}

// What a question in confidence was given is in no recorded dialogue, which plays all the
// same: a PIN of one's own, chosen and repeated, a wrong one and a telephone number.
func TestARecordedDialogueKeepsNoSecret(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ as, typed, secret string }{
		"a PIN that is chosen": {"nobody", "1\n836254\n3\n2\n1\n111111\n482916\n482917\n482916\n482916\nhang\n", "48291"},
		"a wrong PIN":          {"member:heron", "4\n2\n1\n294617\nhang\n", "294617"},
		"a telephone number":   {"coordinator", "7\n1\n58203917\n1\n1\n3\n2124567890\n1\nhang\n", "456789"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "d.yaml")
			playFlow(t, exitOK, test.typed, "--at", "2026-11-24T18:05:00-05:00", "--as", test.as, "--record", file)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), test.secret) {
				t.Errorf("it has what was given in confidence:\n%s", text)
			}
			mention(t, playFlow(t, exitOK, "", "--play", file), "1 of 1 dialogue held.")
		})
	}
}

func TestFlowRunRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	mention(t, playFlow(t, exitFailed, "", "--as", "somebody"), "--as somebody: there are nobody, coordinator and member:NAME")
	mention(t, playFlow(t, exitFailed, "", "--room", "noisy"), "--room noisy: there are", "alone", "waits")
	mention(t, playFlow(t, exitFailed, "", "--lang", "xx"), "--lang xx: the flow speaks en, es")
	mention(t, playFlow(t, exitFailed, "", "--placed", "prayer"), "--placed prayer: the flow begins calls for backup, call_me, confirm")
	mention(t, playFlow(t, exitFailed, "", "--placed", "reminder", "--about", "111111"), "--about 111111: no group has the code 111111")
	mention(t, playFlow(t, exitFailed, "", "--about", "836254"), "add --placed")
	mention(t, playFlow(t, exitFailed, "", "--lang", "fr"), "--lang fr: the line does not offer it; set LINE_LANGUAGES=en,es,fr")
	mention(t, playFlow(t, exitOK, "1\n~x\nabc\nhang\n"), "a silence is written ~6s", "type keys: 0 to 9")
}

func TestFlowRunCoverage(t *testing.T) {
	t.Parallel()
	mention(t, playFlow(t, exitOK, "", "--coverage"), "dialogues come to", "None comes to: ")
}

func TestFlowExplore(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t}
	// Two answers come to little of it, and that is said.
	out := tt.types(exitFailed, "flow", "explore", "--depth", "2", "--lang", "en", "--json")
	var found exploration
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatalf("%v: %.200s", err, out)
	}
	if found.Depth != 2 || found.States < 20 || len(found.Faults) > 0 || len(found.Ways) < 8 || len(found.Coverage.Nodes.Missing) == 0 {
		t.Errorf("found %d states, %d faults, %d ways", found.States, len(found.Faults), len(found.Ways))
	}
	mention(t, tt.types(exitFailed, "flow", "explore", "--lang", "xx"), "--lang xx: the flow speaks")
	mention(t, tt.types(exitFailed, "flow", "explore", "--depth", "0"), "1 at least")
}

// What one can do comes first in each help, and the settings, which are many, last.
func TestHelpBeginsWithTheCommands(t *testing.T) {
	t.Parallel()
	for _, of := range [][]string{{}, {"flow"}, {"group"}} {
		var out bytes.Buffer
		code := run(t.Context(), append(of, "--help"), func(string) (string, bool) { return "", false }, stdio{Out: &out, Err: &out})
		commands, settings := strings.Index(out.String(), "\nCommands:"), strings.Index(out.String(), "\nSettings (")
		if code != exitOK || commands < 0 || settings < commands {
			t.Errorf("%v: exit code %d, the commands are at %d and the settings at %d", of, code, commands, settings)
		}
	}
}
