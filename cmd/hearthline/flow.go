package main

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

type flowCommands struct {
	Check   flowCheckCommand   `cmd:"" help:"Check a flow and its prompts: file, line, column, code and how to mend it."`
	Diff    flowDiffCommand    `cmd:"" help:"Say in words what changed from one flow to another."`
	Diagram flowDiagramCommand `cmd:"" help:"Draw a flow, as SVG or Mermaid."`
	Schema  flowSchemaCommand  `cmd:"" help:"Print the JSON Schema of main.yaml or of a catalogue, for editors."`
	Run     flowRunCommand     `cmd:"" help:"Play a flow in the terminal, as a caller."`

	Publish  flowPublishCommand  `cmd:"" help:"Have everybody hear a folder's flow from their next call on."`
	Rollback flowRollbackCommand `cmd:"" help:"Have everybody hear again what they heard before the last publish."`
	Draft    flowDraftCommand    `cmd:"" help:"Have testers hear a folder's flow."`
	Versions flowVersionsCommand `cmd:"" help:"What was published, and what is heard."`
	Tester   flowTesterCommands  `cmd:"" help:"The numbers that hear drafts."`

	Script  flowScriptCommand  `cmd:"" help:"Print the numbered sheet that somebody reads from who records the prompts by phone."`
	Audio   flowAudioCommands  `cmd:"" help:"Prompts in people's voices."`
	Explore flowExploreCommand `cmd:"" help:"Walk everything that a caller can do, and hold it to what every flow promises."`
}

// flowFolder is where a flow's files are; the built-in flow when it is unset.
type flowFolder struct {
	Dir string `arg:"" optional:"" help:"Folder with main.yaml and prompts/ (default: the built-in flow)." type:"existingdir"`
}

func (f flowFolder) read() (flows.Bundle, error) {
	return readFlow(f.Dir)
}

// flowError is a flow that cannot be used.
type flowError []flows.Problem

func (e flowError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the flow has %d %s:", len(e), plural(len(e), "error", "errors"))
	for _, p := range e {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

type flowRunCommand struct {
	flowFolder
	Lang    string    `help:"The language that greets (default: the first of LINE_LANGUAGES)."`
	Channel string    `enum:"voice,sms" default:"voice" help:"voice or sms."`
	At      time.Time `help:"When the call is made, as 2026-11-24T19:05:00-05:00 (default: now)." format:"2006-01-02T15:04:05Z07:00"`
}

const runHelp = `Type keys and Enter: 1, or a whole code such as 482105. Enter alone is silence;
"answered" or "failed" is how a room or a dialled number ended; "hang" hangs up.
`

const textHelp = `Type a text and Enter; "hang" ends it.
`

// Run plays a flow on the sample groups.
func (f flowRunCommand) Run(s *settings, io stdio) error {
	c, err := s.forLine()
	if err != nil {
		return err
	}
	bundle, err := f.read()
	if err != nil {
		return err
	}
	flow, problems := flows.Compile(bundle)
	if flow == nil {
		return flowError(flows.Errors(problems))
	}
	if f.At.IsZero() {
		f.At = time.Now()
	}
	groups, err := lines.Sample(f.At, c.zone)
	if err != nil {
		return err
	}
	view := flows.View{Now: f.At, Number: "(202) 555-0100", Directory: flows.NewDirectory(flows.Line{
		ID: "terminal", Name: c.lineName, Zone: c.zone, Languages: c.languages, CodeLength: c.codeLength, CrisisName: c.crisisName,
	}, groups, f.At)}
	if f.Channel == "sms" {
		view.Text = true
		fmt.Fprint(io.Out, textHelp)
	} else {
		fmt.Fprint(io.Out, runHelp)
	}
	p := terminal{flow: flow, view: view, stdio: io, out: flows.Outcome{State: flows.State{Lang: f.Lang}}, lang: f.Lang}
	p.play()
	return nil
}

// terminal is a telephone made of lines of text.
type terminal struct {
	flow *flows.Flow
	view flows.View
	edge lines.Practice
	stdio
	out  flows.Outcome
	lang string // that greets
}

func (t *terminal) play() {
	keys := bufio.NewScanner(t.In)
	if t.view.Text {
		t.texts(keys)
		return
	}
	for in := (flows.Input{Event: flows.Started}); ; in = read(keys.Text()) {
		t.out = t.edge.Run(t.flow, t.view, t.out.State, in)
		for _, u := range t.out.Said {
			fmt.Fprintf(t.Out, "  [%s] %s\n", u.Lang, u.Text())
		}
		if !t.happens() {
			return
		}
		fmt.Fprint(t.Out, "> ")
		if !keys.Scan() || keys.Text() == "hang" {
			fmt.Fprintln(t.Out, "\n(you hung up)")
			return
		}
	}
}

// texts plays the text channel: an answer whose question is over is a text of
// its own.
func (t *terminal) texts(lines *bufio.Scanner) {
	for fmt.Fprint(t.Out, "> "); lines.Scan() && lines.Text() != "hang"; fmt.Fprint(t.Out, "> ") {
		if _, open := t.out.Then.(flows.Await); !open {
			t.out.State = flows.State{Lang: t.lang}
		}
		t.out = t.edge.Run(t.flow, t.view, t.out.State, flows.Input{Event: flows.Texted, Keys: lines.Text()})
		text := t.out.Message()
		cost := flows.CountSegments(text)
		fmt.Fprintf(t.Out, "  %s\n  (%s, %d characters, %d %s)\n",
			strings.ReplaceAll(text, "\n", "\n  "), cost.Encoding, cost.Units, cost.Count, plural(cost.Count, "segment", "segments"))
	}
	fmt.Fprintln(t.Out)
}

// happens tells what the words led to; false when the call is over.
func (t *terminal) happens() bool {
	switch then := t.out.Then.(type) {
	case flows.End:
		fmt.Fprintln(t.Out, "(the line hung up)")
		return false
	case flows.Join:
		g, _ := t.view.Directory.Group(then.Group)
		fmt.Fprintf(t.Out, "(you are in the room of %s; \"answered\" leaves it)\n", g.Code)
	case flows.Dial:
		fmt.Fprintln(t.Out, "(another number is rung: \"answered\" or \"failed\")")
	}
	return true
}

func read(line string) flows.Input {
	switch line = strings.TrimSpace(line); line {
	case "":
		return flows.Input{Event: flows.Silent}
	case "answered", "failed":
		return flows.Input{Event: flows.Returned, Result: line}
	}
	return flows.Input{Event: flows.Pressed, Keys: line}
}
