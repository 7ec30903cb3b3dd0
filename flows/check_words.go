package flows

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// What a caller can listen to, in words. A voice speaks 150 a minute.
const (
	wordsPerSecond = 2.5
	longestPrompt  = 20 // seconds
	longestOptions = 25 // seconds, of one menu
)

var (
	bareDigits = regexp.MustCompile(`[0-9]{2,}`)
	webAddress = regexp.MustCompile(`(?i)https?://|www\.`)
)

// checkWords holds the catalogues to the flow and to each other.
func (c *compiler) checkWords() {
	used := c.used()
	source := c.flow.catalogues[c.flow.languages[0]]
	if source != nil {
		for name := range source.prompts {
			used[name] = used[name] // what one language has, all have
		}
	}
	for _, lang := range c.flow.languages {
		cat := c.flow.catalogues[lang]
		file := "prompts/" + lang + ".yaml"
		if cat == nil {
			c.fail("F020", Place{File: file, Line: 1, Column: 1}, "write it, or take the language out of `languages`", "the language %s has no catalogue", lang)
			continue
		}
		if cat.voice.Name == "" {
			c.fail("F020", Place{File: file, Line: 1, Column: 1}, "add `_voice: {name: …, fallback: …, locale: …}`", "nobody speaks %s", lang)
		}
		for _, name := range slices.Sorted(maps.Keys(used)) {
			if _, ok := cat.prompts[name]; !ok {
				c.fail("F020", Place{File: file, Line: 1, Column: 1}, "add it", "prompt %q is missing", name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(cat.prompts)) {
			c.checkPrompt(name, cat.prompts[name], used)
			if source != nil {
				c.checkTranslation(name, cat, source)
			}
		}
	}
	if len(Errors(c.problems)) == 0 {
		c.checkFraming()
		c.checkLength()
	}
}

// used names the prompts that the flow speaks.
func (c *compiler) used() map[string]bool {
	used := map[string]bool{}
	for _, name := range slices.Concat(framing, edgePrompts) {
		used[name] = true
	}
	for _, n := range c.flow.nodes {
		if n.prompt != "" {
			used[n.prompt] = true
		}
		for _, o := range n.options {
			used[o.prompt] = true
		}
	}
	return used
}

// checkPrompt is F020 for what is unused and F022 for what is badly spoken.
func (c *compiler) checkPrompt(name string, t template, used map[string]bool) {
	base := strings.TrimSuffix(strings.TrimSuffix(name, "_r1"), "_r2")
	if !used[name] && !used[base] && !strings.HasPrefix(name, "topic_") {
		c.warn("F020", t.at, "remove it, or use it", "nothing speaks prompt %q", name)
	}
	for _, slot := range t.slots() {
		if slots[slot] == nil && !c.framed(name, slot) {
			c.fail("F020", t.at, "there are: "+strings.Join(slices.Sorted(maps.Keys(slots)), ", "), "prompt %q names {%s}, which is not known", name, slot)
		}
	}
	for _, p := range t.pieces {
		if bareDigits.MatchString(p.part.Text) {
			c.warn("F022", t.at, "put the number into a slot, or write its digits apart: 9, 1, 1", "prompt %q has a number that a voice may misread", name)
		}
	}
	if webAddress.MatchString(t.source) {
		c.warn("F022", t.at, "say where to find it instead", "prompt %q speaks a web address", name)
	}
}

// framed says whether the engine fills a slot of that prompt: of those around
// an option, and of an option that names its own key.
func (c *compiler) framed(prompt, slot string) bool {
	if strings.HasPrefix(prompt, "_") {
		return slices.Contains(framingSlots, slot)
	}
	for _, n := range c.flow.nodes {
		for _, o := range n.options {
			if o.prompt == prompt {
				return slot == "key"
			}
		}
	}
	return false
}

// checkTranslation is F020 between a language and the first.
func (c *compiler) checkTranslation(name string, cat, source *catalogue) {
	if cat == source {
		return
	}
	t, s := cat.prompts[name], source.prompts[name]
	if s.source == "" {
		return
	}
	if a, b := slices.Sorted(slices.Values(t.slots())), slices.Sorted(slices.Values(s.slots())); !slices.Equal(a, b) {
		c.fail("F020", t.at, fmt.Sprintf("use {%s}, as %s does", strings.Join(b, "}, {"), source.lang), "prompt %q has other slots in %s", name, cat.lang)
	}
	if t.source == s.source && len(strings.Fields(t.source)) > 1 {
		c.warn("F020", t.at, "translate it", "prompt %q is the same in %s as in %s", name, cat.lang, source.lang)
	}
}

// checkFraming is F011 and F012 for the sentences around every option.
func (c *compiler) checkFraming() {
	for _, cat := range c.flow.catalogues {
		for _, name := range []string{promptOption, promptItem} {
			if s := cat.prompts[name].slots(); !slices.Equal(s, framingSlots) {
				c.fail("F012", cat.prompts[name].at, "write it like \"To {label}, press {key}.\"", "%q must say {label}, then {key}", name)
			}
		}
		for _, pair := range [][2]string{{promptSilence1, promptSilence2}, {promptWrong1, promptWrong2}} {
			if cat.prompts[pair[0]].source == cat.prompts[pair[1]].source {
				c.fail("F011", cat.prompts[pair[1]].at, "say it another way the second time", "%q and %q are the same", pair[0], pair[1])
			}
		}
	}
}

// checkLength is F012: nobody is talked at.
func (c *compiler) checkLength() {
	c.offers()
	for _, lang := range c.flow.languages {
		cat := c.flow.catalogues[lang]
		for _, name := range slices.Sorted(maps.Keys(cat.prompts)) {
			if s := cat.prompts[name].seconds(); s > longestPrompt {
				c.warn("F012", cat.prompts[name].at, "shorten it, or split it", "prompt %q takes %.0f seconds", name, s)
			}
		}
		for _, name := range c.flow.order {
			n, s := c.flow.nodes[name], 0.0
			for _, o := range n.options {
				s += cat.offers[o.prompt+o.key].seconds()
			}
			if s > longestOptions {
				c.warn("F012", n.at, "shorten the options, or split the menu", "the options of %q take %.0f seconds in %s", name, s, lang)
			}
		}
	}
}

// seconds estimates how long a template is spoken, a slot counting as three
// words.
func (t template) seconds() float64 {
	n := 0
	for _, p := range t.pieces {
		n += len(strings.Fields(p.part.Text))
		if p.slot != "" {
			n += 3
		}
	}
	return float64(n) / wordsPerSecond
}
