package main

import "github.com/hearthline/hearthline/flows"

type flowSchemaCommand struct {
	Catalogue bool `help:"Of prompts/<language>.yaml rather than of main.yaml."`
}

// Run prints a schema: an editor takes it for a file that begins with
// # yaml-language-server: $schema=flow.schema.json
func (f flowSchemaCommand) Run(io stdio) error {
	text := flows.Schema()
	if f.Catalogue {
		text = flows.CatalogueSchema()
	}
	_, err := io.Out.Write(text)
	return err
}
