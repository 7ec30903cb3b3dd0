package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

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
