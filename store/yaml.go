package store

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxFile is how long a groups file may be, in bytes.
const maxFile = 8 << 20

// reader reads the nodes of a YAML file (or JSON, which is YAML) and collects
// what is wrong with them.
type reader struct {
	file   string
	group  string // the group under way, as faults name it
	prefix string // the part under way: "meetings[0]."
	faults []Fault
}

func (r *reader) fault(n *yaml.Node, field, what, mend string) {
	r.add(n, field, what, mend, false)
}

func (r *reader) warn(n *yaml.Node, field, what, mend string) {
	r.add(n, field, what, mend, true)
}

func (r *reader) add(n *yaml.Node, field, what, mend string, warning bool) {
	f := Fault{File: r.file, Group: r.group, Field: r.prefix + field, What: what, Mend: mend, Warning: warning}
	if n != nil {
		f.Line = n.Line
	}
	r.faults = append(r.faults, f)
}

// document reads one YAML document; nil after a fault.
func (r *reader) document(from io.Reader) *yaml.Node {
	data, err := io.ReadAll(io.LimitReader(from, maxFile+1))
	switch {
	case err != nil:
		r.fault(nil, "", "it cannot be read", "check that it is a file and that you may read it")
		return nil
	case len(data) > maxFile:
		r.fault(nil, "", fmt.Sprintf("it is longer than %d MiB", maxFile>>20), "split it")
		return nil
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var doc, more yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		r.fault(nil, "", "it is empty", `write "groups:" and a list of groups under it`)
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		if err != nil {
			r.syntax(err)
		} else {
			r.fault(&more, "", "a second document begins here", "put every group under one groups: list")
		}
		return nil
	}
	return doc.Content[0]
}

var syntaxError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax reports what the parser says. It may quote an anchor's name, which is
// the file's text.
func (r *reader) syntax(err error) {
	at := &yaml.Node{}
	what := "it cannot be read as YAML or JSON"
	if m := syntaxError.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		what += ": " + withoutNumbers(m[2])
	}
	r.fault(at, "", what, "check the indentation and the quotes on and above this line")
}

// resolve follows an alias. Our fields are nested to a fixed depth, so a node
// that contains itself is not followed for ever.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// mapping returns n's values by key. A key that is not known, or there twice,
// is a fault.
func (r *reader) mapping(n *yaml.Node, field string, known []string) map[string]*yaml.Node {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		r.fault(n, field, "it is not a set of fields", "write it as field: value, one to a line: "+strings.Join(known, ", "))
		return nil
	}
	values := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch name := key.Value; {
		case key.Kind != yaml.ScalarNode || !slices.Contains(known, name):
			mend := "leave it out; the fields are " + strings.Join(known, ", ")
			if near := nearest(name, known); near != "" {
				mend = fmt.Sprintf("did you mean %s?", near)
			}
			r.fault(key, field, fmt.Sprintf("there is no field %q", withoutNumbers(name)), mend)
		case values[name] != nil:
			r.fault(key, join(field, name), "it is there twice", "keep one of them")
		default:
			values[name] = n.Content[i+1]
		}
	}
	return values
}

func join(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}

// list returns n's items: none for a field that is left out.
func (r *reader) list(n *yaml.Node, field string, most int) []*yaml.Node {
	if n == nil || isNull(resolve(n)) {
		return nil
	}
	n = resolve(n)
	if n.Kind != yaml.SequenceNode {
		r.fault(n, field, "it is not a list", "write it as [a, b], or as lines that begin with -")
		return nil
	}
	if len(n.Content) > most {
		r.fault(n, field, fmt.Sprintf("it has %d items; at most %d can be", len(n.Content), most), "split it")
		return nil
	}
	return n.Content
}

// text returns a scalar's text without the space around it, "" for a field
// that is left out. most is in characters.
func (r *reader) text(n *yaml.Node, field string, most int) string {
	if n == nil || isNull(resolve(n)) {
		return ""
	}
	at := n
	n = resolve(n)
	if n.Kind != yaml.ScalarNode {
		r.fault(at, field, "it is not a plain text", "write it as "+field+`: "…"`)
		return ""
	}
	s := strings.TrimSpace(n.Value)
	switch {
	case utf8.RuneCountInString(s) > most:
		r.fault(at, field, fmt.Sprintf("it is longer than %d characters", most), "shorten it")
		return ""
	case strings.ContainsFunc(s, unicode.IsControl):
		r.fault(at, field, "it holds a line break or another control character", "write it on one line")
		return ""
	}
	return s
}

// number returns a whole number; 0 and a fault for anything else.
func (r *reader) number(n *yaml.Node, field string) (int, bool) {
	i, err := strconv.Atoi(r.text(n, field, 12))
	if err != nil {
		r.fault(n, field, "it is not a whole number", "write digits only")
	}
	return i, err == nil
}

// oneOf returns a text that is one of known, or otherwise when it is left out.
func (r *reader) oneOf(n *yaml.Node, field string, known []string, otherwise string) string {
	before := len(r.faults)
	s := r.text(n, field, 100)
	switch {
	case slices.Contains(known, s):
		return s
	case s == "":
		return otherwise
	case len(r.faults) > before:
		return otherwise
	}
	mend := "write one of: " + strings.Join(known, ", ")
	if near := nearest(s, known); near != "" {
		mend = fmt.Sprintf("did you mean %s?", near)
	}
	r.fault(n, field, "it is none of: "+strings.Join(known, ", "), mend)
	return otherwise
}
