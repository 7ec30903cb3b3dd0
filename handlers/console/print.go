package console

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rsc.io/qr"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// PublicNumber is a number of the line's own, which is for everybody to see.
type PublicNumber struct {
	Written  string // in groups: "(202) 555-0100"
	Dialled  string // E.164
	TollFree bool
}

// printKinds are what can be printed, and printSizes on what.
var (
	printKinds = []string{"poster", "cards", "strips", "keys"}
	printSizes = []string{"letter", "a4"}
)

// printForm is the page on which somebody says what to print.
type printForm struct {
	Path   string // of the sheet
	Kinds  []string
	Sizes  []string
	Langs  []string // of the line that there are words in
	Number bool     // the line has one
	Code   bool     // the group is for who has its code
	Groups []shownGroup
	More   bool // there are more
}

// printing is the line's own sheet, and the way to those of groups.
func (p *page) printing() error {
	form := p.printForm("/console/print/sheet")
	if snap, ok := p.desk.Directories.Line(p.line); ok {
		for _, g := range snap.Directory.Groups() {
			if !p.who.may(sees, g.ID) || g.Stage == flows.StageClosed {
				continue
			}
			if form.More = len(form.Groups) == groupsOnAPage; form.More {
				break
			}
			form.Groups = append(form.Groups, shownGroup{ID: g.ID, Name: g.Name.In(p.lang)})
		}
	}
	return p.show("print", "print.title", form)
}

func (p *page) groupPrinting() error {
	form := p.printForm("/console/groups/" + p.group.ID + "/print/sheet")
	form.Code = p.group.Access == flows.AccessCode
	return p.show("print", "print.title", form)
}

func (p *page) printForm(path string) printForm {
	_, ok := p.publicNumber()
	return printForm{Path: path, Kinds: printKinds, Sizes: printSizes, Langs: p.printLangs(), Number: ok}
}

// printLangs are the languages of the line that the desk has words in.
func (p *page) printLangs() []string {
	snap, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return languages[:1]
	}
	some := slices.DeleteFunc(slices.Clone(snap.Directory.Line.Languages), func(lang string) bool { return !slices.Contains(languages, lang) })
	if len(some) == 0 {
		return languages[:1]
	}
	return some
}

func (p *page) publicNumber() (PublicNumber, bool) {
	if p.desk.Numbers == nil {
		return PublicNumber{}, false
	}
	all := p.desk.Numbers()
	if len(all) == 0 {
		return PublicNumber{}, false
	}
	return all[0], true
}

// sheet is what is printed.
type sheet struct {
	Kind, Size      string
	Large, Discreet bool
	Dense           bool // there is more to say than large letters have room for
	Number          string
	Code            string // spaced, "" of the line itself
	Langs           []sheetLang
	Copies          []int // of what is cut up
	QR              *code
	TollFree        bool
	Crisis          string
	Back            string // where the form is
}

// sheetLang is a sheet's text in one language.
type sheetLang struct {
	*page
	Lang  string
	Name  string   // of the group, or the line
	Line  string   // of the line, "" where that is the name, or nobody is to read it
	When  []string // in words
	Keys  []sheetKeys
	Words catalogue
}

// sheetKeys are the keys of oneself, or of the group.
type sheetKeys struct {
	Whose string
	Keys  []sheetKey
}

type sheetKey struct{ Key, Does string }

// keysOf are the keys that a facilitator has in a room, after a star and after a star
// and pound: as the built-in flow has them.
var keysOf = map[string][]struct{ pressed, called string }{
	"star":  {{"6", "6"}, {"9", "9"}, {"3", "3"}, {"8", "8"}, {"0", "0"}, {"1", "1"}, {"*", "star"}},
	"pound": {{"1", "1"}, {"2", "2"}, {"3", "3"}, {"4", "4"}, {"5", "5"}, {"6", "6"}, {"7", "7"}, {"8", "8"}, {"9", "9"}, {"0", "0"}},
}

// T is a text in the sheet's language, which is not always the page's.
func (s sheetLang) T(key string, pairs ...any) (string, error) {
	return s.Words.text(s.Lang, key, pairs)
}

// code is a QR code as a path of squares.
type code struct {
	Side int
	Path string
}

// printSheet is a page to be printed. What it shows is in its address: nothing of it
// is anybody's.
func (p *page) printSheet() error {
	snap, ok := p.desk.Directories.Line(p.line)
	number, has := p.publicNumber()
	if !ok || !has {
		return missing
	}
	line := snap.Directory.Line
	s := sheet{
		Kind: oneOf(printKinds, p.QueryParam("kind")), Size: oneOf(printSizes, p.QueryParam("size")),
		Large: p.QueryParam("large") != "", Discreet: p.QueryParam("discreet") != "",
		Number: number.Written, TollFree: number.TollFree, Crisis: line.CrisisName, Back: "/console/print",
	}
	if p.group != nil {
		s.Back = "/console/groups/" + p.group.ID + "/print"
		s.Code = grouped(p.group.Code)
	}
	asked := p.QueryParams()["lang"]
	for _, lang := range p.printLangs() {
		if slices.Contains(asked, lang) || len(asked) == 0 && len(s.Langs) == 0 {
			s.Langs = append(s.Langs, p.sheetIn(lang, line, s.Discreet))
		}
	}
	if len(s.Langs) == 0 {
		s.Langs = append(s.Langs, p.sheetIn(p.printLangs()[0], line, s.Discreet))
	}
	for _, l := range s.Langs {
		s.Dense = s.Dense || len(l.When) > 2 || len(l.Name)+len(strings.Join(l.When, "")) > mostInLarge
	}
	s.Copies = make([]int, copies(s.Kind, s.Size, s.Large))
	if p.QueryParam("qr") != "" {
		drawn, err := qrOf("tel:" + number.Dialled)
		if err != nil {
			return err
		}
		s.QR = &drawn
	}
	return p.show("sheet", "print.title", s)
}

// mostInLarge is how many bytes of a name and its times have room in large letters, two
// languages beside each other.
const mostInLarge = 130

// copies is how many of something are on a sheet.
func copies(kind, size string, large bool) int {
	switch {
	case kind == "cards" && size == "letter":
		return 8
	case kind == "cards":
		return 10
	case kind == "strips" && large:
		return 6
	case kind == "strips":
		return 9
	}
	return 1
}

func (p *page) sheetIn(lang string, line flows.Line, discreet bool) sheetLang {
	s := sheetLang{page: p, Lang: lang, Name: line.Name, Words: p.desk.words}
	if p.group == nil {
		if discreet {
			s.Name, _ = s.T("print.discreet_name")
		}
		return s
	}
	s.Name, s.Line = p.group.Name.In(lang), line.Name
	if discreet {
		s.Line = ""
		if s.Name = p.group.DiscreetName.In(lang); s.Name == "" {
			s.Name, _ = s.T("print.discreet_name")
		}
	}
	for _, m := range p.group.Meetings {
		if said := schedule.SpokenSeries(lang, m); said != "" {
			first, size := firstRune(said)
			s.When = append(s.When, strings.ToUpper(first)+said[size:])
		}
	}
	for _, own := range []bool{true, false} {
		whose, prefix, name := "own", "* ", "star"
		if !own {
			whose, prefix, name = "group", "* # ", "pound"
		}
		of := sheetKeys{}
		of.Whose, _ = s.T("print.keys_" + whose)
		for _, key := range keysOf[name] {
			does, _ := s.T("print.key_" + name + "_" + key.called)
			of.Keys = append(of.Keys, sheetKey{Key: prefix + key.pressed, Does: does})
		}
		s.Keys = append(s.Keys, of)
	}
	return s
}

func firstRune(text string) (first string, size int) {
	for i := range text {
		if i > 0 {
			return text[:i], i
		}
	}
	return text, len(text)
}

// oneOf is what was asked for, if there is such a thing, else the first.
func oneOf(all []string, asked string) string {
	if slices.Contains(all, asked) {
		return asked
	}
	return all[0]
}

// grouped is a code in twos or threes, as it is read out: "482 105".
func grouped(digits string) string {
	step := 3
	if len(digits)%3 != 0 {
		step = 2
	}
	var parts []string
	for part := range slices.Chunk([]byte(digits), step) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

var errNoQR = errors.New("draw a QR code")

// qrOf draws a text as a QR code, with its quiet zone.
// Source: ISO/IEC 18004, 6.3.8
func qrOf(text string) (code, error) {
	drawn, err := qr.Encode(text, qr.M)
	if err != nil {
		return code{}, errNoQR
	}
	const quiet = 4
	var b bytes.Buffer
	for y := range drawn.Size {
		for x := range drawn.Size {
			if drawn.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return code{Side: drawn.Size + 2*quiet, Path: b.String()}, nil
}
