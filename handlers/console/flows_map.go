package console

import (
	"net/http"
	"strconv"

	"github.com/hearthline/hearthline/flows"
)

// drawing is the version that a page is about, and its drawing, with what is wrong in it.
func (p *page) drawing() (version, *drawing, error) {
	one, err := p.versionOf(p.Param("version"))
	if err != nil {
		return version{}, nil, err
	}
	d, err := p.drawn(one)
	return one, d, err
}

// diagram is a drawing of a version, with what is wrong in it.
func (p *page) diagram() error {
	_, d, err := p.drawing()
	if err != nil {
		return err
	}
	return p.Blob(http.StatusOK, "image/svg+xml", d.svg)
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
	one, d, err := p.drawing()
	if err != nil {
		return err
	}
	v := mapView{version: one, Sections: d.sections, Parts: map[string]int{}}
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
