package console

import (
	"net/http"
	"strconv"

	"github.com/hearthline/hearthline/flows"
)

// drawn is a version made ready to be looked at: its own words in the language of the page,
// or in its first one.
func (p *page) drawn() (version, flows.Diagram, error) {
	one, err := p.versionOf(p.Param("version"))
	if err != nil {
		return version{}, flows.Diagram{}, err
	}
	lang, _ := flows.Tongue(p.lang, one.Bundle.Languages())
	return one, flows.Draw(one.Bundle, lang).In(p.pattern), nil
}

// diagram is a drawing of a version, with what is wrong in it.
func (p *page) diagram() error {
	_, d, err := p.drawn()
	if err != nil {
		return err
	}
	return p.Blob(http.StatusOK, "image/svg+xml", []byte(d.Linked("steps/").SVG()))
}

// mapView says in words what the drawing shows, a section at a time.
type mapView struct {
	version
	Sections []flows.DrawnSection
	At       int            // of the section that is shown, counted from 0
	Parts    map[string]int // in which section a node is, counted from 0
}

// flowMap is where each key leads, in words.
func (p *page) flowMap() error {
	one, d, err := p.drawn()
	if err != nil {
		return err
	}
	v := mapView{version: one, Sections: d.Sections(), Parts: map[string]int{}}
	for i, s := range v.Sections {
		for _, step := range s.Steps {
			v.Parts[step.Name] = i
		}
	}
	if v.At, err = strconv.Atoi(p.QueryParam("part")); err != nil || v.At < 0 || v.At >= len(v.Sections) {
		v.At = 0
	}
	return p.show("flow_map", "flows.map_title", v)
}

// Has says whether there is a node of that name.
func (v mapView) Has(node string) bool {
	_, there := v.Parts[node]
	return there
}

// Shown is the section that is shown, nil for a version in which nothing can be read.
func (v mapView) Shown() *flows.DrawnSection {
	if v.At >= len(v.Sections) {
		return nil
	}
	return &v.Sections[v.At]
}
