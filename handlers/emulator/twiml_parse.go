package emulator

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// node is an element of a TwiML document. Names are case sensitive.
type node struct {
	name   string
	attrs  []attr // in the order of the document
	parts  []part
	parent *node
	origin string // of a node that no document holds, for problems
}

type attr struct{ name, value string }

// part is text, or an element when node is not nil.
type part struct {
	text string
	node *node
}

// defect is a fault in a document, with Twilio's code.
type defect struct {
	code  int
	what  string
	where string
	fatal bool // the document is not played

	recording bool // it would record what is said, or send it elsewhere
}

func (d *defect) Error() string { return d.what }

// parseTwiML returns the root's children. It fails only for what Twilio
// cannot read at all: an empty body, no XML, another root.
func parseTwiML(body []byte) ([]*node, *defect) {
	if len(body) > maxTwiML {
		return nil, &defect{code: 11750, what: fmt.Sprintf("the document is longer than %d bytes", maxTwiML), fatal: true}
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, &defect{code: 11770, what: "the document is empty: answer at least <Response/>", fatal: true}
	}
	root, err := parseXML(body)
	if err != nil {
		return nil, &defect{code: 12100, what: "the document is not XML: " + err.Error(), fatal: true}
	}
	if root.name != "Response" {
		return nil, &defect{code: 12102, what: fmt.Sprintf("the root is %s: it must be Response", root.name), fatal: true}
	}
	return root.children(), nil
}

func parseXML(body []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var root *node
	var open []*node
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			n := newNode(t)
			if len(open) > 0 {
				n.parent = open[len(open)-1]
				n.parent.parts = append(n.parent.parts, part{node: n})
			} else if root != nil {
				return nil, errors.New("more than one root element")
			} else {
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				n := open[len(open)-1]
				n.parts = append(n.parts, part{text: string(t)})
			} else if len(bytes.TrimSpace(t)) > 0 {
				return nil, errors.New("text outside the root element")
			}
		}
	}
	if root == nil {
		return nil, errors.New("no root element")
	}
	return root, nil
}

func newNode(t xml.StartElement) *node {
	n := &node{name: t.Name.Local}
	for _, a := range t.Attr {
		name := a.Name.Local
		switch a.Name.Space {
		case "":
		case "xmlns":
			continue
		case "xml", "http://www.w3.org/XML/1998/namespace":
			name = "xml:" + name
		default:
			name = a.Name.Space + ":" + name
		}
		if name != "xmlns" {
			n.attrs = append(n.attrs, attr{name, a.Value})
		}
	}
	return n
}

// path says where the element stands: "Response/Gather[1]/Say[2]". It is
// worked out when asked for, because a hostile document can be 64 kB of
// nesting.
func (n *node) path() string {
	if n.parent == nil {
		return cmp.Or(n.origin, n.name)
	}
	nth := 0
	for _, c := range n.parent.children() {
		if c.name == n.name {
			nth++
		}
		if c == n {
			break
		}
	}
	return fmt.Sprintf("%s/%s[%d]", n.parent.path(), n.name, nth)
}

func count(nodes []*node, name string) int {
	n := 0
	for _, c := range nodes {
		if c.name == name {
			n++
		}
	}
	return n
}

func (n *node) children() []*node {
	var all []*node
	for _, p := range n.parts {
		if p.node != nil {
			all = append(all, p.node)
		}
	}
	return all
}

// text returns the element's own text without the space around it.
func (n *node) text() string {
	var b strings.Builder
	for _, p := range n.parts {
		b.WriteString(p.text)
	}
	return strings.TrimSpace(b.String())
}

func (n *node) lookup(name string) (string, bool) {
	i := slices.IndexFunc(n.attrs, func(a attr) bool { return a.name == name })
	if i < 0 {
		return "", false
	}
	return n.attrs[i].value, true
}

// str returns an attribute's value, or its default where it is missing. The
// readers below give the default for a bad value too: the table has already
// complained.
func (n *node) str(name, byDefault string) string {
	if v, ok := n.lookup(name); ok {
		return v
	}
	return byDefault
}

func (n *node) bool(name string, byDefault bool) bool {
	v, _ := n.lookup(name)
	switch v {
	case "true":
		return true
	case "false":
		return false
	}
	return byDefault
}

func (n *node) int(name string, byDefault int) int {
	if v, err := strconv.Atoi(n.str(name, "")); err == nil && v >= 0 {
		return v
	}
	return byDefault
}

func (n *node) seconds(name string, byDefault int) time.Duration {
	return time.Duration(n.int(name, byDefault)) * time.Second
}

func (n *node) method(name string) string {
	if n.str(name, "") == http.MethodGet {
		return http.MethodGet
	}
	return http.MethodPost
}

// number10 reads a decimal of digits only, between least and most.
func number10(s string, least, most int, n *int) bool {
	v, err := strconv.Atoi(s)
	if err != nil || strings.Trim(s, "0123456789") != "" || v < least || v > most {
		return false
	}
	*n = v
	return true
}
