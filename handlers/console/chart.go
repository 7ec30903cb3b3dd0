package console

import "github.com/hearthline/hearthline/store"

// chart is numbers as bars, to be looked at beside the table of the same numbers.
type chart struct {
	Width, Height int
	Bars          []bar
	Most          int // what the highest bar is
}

// bar is a number in a chart. A hidden one has a mark on the ground and no height.
type bar struct {
	X, Y, Width, Height int
	Hidden              bool
	Title               string
}

const (
	chartHeight = 120
	barWidth    = 14
	barStep     = 20
)

// chartOf draws cells, each called by its title.
func chartOf(cells []store.Cell, titles []string) chart {
	c := chart{Width: barStep*len(cells) + barStep - barWidth, Height: chartHeight}
	for _, cell := range cells {
		c.Most = max(c.Most, cell.N)
	}
	for i, cell := range cells {
		height := 0
		if c.Most > 0 {
			height = cell.N * (chartHeight - 10) / c.Most
		}
		if cell.N > 0 {
			height = max(height, 2)
		}
		c.Bars = append(c.Bars, bar{
			X: i*barStep + barStep - barWidth, Width: barWidth, Y: chartHeight - height, Height: height,
			Hidden: cell.Hidden, Title: titles[i] + ": ",
		})
	}
	return c
}
