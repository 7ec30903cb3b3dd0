package console

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// weeksShown is how many weeks the page shows; the spreadsheet has them all.
const weeksShown = 13

// groupsOnAPage is how many groups a page lists that is about something else.
const groupsOnAPage = 100

// statisticsPage is what the line's statistics show.
type statisticsPage struct {
	Empty  bool
	Weeks  []shownWeek
	Chart  chart
	Period *shownPeriod // the last four weeks that are complete; nil for none
}

type shownWeek struct {
	Day     string
	Figures []store.Figure
}

type shownPeriod struct {
	From, To string
	Groups   []shownGroup
	Stops    []shownStop
	More     bool // there are more groups than a page has room for
	Few      bool // somewhere, some gave up whose number is not shown
}

type shownGroup struct {
	ID   string // "" of one that is no more
	Name string
	Came store.Cell
}

type shownStop struct {
	At   store.Stop
	Lost store.Cell
}

// statistics are those of the line: for who may see all its groups, since what is left
// of a sum beside one's own group is the others'.
func (p *page) statistics() error {
	s, err := p.desk.DB.Statistics(p.ctx(), p.line, p.now)
	if err != nil {
		return err
	}
	shown := statisticsPage{Empty: s.Empty()}
	if shown.Empty {
		return p.show("statistics", "statistics.title", shown)
	}
	var came []store.Cell
	var days []string
	for _, w := range s.Weeks[max(0, len(s.Weeks)-weeksShown):] {
		day := p.day(w.Week)
		shown.Weeks = append(shown.Weeks, shownWeek{Day: day, Figures: w.Figures()})
		came, days = append(came, w.Came), append(days, day)
	}
	shown.Chart = p.titled(chartOf(came, days), came)
	slices.Reverse(shown.Weeks) // the last first
	shown.Period = p.period(s.Periods[len(s.Periods)-1])
	return p.show("statistics", "statistics.title", shown)
}

func (p *page) period(of store.PeriodFigures) *shownPeriod {
	shown := shownPeriod{From: p.day(of.From), To: p.day(of.To)}
	for _, id := range of.GroupIDs() {
		g := shownGroup{Name: p.groupName(id), Came: of.Of(id)}
		if g.Name != "" {
			g.ID = id
		}
		shown.Groups = append(shown.Groups, g)
	}
	slices.SortStableFunc(shown.Groups, func(a, b shownGroup) int {
		return cmp.Or(cmp.Compare(b.Came.N, a.Came.N), cmp.Compare(a.Name, b.Name))
	})
	if shown.More = len(shown.Groups) > groupsOnAPage; shown.More {
		shown.Groups = shown.Groups[:groupsOnAPage]
	}
	for _, at := range of.Worst() {
		shown.Stops = append(shown.Stops, shownStop{At: at, Lost: of.Stops[at]})
	}
	shown.Few = len(shown.Stops) < len(of.Stops)
	return &shown
}

// titled says of each bar what it is.
func (p *page) titled(c chart, cells []store.Cell) chart {
	for i, cell := range cells {
		c.Bars[i].Title += p.Number(cell)
	}
	return c
}

// Number is a number as it is written, or that it is not shown.
func (p *page) Number(c store.Cell) string {
	if c.Hidden {
		said, _ := p.T("statistics.hidden")
		return said
	}
	return c.String()
}

// shownCell is a number with the words for it.
type shownCell struct {
	Hidden bool
	Text   string
}

// At is a number as a table shows it.
func (p *page) At(c store.Cell) shownCell { return shownCell{Hidden: c.Hidden, Text: p.Number(c)} }

// day is a date as it is written, with its year.
func (p *page) day(d schedule.Date) string {
	months, _ := p.T("statistics.months")
	month := strings.Split(months, ",")[d.Month-1]
	said, _ := p.T("statistics.date", "day", d.Day, "month", month, "year", d.Year)
	return said
}

// groupName is what a group is called, "" if there is none any more.
func (p *page) groupName(id string) string {
	snap, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return ""
	}
	g, ok := snap.Directory.Group(id)
	if !ok {
		return ""
	}
	return g.Name.In(p.lang)
}

// groupStatisticsPage is what a group's statistics show.
type groupStatisticsPage struct {
	Own     *store.OwnFigures // for its own staff alone
	Last    string            // the day of its last session, "" for none
	Empty   bool
	Periods []shownSpan
	Chart   chart
}

type shownSpan struct {
	From, To string
	Came     store.Cell
}

func (p *page) groupStatistics() error {
	s, err := p.desk.DB.Statistics(p.ctx(), p.line, p.now)
	if err != nil {
		return err
	}
	shown := groupStatisticsPage{Empty: true}
	if p.who.may(holds, p.group.ID) {
		own, err := p.desk.DB.OwnFigures(p.ctx(), p.line, p.group.ID)
		if err != nil {
			return err
		}
		shown.Own = &own
		if own.Last != nil {
			shown.Last = p.day(own.Last.Date)
		}
	}
	var cells []store.Cell
	var titles []string
	for _, of := range s.Periods {
		c := of.Of(p.group.ID)
		shown.Empty = shown.Empty && c == store.Cell{}
		span := shownSpan{From: p.day(of.From), To: p.day(of.To), Came: c}
		shown.Periods = append(shown.Periods, span)
		cells, titles = append(cells, c), append(titles, span.From)
	}
	shown.Chart = p.titled(chartOf(cells, titles), cells)
	slices.Reverse(shown.Periods)
	return p.show("groupstatistics", "statistics.title", shown)
}

// statisticsCSV is everything that the line's statistics may show.
func (p *page) statisticsCSV() error {
	s, err := p.desk.DB.Statistics(p.ctx(), p.line, p.now)
	if err != nil {
		return err
	}
	return p.spreadsheet("statistics.csv", s.Spreadsheet(func(id string) string {
		if name := p.groupName(id); name != "" {
			return name
		}
		gone, _ := p.T("statistics.gone")
		return gone
	}))
}

// groupStatisticsCSV is what the group's may show: nothing to the last one.
func (p *page) groupStatisticsCSV() error {
	s, err := p.desk.DB.Statistics(p.ctx(), p.line, p.now)
	if err != nil {
		return err
	}
	rows := [][]string{{"from", "to", "what", "of", "number"}}
	for _, of := range s.Periods {
		rows = append(rows, []string{of.From.String(), of.To.String(), "came", p.group.Name.In(p.lang), of.Of(p.group.ID).String()})
	}
	return p.spreadsheet("statistics.csv", rows)
}

func (p *page) spreadsheet(name string, rows [][]string) error {
	var b bytes.Buffer
	if err := store.WriteSpreadsheet(&b, rows); err != nil {
		return err
	}
	p.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return p.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}
