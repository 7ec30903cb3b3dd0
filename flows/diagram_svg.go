package flows

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// What a drawing looks like. Its styles are attributes, which no page's policy forbids.
const (
	panelPad   = 24
	panelHead  = 40
	textSize   = 12
	letterWide = 6.4 // of a Latin letter, on average
	ink        = "#1c1b1f"
	faint      = "#5f5e66"
	linkInk    = "#0b57a4"
	crisisInk  = "#b3261e"
	faultInk   = "#8a5300"
	faultFill  = "#ffe2b8"
	lineInk    = "#8a94a3"
)

// fills tell the kinds apart for who sees colours; the kind is written too.
var fills = map[kind]string{
	kindMenu: "#e3edfb", kindPick: "#e3edfb", kindAsk: "#e3edfb", kindSay: "#ffffff", kindDo: "#eef3e6", kindIf: "#f5f0dc", kindUse: "#eef3e6",
	kindJoin: "#ece5f6", kindDial: "#ece5f6", kindRecord: "#ece5f6",
}

// SVG draws the diagram: at the top how its sections lead to each other, and then each
// with its nodes. The same flow gives the same bytes.
func (d Diagram) SVG() string {
	of := d.places()
	var body strings.Builder
	wide, tall := 0, panelPad
	panel := func(id, title string, cards []*card) {
		w, h := arrange(cards)
		wide = max(wide, w)
		fmt.Fprintf(&body, "<g id=%q transform=\"translate(%d %d)\">\n<text y=\"20\" font-size=\"20\" font-weight=\"bold\">%s</text>\n", id, panelPad, tall, html.EscapeString(title))
		fmt.Fprintf(&body, "<g transform=\"translate(0 %d)\">\n", panelHead)
		drawCards(&body, cards)
		body.WriteString("</g>\n</g>\n")
		tall += panelHead + h + panelPad
	}
	if len(d.sections) > 1 {
		panel("overview", d.text(say("How the parts lead to each other")), d.overview(of))
	}
	for i, s := range d.sections {
		panel(fmt.Sprintf("s-%d", i+1), d.heading(s), d.cards(s, of))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %[1]d %[2]d\" font-family=\"system-ui, sans-serif\" font-size=\"%d\" fill=%q role=\"img\">\n", wide+2*panelPad, tall, textSize, ink)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(d.text(say("What a caller can do, and where each key leads"))))
	fmt.Fprintf(&b, "<rect width=\"100%%\" height=\"100%%\" fill=\"#fbfbfd\"/>\n%s</svg>\n", body.String())
	return b.String()
}

// Linked is the diagram in which each node leads to a page of its own, at that address and
// the node's name; relative to where the drawing is.
func (d Diagram) Linked(pages string) Diagram {
	d.pages = pages
	return d
}

func pageOf(pages, node string) string {
	if pages == "" {
		return ""
	}
	return pages + node
}

// heading is what a section is called: by its comment, or by where it begins.
func (d Diagram) heading(s section) string {
	if s.title != "" {
		return capital(s.title)
	}
	return d.text(say("From %s", s.steps[0].name))
}

// overview has a card for each section, which names those that it leads to.
func (d Diagram) overview(of map[string]int) (cards []*card) {
	id := func(section int) string { return fmt.Sprintf("o-%d", section+1) }
	for i, s := range d.sections {
		c := &card{id: id(i), title: fit(d.heading(s), cardWidth-50), fill: "#e3edfb", tip: d.heading(s), to: fmt.Sprintf("s-%d", i+1)}
		c.lines = []string{d.text(say("%d steps, from %s", len(s.steps), s.steps[0].name))}
		var to []int
		for _, n := range s.steps {
			c.crisis, c.fault = c.crisis || n.crisis, c.fault || len(n.faults) > 0
			for _, w := range n.ways {
				if other, known := of[w.to]; known && other != i && !slices.Contains(to, other) {
					to = append(to, other)
				}
			}
		}
		for _, other := range to {
			c.rows = append(c.rows, row{to: id(other), words: d.heading(d.sections[other])})
		}
		cards = append(cards, c)
	}
	return cards
}

func (d Diagram) cards(s section, of map[string]int) (cards []*card) {
	for _, n := range s.steps {
		c := &card{
			id: "n-" + n.name, page: pageOf(d.pages, n.name), title: n.name, kind: d.text(n.kind.word()), fill: fills[n.kind], crisis: n.crisis, fault: len(n.faults) > 0,
			lines: wrap(d.about(n), cardWidth-20, 2), tip: d.about(n),
		}
		for _, fault := range n.faults {
			c.tip += "\n" + d.text(fault)
		}
		for _, w := range n.ways {
			_, known := of[w.to]
			c.rows = append(c.rows, row{label: d.text(w.label), words: d.text(w.words), to: "n-" + w.to, link: w.to, known: known, crisis: w.crisis})
		}
		cards = append(cards, c)
	}
	return cards
}

func drawCards(b *strings.Builder, cards []*card) {
	by := map[string]*card{}
	for _, c := range cards {
		by[c.id] = c
	}
	for _, c := range cards { // the lines first: cards hide what passes behind them
		for i, r := range c.rows {
			if r.line {
				drawLine(b, c, by[r.to], i, r.crisis)
			}
		}
	}
	for _, c := range cards {
		drawCard(b, c)
	}
}

func drawLine(b *strings.Builder, from, to *card, i int, crisis bool) {
	x1, y1, x2, y2 := from.x+cardWidth, from.port(i), to.x, to.y+headTall/2
	colour, width := lineInk, 1.4
	if crisis {
		colour, width = crisisInk, 3
	}
	bend := gapAcross / 2
	fmt.Fprintf(b, "<path d=\"M%d %dC%d %d %d %d %d %d\" fill=\"none\" stroke=%q stroke-width=\"%g\"/>", x1, y1, x1+bend, y1, x2-bend, y2, x2-6, y2, colour, width)
	fmt.Fprintf(b, "<path d=\"M%d %dl-8 -4v8z\" fill=%q/>\n", x2, y2, colour)
}

func drawCard(b *strings.Builder, c *card) {
	edge, width, fill := lineInk, 1, c.fill
	if c.fault {
		edge, width, fill = faultInk, 2, faultFill
	}
	if c.crisis {
		edge, width = crisisInk, 3
	}
	fmt.Fprintf(b, "<g id=%q transform=\"translate(%d %d)\">", c.id, c.x, c.y)
	if c.tip != "" {
		fmt.Fprintf(b, "<title>%s</title>", html.EscapeString(c.tip))
	}
	fmt.Fprintf(b, "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=%q stroke=%q stroke-width=\"%d\"/>", cardWidth, c.tall, fill, edge, width)
	title, kind := c.title, c.kind
	if c.fault {
		title = "⚠ " + title
	}
	heading := fmt.Sprintf("<text x=\"10\" y=\"16\" font-weight=\"bold\">%s</text>", html.EscapeString(title))
	if c.to != "" {
		heading = fmt.Sprintf("<a href=\"#%s\">%s</a>", c.to, heading)
	} else if c.page != "" {
		heading = fmt.Sprintf("<a href=\"%s\" fill=\"#1a4fb4\">%s</a>", html.EscapeString(c.page), heading)
	}
	b.WriteString(heading)
	fmt.Fprintf(b, "<text x=\"%d\" y=\"16\" text-anchor=\"end\" font-size=\"10\" fill=%q>%s</text>", cardWidth-10, faint, html.EscapeString(kind))
	y := headTall
	for _, line := range c.lines {
		fmt.Fprintf(b, "<text x=\"10\" y=\"%d\" fill=%q font-style=\"italic\">%s</text>", y+lineTall-4, faint, html.EscapeString(line))
		y += lineTall
	}
	for _, r := range c.rows {
		drawRow(b, r, y)
		y += rowTall
	}
	b.WriteString("</g>\n")
}

// drawRow writes when a way is taken and, if no line shows it, where it leads.
func drawRow(b *strings.Builder, r row, y int) {
	room, x := cardWidth-20, 10
	if !r.line && r.link != "" {
		link := fit("→ "+r.link, 150)
		inner := fmt.Sprintf("<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=%q>%s</text>", cardWidth-10, y+13, linkInk, html.EscapeString(link))
		if r.known {
			inner = fmt.Sprintf("<a href=\"#%s\">%s</a>", html.EscapeString(r.to), inner)
		}
		b.WriteString(inner)
		room -= textWide(link) + 10
	}
	if len(r.label) == 1 {
		fmt.Fprintf(b, "<circle cx=\"17\" cy=\"%d\" r=\"7.5\" fill=%q/><text x=\"17\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\" fill=\"#ffffff\">%s</text>", y+9, map[bool]string{true: crisisInk, false: "#3a4a5f"}[r.crisis], y+13, html.EscapeString(r.label))
		x, room = 30, room-20
	}
	words := r.words
	if len(r.label) > 1 {
		words = strings.Trim(r.label+": "+r.words, ": ")
	}
	if room > 20 {
		fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\">%s</text>", x, y+13, html.EscapeString(fit(words, room)))
	}
}

// textWide estimates how wide a text is: Chinese characters are as wide as they are high.
func textWide(s string) int {
	wide := 0.0
	for _, r := range s {
		if isHan(r) {
			wide += textSize
		} else {
			wide += letterWide
		}
	}
	return int(wide)
}

// fit shortens a text to a width.
func fit(s string, wide int) string {
	if textWide(s) <= wide {
		return s
	}
	letters := []rune(s)
	for len(letters) > 0 && textWide(string(letters))+textSize > wide {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimSpace(string(letters)) + "…"
}

// wrap breaks a text into lines of a width, of which the last is shortened.
func wrap(s string, wide, most int) (lines []string) {
	for s != "" {
		if len(lines) == most-1 || textWide(s) <= wide {
			return append(lines, fit(s, wide))
		}
		cut := strings.LastIndexByte(strings.TrimSuffix(fit(s, wide), "…"), ' ')
		if cut <= 0 {
			cut = len(strings.TrimSuffix(fit(s, wide), "…"))
		}
		lines = append(lines, s[:cut])
		s = strings.TrimSpace(s[cut:])
	}
	return lines
}
