package main

import (
	"fmt"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

type flowCommands struct {
	Check   flowCheckCommand   `cmd:"" help:"Check a flow and its prompts: file, line, column, code and how to mend it."`
	Run     flowRunCommand     `cmd:"" help:"Play a flow in the terminal, as a caller."`
	Explore flowExploreCommand `cmd:"" help:"Walk everything that a caller can do, and hold it to what every flow promises."`
	Diff    flowDiffCommand    `cmd:"" help:"Say in words what changed from one flow to another."`
	Diagram flowDiagramCommand `cmd:"" help:"Draw a flow, as SVG or Mermaid."`
	Schema  flowSchemaCommand  `cmd:"" help:"Print the JSON Schema of main.yaml or of a catalogue, for editors."`

	Draft    flowDraftCommand    `cmd:"" help:"Have testers hear a folder's flow."`
	Tester   flowTesterCommands  `cmd:"" help:"The numbers that hear drafts."`
	Publish  flowPublishCommand  `cmd:"" help:"Have everybody hear a folder's flow from their next call on."`
	Rollback flowRollbackCommand `cmd:"" help:"Have everybody hear again what they heard before the last publish."`
	Versions flowVersionsCommand `cmd:"" help:"What was published, and what is heard."`

	Script flowScriptCommand `cmd:"" help:"Print the numbered sheet that somebody reads from who records the prompts by phone."`
	Audio  flowAudioCommands `cmd:"" help:"Prompts in people's voices."`
}

// flowFolder is where a flow's files are; the built-in flow when it is unset.
type flowFolder struct {
	Dir string `arg:"" optional:"" help:"Folder with main.yaml and prompts/ (default: the built-in flow)." type:"existingdir"`
}

func (f flowFolder) read() (flows.Bundle, error) {
	return readFlow(f.Dir)
}

// compiled is the flow itself, or why it cannot be used.
func (f flowFolder) compiled() (*flows.Flow, error) {
	bundle, err := f.read()
	if err != nil {
		return nil, err
	}
	return usable(bundle)
}

// usable compiles a flow, or says why it cannot be used.
func usable(b flows.Bundle) (*flows.Flow, error) {
	flow, problems := compile(b)
	if flow == nil {
		return nil, flowError(flows.Errors(problems))
	}
	return flow, nil
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
