package console

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"github.com/ledongthuc/pdf"
	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/store"
)

var printShown = []shown{
	{"print, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/print", nil
	}},
	{"print, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), "/console/print", nil
	}},
	{"a group's print, full", true, groupSheet("")},
	{"a poster", true, groupSheet("/sheet?kind=poster&qr=1&lang=en&lang=es")},
	{"cards", true, groupSheet("/sheet?kind=cards&lang=en")},
	{"strips", false, groupSheet("/sheet?kind=strips&lang=en")},
	{"a card of keys", false, groupSheet("/sheet?kind=keys&lang=en")},
	{"the line's poster", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), "/console/print/sheet", nil
	}},
}

func groupSheet(rest string) func(*testing.T) (*desk, string, url.Values) {
	return func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		return r.as(store.RoleCoordinator, griefCode), "/console/groups/" + r.groupID(griefCode) + "/print" + rest, nil
	}
}

// TestPaper prints each sheet as a browser does: each is one page of the size that was
// asked for, and says what whoever reads it needs.
func TestPaper(t *testing.T) {
	r := newRig(t)
	d := r.as(store.RoleCoordinator, griefCode)
	base := d.url + "/console/groups/" + r.groupID(griefCode) + "/print/sheet?"
	tab := browsertest.Lent(t, base, browsertest.Desktop)
	for _, c := range []struct {
		query string
		many  int // how often the number is there
		says  []string
		not   []string
	}{
		{"kind=poster&lang=en", 2, []string{"482 105", "Press 1 to join", "Evening grief circle", "seven in the evening", "988", "normal call"}, nil},
		{"kind=poster&lang=en&large=1&qr=1", 2, []string{"482 105", "Press 1 to join", "988"}, nil},
		{"kind=poster&lang=en&lang=es&qr=1", 3, []string{"Press 1 to join", "Oprima 1 para entrar", "Círculo de duelo", "Evening grief circle"}, nil},
		{"kind=poster&lang=en&lang=es&large=1", 3, []string{"Press 1 to join", "Oprima 1 para entrar", "988"}, nil},
		{"kind=poster&lang=en&discreet=1", 2, []string{"Tuesday call", "482 105"}, []string{"grief", "support line"}},
		{"kind=cards&lang=en", -1, []string{"482 105", "Press 1 to join", "988"}, nil},
		{"kind=cards&lang=en&lang=es", -1, []string{"482 105", "Los martes a las siete de la noche", "Crisis: llame al 988"}, nil},
		{"kind=cards&lang=en&lang=es&large=1", -1, []string{"482 105", "Oprima 1 para entrar", "988"}, nil},
		{"kind=cards&lang=en&discreet=1", -1, []string{"Tuesday call"}, []string{"grief"}},
		{"kind=strips&lang=en", 11, []string{"Press 1 to join", "988"}, nil},
		{"kind=strips&lang=en&lang=es&large=1", 9, []string{"Oprima 1 para entrar", "988"}, nil},
		{"kind=keys&lang=en&lang=es", 1, []string{"Next speaker", "Siguiente persona", "* # 1", "* *", "press 1 to join", "oprima 1 para entrar"}, nil},
		{"kind=keys&lang=en&lang=es&large=1", 1, []string{"* # 0", "988"}, nil},
	} {
		for size, box := range map[string][2]float64{"a4": {595, 842}, "letter": {612, 792}} {
			got := printed(t, tab, base+c.query+"&size="+size)
			name := size + " " + c.query
			if len(got.boxes) != 1 || got.boxes[0][0] < box[0]-1 || got.boxes[0][0] > box[0]+1 || got.boxes[0][1] < box[1]-1 || got.boxes[0][1] > box[1]+1 {
				t.Errorf("%s: pages of %v points, want one of %v", name, got.boxes, box)
			}
			many := c.many
			if many < 0 {
				many = map[string]int{"a4": 10, "letter": 8}[size]
			}
			if n := strings.Count(got.text, "(202)555-0100"); n != many {
				t.Errorf("%s: the number is there %d times, want %d", name, n, many)
			}
			for _, says := range c.says {
				if !strings.Contains(got.text, strings.ReplaceAll(says, " ", "")) {
					t.Errorf("%s: does not say %q:\n%s", name, says, got.text)
				}
			}
			for _, not := range c.not {
				if strings.Contains(strings.ToLower(got.text), strings.ReplaceAll(not, " ", "")) {
					t.Errorf("%s: says %q", name, not)
				}
			}
			if strings.HasPrefix(c.query, "kind=poster") || strings.HasPrefix(c.query, "kind=keys") {
				if part := browsertest.Value[float64](t, tab, lowest); part < .8 {
					t.Errorf("%s: what is said ends at %.2f of the sheet", name, part)
				}
			}
			// What does not fit is cut off on paper, and would be missed by nobody but its reader.
			if cut := browsertest.Value[string](t, tab, tooTall); cut != "" {
				t.Errorf("%s: %s", name, cut)
			}
		}
	}
}

// tooTall finds what holds more than fits on the paper.
const tooTall = `[...document.querySelectorAll(".sheet, .card, .langs, .strip")].filter(e => e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2)
	.map(e => e.className + " holds " + e.scrollWidth + "x" + e.scrollHeight + " in " + e.clientWidth + "x" + e.clientHeight).slice(0, 2).join("; ")`

// lowest is how far down the sheet its last words are.
const lowest = `Math.max(...[...document.querySelectorAll(".words > *")].map(e => e.getBoundingClientRect().bottom)) / document.querySelector(".sheet").getBoundingClientRect().bottom`

// A group with much to say is smaller in print, and whole.
func TestMuchOnPaper(t *testing.T) {
	r := newRig(t)
	d := r.as(store.RoleOwner)
	g := aGroup()
	g["name_en"], g["name_es"] = []string{strings.Repeat("Caring for somebody ", 3) + "at home"}, []string{strings.Repeat("Cuidar a una persona ", 3) + "en casa"}
	d.post("/console/groups", g)
	id := d.groupID("517283")
	meetings := append(d.meetings(id), schedule.Meeting{Start: wall(t, "2026-11-24T19:30"), Zone: "America/New_York", Rule: "FREQ=MONTHLY;BYDAY=4TU", Minutes: 60},
		schedule.Meeting{Start: wall(t, "2026-11-27T18:30"), Zone: "America/New_York", Rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", Minutes: 60})
	if err := r.db.SetMeetings(r.ctx(), r.keys, r.line, store.By{Actor: "Ada", At: monday}, id, meetings); err != nil {
		t.Fatal(err)
	}
	base := d.url + "/console/groups/" + id + "/print/sheet?lang=en"
	tab := browsertest.Lent(t, base, browsertest.Desktop)
	for _, kind := range printKinds {
		for _, how := range []string{"&large=1", "&lang=es&large=1&qr=1"} {
			got := printed(t, tab, base+"&size=letter&kind="+kind+how)
			if cut := browsertest.Value[string](t, tab, tooTall); cut != "" || len(got.boxes) != 1 {
				t.Errorf("%s%s: %d pages; %s", kind, how, len(got.boxes), cut)
			}
		}
	}
}

// TestCardOfKeys holds the card to the keys of the built-in flow: each is on it, and
// what it says of the keys after that is so.
func TestCardOfKeys(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../flows/lines/main.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var flow struct {
		Nodes map[string]struct {
			Options []struct{ Key string }
		}
	}
	if err := yaml.Unmarshal(text, &flow); err != nil {
		t.Fatal(err)
	}
	keys := func(node string) (all []string) {
		for _, o := range flow.Nodes[node].Options {
			all = append(all, o.Key)
		}
		slices.Sort(all)
		return all
	}
	for name, node := range map[string]string{"star": "star", "pound": "group_keys"} {
		var card []string
		for _, key := range keysOf[name] {
			card = append(card, key.pressed)
		}
		if name == "star" {
			card = append(card, "#") // the group's keys
		}
		slices.Sort(card)
		if diff := cmp.Diff(keys(node), card); diff != "" {
			t.Errorf("keys of %s (-flow +card):\n%s", node, diff)
		}
	}
	words, err := ownWords()
	if err != nil {
		t.Fatal(err)
	}
	for key, node := range map[string]string{
		"star_star": "leave_room_sure", "star_8": "signal", "pound_2": "modes", "pound_6": "person_here", "pound_7": "pairs", "pound_8": "extend", "pound_9": "crisis_how",
	} {
		for _, lang := range languages {
			_, after, _ := strings.Cut(words[lang]["print.key_"+key], ": ")
			if after == "" {
				_, after, _ = strings.Cut(words[lang]["print.key_"+key], "; ")
			}
			for n, digit := range keys(node) {
				at := strings.Index(after, digit+" ")
				if at < 0 {
					t.Errorf("%s: %q does not say key %d of %s", lang, words[lang]["print.key_"+key], n+1, node)
				}
			}
		}
	}
}

// paper is a document as it was printed.
type paper struct {
	boxes [][2]float64 // of its pages, in points
	text  string       // without spaces
}

var mediaBox = regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`)

func printed(t *testing.T, tab context.Context, address string) paper {
	t.Helper()
	var raw []byte
	browsertest.Do(t, tab, chromedp.EmulateViewport(816, 1056), chromedp.Navigate(address), chromedp.WaitVisible(".sheet"),
		chromedp.ActionFunc(func(ctx context.Context) error {
			var err error
			raw, _, err = cdp.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
			return err
		}),
		emulation.SetEmulatedMedia().WithMedia("print"))
	var got paper
	for _, m := range mediaBox.FindAllStringSubmatch(string(raw), -1) {
		w, _ := strconv.ParseFloat(m[1], 64)
		h, _ := strconv.ParseFloat(m[2], 64)
		got.boxes = append(got.boxes, [2]float64{w, h})
	}
	doc, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := doc.GetPlainText()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(text); err != nil {
		t.Fatal(err)
	}
	got.text = strings.Join(strings.Fields(b.String()), "")
	return got
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"482105": "482 105", "4821": "48 21", "48210": "48 21 0", "48210577": "48 21 05 77"} {
		if got := grouped(code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	if _, err := qrOf(fmt.Sprintf("tel:%s", lineNumber)); err != nil {
		t.Error(err)
	}
}
