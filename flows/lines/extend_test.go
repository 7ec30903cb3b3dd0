package lines_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// example is the worked example of a line's own flow.
func example(t testing.TB) flows.Bundle {
	t.Helper()
	b, err := flows.ReadBundle(os.DirFS("../../deploy/examples/prayer-line"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func over(t testing.TB, own flows.Bundle) (flows.Bundle, *flows.Flow, []flows.Problem) {
	t.Helper()
	bundle := own.Over(inTwo(t))
	flow, problems := flows.Compile(bundle)
	return bundle, flow, problems
}

// The worked example adds an option and a second crisis number in ten lines, and all
// that the built-in flow does it does as well.
func TestTheExampleExtendsTheBuiltInFlow(t *testing.T) {
	t.Parallel()
	own := example(t)
	if n := strings.Count(own["main.yaml"], "\n"); n > 10 {
		t.Errorf("it has %d lines", n)
	}
	bundle, flow, problems := over(t, own)
	if flow == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	v := view(t)
	press := func(s flows.State, keys string) flows.Outcome {
		return flows.Run(flow, v, s, flows.Input{Event: flows.Pressed, Keys: keys}, nil)
	}
	came := func(s flows.State, result string) flows.Outcome {
		return flows.Run(flow, v, s, flows.Input{Event: flows.Returned, Result: result}, nil)
	}
	began := flows.Run(flow, v, flows.State{}, flows.Input{Event: flows.Started}, nil)
	found := press(began.State, "3")
	if said := spoken(found); !strings.Contains(said, "To call the prayer line, press 4.") {
		t.Errorf("of 3: %s", said)
	}
	prayer := press(found.State, "4")
	if got := prayer.Then; got != (flows.Dial{Number: "prayer"}) {
		t.Errorf("4 came to %#v", got)
	}
	if said := spoken(came(prayer.State, "failed")); !strings.Contains(said, "The prayer line did not answer.") {
		t.Errorf("where nobody answers: %s", said)
	}
	crisis := press(press(began.State, "0").State, "1")
	second := came(crisis.State, "failed")
	if got := second.Then; got != (flows.Dial{Number: "second_crisis"}) {
		t.Errorf("after the first crisis line: %#v", got)
	}
	if said := spoken(came(second.State, "failed")); !strings.Contains(said, "9, 8, 8") {
		t.Errorf("after the second: %s", said)
	}
	if got := flow.Numbers()["prayer"].E164; got != "+12025550142" {
		t.Errorf("the prayer line's number: %s", got)
	}
	again, err := flows.DecodeBundle(bundle.Encode())
	if kept, _ := flows.Compile(again); err != nil || kept == nil || kept.Hash != flow.Hash {
		t.Errorf("a kept version is another: %v", err)
	}
	scripts, err := lines.Dialogues()
	if err != nil {
		t.Fatal(err)
	}
	scripts["own.yaml"] = []byte("- dialogue: the prayer line\n  voice: [press 3, press 4, dialled prayer, failed, hear prayer_failed, press 3, press 4, dialled prayer, answered, hear back]\n")
	for file, text := range scripts {
		dialogues, err := flows.ReadDialogues(file, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range dialogues {
			if strings.Contains(d.Name, "when it does not answer") {
				continue // the second crisis line is rung then
			}
			edge := lines.At(d.Phone(), v.Directory)
			edge.Room = d.Room
			if err := d.Play(flow, v, edge); err != nil {
				t.Errorf("%s: %v", d.Name, err)
			}
		}
	}
}

func spoken(o flows.Outcome) string {
	var all []string
	for _, u := range o.Said {
		all = append(all, u.Text())
	}
	return strings.Join(all, " ")
}

// What an extension gets wrong is told where it stands in its own files.
func TestAnExtensionsFaultsAreItsOwn(t *testing.T) {
	t.Parallel()
	two := inTwo(t)
	const numbers = "extends: built-in\nnumbers: {prayer: \"+12025550142\"}\n"
	for name, c := range map[string]struct {
		own  flows.Bundle
		want []string
	}{
		"nothing of its own":         {flows.Bundle{"main.yaml": "extends: built-in\n"}, nil},
		"fewer languages":            {flows.Bundle{"main.yaml": "extends: built-in\nlanguages: [en]\n"}, nil},
		"other words":                {flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/en.yaml": "no_groups: \"There is none yet.\"\n"}, nil},
		"a longer text":              {flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/en.yaml": "gone: \"There was a group of that code here, and it is not on this line any more.\"\n"}, nil},
		"a text as long":             {flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/en.yaml": "answer_in: {sms: \"" + strings.Repeat("Thank you. ", 15) + "\"}\n_long: [answer_in]\n"}, nil},
		"one that is not long":       {flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/en.yaml": "_long: [answer_in]\n"}, []string{"prompts/en.yaml:1:9: F030"}},
		"an option less":             {flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  main: {options: [{key: 5, remove: true}]}\n"}, nil},
		"a node that is left behind": {flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  explain: {say: explain, next: main}\n  help: {options: [{key: 3, remove: true}]}\n"}, nil},
		"another flow":               {flows.Bundle{"main.yaml": "extends: theirs\n"}, []string{"main.yaml:1:10: F000"}},
		"an option that is not there": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  main: {options: [{key: 8, remove: true}]}\n"}, []string{"main.yaml:3:20: F006"},
		},
		"an option removed and more": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  main: {options: [{key: 5, next: now, remove: true}]}\n"}, []string{"main.yaml:3:20: F006"},
		},
		"an option removed, or not": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  main: {options: [{key: 5, remove: false}]}\n"}, []string{"main.yaml:3:20: F006"},
		},
		"an option twice": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  find: {options: [{key: 3, say: opt_now, next: now}, {key: 3, say: opt_code, next: code}]}\n"}, []string{"main.yaml:3:61: F006"},
		},
		"an option that nobody was told of": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  main: {options: [{key: 7, say: opt_code, next: code}]}\n"},
			[]string{"main.yaml:3:3: F010", "main.yaml:3:26: F006", "main.yaml:3:26: F006"},
		},
		"that option, taken out first": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  main: {options: [{key: 5, remove: true}, {key: 5, say: opt_code, next: code}]}\n"}, []string{"main.yaml:3:3: F010"},
		},
		"the language key for something else": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  nothing_now: {options: [{key: 9, say: opt_code, next: code}]}\n  main: {options: [{key: 9, remove: true}]}\n"}, []string{"main.yaml:3:33: F006"},
		},
		"nodes that are none":                      {flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n"}, []string{"main.yaml:2:7: F000"}},
		"extends, misspelled":                      {flows.Bundle{"main.yaml": "Extend: built-in\nnodes:\n  back: {say: back, next: main}\n"}, []string{"main.yaml:1:1: F000"}},
		"extends, forgotten":                       {flows.Bundle{"main.yaml": "nodes:\n  back: {say: back, next: main}\n"}, []string{"main.yaml:1:1: F000"}},
		"a node, misspelled":                       {flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  fnd: {options: [{key: 4, say: opt_now, next: now}]}\n"}, []string{"main.yaml:3:3: F001"}},
		"a node of a short name that does nothing": {flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  x:\n"}, []string{"main.yaml:3:3: F000"}},
		"a language, misspelled":                   {flows.Bundle{"main.yaml": "extends: built-in\nlanguages: [EN, es]\n"}, []string{"main.yaml:2:13: F000"}},
		"a language of a country":                  {flows.Bundle{"main.yaml": "extends: built-in\nlanguages: [en-US, es]\n"}, []string{"prompts/en-US.yaml:1:1: F020"}},
		"a prompt, misspelled": {
			flows.Bundle{"main.yaml": "extends: built-in\nlanguages: [en, es]\nnodes:\n  find: {options: [{key: 4, say: opt_prayer, next: now}]}\n", "prompts/en.yaml": "opt_prayr: \"pray\"\n", "prompts/es.yaml": "opt_prayer: \"orar\"\n"},
			[]string{"prompts/en.yaml:1:1: F020", "prompts/en.yaml:1:12: F020"},
		},
		"a node twice": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  back: {say: back, next: main}\n  back: {say: back, next: main}\n"}, []string{"main.yaml:4:3: F000"},
		},
		"a node that leads nowhere": {
			flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  back: {say: back, next: heaven}\n"}, []string{"main.yaml:3:27: F001"},
		},
		"a number that is none": {
			flows.Bundle{"main.yaml": "extends: built-in\nnumbers: {prayer: \"202 555 0142\"}\nnodes:\n  crisis_line: {outcomes: {failed: then}}\n  then: {dial: prayer, outcomes: {answered: back, failed: crisis_failed}}\n"},
			[]string{"main.yaml:2:19: F000"},
		},
		"a number with a taken name": {
			flows.Bundle{"main.yaml": "extends: built-in\nnumbers: {crisis: \"+12025550142\"}\n"}, []string{"main.yaml:2:11: F000"},
		},
		"a number that nothing dials": {flows.Bundle{"main.yaml": numbers}, []string{"main.yaml:2:19: F005"}},
		"a number that is not there": {
			flows.Bundle{"main.yaml": numbers + "nodes:\n  crisis_line: {outcomes: {failed: then}}\n  then: {dial: player, outcomes: {answered: back, failed: crisis_failed}}\n"},
			[]string{"main.yaml:2:19: F005", "main.yaml:5:16: F005"},
		},
		"a prompt in one language alone": {
			flows.Bundle{"main.yaml": "extends: built-in\nlanguages: [en, es]\nnodes:\n  back: {say: home, next: main}\n", "prompts/en.yaml": "home: \"Welcome home.\"\n"},
			[]string{"prompts/es.yaml:1:1: F020"},
		},
		"a prompt that nothing speaks": {
			flows.Bundle{"main.yaml": "extends: built-in\nlanguages: [en, es]\n", "prompts/en.yaml": "home: \"Welcome home.\"\n", "prompts/es.yaml": "home: \"Buen regreso.\"\n"},
			[]string{"prompts/en.yaml:1:7: F020", "prompts/es.yaml:1:7: F020"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := flows.Compile(c.own.Over(two))
			var got []string
			for _, p := range problems {
				text := p.String()
				got = append(got, text[:strings.Index(text, p.Code)+len(p.Code)])
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v: %v", got, c.want, problems)
			}
		})
	}
}
