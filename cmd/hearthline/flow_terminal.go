package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

const runHelp = `Type keys and Enter: 1, or a whole code such as 482105. Enter alone is silence, and
~6s a silence of six seconds; "answered" or "failed" is how a room or a dialled number
ended, "recorded" or "silent" how a recording did; "hang" hangs up. In a room,
"waits alone" is half a minute in which you hear nobody (or "waits moved", "waits host",
"waits door", where keys work), and "waits alone 10m" ten minutes.
`

const textHelp = `Type a text and Enter; ~10m lets ten minutes pass; "hang" ends it.
`

// terminal is a telephone made of lines of text.
type terminal struct {
	flow *flows.Flow
	view flows.View
	edge *lines.Practice
	stdio
	out   flows.Outcome
	lang  string // that greets
	lull  flows.Lull
	steps []string // of a dialogue, see flows.Dialogue
	// withheld is what was typed in confidence, which no dialogue has.
	withheld withheld
}

func (t *terminal) help(as string) {
	if t.view.Text {
		fmt.Fprint(t.Out, textHelp)
	} else {
		fmt.Fprint(t.Out, runHelp)
	}
	switch {
	case as == "coordinator":
		fmt.Fprintf(t.Out, "You look after every group: press 7, then 1, and your PIN is %s; by text, OK %s confirms.\n", lines.PracticeDeskPIN, lines.PracticeConfirm)
	case strings.HasPrefix(as, lines.MemberPrefix):
		fmt.Fprintf(t.Out, "You are a member of two groups, and your PIN is %s.\n", lines.PracticeMemberPIN)
	}
}

func (t *terminal) play(begins flows.Input) {
	keys := bufio.NewScanner(t.In)
	if t.view.Text {
		t.texts(keys)
		return
	}
	for in := begins; ; {
		t.out, t.lull = t.edge.Run(t.flow, t.view, t.out.State, in), flows.Lull{}
		t.speaks()
		if !t.happens() {
			return
		}
		var more bool
		if in, more = t.next(keys); !more {
			fmt.Fprintln(t.Out, "\n(you hung up)")
			return
		}
	}
}

// speaks prints what is heard.
func (t *terminal) speaks() {
	for _, u := range t.out.Said {
		fmt.Fprintf(t.Out, "  [%s] %s\n", u.Lang, u.Text())
	}
	t.heard("hear ")
}

// waits has who is in a room hear nobody for a while.
func (t *terminal) waits(words string) {
	if _, ok := t.out.Then.(flows.Join); !ok {
		fmt.Fprintln(t.Out, "(you are in no room)")
		return
	}
	in, err := t.lull.Next(words)
	if err != nil {
		fmt.Fprintf(t.Out, "(%v)\n", err)
		return
	}
	t.steps = append(t.steps, "waits "+words)
	t.out.Said = t.edge.Run(t.flow, t.view, t.out.State, in).Said
	t.speaks()
}

// next is what the caller does next, false when they hang up. What is said again, or
// cannot be done where they are, is asked again.
func (t *terminal) next(keys *bufio.Scanner) (flows.Input, bool) {
	for {
		fmt.Fprint(t.Out, "> ")
		if !keys.Scan() || strings.TrimSpace(keys.Text()) == "hang" {
			return flows.Input{}, false
		}
		line := strings.TrimSpace(keys.Text())
		if quiet, ok := strings.CutPrefix(line, "~"); ok {
			if !t.passes(quiet) {
				continue
			}
			line = ""
		}
		if words, ok := strings.CutPrefix(line, "waits "); ok {
			t.waits(words)
			continue
		}
		in, step, fault := t.read(line)
		if fault != "" {
			fmt.Fprintln(t.Out, "("+fault+")")
			continue
		}
		if in.Event == flows.Pressed && t.flow.Sensitive(t.out.State) {
			step = "press " + t.withheld.standIn(in.Keys)
		}
		t.steps = append(t.steps, step)
		return in, true
	}
}

// passes lets time pass, and says whether the line's wait is over by that.
func (t *terminal) passes(quiet string) bool {
	d, err := time.ParseDuration(quiet)
	if err != nil || d <= 0 {
		fmt.Fprintln(t.Out, "(a silence is written ~6s, ~2m or ~1h)")
		return false
	}
	before := t.view.Now
	t.view.Now = t.view.Now.Add(d)
	if !t.view.Now.Truncate(time.Minute).Equal(before.Truncate(time.Minute)) {
		t.steps = append(t.steps, "at "+t.view.Now.Format(time.RFC3339))
	}
	wait, ok := t.out.Then.(flows.Await)
	if total := wait.Grace + wait.Timeout + wait.Hush; ok && d < total {
		fmt.Fprintf(t.Out, "(the line waits %s more)\n", total-d)
		return false
	}
	return ok
}

// read is an input of a call, with the step of a dialogue that it is, or why it cannot
// be done here.
func (t *terminal) read(line string) (in flows.Input, step, fault string) {
	_, waits := t.out.Then.(flows.Await)
	switch {
	case line == "" && waits:
		return flows.Input{Event: flows.Silent}, "silence", ""
	case line != "" && (waits || t.lull.Presses()) && strings.Trim(line, "0123456789*#") == "":
		return flows.Input{Event: flows.Pressed, Keys: line}, "press " + line, ""
	case waits:
		return in, "", "type keys: 0 to 9, * and #"
	case slices.Contains(t.ends(), line):
		return flows.Input{Event: flows.Returned, Result: line}, line, ""
	}
	return in, "", "how does it end? type " + strings.Join(t.ends(), " or ")
}

// ends are how what goes on can end.
func (t *terminal) ends() []string {
	if _, ok := t.out.Then.(flows.Record); ok {
		return []string{flows.ResultRecorded, flows.ResultSilent, "failed"}
	}
	return []string{"answered", "failed"}
}

// texts plays the text channel: an answer whose question is over is a text of
// its own.
func (t *terminal) texts(lines *bufio.Scanner) {
	for fmt.Fprint(t.Out, "> "); lines.Scan() && lines.Text() != "hang"; fmt.Fprint(t.Out, "> ") {
		if quiet, ok := strings.CutPrefix(lines.Text(), "~"); ok {
			t.passes(quiet)
			continue
		}
		if _, open := t.out.Then.(flows.Await); !open {
			t.out.State = flows.State{Lang: t.lang}
		}
		t.out = t.edge.Run(t.flow, t.view, t.out.State, flows.Input{Event: flows.Texted, Keys: lines.Text()})
		t.steps = append(t.steps, "text "+lines.Text())
		t.heard("see ")
		if _, open := t.out.Then.(flows.Await); open {
			t.steps = append(t.steps, "asked")
		} else {
			t.steps = append(t.steps, "ended")
		}
		text := t.out.Message()
		cost := flows.CountSegments(text)
		fmt.Fprintf(t.Out, "  %s\n  (%s, %d characters, %d %s)\n",
			strings.ReplaceAll(text, "\n", "\n  "), cost.Encoding, cost.Units, cost.Count, plural(cost.Count, "segment", "segments"))
	}
	fmt.Fprintln(t.Out)
}

// heard adds to the dialogue what was said: its first words, whatever follows.
func (t *terminal) heard(verb string) {
	if len(t.out.Said) > 0 {
		t.steps = append(t.steps, verb+t.out.Said[0].Prompt)
	}
}

// happens tells what the words led to; false when the call is over.
func (t *terminal) happens() bool {
	switch then := t.out.Then.(type) {
	case flows.End:
		fmt.Fprintln(t.Out, "(the line hung up)")
		t.steps = append(t.steps, "ended")
		return false
	case flows.Join:
		g, _ := t.view.Directory.Group(then.Group)
		t.steps = append(t.steps, "in_room "+g.Code)
		fmt.Fprintf(t.Out, "(you are in the room of %s; \"answered\" leaves it, \"waits alone\" hears nobody)\n", g.Code)
	case flows.Dial:
		t.dialled(then)
		if then.Caller {
			fmt.Fprintln(t.Out, "(you talk with who had you called)")
			return false
		}
		fmt.Fprintln(t.Out, "(another number is rung: \"answered\" or \"failed\")")
	case flows.Record:
		fmt.Fprintln(t.Out, "(you are recorded: \"recorded\", \"silent\" or \"failed\")")
	}
	return true
}

func (t *terminal) dialled(to flows.Dial) {
	name := to.Named()
	if g, ok := t.view.Directory.Group(to.Group); name == "" && ok {
		name = g.Code
	}
	if name != "" {
		t.steps = append(t.steps, "dialled "+name)
	}
}
