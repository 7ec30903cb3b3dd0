package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

type flowCommands struct {
	Check flowCheckCommand `cmd:"" help:"Check a flow and its prompts: file, line, column, code and how to mend it."`
	Run   flowRunCommand   `cmd:"" help:"Play a flow in the terminal, as a caller."`

	Explore flowExploreCommand `cmd:"" help:"Walk everything that a caller can do, and hold it to what every flow promises."`
}

// flowFolder is where a flow's files are; the built-in flow when it is unset.
type flowFolder struct {
	Dir string `arg:"" optional:"" help:"Folder with main.yaml and prompts/ (default: the built-in flow)." type:"existingdir"`
}

func (f flowFolder) read() (flows.Bundle, error) {
	if f.Dir == "" {
		return lines.BuiltIn()
	}
	return flows.ReadBundle(os.DirFS(f.Dir))
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
