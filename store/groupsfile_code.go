package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows"
)

// designation is how faults name the i-th group: by its code, if that is one.
func (p *groupsParser) designation(i int, n *yaml.Node) string {
	for j := 0; j+1 < len(n.Content) && n.Kind == yaml.MappingNode; j += 2 {
		value := resolve(n.Content[j+1])
		if n.Content[j].Value == "code" && value.Kind == yaml.ScalarNode && p.codeFault(value.Value) == "" {
			return value.Value
		}
	}
	return fmt.Sprintf("#%d", i+1)
}

// codeFault says why a text cannot be a code of the line; "" if it can.
func (p *groupsParser) codeFault(code string) string {
	switch {
	case code == "" || strings.Trim(code, "0123456789") != "":
		return "it is not made of digits only"
	case len(code) != p.opt.CodeLength:
		return fmt.Sprintf("it has %d digits; the codes of this line have %d", len(code), p.opt.CodeLength)
	case code[0] == '0':
		return "it begins with 0, which is the key for help"
	}
	return ""
}

// code returns a good code; "" is one that the import makes up.
func (p *groupsParser) code(n *yaml.Node) string {
	code := p.text(n, "code", maxName)
	if code == "" {
		return ""
	}
	if what := p.codeFault(code); what != "" {
		p.fault(n, "code", what, fmt.Sprintf("write %d digits in quotes, not beginning with 0, or leave it out to get a code", p.opt.CodeLength))
		return ""
	}
	if line := p.codes[code]; line != 0 {
		p.fault(n, "code", fmt.Sprintf("the group on line %d has the same code", line), "give one of them another code")
		return code
	}
	p.codes[code] = n.Line
	return code
}

// unique holds that groups without a code differ in name, by which a repeated
// import knows them.
func (p *groupsParser) unique(n *yaml.Node, name flows.Words) {
	var key strings.Builder
	for _, lang := range slices.Sorted(maps.Keys(name)) {
		key.WriteString(lang + "\x00" + name[lang] + "\x00")
	}
	if line := p.names[key.String()]; line != 0 {
		p.fault(n, "name", fmt.Sprintf("the group on line %d has the same name, and neither has a code", line), "give each a code")
		return
	}
	p.names[key.String()] = n.Line
}
