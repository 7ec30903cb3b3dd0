package flows_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// FuzzEdits changes whatever is written in every way that there is: nothing panics, and a
// change that is made is of a file that can be read again. No change makes a file harder to
// read.
func FuzzEdits(f *testing.F) {
	good := small(f)
	for _, o := range odd {
		f.Add("nodes: {}\n", "main", "1", "back", o[1])
	}
	for _, main := range []string{
		good[mainFile], "extends: built-in\n", "extends: built-in\n# ours\nnodes: # all\n  main: {options: [{key: 1, remove: true}, {key: 4, say: opt_code, next: code}]} # one\n\n# the end\n",
		"extends: built-in\nnodes: {main: {options: [{key: 1}]}}", "{extends: built-in, nodes: {}}", "---\nextends: built-in\n...\n",
		"extends: built-in\nnodes:\n  main:\n    no_input:\n      then: back # here\n    # below\n", "extends: built-in\nnodes: ~\n", "extends: built-in\r\nnodes:\r\n  back: {say: >\r\n   x\r\n   , next: main}\r\n",
	} {
		f.Add(main, "main", "1", "code", "hear about us")
		f.Add(main, "back", "9", "main", "*")
		f.Add(main, "ours", "", "return", "\x00")
	}
	f.Fuzz(func(t *testing.T, main, node, key, to, words string) {
		before := flows.Bundle{mainFile: main, en: good[en], es: good[es]}.Over(good)
		said := map[string]string{"en": words, "es": words}
		for _, edit := range edits(node, key, to, said) {
			after, err := edit(before)
			if (after == nil) != (err != nil) {
				t.Fatalf("a change is made and is not: %v", err)
			}
			if err != nil {
				continue
			}
			if is, was := unreadable(after), unreadable(before); is > was && words == "" {
				t.Fatalf("there were %d faults of writing, and are %d:\n%s", was, is, after[mainFile])
			}
			after.Steps("en")
		}
	})
}

// unreadable counts what cannot be read of a bundle.
func unreadable(b flows.Bundle) (n int) {
	_, problems := flows.Compile(b)
	for _, p := range problems {
		if p.Code == "F000" {
			n++
		}
	}
	return n
}

func edits(node, key, to string, words map[string]string) (all []func(flows.Bundle) (flows.Bundle, error)) {
	for _, kind := range []string{
		flows.WayOption, flows.WayKey, flows.WayWait, flows.WayOutcome, flows.WaySilence, flows.WayWrong, flows.WayNext, flows.WayThen, flows.WayElse,
		flows.WayNone, flows.WayOne, flows.WayText, flows.WayVoice, flows.WayUse,
	} {
		all = append(all, func(b flows.Bundle) (flows.Bundle, error) { return b.Led(node, kind, key, to) })
	}
	for _, pattern := range flows.Additions {
		all = append(all, func(b flows.Bundle) (flows.Bundle, error) {
			b, _, err := b.WithAddition(flows.Addition{
				After: node, Key: key, Pattern: pattern, Number: "crisis", First: to, Label: words, Says: words, Left: words,
			})
			return b, err
		}, func(b flows.Bundle) (flows.Bundle, error) {
			b, _, err := b.WithAddition(flows.Addition{
				After: node, Way: flows.WayNext, Pattern: pattern, Number: "crisis", First: to, Says: words, Left: words, To: to,
			})
			return b, err
		})
	}
	return append(all,
		func(b flows.Bundle) (flows.Bundle, error) {
			return b.WithOption(node, "", flows.MenuOption{Key: key, Say: "opt_code", To: to})
		},
		func(b flows.Bundle) (flows.Bundle, error) {
			return b.WithOption(node, key, flows.MenuOption{Key: "8", To: to})
		},
		func(b flows.Bundle) (flows.Bundle, error) { return b.WithoutOption(node, key) },
		func(b flows.Bundle) (flows.Bundle, error) { return b.WithoutNode(node) },
		func(b flows.Bundle) (flows.Bundle, error) { b, _, err := b.Renamed(node, words["en"]); return b, err },
		func(b flows.Bundle) (flows.Bundle, error) {
			b, _, err := b.WithNumber(to, "+12025550142")
			return b, err
		},
		func(b flows.Bundle) (flows.Bundle, error) { return b.Dialling(to, key) },
		func(b flows.Bundle) (flows.Bundle, error) { return b.WithoutNumber(to) },
	)
}
