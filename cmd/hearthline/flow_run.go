package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

type flowRunCommand struct {
	flowFolder
	Lang     string    `help:"The language that greets (default: the first of LINE_LANGUAGES)."`
	Channel  string    `enum:"voice,sms" default:"voice" help:"voice or sms."`
	As       string    `default:"nobody" help:"Whose phone it is: nobody, coordinator, or member:NAME, who is in two groups."`
	At       time.Time `help:"When the call is made, as 2026-11-24T19:05:00-05:00 (default: now)." format:"2006-01-02T15:04:05Z07:00"`
	Record   string    `placeholder:"FILE" help:"Write what was done as a dialogue, which a test can play." type:"path"`
	Play     string    `placeholder:"FILE" help:"Play the dialogues of a file instead, and say which step does not hold." type:"existingfile"`
	Coverage bool      `help:"Play the built-in dialogues, or those in the folder's dialogues/, and list the nodes that none comes to."`
}

const runHelp = `Type keys and Enter: 1, or a whole code such as 482105. Enter alone is silence, and
~6s a silence of six seconds; "answered" or "failed" is how a room or a dialled number
ended, "recorded" or "silent" how a recording did; "hang" hangs up.
`

const textHelp = `Type a text and Enter; ~10m lets ten minutes pass; "hang" ends it.
`

// Run plays a flow on the sample groups.
func (f flowRunCommand) Run(s *settings, io stdio) error {
	c, err := s.forLine()
	if err != nil {
		return err
	}
	flow, err := f.compiled()
	if err != nil {
		return err
	}
	if f.Lang != "" && !slices.Contains(flow.Languages(), f.Lang) {
		return fmt.Errorf("--lang %s: the flow speaks %s", f.Lang, strings.Join(flow.Languages(), ", "))
	}
	if f.Lang != "" && len(c.languages) > 0 && !slices.Contains(c.languages, f.Lang) {
		return fmt.Errorf("--lang %s: the line does not offer it; set LINE_LANGUAGES=%s,%s", f.Lang, strings.Join(c.languages, ","), f.Lang)
	}
	if !slices.Contains([]string{"nobody", "coordinator"}, f.As) && strings.TrimPrefix(f.As, lines.MemberPrefix) == f.As {
		return fmt.Errorf("--as %s: there are nobody, coordinator and member:NAME", f.As)
	}
	if f.At.IsZero() {
		f.At = time.Now().Truncate(time.Minute)
	}
	sample := sampleLine{config: c, flow: flow}
	switch {
	case f.Coverage:
		return sample.cover(f.Dir, io)
	case f.Play != "":
		return sample.playFile(f.Play, io)
	}
	view, err := sample.view(f.At)
	if err != nil {
		return err
	}
	t := terminal{flow: flow, view: view, edge: lines.At(f.As, view.Directory), stdio: io, lang: f.Lang}
	t.out.State.Lang = f.Lang
	t.view.Text = f.Channel == "sms"
	t.help(f.As)
	t.play()
	if f.Record == "" {
		return nil
	}
	return t.write(f)
}

// sampleLine is the line of the settings with the sample groups.
type sampleLine struct {
	config config
	flow   *flows.Flow
}

// view is the line at a time, around which its groups meet.
func (l sampleLine) view(at time.Time) (flows.View, error) {
	c := l.config
	groups, err := lines.Sample(at, c.zone)
	if err != nil {
		return flows.View{}, err
	}
	return flows.View{Now: at, Number: "(202) 555-0100", Directory: flows.NewDirectory(flows.Line{
		ID: "terminal", Name: c.lineName, Zone: c.zone, Languages: c.languages, CodeLength: c.codeLength, CrisisName: c.crisisName,
	}, groups, at)}, nil
}

// terminal is a telephone made of lines of text.
type terminal struct {
	flow *flows.Flow
	view flows.View
	edge *lines.Practice
	stdio
	out   flows.Outcome
	lang  string   // that greets
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

func (t *terminal) play() {
	keys := bufio.NewScanner(t.In)
	if t.view.Text {
		t.texts(keys)
		return
	}
	for in := (flows.Input{Event: flows.Started}); ; {
		t.out = t.edge.Run(t.flow, t.view, t.out.State, in)
		for _, u := range t.out.Said {
			fmt.Fprintf(t.Out, "  [%s] %s\n", u.Lang, u.Text())
		}
		t.heard("hear ")
		if !t.happens() {
			t.steps = append(t.steps, "ended")
			return
		}
		var more bool
		if in, more = t.next(keys); !more {
			fmt.Fprintln(t.Out, "\n(you hung up)")
			return
		}
	}
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
	case waits && strings.Trim(line, "0123456789*#") == "":
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
		return false
	case flows.Join:
		g, _ := t.view.Directory.Group(then.Group)
		t.steps = append(t.steps, "in_room "+g.Code)
		fmt.Fprintf(t.Out, "(you are in the room of %s; \"answered\" leaves it)\n", g.Code)
	case flows.Dial:
		t.dialled(then)
		fmt.Fprintln(t.Out, "(another number is rung: \"answered\" or \"failed\")")
	case flows.Record:
		fmt.Fprintln(t.Out, "(you are recorded: \"recorded\", \"silent\" or \"failed\")")
	}
	return true
}

func (t *terminal) dialled(to flows.Dial) {
	switch g, ok := t.view.Directory.Group(to.Group); {
	case to.Crisis:
		t.steps = append(t.steps, "dialled crisis")
	case to.Number != "":
		t.steps = append(t.steps, "dialled "+to.Number)
	case ok && to.Applicant == "":
		t.steps = append(t.steps, "dialled "+g.Code)
	}
}

// write keeps what was done as a dialogue.
func (t *terminal) write(f flowRunCommand) error {
	d := flows.Dialogue{Name: "recorded", At: f.At.Format(time.RFC3339), Lang: f.Lang}
	switch {
	case strings.HasPrefix(f.As, lines.MemberPrefix):
		d.As = f.As
	case f.As != "nobody":
		d.Desk = f.As
	}
	if t.view.Text {
		d.SMS = t.steps
	} else {
		d.Voice = t.steps
	}
	text, err := flows.WriteDialogues([]flows.Dialogue{d})
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.Record, text, 0o600); err != nil {
		return fmt.Errorf("write the dialogue: %w", err)
	}
	fmt.Fprintf(t.Out, "The dialogue is in %s; `hearthline flow run --play %s` plays it.\n", f.Record, f.Record)
	return nil
}
