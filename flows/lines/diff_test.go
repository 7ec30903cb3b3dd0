package lines_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
)

// What changes is told in sentences, and nothing else is.
func TestDiff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file, old, new string
		want                 []string
	}{
		{"nothing", mainYAML, "flow: main", "flow: main", nil},
		{"comments", mainYAML, "flow: main", "flow: main # the only one", nil},
		{"an edge", mainYAML, "{key: 2, say: opt_now, next: now}\n      - {key: 3, say: opt_find", "{key: 2, say: opt_now, next: soon}\n      - {key: 3, say: opt_find", []string{
			`At "main", key 2 led to "now" and leads to "soon" now.`}},
		{"a node", mainYAML, "  no_groups: {say: no_groups, next: main}", "  no_groups: {say: no_groups, next: prayer}\n  prayer: {say: gone, next: main}", []string{
			`At "no_groups", what follows led to "main" and leads to "prayer" now.`, `The announcement "prayer" is new, to which "no_groups" leads.`, `At "prayer", what follows leads to "main".`}},
		{"a node gone", mainYAML, "  unsure: {say: unsure, end: true}", "", []string{`The announcement "unsure" is gone.`}},
		{"a kind", mainYAML, "  no_groups: {say: no_groups, next: main}", "  no_groups: {record: message, outcomes: {silent: main}}", []string{
			`The announcement "no_groups" is now a recording.`}},
		{"an option", mainYAML, "      - {key: 3, say: opt_find, next: find}\n      - {key: 4", "      - {key: 4", []string{
			`At "main", the order of the keys was 9 1 2 3 4 5 7 0 and is 9 1 2 4 5 7 0 now.`,
			`At "main", key 3 leads nowhere of its own now; it led to "find".`, `At "main", what is said of key 3 is not "opt_find" any more.`}},
		{"what is done", mainYAML, "    do: session.lock\n", "    do: session.unlock\n", []string{
			`At "lock", what is done was "lock the door of the session" and is "unlock the door of the session" now.`}},
		{"what is listed", mainYAML, "soon: {pick: groups.soon,", "soon: {pick: groups.open_now,", []string{
			`At "soon", what it lists, dials or records was "the groups that meet soon" and is "the groups that meet now" now.`}},
		{"a condition", mainYAML, "{if: group.spoken,", "{if: line.listens,", []string{
			`At "spoken", the condition was "the group speaks the caller's language" and is "callers may say what they could press" now.`}},
		{"how long to wait", mainYAML, "no_input: {after: 6s, tries: 2, then: help}", "no_input: {after: 8s, tries: 2, then: help}", []string{
			"The wait before silence everywhere was 6 seconds and is 8 seconds now."}},
		{"words", enYAML, `no_groups: "There is no group like that here yet."`, `no_groups: "There is none yet."`, []string{
			`In English, "no_groups" is said as "There is none yet." now, and no more as "There is no group like that here yet.".`}},
		{"a text", enYAML, `  sms: "Main menu."`, ``, nil},
		{"what people write", enYAML, "word_now: [", "word_now: [at once, ", []string{`In English, what people write for "now" has "at once" now.`}},
		{"a voice", esYAML, "Polly.Lupe-Neural", "Polly.Mia-Neural", []string{`In Spanish, the voice was Polly.Lupe-Neural and is Polly.Mia-Neural now; its fallback is Polly.Lupe.`}},
		{"a language", mainYAML, "languages: [en, es]", "languages: [en]", []string{"The list of languages was English, Spanish and is English now.", "The language Spanish is gone."}},
	} {
		before, after := inTwo(t), inTwo(t)
		after[tt.file] = strings.Replace(after[tt.file], tt.old, tt.new, 1)
		var got []string
		for _, c := range flows.Diff(before, after) {
			got = append(got, c.What)
		}
		if tt.name == "a kind" { // the rest is what either kind has
			got = got[:1]
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// No change that breaks the flow goes untold, and back again it is told as often.
func TestDiffMissesNothing(t *testing.T) {
	t.Parallel()
	whole := inTwo(t)
	for _, b := range brokenFlows {
		if slices.Contains([]string{"F000", "F031"}, b.code) {
			continue // it is not read
		}
		changed, _ := b.due(t)
		if there, back := flows.Diff(whole, changed), flows.Diff(changed, whole); len(there) == 0 || len(back) == 0 {
			t.Errorf("%s, %q: %d changes there, and %d back", b.code, b.new, len(there), len(back))
		}
	}
}
