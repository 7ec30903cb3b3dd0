package flows_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// Who is rung while a caller waits for them is told nothing and connected, or hung up on;
// and nobody else is connected so.
func TestWhoIsRungForACallerIsAskedAndConnected(t *testing.T) {
	t.Parallel()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	const talks = "- {key: 1, say: opt_talk_with, next: them_talk}"
	for name, tt := range map[string]struct{ was, now, code, what string }{
		"does something":            {talks, "- {key: 1, say: opt_talk_with, next: stop_calls}", "F005", "which cannot be done there"},
		"goes into a room":          {talks, "- {key: 1, say: opt_talk_with, next: ring_door}", "F005", "which cannot be done there"},
		"is asked for more":         {talks, "- {key: 1, say: opt_talk_with, next: backup_call_pin}", "F005", "which cannot be done there"},
		"by everybody's menus":      {talks, "- {key: 1, say: opt_talk_with, next: find}", "F008", "a key tells there what the line is"},
		"cannot say no":             {"- {key: 1, say: opt_talk_with, next: them_talk}\n      - {key: 9, say: opt_rather_not, next: call_over}", talks, "F008", "cannot stop such calls"},
		"is connected unasked":      {"  them: them_call ", "  them: them_talk ", "F008", "before a key is pressed"},
		"is anybody":                {"  no_groups: {say: no_groups, next: main}", "  no_groups: {say: no_groups, next: them_talk}", "F005", "nobody waits on the line"},
		"comes back":                {"them_talk: {dial: caller}", "them_talk: {dial: caller, outcomes: {failed: call_over}}", "F005", "never comes to"},
		"for nothing that there is": {"  them: them_call ", "  those: them_call ", "F005", `no call of ours is for "those"`},
		"has something looked up":   {talks, "- {key: 1, say: opt_talk_with, do: member.quick, next: them_talk}", "F005", "which cannot be done there"},
		"is nobody":                 {"  them: them_call ", "  those: them_call ", "F005", "nobody is asked"},
		"is rung by anybody":        {"  no_groups: {say: no_groups, next: main}", "  no_groups: {say: no_groups, next: masked_reach}", "F005", "of which nothing is entered"},
		"is rung of the desk's own": {"opt_call_them, when: desk.calls, next: desk_ring}", "opt_call_them, when: desk.calls, next: desk_ringing}", "F005", "of which nothing is entered"},
		"is rung once more":         {"masked_no_answer: {say: desk_no_answer, end: true}", "masked_no_answer: {say: desk_no_answer, next: masked_call}", "F005", "of which nothing is entered"},
		"is talked of afterwards":   {"masked_over: {say: masked_over, end: true}", "masked_over: {say: masked_over, next: main}", "F008", "a key tells there what the line is"},
		"tells what it is about":    {`masked_them: "Hello.`, `masked_them: "Hello. This is about grief.`, "F008", `names the topic "grief"`},
		"tells it the second time":  {`reminder_open: "`, "reminder_open_r2: \"{group.name}.\"\nreminder_open: \"", "F008", "{group.name}"},
		"tells it with a lead":      {`_silence_r1: "`, `_silence_r1: "{line.name}. `, "F008", "{line.name}"},
		"tells by a key":            {`opt_talk_with: "`, `opt_talk_with: "grief: `, "F008", `names the topic "grief"`},
		"tells what it is of":       {`masked_them: "Hello.`, `masked_them: "Hello from {line.name}.`, "F008", "{line.name}"},
	} {
		other, changed := flows.Bundle{}, false
		for file, text := range b {
			other[file] = strings.Replace(text, tt.was, tt.now, 1)
			changed = changed || other[file] != text
		}
		_, problems := flows.Compile(other)
		if !changed || !slices.ContainsFunc(problems, func(p flows.Problem) bool { return p.Code == tt.code && strings.Contains(p.What, tt.what) }) {
			t.Errorf("%s is not told (changed: %v): %v", name, changed, problems)
		}
	}
}

// A call that somebody asked for, who looks after groups, leads to questions of everybody's
// once they have signed in, and not before.
func TestACallLeadsOnAfterASignInAlone(t *testing.T) {
	t.Parallel()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for was, now := range map[string]string{
		"outcomes: {ok: studio_called, refused: studio_call_refused, later": "outcomes: {ok: studio_called, refused: desk_none, later",
		"- {key: 1, say: opt_expected, next: studio_call_pin}":              "- {key: 1, say: opt_expected, next: studio_called}",
	} {
		other := flows.Bundle{}
		for name, text := range b {
			other[name] = strings.Replace(text, was, now, 1)
		}
		_, problems := flows.Compile(other)
		if other["main.yaml"] == b["main.yaml"] || !slices.ContainsFunc(problems, func(p flows.Problem) bool { return p.Code == "F008" }) {
			t.Errorf("%s is not told: %v", now, problems)
		}
	}
}

// What a line has published goes on being heard, though a call of it opens with a topic: its
// page says so.
func TestWhatIsPublishedIsNotSilencedForATopic(t *testing.T) {
	t.Parallel()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	kept := maps.Clone(b)
	kept["prompts/en.yaml"] = strings.Replace(kept["prompts/en.yaml"], `masked_them: "Hello.`, `masked_them: "Hello. This is about grief.`, 1)
	f, problems := flows.CompileKept(kept, b)
	if f == nil || !slices.ContainsFunc(problems, func(p flows.Problem) bool { return p.Code == "F008" }) {
		t.Error(problems)
	}
}

// What is texted to who has not agreed yet, or is asked whether it is still safe, names
// nothing, whatever its reader wanted of their groups.
func TestNobodyIsNamedAGroupBeforeTheyAgree(t *testing.T) {
	t.Parallel()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"confirm", "recheck", "cover", "covered", "reminder"} {
		line := "  " + kind + ": {say: " + kind + "_text"
		other := maps.Clone(b)
		other["main.yaml"] = strings.Replace(b["main.yaml"], line+"}", line+", named: reminder_text_named}", 1)
		_, problems := flows.Compile(other)
		told := slices.ContainsFunc(problems, func(p flows.Problem) bool { return p.Code == "F032" && strings.Contains(p.What, kind) })
		if kind == "reminder" && told || kind != "reminder" && (!told || maps.Equal(b, other)) {
			t.Errorf("%s: %v", kind, problems)
		}
	}
}
