package main

import (
	"fmt"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

type flowDiffCommand struct {
	Before string `arg:"" help:"Folder of the flow as it was; - is the built-in flow." placeholder:"A"`
	After  string `arg:"" help:"Folder of the flow as it is now; - is the built-in flow." placeholder:"B"`
	JSON   bool   `name:"json" help:"Print the changes as JSON."`
}

// changeReport is what --json prints of a change.
type changeReport struct {
	Language string `json:"language,omitempty"`
	Name     string `json:"name,omitempty"`
	What     string `json:"what"`
}

// Run prints a sentence for each change.
func (f flowDiffCommand) Run(io stdio) error {
	before, err := flowNamed(f.Before)
	if err != nil {
		return err
	}
	after, err := flowNamed(f.After)
	if err != nil {
		return err
	}
	changes := flows.Diff(before, after)
	if f.JSON {
		all := make([]changeReport, len(changes))
		for i, c := range changes {
			all[i] = changeReport{c.Lang, c.Name, c.What}
		}
		return printJSON(io, all)
	}
	for _, c := range changes {
		fmt.Fprintln(io.Out, c.What)
	}
	if len(changes) == 0 {
		fmt.Fprintln(io.Out, "Nothing changed.")
	}
	return nil
}

// flowNamed reads a folder's flow, or the built-in one for "-".
func flowNamed(dir string) (flows.Bundle, error) {
	if dir == "-" {
		return lines.BuiltIn()
	}
	b, err := readFlow(dir)
	if err != nil {
		return nil, argumentError(err.Error())
	}
	return b, nil
}
