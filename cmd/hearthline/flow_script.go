package main

import (
	"fmt"
	"slices"
	"strings"
)

type flowScriptCommand struct {
	flowFolder
	Lang string `required:"" help:"The language to be spoken."`
	JSON bool   `name:"json" help:"As JSON."`
}

// Run prints the sheet that somebody reads from who records the prompts by phone.
func (f flowScriptCommand) Run(io stdio) error {
	flow, err := f.compiled()
	if err != nil {
		return err
	}
	if !slices.Contains(flow.Languages(), f.Lang) {
		return argumentError(fmt.Sprintf("--lang: the flow does not speak %q; it speaks %s", f.Lang, strings.Join(flow.Languages(), ", ")))
	}
	script := flow.Script(f.Lang)
	if f.JSON {
		return io.json(script)
	}
	fmt.Fprintf(io.Out, scriptHelp, len(script), f.Lang)
	for _, l := range script {
		number := "  –"
		if l.Number > 0 {
			number = fmt.Sprint(l.Number)
		}
		fmt.Fprintf(io.Out, "%s  %s\n     (%s)\n", number, l.Text, l.Prompt)
	}
	return nil
}

const scriptHelp = `%d lines in %s. To record them by phone: call the line, choose the language, press 7,
sign in as at your desk, and press 7 again. 1 takes a number from this sheet, 2 goes
through all that are missing. After each: 1 keeps it, 2 says it again, 3 reads it to you
once more, 4 goes on. Callers hear it once an owner has approved it.

`
