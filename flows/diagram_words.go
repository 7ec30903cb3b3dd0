package flows

// DrawnSection is a part of a diagram in words, for who cannot see it or would rather read.
type DrawnSection struct {
	Title string
	Steps []DrawnStep
}

// DrawnStep is a node in words.
type DrawnStep struct {
	Name, Kind string
	Words      string // what is said there, or else done, listed or asked; "" for nothing
	Ways       []DrawnWay
	Faults     []string
}

// DrawnWay is where a node leads: the key or when, what a caller is told of it, and the node.
type DrawnWay struct{ When, Words, To string }

// Sections says the same as the drawing, in its order.
func (d Diagram) Sections() []DrawnSection {
	all := make([]DrawnSection, 0, len(d.sections))
	for _, s := range d.sections {
		part := DrawnSection{Title: d.heading(s)}
		for _, n := range s.steps {
			one := DrawnStep{Name: n.name, Kind: d.text(n.kind.word()), Words: d.about(n)}
			for _, w := range n.ways {
				one.Ways = append(one.Ways, DrawnWay{When: d.text(w.label), Words: d.text(w.words), To: w.to})
			}
			for _, fault := range n.faults {
				one.Faults = append(one.Faults, d.text(fault))
			}
			part.Steps = append(part.Steps, one)
		}
		all = append(all, part)
	}
	return all
}
