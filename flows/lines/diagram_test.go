package lines_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

var nodeLine = regexp.MustCompile(`(?m)^  "?([a-z][a-z0-9_]*)"?:`)

// nodesOf are the names of the nodes in a flow's file.
func nodesOf(t *testing.T, b flows.Bundle) (names []string) {
	t.Helper()
	_, nodes, ok := strings.Cut(b[mainYAML], "\nnodes:\n")
	if !ok {
		t.Fatal("the flow has no nodes")
	}
	for _, m := range nodeLine.FindAllStringSubmatch(nodes, -1) {
		names = append(names, m[1])
	}
	return names
}

// The drawing is whole: each node is there once, its links lead somewhere, the way to the
// crisis line stands out, and it is the same whenever it is made.
func TestDiagram(t *testing.T) {
	t.Parallel()
	b := inTwo(t)
	d := flows.Draw(b, "en")
	svg := d.SVG()
	ids, links := map[string]int{}, []string{}
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "id":
					ids[a.Value]++
				case "href":
					links = append(links, strings.TrimPrefix(a.Value, "#"))
				case "style", "class", "onclick":
					t.Errorf("%s has %s, which a page may forbid", e.Name.Local, a.Name.Local)
				}
			}
		}
	}
	mermaid := d.Mermaid()
	for _, name := range nodesOf(t, b) {
		if ids["n-"+name] != 1 {
			t.Errorf("%s is %d times in the drawing", name, ids["n-"+name])
		}
		if !strings.Contains(mermaid, "    n_"+name) {
			t.Errorf("%s is not in Mermaid's", name)
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s is %d times in the drawing", id, n)
		}
	}
	for _, link := range links {
		if ids[link] == 0 {
			t.Errorf("a link leads to %s, which is not drawn", link)
		}
	}
	if len(links) < 100 {
		t.Errorf("%d links", len(links))
	}
	if !regexp.MustCompile(`class n_.*\bn_help\b.*\bn_crisis_line\b.* crisis`).MatchString(mermaid) || strings.Count(svg, `stroke="#b3261e" stroke-width="3"`) < 8 {
		t.Error("the way to the crisis line does not stand out")
	}
	if again := flows.Draw(inTwo(t), "en"); again.SVG() != svg || again.Mermaid() != mermaid {
		t.Error("the same flow is drawn in two ways")
	}
	if strings.Contains(svg, "⚠") || !strings.Contains(flows.Draw(b, "es").SVG(), "Menú principal.") {
		t.Error("a fault is marked where there is none, or the words are of another language")
	}
}

// What is wrong is marked where it is, and what leads nowhere is no link.
func TestDiagramMarksFaults(t *testing.T) {
	t.Parallel()
	b := inTwo(t)
	b[mainYAML] = strings.Replace(b[mainYAML], "say: opt_day, next: day}", "say: opt_day, next: days}", 1)
	svg := flows.Draw(b, "en").SVG()
	if n := strings.Count(svg, "⚠"); n != 2 || !strings.Contains(svg, "⚠ find") || strings.Contains(svg, `href="#n-days"`) || !strings.Contains(svg, ": F001: no node") {
		t.Errorf("%d faults are marked", n)
	}
}
