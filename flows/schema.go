package flows

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Schema is a JSON Schema (draft 2020-12) of main.yaml, by which editors complete and
// check what is written. It is made by asking the reader what it takes, and so cannot
// differ from it; what leads where, flow check alone can tell.
func Schema() []byte {
	root := objectOf(settingsOf(func(c *compiler) { c.main(yamlOf("{}")) }))
	kindsOf := []any{}
	changes := objectOf(probe{}) // of a node of the flow that is extended
	for _, k := range kinds {
		of := objectOf(settingsOf(func(c *compiler) { c.node(&node{name: "it"}, yamlOf("{"+string(k)+": en}")) }))
		of["required"] = []string{string(k)}
		maps.Copy(changes["properties"].(map[string]any), of["properties"].(map[string]any))
		kindsOf = append(kindsOf, of)
	}
	for _, k := range kinds {
		delete(changes["properties"].(map[string]any), string(k))
	}
	kindsOf = append(kindsOf, changes)
	root["properties"].(map[string]any)["nodes"] = map[string]any{
		"type": "object", "propertyNames": map[string]any{"pattern": nodeName.String()}, "additionalProperties": map[string]any{"oneOf": kindsOf},
	}
	for _, of := range kindsOf { // an option of the flow that is extended may be taken out
		if options, ok := of.(map[string]any)["properties"].(map[string]any)["options"].(map[string]any); ok {
			options["items"].(map[string]any)["properties"].(map[string]any)["remove"] = map[string]any{"const": true}
		}
	}
	root["anyOf"] = []any{map[string]any{"required": []string{"start", "languages", "nodes"}}, map[string]any{"required": []string{"extends"}}}
	return schemaText("What a caller can do on a Hearthline line", root)
}

// CatalogueSchema is the same of prompts/<language>.yaml.
func CatalogueSchema() []byte {
	words := map[string]any{"type": "array", "items": map[string]any{"type": wordTypes}}
	parts := objectOf(settingsOf(func(c *compiler) { c.catalogue("en", yamlOf("{x: {}}")) }))
	said := map[string]any{"type": []string{"string", "number"}}
	for name := range parts["properties"].(map[string]any) {
		parts["properties"].(map[string]any)[name] = said
	}
	voice := objectOf(settingsOf(func(c *compiler) { c.voice(&catalogue{}, yamlOf("{}")) }))
	voice["required"] = slices.Sorted(maps.Keys(voice["properties"].(map[string]any)))
	says := map[string]any{"type": "object", "additionalProperties": map[string]any{"type": wordTypes}}
	root := map[string]any{
		"type":       "object",
		"properties": map[string]any{"_voice": voice, promptDanger: words, promptHarmless: words, promptSmall: words, promptToday: words, promptAliases: words, promptLong: words, promptSay: says, promptSpeech: map[string]any{"type": "string"}},
		"patternProperties": map[string]any{
			"^" + regexp.QuoteMeta(wordPrefix): words, "^" + regexp.QuoteMeta(alsoPrefix): words,
		},
		"additionalProperties": map[string]any{"anyOf": []any{said, parts}},
		"required":             []string{"_voice"},
	}
	return schemaText("What a Hearthline line says in one language", root)
}

func schemaText(title string, root map[string]any) []byte {
	root["$schema"], root["title"] = "https://json-schema.org/draft/2020-12/schema", title
	text, _ := json.MarshalIndent(root, "", "  ") // of maps, lists and strings: it cannot fail
	return append(text, '\n')
}

func yamlOf(text string) *yaml.Node {
	var doc yaml.Node
	_ = yaml.Unmarshal([]byte(text), &doc) // ours, and YAML
	return doc.Content[0]
}

// probe is a reader whose settings are tried out: each writes into it, of which only the
// problems matter.
type probe struct {
	c        *compiler
	settings map[string]setting
}

// settingsOf are the settings that may stand where read looks for some first.
func settingsOf(read func(*compiler)) probe {
	p := probe{c: newCompiler()}
	p.settings = p.watching(func() { read(p.c) })
	return p
}

// watching returns the settings that are looked for first in what is done.
func (p probe) watching(do func()) (settings map[string]setting) {
	p.c.watch = func(read map[string]setting) {
		if settings == nil {
			settings = read
		}
	}
	do()
	return settings
}

// takes says whether a setting reads a value without complaint, and what settings it
// looked for in that.
func (p probe) takes(s setting, value string) (inner probe, ok bool) {
	inner = probe{c: p.c}
	inner.settings = p.watching(func() { ok = p.c.clean(func() { s(yamlOf(value)) }) })
	return inner, ok
}

// objectOf is the schema of a mapping with those settings.
func objectOf(p probe) map[string]any {
	properties := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(p.settings)) {
		if properties[name] = named(name); properties[name] == nil {
			properties[name] = p.valueOf(p.settings[name])
		}
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// wordTypes are what a word may look like to YAML: a key is a number.
var wordTypes = []string{"string", "integer", "boolean"}

// named is the schema of a setting whose values have names of their own, nil for another.
func named(setting string) any {
	oneOf := func(names []string) any { return map[string]any{"enum": names} }
	switch setting {
	case "do":
		return oneOf(slices.Sorted(maps.Keys(functions)))
	case "pick":
		return oneOf(slices.Sorted(maps.Keys(lists)))
	case "record":
		return oneOf(slices.Sorted(maps.Keys(recordings)))
	case "type":
		return oneOf(answers)
	case "when", "if":
		return map[string]any{"anyOf": []any{oneOf(slices.Sorted(maps.Keys(conditions))), map[string]any{"type": "string", "pattern": "^(" + strings.Join(slices.Sorted(maps.Keys(choices)), "|") + ") is "}}}
	case "set":
		properties := map[string]any{}
		for name, values := range choices {
			either := []any{}
			for _, v := range values {
				var looks any = v
				_ = yaml.Unmarshal([]byte(v), &looks) // to an editor 3 is a number, and may be written so
				if either = append(either, v); looks != any(v) {
					either = append(either, looks)
				}
			}
			properties[name] = map[string]any{"enum": either}
		}
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	case "nodes": // see Schema
		return map[string]any{}
	}
	return nil
}

// valueOf finds what a setting takes by giving it one of each.
func (p probe) valueOf(s setting) map[string]any {
	takes := func(value string) bool { _, ok := p.takes(s, value); return ok }
	word := map[string]any{"type": wordTypes}
	if inner, ok := p.takes(s, "{}"); ok && inner.settings != nil {
		return objectOf(inner)
	} else if ok {
		if entry, ok := p.takes(s, "{en: {}}"); ok && entry.settings != nil {
			word = objectOf(entry)
		}
		return map[string]any{"type": "object", "additionalProperties": word}
	}
	switch {
	case takes("[]"):
		if entry, _ := p.takes(s, "[{}]"); entry.settings != nil {
			word = objectOf(entry)
		}
		return map[string]any{"type": "array", "items": word}
	case takes("en"):
		return word
	case takes("true"):
		return map[string]any{"type": "boolean"}
	case takes("6-10"):
		return map[string]any{"type": []string{"string", "integer"}, "pattern": "^[0-9]+(-[0-9]+)?$"}
	case takes("6s"):
		return map[string]any{"type": "string", "pattern": "^([0-9]+m)?([0-9]+s)?$"}
	}
	return map[string]any{"type": "integer", "minimum": 1, "maximum": mostTimes}
}
