package lines_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows"
)

// fits holds a value to a JSON Schema, as far as ours go; nil says that it fits.
func fits(schema map[string]any, v any, at string) error {
	for word := range schema {
		if !slices.Contains([]string{"$schema", "title", "type", "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "items", "enum", "oneOf", "anyOf", "pattern", "minimum", "maximum", "const"}, word) {
			return fmt.Errorf("%s: the test does not know %q", at, word)
		}
	}
	if want, ok := schema["type"]; ok {
		types := strings.Fields(strings.Trim(fmt.Sprint(want), "[]"))
		if is := typeOf(v); !slices.Contains(types, is) && !(is == "integer" && slices.Contains(types, "number")) {
			return fmt.Errorf("%s: a %s, not one of %v", at, is, types)
		}
	}
	if of, ok := schema["enum"].([]any); ok && !slices.Contains(of, v) {
		return fmt.Errorf("%s: %v is none of %v", at, v, of)
	}
	if s, ok := v.(string); ok && schema["pattern"] != nil && !regexp.MustCompile(schema["pattern"].(string)).MatchString(s) {
		return fmt.Errorf("%s: %q is not like %s", at, s, schema["pattern"])
	}
	if n, ok := v.(int); ok && schema["maximum"] != nil && (float64(n) > schema["maximum"].(float64) || float64(n) < schema["minimum"].(float64)) {
		return fmt.Errorf("%s: %d", at, n)
	}
	for word, right := range map[string]func(n int) bool{"oneOf": func(n int) bool { return n == 1 }, "anyOf": func(n int) bool { return n > 0 }} {
		if all, ok := schema[word].([]any); ok {
			n := 0
			for _, s := range all {
				if fits(s.(map[string]any), v, at) == nil {
					n++
				}
			}
			if !right(n) {
				return fmt.Errorf("%s: fits %d of %s", at, n, word)
			}
		}
	}
	switch v := v.(type) {
	case []any:
		for i, entry := range v {
			if err := fits(schema["items"].(map[string]any), entry, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		return fitsObject(schema, v, at)
	}
	return nil
}

func fitsObject(schema map[string]any, v map[string]any, at string) error {
	if required, ok := schema["required"].([]any); ok {
		for _, name := range required {
			if _, has := v[name.(string)]; !has {
				return fmt.Errorf("%s: %v is missing", at, name)
			}
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	patterns, _ := schema["patternProperties"].(map[string]any)
	for name, value := range v {
		of, known := properties[name].(map[string]any)
		for pattern, p := range patterns {
			if regexp.MustCompile(pattern).MatchString(name) {
				of, known = p.(map[string]any), true
			}
		}
		if !known {
			if schema["additionalProperties"] == false {
				return fmt.Errorf("%s: no %q", at, name)
			}
			of, _ = schema["additionalProperties"].(map[string]any)
		}
		if of == nil {
			continue // anything may be there
		}
		if names, ok := schema["propertyNames"].(map[string]any); ok {
			if err := fits(names, name, at); err != nil {
				return err
			}
		}
		if err := fits(of, value, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case int:
		return "integer"
	case float64:
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "null"
}

func schemaOf(t *testing.T, text []byte) (schema map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// The schemas take the built-in flow, and complain of what the reader complains of.
func TestSchema(t *testing.T) {
	t.Parallel()
	flow, words := schemaOf(t, flows.Schema()), schemaOf(t, flows.CatalogueSchema())
	check := func(file, text string) error {
		var v map[string]any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if file == mainYAML {
			return fits(flow, v, file)
		}
		return fits(words, v, file)
	}
	b := bundle(t)
	for file, text := range b {
		if err := check(file, text); err != nil {
			t.Error(err)
		}
	}
	if err := check(mainYAML, "extends: built-in\nnumbers: {prayer: \"+12025550142\"}\nnodes:\n  find: {options: [{key: 4, remove: true}]}\n  prayer: {dial: prayer, outcomes: {answered: back, failed: back}}\n"); err != nil {
		t.Error(err)
	}
	for _, wrong := range []struct{ file, old, new string }{
		{mainYAML, "    menu: find\n", "    menu: find\n    colour: blue\n"},
		{mainYAML, "start: welcome", "begin: welcome"},
		{mainYAML, "    menu: find\n", "    menu: [find]\n"},
		{mainYAML, "{key: 2, say: opt_day,", "{key: 2, says: opt_day,"},
		{mainYAML, "after: 10s", "after: soon"},
		{mainYAML, "most: 2", "most: 21"},
		{mainYAML, "type: digits", "type: figures"},
		{mainYAML, "do: groups.by_code", "do: groups.by_name"},
		{mainYAML, "pick: topics", "pick: themes"},
		{mainYAML, "len: 6-10", "len: some"},
		{mainYAML, "when: line.several_languages", "when: line.polyglot"},
		{mainYAML, "set: {channel: text}", "set: {channel: fax}"},
		{mainYAML, "  now: {go: now}", "  now: {goes: now}"},
		{mainYAML, "  \"*\": {go: main}\n  \"#\"", "  \"5\": {go: main}\n  \"#\""},
		{mainYAML, "end: true", "end: perhaps"},
		{mainYAML, "  welcome: {say", "  Welcome!: {say"},
		{enYAML, "main:\n  voice: ", "main:\n  text: "},
		{enYAML, "fallback: Polly.Joanna, ", ""},
		{enYAML, "word_now: [", "word_now: 5\nword_then: ["},
	} {
		if !strings.Contains(b[wrong.file], wrong.old) {
			t.Errorf("%q is not in %s", wrong.old, wrong.file)
		} else if check(wrong.file, strings.Replace(b[wrong.file], wrong.old, wrong.new, 1)) == nil {
			t.Errorf("%q is taken", wrong.new)
		}
	}
	if string(flows.Schema()) != string(flows.Schema()) {
		t.Error("the schema changes")
	}
}
