package main

import (
	"fmt"

	"github.com/hearthline/hearthline/flows"
)

type flowDiagramCommand struct {
	flowFolder
	Format string `enum:"svg,mermaid" default:"svg" help:"svg or mermaid."`
	Lang   string `default:"en" help:"The language whose words it shows."`
}

// Run draws a flow, with what is wrong with it.
func (f flowDiagramCommand) Run(io stdio) error {
	bundle, err := f.read()
	if err != nil {
		return argumentError(err.Error())
	}
	lang, ok := flows.Tongue(f.Lang, bundle.Languages())
	if !ok {
		return argumentError("the flow has no words in " + f.Lang)
	}
	d := flows.Draw(bundle, lang)
	if f.Format == "mermaid" {
		_, err = fmt.Fprint(io.Out, d.Mermaid())
	} else {
		_, err = fmt.Fprint(io.Out, d.SVG())
	}
	return err
}
