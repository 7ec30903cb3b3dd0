package simulator

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

var phonesPage = template.Must(template.ParseFS(files, "templates/phones.html"))

// pageView is what the template draws; the rest comes with the stream.
type pageView struct {
	LineName    string
	Line        string
	Tries       []Try
	Texts       []Try
	Phones      []shownPhone
	Keys        []key
	Deliveries  []delivery
	Pickups     []pickup
	LongestText int

	testers []string // numbers, as they are shown
}

type shownPhone struct {
	Phone  int
	Name   string
	Number string
	Shown  bool
	Tester bool // hears the flow's draft
}

// key is a key of the pad, with the letters that telephones carry (ITU-T
// E.161) and, for the two that are not digits, the name read aloud.
type key struct{ Key, Letters, Spoken string }

var pad = []key{
	{"1", "", ""}, {"2", "ABC", ""}, {"3", "DEF", ""},
	{"4", "GHI", ""}, {"5", "JKL", ""}, {"6", "MNO", ""},
	{"7", "PQRS", ""}, {"8", "TUV", ""}, {"9", "WXYZ", ""},
	{"*", "", "star"}, {"0", "", ""}, {"#", "", "pound"},
}

// shownAtFirst is how many phones a page shows before more are added: two,
// since it takes two to hear each other.
const shownAtFirst = 2

// page draws the phones. The query ?phones=3 shows that many, so that a
// reload keeps the ones added.
func (p *Pages) page(c echo.Context) error {
	shown, err := strconv.Atoi(c.QueryParam("phones"))
	if err != nil {
		shown = shownAtFirst
	}
	view := p.view
	view.Keys, view.Deliveries, view.Pickups, view.LongestText = pad, deliveries, pickups, longestText
	for _, ph := range p.board.Scene().Phones {
		view.Phones = append(view.Phones, shownPhone{
			Phone: ph.Phone, Name: ph.Name, Number: ph.Number,
			Shown:  ph.Phone <= shown || ph.Phone == 1 || ph.State != idle,
			Tester: slices.Contains(view.testers, ph.Number),
		})
	}
	var b bytes.Buffer
	if err := phonesPage.Execute(&b, view); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}

func spacedAll(numbers []string) (all []string) {
	for _, n := range numbers {
		all = append(all, spaced(n))
	}
	return all
}

// spaced writes a North American number as people do, "(202) 555-0143", and
// leaves any other as it is.
func spaced(e164 string) string {
	d, ok := strings.CutPrefix(e164, "+1")
	if !ok || len(d) != 10 {
		return e164
	}
	return "(" + d[:3] + ") " + d[3:6] + "-" + d[6:]
}
