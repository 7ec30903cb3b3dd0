package console

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/store"
)

// The acts of the audit log in words are texts "acts.<act>" of the catalogue: what
// somebody did, to be read after their name. Its slots are parts of the entry's detail;
// a piece in brackets is left out where the detail has not what its slot needs.
var (
	piece     = regexp.MustCompile(`\[[^\]]*\]`)
	slotNames = regexp.MustCompile(`\{[a-z]+\}`)
	// aboutGroup is a detail that begins with a group's code.
	aboutGroup = regexp.MustCompile(`^(?:group )?(\d{3,8})(?: on (\d{4}-\d\d-\d\d))?(?: (?:to|at) (\d{4}-\d\d-\d\dT\d\d:\d\d))?(?: \(([a-z ,]+)\))?$`)
)

// SayAct is an entry of the audit log in a language: what was done ("paused the group
// 482105"), and what else its detail says. An act without words is its verb.
func SayAct(lang string, e store.AuditListed) (did, more string, err error) {
	words, err := ownWords()
	if err != nil {
		return "", "", err
	}
	did, more = words.act(lang, e)
	return did, more, nil
}

func (c catalogue) act(lang string, e store.AuditListed) (did, more string) {
	text, ok := c[lang]["acts."+e.Act]
	if !ok {
		return e.Act, e.Detail
	}
	slots, more := c.slotsOfAct(lang, e, text)
	text = piece.ReplaceAllStringFunc(text, func(part string) string {
		part = part[1 : len(part)-1]
		for _, name := range slotNames.FindAllString(part, -1) {
			if value := slots[name]; value == "" || name == "{name}" && value == e.Actor {
				return ""
			}
		}
		return part
	})
	var pairs []string
	for name, value := range slots {
		pairs = append(pairs, name, value)
	}
	return strings.NewReplacer(pairs...).Replace(text), more
}

// slotsOfAct reads an entry's detail, and returns what of it fills slots or, where its
// text has no place for it, the detail itself.
func (c catalogue) slotsOfAct(lang string, e store.AuditListed, text string) (slots map[string]string, more string) {
	word := func(kind, name string) string {
		if said, ok := c[lang]["acts."+kind+"."+strings.ReplaceAll(name, " ", "_")]; ok {
			return said
		}
		return name
	}
	fields := func(names []string) string {
		for i, name := range names {
			names[i] = word("field", name)
		}
		return strings.Join(names, ", ")
	}
	kind, _, _ := strings.Cut(e.Act, ".")
	switch kind {
	case "account":
		name, last := e.Detail, ""
		if at := strings.LastIndex(name, ", "); at >= 0 && (strings.Contains(text, "{word}") || strings.Contains(text, "{more}")) {
			name, last = name[:at], name[at+len(", "):]
		}
		return map[string]string{"{name}": name, "{word}": word("word", last), "{more}": last}, ""
	case "request":
		asked, reference, two := strings.Cut(e.Detail, " ")
		if !two {
			asked, reference = "", asked
		}
		return map[string]string{"{word}": word("word", asked), "{reference}": reference}, ""
	case "line":
		return map[string]string{"{fields}": fields(strings.Fields(e.Detail))}, ""
	case "flow":
		return map[string]string{"{more}": e.Detail}, ""
	case "number":
		n, _, _ := strings.Cut(e.Detail, " ")
		if _, err := strconv.Atoi(n); err != nil {
			n = ""
		}
		return map[string]string{"{more}": n}, ""
	}
	m := aboutGroup.FindStringSubmatch(e.Detail)
	if m == nil || !strings.Contains(text, "{code}") {
		return nil, e.Detail
	}
	slots = map[string]string{"{code}": m[1], "{date}": m[2], "{to}": strings.Replace(m[3], "T", " ", 1)}
	if m[4] != "" {
		slots["{fields}"] = fields(strings.Split(m[4], ", "))
	}
	return slots, ""
}
