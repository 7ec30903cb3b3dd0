package flows

import (
	"cmp"
	"slices"
)

// card is a box of the drawing: a title, words, and a row for each way out of it. Its
// numbers are in CSS pixels, from the upper left corner of its panel.
type card struct {
	id, title, kind string
	lines           []string // under the title
	rows            []row
	tip             string // the whole text, shown when pointed at
	to              string // the id of what its title leads to, "" for nothing
	page            string // the address of what its title leads to otherwise, "" for nothing
	fill            string
	crisis, fault   bool

	rank       int
	x, y, tall int
}

type row struct {
	label, words string
	to           string // the id of a card
	link         string // how it is called where no line leads to it, "" for not at all
	known        bool   // it is somewhere in the drawing
	crisis       bool
	line         bool // a line leads from it to the next column
}

// Measures of a drawing.
const (
	cardWidth = 270
	headTall  = 22
	lineTall  = 15
	rowTall   = 17
	cardFoot  = 6
	gapDown   = 16
	gapAcross = 70
	sweeps    = 8
	// panelColumns is how many cards stand side by side that no line leads to.
	panelColumns = 5
	// mostColumns are as many as fit a page; what is further away begins anew below.
	mostColumns = 6
)

func (c *card) measure() { c.tall = headTall + lineTall*len(c.lines) + rowTall*len(c.rows) + cardFoot }

// port is where the line of a row begins.
func (c *card) port(i int) int { return c.y + headTall + lineTall*len(c.lines) + rowTall*i + rowTall/2 }

// arrange gives each card its place, in columns by how many steps it is away from the
// first of those that lead to it (a layered drawing, Sugiyama et al. 1981), and says
// how much room they take. A line leads to the next column only; what leads back, or
// aside, or out of the panel is named in its row.
func arrange(cards []*card) (wide, tall int) {
	by := map[string]*card{}
	for _, c := range cards {
		c.measure()
		by[c.id] = c
	}
	rankByDistance(cards, by)
	linked := map[string]bool{}
	for _, c := range cards {
		for i := range c.rows {
			r := &c.rows[i]
			if to := by[r.to]; to != nil && to.rank == c.rank+1 {
				r.line = true
				linked[c.id], linked[to.id] = true, true
			}
		}
	}
	var columns [][]*card
	var alone []*card
	for _, c := range cards {
		if !linked[c.id] {
			alone = append(alone, c)
			continue
		}
		for len(columns) <= c.rank {
			columns = append(columns, nil)
		}
		columns[c.rank] = append(columns[c.rank], c)
	}
	uncross(columns, by)
	for rank, column := range columns {
		bottom := stack(column, rank, columns, by)
		wide, tall = max(wide, (rank+1)*(cardWidth+gapAcross)-gapAcross), max(tall, bottom)
	}
	return inRows(alone, wide, tall)
}

// rankByDistance counts how many steps each card is from the first, and those that it
// does not lead to from the next of them.
func rankByDistance(cards []*card, by map[string]*card) {
	seen := map[string]bool{}
	for _, first := range cards {
		if seen[first.id] {
			continue
		}
		seen[first.id] = true
		for todo := []*card{first}; len(todo) > 0; todo = todo[1:] {
			for _, r := range todo[0].rows {
				if to := by[r.to]; to != nil && !seen[to.id] && todo[0].rank+1 < mostColumns {
					seen[to.id], to.rank = true, todo[0].rank+1
					todo = append(todo, to)
				}
			}
		}
	}
}

// uncross puts the cards of each column into the order of what leads to them, and then of
// what they lead to, several times (the barycentre method).
func uncross(columns [][]*card, by map[string]*card) {
	at := map[string]float64{}
	place := func(column []*card) {
		for i, c := range column {
			at[c.id] = float64(i)
		}
	}
	for _, column := range columns {
		place(column)
	}
	order := func(column []*card, means map[string][2]float64) {
		slices.SortStableFunc(column, func(a, b *card) int {
			mean := func(c *card) float64 {
				if m := means[c.id]; m[1] > 0 {
					return m[0] / m[1]
				}
				return at[c.id]
			}
			return cmp.Compare(mean(a), mean(b))
		})
		place(column)
	}
	for range sweeps {
		for rank := 1; rank < len(columns); rank++ {
			means := map[string][2]float64{}
			for _, c := range columns[rank-1] {
				for i, r := range c.rows {
					if m := means[r.to]; r.line {
						means[r.to] = [2]float64{m[0] + at[c.id] + float64(i)/float64(len(c.rows)), m[1] + 1}
					}
				}
			}
			order(columns[rank], means)
		}
		for rank := len(columns) - 2; rank > 0; rank-- {
			means := map[string][2]float64{}
			for _, c := range columns[rank] {
				for _, r := range c.rows {
					if m := means[c.id]; r.line {
						means[c.id] = [2]float64{m[0] + at[r.to], m[1] + 1}
					}
				}
			}
			order(columns[rank], means)
		}
	}
}

// stack puts a column's cards below each other, each beside what first leads to it if
// there is room.
func stack(column []*card, rank int, columns [][]*card, by map[string]*card) (bottom int) {
	wanted := map[string]int{}
	if rank > 0 {
		for _, c := range columns[rank-1] {
			for i, r := range c.rows {
				if _, known := wanted[r.to]; r.line && !known {
					wanted[r.to] = c.port(i) - headTall/2
				}
			}
		}
	}
	for _, c := range column {
		c.x = rank * (cardWidth + gapAcross)
		c.y = max(bottom, min(wanted[c.id], bottom+6*gapDown))
		bottom = c.y + c.tall + gapDown
	}
	return bottom
}

// inRows puts cards without lines below the others.
func inRows(alone []*card, wide, tall int) (int, int) {
	perRow := max((wide+gapAcross)/(cardWidth+gapAcross), panelColumns)
	for len(alone) > 0 {
		n, deepest := min(perRow, len(alone)), 0
		for i, c := range alone[:n] {
			c.x, c.y = i*(cardWidth+gapAcross), tall
			deepest = max(deepest, c.tall)
		}
		wide = max(wide, n*(cardWidth+gapAcross)-gapAcross)
		tall += deepest + gapDown
		alone = alone[n:]
	}
	return wide, tall
}
