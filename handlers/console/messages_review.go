package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// review is a message before it goes: what it looks like, to how many, and what it
// costs.
type review struct {
	Fields  []writtenField
	Texts   []reviewedText
	Reaches []reviewedReach
	People  int
	Stopped int
	// Unopened are those of whom nothing can be opened now.
	Unopened int
	Cost     string // in dollars; "" where it is not known
	// Quiet says that it is a quiet hour where the line is.
	Quiet bool
	// Names are what the message says that a stranger should not read.
	Names []string
}

// reviewedText is a message as a phone shows it.
type reviewedText struct {
	Lang, Text string
	Segments   int
	// Wide is a letter that makes each text hold less than half, "" for none.
	Wide string
	// Out is what a text cannot hold and a voice not say, in the order in which it was
	// written.
	Out []leftOut
}

// leftOut is something that was written and does not go, with some of what stands
// around it.
type leftOut struct{ Mark, Before, After string }

// mostLeftOut is how many of those a page shows of a text.
const mostLeftOut = 12

// leftOutOf is what of a text does not go.
func leftOutOf(text string) []leftOut {
	var all []leftOut
	for _, out := range flows.LeavesOut(text) {
		if len(all) == mostLeftOut {
			break
		}
		all = append(all, leftOut{out.Mark, lastOf(out.Before), firstOf(out.After)})
	}
	return all
}

// around is how many letters are shown before and after what is left out.
const around = 24

func firstOf(text string) string {
	letters := []rune(text)
	if len(letters) <= around {
		return text
	}
	return string(letters[:around]) + "…"
}

func lastOf(text string) string {
	letters := []rune(text)
	if len(letters) <= around {
		return text
	}
	kept := string(letters[len(letters)-around:])
	if _, words, ok := strings.Cut(kept, " "); ok && words != "" {
		kept = words // a word that was cut says nothing
	}
	return "…" + kept
}

// reviewedReach is how many get it so.
type reviewedReach struct {
	Lang, Channel string
	// Other says that nothing was written in their language, and they get another.
	Other  bool
	People int
}

func (p *page) reviewed(fields []writtenField, a store.Audience) review {
	words := saidIn(fields).Words
	r := review{Fields: fields, People: a.People(), Stopped: a.Stopped, Unopened: a.Unopened, Names: p.namesIn(words)}
	for _, f := range fields {
		if text := words[f.Lang]; text != "" {
			s := flows.CountSegments(text)
			shown := reviewedText{Lang: f.Lang, Text: text, Segments: s.Count, Out: leftOutOf(f.Text)}
			if s.Forced != 0 {
				shown.Wide = string(s.Forced)
			}
			r.Texts = append(r.Texts, shown)
		}
	}
	cost, known := 0, true
	for _, reach := range a.Reaches {
		_, own := words[reach.Lang]
		r.Reaches = addReach(r.Reaches, reviewedReach{Lang: reach.Lang, Channel: string(reach.Channel), Other: !own, People: reach.People})
		each, ok := priceOf(reach.Country, reach.Channel, flows.CountSegments(words.In(reach.Lang)).Count)
		cost, known = cost+each*reach.People, known && ok
	}
	if known && r.People > 0 {
		r.Cost = fmt.Sprintf("%.2f", float64((cost+99)/100)/100)
	}
	hour := p.now.Add(store.MessageUndo).In(p.zone()).Hour()
	r.Quiet = hour < flows.DayBegins || hour >= flows.DayEnds
	return r
}

// addReach adds to those who get it alike, in whatever country they are.
func addReach(all []reviewedReach, one reviewedReach) []reviewedReach {
	for i := range all {
		if all[i].Lang == one.Lang && all[i].Channel == one.Channel {
			all[i].People += one.People
			return all
		}
	}
	return append(all, one)
}

// namesIn are the names and topics of the group that a message says: a phone shows a
// text to whoever holds it.
func (p *page) namesIn(words flows.Words) []string {
	var found []string
	look := func(name string) {
		for _, text := range words {
			if name != "" && strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
				found = append(found, name)
				return
			}
		}
	}
	for _, name := range p.group.Name {
		look(name)
	}
	for _, topic := range p.group.Topics {
		look(strings.ReplaceAll(topic, "-", " "))
	}
	look(p.group.Code)
	return found
}

// PricesOf is when the prices below were looked up.
var PricesOf = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// prices are what Twilio and the phone companies take, in hundredths of a cent: for a
// segment of a text, the phone companies' fee included, and for a minute of a call.
// They are third parties' figures of 2026, for who decides whether to send.
var prices = map[string]map[flows.Channel]int{
	"US": {flows.ByText: 125, flows.ByCall: 140},
	"CA": {flows.ByText: 145, flows.ByCall: 140},
}

// priceOf is what one of those who get a message costs, in hundredths of a cent; false
// where the table does not tell. A call of ours lasts about a minute.
func priceOf(country string, by flows.Channel, segments int) (int, bool) {
	price, ok := prices[country][by]
	if by == flows.ByText {
		price *= segments
	}
	return price, ok
}

// PricesOf is when the prices were looked up, in words.
func (p *page) PricesOf() string { return PricesOf.Format("2006-01") }
