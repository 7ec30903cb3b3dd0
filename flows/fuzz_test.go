package flows_test

import (
	"encoding/xml"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// odd are changes to a good flow that a hand or an editor could make.
var odd = [][2]string{
	{"start: welcome", "start: &a welcome\nx: *a"},
	{"start: welcome", "start: &a {b: *a}"},
	{"start: welcome", "? [a, b]\n: c\nstart: welcome"},
	{"start: welcome", "1: 2\n~: 3\nstart: welcome"},
	{"start: welcome", "<<: {start: welcome}"},
	{"start: welcome", "start: !!binary d2VsY29tZQ=="},
	{"languages: [en, es]", "languages: [~, en, 1, {a: b}]"},
	{"nodes:", "nodes: ~\nmore:"},
	{"always:", "always: " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\nmore:"},
	{"always:", "always: " + strings.Repeat("{a: ", 12000)},
	{"defaults:", "defaults: []\nmore:"},
	{"options:", "options: ~\n    more:"},
	{"outcomes: {", "outcomes: {~: main, [a]: main, "},
	{"say: opt_code", "say: [opt_code]"},
	{"key: 1", "key: {1: 1}"},
	{"back: {say: back, next: main}", "back: ~"},
	{"back: {say: back, next: main}", "back: {say: back, next: back}"},
	{"then: goodbye", "then: help"},
}

func TestOddYAMLIsReported(t *testing.T) {
	t.Parallel()
	for _, o := range odd {
		b := small(t)
		b[mainFile] = strings.Replace(b[mainFile], o[0], o[1], 1)
		if f, problems := flows.Compile(b); f != nil {
			t.Errorf("%.60q instead of %q was taken: %v", o[1], o[0], problems)
		}
	}
	for _, b := range []flows.Bundle{nil, {}, {mainFile: ""}, {mainFile: "\x00"}, {mainFile: "\xff\xfe"}, {en: "x: y"}} {
		if f, problems := flows.Compile(b); f != nil || len(problems) == 0 {
			t.Errorf("%v was taken", b)
		}
	}
}

// FuzzCompile compiles whatever is written and, if it is a flow, calls it and
// presses keys at random.
func FuzzCompile(f *testing.F) {
	good := small(f)
	f.Add(good[mainFile], good[en], uint64(1))
	f.Add(withMembers.Replace(good[mainFile]), strings.Replace(good[en], `"You are back."`, `"{member.groups} {member.channel}"`, 1), uint64(1))
	for i, o := range odd {
		f.Add(strings.Replace(good[mainFile], o[0], o[1], 1), good[en], uint64(i))
	}
	for i, o := range faults {
		if o.file == mainFile && o.old != "" {
			f.Add(strings.ReplaceAll(strings.Replace(good[mainFile], o.old, o.new, 1), marker, ""), good[en], uint64(i))
		}
		if o.file == en && o.old != "" {
			f.Add(good[mainFile], strings.ReplaceAll(strings.Replace(good[en], o.old, o.new, 1), marker, ""), uint64(i))
		}
	}
	for i, more := range []string{
		"", "numbers: {other: \"+12025550142\"}\n", "nodes:\n  main: {options: [{key: 1, remove: true}, {key: 4, say: opt_code, next: code}]}\n",
		"nodes:\n  back: {say: back, end: true}\n  main: {options: {key: 1}}\n  code: [1]\n", "nodes: {~: ~, main: ~}\nextends: again\n",
	} {
		f.Add("extends: built-in\n"+more, "back: \"You are here again.\"", uint64(i))
	}
	v := view(f)
	f.Fuzz(func(t *testing.T, main, english string, seed uint64) {
		flow, problems := flows.Compile(flows.Bundle{mainFile: main, en: english, es: good[es]}.Over(good))
		if (flow == nil) != (len(flows.Errors(problems)) > 0) {
			t.Fatalf("a flow and errors, or neither: %v", problems)
		}
		for _, p := range problems {
			if p.File == "" || p.Line < 1 || p.Column < 1 || p.Code == "" || p.What == "" || p.Mend == "" {
				t.Fatalf("a problem is not whole: %+v", p)
			}
		}
		after := flows.Bundle{mainFile: main, en: english, es: good[es]}
		flows.Diff(good, after)
		drawing := flows.Draw(after, "en")
		if err := xml.Unmarshal([]byte(drawing.SVG()), new(struct{})); err != nil || drawing.Mermaid() == "" {
			t.Fatalf("what is drawn is no SVG: %v", err)
		}
		if flow != nil {
			pressAtRandom(t, flow, v, rand.New(rand.NewPCG(seed, 0)))
		}
	})
}

// withMembers adds to the small flow a key that asks the edge, a PIN, and a
// call that we place.
var withMembers = strings.NewReplacer(
	"      - {key: 0, say: opt_help, next: help}\n", "      - {key: 4, quiet: true, do: member.quick, next: door}\n      - {key: 0, say: opt_help, next: help}\n",
	"start: welcome\n", "start: welcome\nplaced: {confirm: ring}\n",
	"room: {join: group, outcomes: {answered: left, failed: full}}", "room: {join: group, outcomes: {answered: stepped, failed: full}, keys: {\"0\": help}}\n"+
		"  stepped: {do: session.stepped, outcomes: {menu: star, room: room, waits: room, ended: left, unheld: left, removed: left, unknown: left}}\n"+
		"  star: {menu: back, star: true, options: [{key: 1, say: opt_now, next: people}, {key: \"*\", instead: true, say: opt_find, next: left}]}\n"+
		"  people: {pick: session.people, sits: true, into: seat, none: room, next: whom}\n"+
		"  whom: {do: session.whom, outcomes: {here: room, waiting: sure, gone: back_in}}\n"+
		"  back_in: {say: back, next: room}\n"+
		"  sure: {menu: back, sits: true, options: [{key: 1, say: opt_find, next: remove}]}\n"+
		"  remove: {do: session.remove, outcomes: {ok: room, gone: room, later: room}}",
	"nodes:\n", "seated:\n  \"0\": {go: help}\n  \"*\": {go: room}\n  \"#\": {repeat: true}\n  no_input: {after: 5s, then: room}\n  no_match: {then: room}\nnodes:\n",
	"  back: {say", "  ring: {menu: back, neutral: true, no_input: {then: goodbye}, no_match: {then: goodbye}, options: [{key: 1, say: opt_agree, next: apart}, {key: 9, say: opt_find, next: halt}]}\n"+
		"  halt: {do: member.stop, outcomes: {ok: goodbye, later: goodbye}}\n"+
		"  apart: {menu: back, apart: true, no_input: {then: goodbye}, no_match: {then: goodbye}, options: [{key: 1, say: opt_agree, next: room}]}\n  back: {say",
	"next: admit}", "set: {channel: text}, next: signed}\n"+
		"  signed: {use: pin, next: asked}\n"+
		"  asked: {if: channel is text, then: admit, else: topic}\n"+
		"  pin: {ask: code, type: pin, len: 6-10, into: pin, next: log_in}\n"+
		"  log_in: {do: member.log_in, outcomes: {ok: fits, first: fits, refused: back, later: admit}}\n"+
		"  fits: {do: member.pin_fits, outcomes: {fits: same, weak: return}}\n"+
		"  same: {do: member.pin_same, outcomes: {same: return, different: admit}}",
)

// TestShuffledFlowsAreTotal changes where a good flow's nodes lead. What
// compiles all the same can be called.
func TestShuffledFlowsAreTotal(t *testing.T) {
	t.Parallel()
	good, v, compiled := small(t), view(t), 0
	led := regexp.MustCompile(`(next|then|none|one|ok|open|gone|answered|failed|found|unknown|closed): [a-z_]+`)
	names := strings.Fields("main welcome language code look_up unknown topic now door rules admit room left full bridge help crisis crisis_line back goodbye")
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := flows.Bundle{en: good[en], es: good[es]}
		b[mainFile] = led.ReplaceAllStringFunc(withMembers.Replace(good[mainFile]), func(s string) string {
			setting, _, _ := strings.Cut(s, ":")
			if r.IntN(16) > 0 {
				return s
			}
			return setting + ": " + names[r.IntN(len(names))]
		})
		if f, _ := flows.Compile(b); f != nil {
			compiled++
			pressAtRandom(t, f, v, r)
		}
	}
	if compiled < 20 {
		t.Errorf("only %d of the flows compiled", compiled)
	}
}

// pressAtRandom calls a flow that has no errors. Whatever is done, a caller
// hears something before the line waits or hangs up.
func pressAtRandom(t *testing.T, f *flows.Flow, v flows.View, r *rand.Rand) {
	host := func(q flows.Request) flows.Answer {
		outcomes := flows.Outcomes(q.Function)
		a := flows.Answer{Result: outcomes[r.IntN(len(outcomes))], Set: map[string]string{
			"group": []string{"482105", "648392", "gone"}[r.IntN(3)], "member": "m", "told": "482913", "code": "193746",
		}}
		if r.IntN(3) > 0 {
			a.Session = sitting()
		}
		if r.IntN(2) == 0 {
			a.Member = &flows.Member{Groups: []string{"482105", "gone"}, Enrolled: "2026-11"}
		}
		return a
	}
	keys := strings.Fields("0 1 2 3 4 5 6 7 8 9 * # 482105 111111 739146 12 ** 8*")
	out := flows.Run(f, v, flows.State{}, flows.Input{Event: []flows.Event{flows.Started, flows.Placed}[r.IntN(2)], Result: "confirm"}, host)
	if out.State.Node == "" {
		return // the flow has no place for a call of ours
	}
	for range 40 {
		v.Member, v.Session = nil, nil
		if f.Sits(out.State) && r.IntN(4) > 0 {
			v.Session = sitting()
		}
		if out.State.Member != "" && r.IntN(4) > 0 {
			v.Member = &flows.Member{Groups: []string{"482105", "648392"}}
		}
		in := flows.Input{Event: flows.Pressed, Keys: keys[r.IntN(len(keys))]}
		switch out.Then.(type) {
		case flows.End:
			if len(out.Said) == 0 {
				t.Fatalf("the line hung up without a word at %s", out.State.Node)
			}
			return
		case flows.Await:
			if len(out.Said) == 0 {
				t.Fatalf("the line waits without a word at %s", out.State.Node)
			}
			if r.IntN(4) == 0 {
				in = flows.Input{Event: flows.Silent}
			}
		default:
			in = flows.Input{Event: flows.Returned, Result: []string{"answered", "failed", "", "?"}[r.IntN(4)]}
		}
		if b, err := out.State.AppendBinary(nil); err != nil || len(b) > roomyState {
			t.Fatalf("a state of %d bytes: %v", len(b), err)
		}
		out = flows.Run(f, v, out.State, in, host)
	}
}

// FuzzCompileKept compiles whatever may have been kept of a flow over the small one.
func FuzzCompileKept(f *testing.F) {
	good := small(f)
	f.Add(good[mainFile], good[en])
	f.Add("extends: built-in\n", "")
	for _, o := range odd {
		f.Add(strings.Replace(good[mainFile], o[0], o[1], 1), good[en])
	}
	f.Add(strings.Replace(good[mainFile], "outcomes: {ok: ", "outcomes: {fine: ", 1), "main: back")
	f.Fuzz(func(t *testing.T, text, words string) {
		b := flows.Bundle{mainFile: text, en: words, es: good[es]}
		for _, kept := range []flows.Bundle{b, b.Over(flows.Bundle{mainFile: text, en: words})} {
			if flow, _ := flows.CompileKept(kept, good); flow != nil && flow.Hash != kept.Hash() {
				t.Error("it is called otherwise than it is kept as")
			}
		}
	})
}
