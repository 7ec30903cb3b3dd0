// Package lines holds the built-in flow: what a line says and does when its
// operator has published nothing else.
package lines

import (
	"embed"

	"github.com/hearthline/hearthline/flows"
)

//go:embed main.yaml prompts dialogues
var files embed.FS

// BuiltIn returns the built-in flow's files.
func BuiltIn() (flows.Bundle, error) { return flows.ReadBundle(files) }

// Dialogues returns the scripted dialogues that the built-in flow is held to,
// by file name.
func Dialogues() (map[string][]byte, error) {
	entries, err := files.ReadDir("dialogues")
	if err != nil {
		return nil, err
	}
	scripts := make(map[string][]byte, len(entries))
	for _, e := range entries {
		if scripts[e.Name()], err = files.ReadFile("dialogues/" + e.Name()); err != nil {
			return nil, err
		}
	}
	return scripts, nil
}
