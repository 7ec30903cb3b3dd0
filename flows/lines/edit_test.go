package lines_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// bases are flows that are changed: one that is whole, and one that is laid over it.
func bases(t testing.TB) map[string]flows.Bundle {
	t.Helper()
	return map[string]flows.Bundle{"whole": inTwo(t), "laid over": example(t).Over(inTwo(t))}
}

// changedLines are those of a file that are not in it before, and those that are not after.
func changedLines(before, after string) (more, fewer []string) {
	only := func(of, other string) (lines []string) {
		there := strings.Split(other, "\n")
		for _, line := range strings.Split(of, "\n") {
			if !slices.Contains(there, line) {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
		return lines
	}
	return only(after, before), only(before, after)
}

// A change is what it says and nothing else: of the file, only the lines of one entry are
// other ones, and what can be heard could be before.
func TestEdits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(flows.Bundle) (flows.Bundle, error)
		// says is what flow diff tells of it.
		says        string
		whole, over []string // lines of main.yaml that are new
	}{
		"an option leads elsewhere": {
			edit:  func(b flows.Bundle) (flows.Bundle, error) { return b.Led("nothing_now", flows.WayOption, "2", "topic") },
			says:  `At "nothing_now", key 2 led to "find" and leads to "topic" now.`,
			whole: []string{"- {key: 2, say: opt_find, next: topic}"},
			over:  []string{"nothing_now:", "options:", "- {key: 2, say: opt_find, next: topic}"},
		},
		"what follows": {
			edit:  func(b flows.Bundle) (flows.Bundle, error) { return b.Led("no_groups", flows.WayNext, "", "find") },
			says:  `At "no_groups", what follows led to "main" and leads to "find" now.`,
			whole: []string{"no_groups: {say: no_groups, next: find}"},
			over:  []string{"no_groups:", "next: find"},
		},
		"silence": {
			edit:  func(b flows.Bundle) (flows.Bundle, error) { return b.Led("find", flows.WaySilence, "", "main") },
			says:  `At "find", silence leads to "main" now.`,
			whole: []string{"no_input: {then: main}"},
			over:  []string{"find:", "options:", "- {key: 4, say: opt_prayer, voice_only: true, next: prayer}", "no_input: {then: main}"},
		},
		"an outcome": {
			edit: func(b flows.Bundle) (flows.Bundle, error) {
				return b.Led("code_look_up", flows.WayOutcome, "unknown", "find")
			},
			says:  `At "code_look_up", what comes to "unknown" led to "code_unknown" and leads to "find" now.`,
			whole: []string{"outcomes: {found: door, unknown: find}"},
			over:  []string{"code_look_up:", "outcomes: {unknown: find}"},
		},
		"an option more": {
			edit: func(b flows.Bundle) (flows.Bundle, error) {
				return b.WithOption("nothing_now", "", flows.MenuOption{Key: "3", Say: "opt_topic", To: "topic"})
			},
			says:  `At "nothing_now", key 3 leads to "topic" now.`,
			whole: []string{"- {key: 3, say: opt_topic, next: topic}"},
			over:  []string{"nothing_now:", "options:", "- {key: 3, say: opt_topic, next: topic}"},
		},
		"an option less": {
			edit:  func(b flows.Bundle) (flows.Bundle, error) { return b.WithoutOption("main", "5") },
			says:  `At "main", key 5 leads nowhere of its own now; it led to "door".`,
			whole: nil,
			over:  []string{"main:", "options:", "- {key: 5, remove: true}"},
		},
		"another key": {
			edit: func(b flows.Bundle) (flows.Bundle, error) {
				return b.WithOption("find", "2", flows.MenuOption{Key: "5", To: "day"})
			},
			says:  `At "find", key 5 leads to "day" now.`,
			whole: []string{"- {key: 5, say: opt_day, next: day}"},
			over:  []string{"find:", "options:", "- {key: 2, remove: true}", "- {key: 4, say: opt_prayer, voice_only: true, next: prayer}", "- {key: 5, say: opt_day, next: day}"},
		},
		"a wrong key as everywhere": {
			edit: func(b flows.Bundle) (flows.Bundle, error) { return b.Led("seat_in", flows.WayWrong, "", "") },
			says: `At "seat_in", a wrong key leads nowhere of its own now; it led to "room".`,
			over: []string{"seat_in:", "no_match: {}"},
		},
		"a number": {
			edit: func(b flows.Bundle) (flows.Bundle, error) {
				b, _, err := b.WithNumber("The night desk", "+12025550199")
				return b, err
			},
			says:  `The number "the_night_desk" is +12025550199 now.`,
			whole: []string{"numbers:", `the_night_desk: "+12025550199"`},
			over:  []string{`numbers: {prayer: "+12025550142", second_crisis: "+12025550188", the_night_desk: "+12025550199"}`},
		},
		"other words for a key": {
			edit: func(b flows.Bundle) (flows.Bundle, error) {
				return b.WithOption("nothing_now", "2", flows.MenuOption{Key: "2", Say: "opt_topic", To: "topic"})
			},
			says:  `At "nothing_now", what is said of key 2 was "opt_find" and is "opt_topic" now.`,
			whole: []string{"- {key: 2, say: opt_topic, next: topic}"},
			over:  []string{"nothing_now:", "options:", "- {key: 2, say: opt_topic, next: topic}"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for form, b := range bases(t) {
				after, err := c.edit(b)
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				var said []string
				for _, change := range flows.Diff(b, after) {
					said = append(said, change.What)
				}
				if !slices.Contains(said, c.says) {
					t.Errorf("%s: it changes %q", form, said)
				}
				if flow, problems := flows.Compile(after); flow == nil {
					t.Errorf("%s: %v", form, flows.Errors(problems))
				}
				more, _ := changedLines(b["main.yaml"], after["main.yaml"])
				want := map[string][]string{"whole": c.whole, "laid over": c.over}[form]
				if !slices.Equal(more, want) {
					t.Errorf("%s: the lines that are new are %q, not %q", form, more, want)
				}
			}
		})
	}
}

// addition is a node that somebody adds to the menu of who finds nothing open.
func addition(pattern string) flows.Addition {
	return flows.Addition{
		After: "nothing_now", Key: "3", Pattern: pattern, Number: "crisis", First: "opt_main",
		Label: map[string]string{"en": "hear about us", "es": "saber quiénes somos"},
		Says:  map[string]string{"en": "We are neighbors who listen.", "es": "Somos personas del barrio que escuchan."},
		Left:  map[string]string{"en": "Thank you for your words.", "es": "Gracias por sus palabras."},
	}
}

// What is added is heard at its key, leads back, and can be taken out again; nothing is
// wrong with it.
func TestAdditions(t *testing.T) {
	t.Parallel()
	for _, pattern := range flows.Additions {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			for form, b := range bases(t) {
				_, was := flows.Compile(b)
				after, name, err := b.WithAddition(addition(pattern))
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				flow, problems := flows.Compile(after)
				if flow == nil || len(problems) > len(was) {
					t.Errorf("%s: %v", form, problems)
					continue
				}
				heard := flows.Run(flow, view(t), flows.State{Node: "nothing_now", Lang: "en"}, flows.Input{Event: flows.Pressed, Keys: "3"}, nil)
				if _, dials := heard.Then.(flows.Dial); !dials && !strings.Contains(spoken(heard), "We are neighbors who listen.") || dials != (pattern == flows.AddDial) {
					t.Errorf("%s: at its key is heard %q, then %#v", form, spoken(heard), heard.Then)
				}
				_, fewer := changedLines(b["main.yaml"], after["main.yaml"])
				if len(fewer) > 0 {
					t.Errorf("%s: the lines %q are gone", form, fewer)
				}
				if _, err := after.WithoutNode(name); !errors.Is(err, flows.ErrLedTo) {
					t.Errorf("%s: what something leads to was taken out: %v", form, err)
				}
				again, _, err := after.WithAddition(addition(pattern))
				if !errors.Is(err, flows.ErrKeyTaken) {
					t.Errorf("%s: a key was given twice: %v %v", form, again != nil, err)
				}
				without, err := after.WithoutOption("nothing_now", "3")
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				if without, err = without.WithoutNode(name); err != nil || without.Steps("en").Nodes == nil {
					t.Errorf("%s: it cannot be taken out: %v", form, err)
				}
			}
		})
	}
}

// What is put in between is heard there, and then what was heard before; who texts is not
// dialled with anybody.
func TestAdditionsInBetween(t *testing.T) {
	t.Parallel()
	for _, pattern := range flows.Additions {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			for form, b := range bases(t) {
				_, was := flows.Compile(b)
				a := addition(pattern)
				a.After, a.Key, a.Way, a.Label = "back", "", flows.WayNext, nil
				after, name, err := b.WithAddition(a)
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				flow, problems := flows.Compile(after)
				if flow == nil || len(problems) > len(was) {
					t.Errorf("%s: %v", form, problems)
					continue
				}
				nodes := after.Steps("en").Nodes
				at := slices.IndexFunc(nodes, func(n flows.Node) bool { return n.Name == name })
				if at < 0 || !slices.Equal(nodes[at].LedFrom, []string{"back"}) {
					t.Fatalf("%s: %s is led to from %v", form, name, nodes)
				}
				if on := slices.ContainsFunc(nodes, func(n flows.Node) bool {
					return strings.HasPrefix(n.Name, name) && slices.ContainsFunc(n.Ways, func(w flows.Way) bool { return w.To == "main" })
				}); !on {
					t.Errorf("%s: it does not go on to the main menu", form)
				}
			}
		})
	}
}

// A node is called otherwise wherever something leads to it, and does what it did.
func TestANodeIsRenamed(t *testing.T) {
	t.Parallel()
	b := example(t).Over(inTwo(t))
	b["prompts/en.yaml"] += "_long: [prayer_failed]\n"
	after, name, err := b.Renamed("prayer_failed", "Nobody prays")
	if err != nil || name != "nobody_prays" {
		t.Fatal(name, err)
	}
	if strings.Contains(after["main.yaml"], "failed: prayer_failed") || !strings.Contains(after["main.yaml"], "nobody_prays: {say: prayer_failed, next: main}") {
		t.Error(after["main.yaml"])
	}
	if !strings.Contains(after["prompts/en.yaml"], `_long: ["nobody_prays"]`) {
		t.Error(after["prompts/en.yaml"])
	}
	if after, name, err = after.Renamed("prayer", "find"); err != nil || name != "find_2" {
		t.Fatal(name, err) // the number prayer is called as before
	}
	if _, _, err := b.Renamed("find", "search"); !errors.Is(err, flows.ErrNoNode) {
		t.Errorf("a node of the built-in flow: %v", err)
	}
	if flow, problems := flows.Compile(after); flow == nil || !strings.Contains(after["main.yaml"], "next: find_2}") || !strings.Contains(after["main.yaml"], "find_2: {dial: prayer") {
		t.Errorf("%v\n%s", problems, after["main.yaml"])
	}
}

// A node tells how it stands to the flow that its own is laid over.
func TestHowANodeIsLaid(t *testing.T) {
	t.Parallel()
	b := example(t).Over(inTwo(t))
	b["main.yaml"] += "  back: {say: back, next: find}\n"
	want := map[string]flows.Laid{"main": flows.LaidUnder, "find": flows.LaidOver, "back": flows.LaidInstead, "prayer": flows.LaidBeside}
	for _, n := range b.Steps("en").Nodes {
		if is, asked := want[n.Name]; asked && n.Laid != is {
			t.Errorf("%s is laid %q, not %q", n.Name, n.Laid, is)
		}
	}
	for _, n := range inTwo(t).Steps("en").Nodes {
		if n.Laid != "" {
			t.Errorf("of a whole flow, %s is laid %q", n.Name, n.Laid)
		}
	}
}

// What cannot be is refused, and says why.
func TestEditsThatCannotBe(t *testing.T) {
	t.Parallel()
	led := func(node, kind, of, to string) func(flows.Bundle) (flows.Bundle, error) {
		return func(b flows.Bundle) (flows.Bundle, error) { return b.Led(node, kind, of, to) }
	}
	added := func(change func(*flows.Addition)) func(flows.Bundle) (flows.Bundle, error) {
		return func(b flows.Bundle) (flows.Bundle, error) {
			a := addition(flows.AddDial)
			change(&a)
			b, _, err := b.WithAddition(a)
			return b, err
		}
	}
	option := func(menu, was string, o flows.MenuOption) func(flows.Bundle) (flows.Bundle, error) {
		return func(b flows.Bundle) (flows.Bundle, error) { return b.WithOption(menu, was, o) }
	}
	numbered := func(called, number string) func(flows.Bundle) (flows.Bundle, error) {
		return func(b flows.Bundle) (flows.Bundle, error) { b, _, err := b.WithNumber(called, number); return b, err }
	}
	renamed := func(node, called string) func(flows.Bundle) (flows.Bundle, error) {
		return func(b flows.Bundle) (flows.Bundle, error) { b, _, err := b.Renamed(node, called); return b, err }
	}
	for name, c := range map[string]struct {
		edit func(flows.Bundle) (flows.Bundle, error)
		want error
	}{
		"to nowhere":               {led("find", flows.WayOption, "1", "heaven"), flows.ErrNoNode},
		"from nowhere":             {led("heaven", flows.WayNext, "", "find"), flows.ErrNoNode},
		"a key of no option":       {led("find", flows.WayOption, "8", "main"), flows.ErrNoWay},
		"an outcome of none":       {led("code_look_up", flows.WayOutcome, "lost", "main"), flows.ErrNoWay},
		"a way of another kind":    {led("find", flows.WayElse, "", "main"), flows.ErrNoWay},
		"a way of no kind":         {led("find", "options", "", "main"), flows.ErrNoWay},
		"silence of what is said":  {led("no_groups", flows.WaySilence, "", "main"), flows.ErrNoWay},
		"an option to nowhere":     {led("find", flows.WayOption, "1", ""), flows.ErrNoWay},
		"two keys":                 {option("find", "", flows.MenuOption{Key: "12", Say: "opt_topic", To: "topic"}), flows.ErrNoKey},
		"a key that is taken":      {option("find", "1", flows.MenuOption{Key: "2", Say: "opt_topic", To: "topic"}), flows.ErrKeyTaken},
		"an option of no menu":     {option("topic", "", flows.MenuOption{Key: "2", Say: "opt_topic", To: "topic"}), flows.ErrNoWay},
		"an option without words":  {option("find", "", flows.MenuOption{Key: "8", To: "topic"}), flows.ErrNoWords},
		"a number of nobody":       {added(func(a *flows.Addition) { a.Number = "+12125550143" }), flows.ErrNoNumber},
		"a number that is there":   {numbered("Crisis", "+12025550142"), flows.ErrNoName},
		"a number without a name":  {numbered("!", "+12025550142"), flows.ErrNoName},
		"no number":                {numbered("night", "202 555 0142"), flows.ErrNotDialled},
		"no node renamed":          {renamed("heaven", "search"), flows.ErrNoNode},
		"the crisis line's number": {func(b flows.Bundle) (flows.Bundle, error) { return b.Dialling("crisis", "+12025550142") }, flows.ErrNoNumber},
		"no number less":           {func(b flows.Bundle) (flows.Bundle, error) { return b.WithoutNumber("night") }, flows.ErrNoNumber},
		"between nothing":          {added(func(a *flows.Addition) { a.Key, a.Way = "", flows.WayNext }), flows.ErrNoWay},
		"on to nowhere":            {added(func(a *flows.Addition) { a.To = "heaven" }), flows.ErrNoNode},
		"one language alone":       {added(func(a *flows.Addition) { delete(a.Says, "es") }), flows.ErrNoWords},
		"a pattern of none":        {added(func(a *flows.Addition) { a.Pattern = "join" }), flows.ErrNoWay},
		"to a menu that is none":   {added(func(a *flows.Addition) { a.After = "topic" }), flows.ErrNoWay},
		"a broken file": {func(flows.Bundle) (flows.Bundle, error) {
			return flows.Bundle{"main.yaml": "nodes: [", "x": ""}.WithoutNode("find")
		}, flows.ErrUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for form, b := range bases(t) {
				if after, err := c.edit(b); !errors.Is(err, c.want) || after != nil {
					t.Errorf("%s: %v, not %v", form, err, c.want)
				}
			}
		})
	}
}
