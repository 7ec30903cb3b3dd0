package flows

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hearthline/hearthline/flows/schedule"
)

// checkWords holds the catalogues to the flow and to each other.
func (c *compiler) checkWords() {
	uses := c.uses()
	source := c.flow.catalogues[c.flow.languages[0]]
	needed, heard := maps.Clone(uses), c.heard()
	if source != nil {
		for _, has := range []map[string]template{source.prompts, source.texts} {
			for name := range has {
				if c.doubtful || len(of(uses, name)) > 0 {
					needed[name] = append(needed[name], useTranslated) // what one language has, all have
				}
			}
		}
	}
	for _, lang := range c.flow.languages {
		cat := c.flow.catalogues[lang]
		file := catalogueFile(lang)
		switch {
		case c.unread[lang]:
			continue
		case cat == nil:
			mend := say("write it, or take the language out of `languages`")
			if near, ok := Tongue(lang, c.worded); ok {
				mend = say("write %s in `languages`, of which there are words", near)
			}
			c.fail("F020", top(file), mend, "the language %s has no catalogue", tongue(lang))
			continue
		case !cat.voiced:
			c.fail("F020", top(file), "add `_voice: {name: …, fallback: …, locale: …}`", "nobody speaks %s", tongue(lang))
		}
		if !schedule.Speaks(lang) {
			c.warn("F020", top(file), "add its words to flows/schedule", "dates and times are not spoken in %s but in English", tongue(lang))
		}
		for _, name := range slices.Sorted(maps.Keys(needed)) {
			_, spoken := cat.prompts[name]
			switch text, written := cat.texts[name]; {
			case spoken || written && !heard[name]:
			case written:
				c.fail("F020", text.at, "add `voice:` beside its `sms:`", "prompt %q has no words for a call", name)
			default:
				c.fail("F020", top(file), say("add `%s: …`", name), "prompt %q is missing", name)
			}
		}
		c.checkCatalogue(cat, source, uses)
	}
}

// checkCatalogue looks at each prompt of a language. A prompt without source
// could not be read, which has been reported.
func (c *compiler) checkCatalogue(cat, source *catalogue, uses map[string][]use) {
	for _, name := range slices.Sorted(maps.Keys(cat.prompts)) {
		t := cat.prompts[name]
		if t.source == "" {
			continue
		}
		if len(of(uses, name)) == 0 && !c.doubtful {
			c.warn("F020", t.at, "remove it, or use it", "nothing speaks prompt %q", name)
		}
		c.checkSlots(name, t, of(uses, name))
		c.checkSpeech(cat, name, t)
		if source != nil && cat != source {
			c.checkTranslation(name, cat, source, of(uses, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cat.texts)) {
		if len(of(uses, name)) == 0 && !c.doubtful {
			c.warn("F020", cat.texts[name].at, "remove it, or use it", "nothing writes prompt %q", name)
		}
		if source != nil && cat != source {
			c.checkTranslated(name, cat, source, cat.texts[name], source.texts[name])
		}
		c.checkSlots(name, cat.texts[name], of(uses, name))
	}
	c.checkLabels(cat)
	c.checkVoice(cat)
	c.checkFraming(cat)
	c.checkTopics(cat)
	c.checkSessionWords(cat)
	c.checkLength(cat)
	c.checkNeutral(cat)
	c.checkTexts(cat)
	c.checkToldBack(cat)
	c.checkCrisisWords(cat)
}

// use is what a prompt is spoken for: it decides which slots the engine can
// fill beside those of slots.go.
type use string

const (
	usePlain      use = "said"
	useOption     use = "an option"       // may name its own {key}
	useOffer      use = "_option, _item"  // {label} {key}
	useAnnouncing use = "other languages" // {key}
	useLabel      use = "a label"         // no slots at all
	useCount      use = "a count"         // {count} {count.feminine} {names}
	useTranslated use = "in the first language"
)

var usedSlots = map[use][]string{
	useOption: {"key"}, useOffer: {"label", "key"}, useAnnouncing: {"key"}, useCount: countSlots,
}

// uses maps each prompt that the flow or an edge speaks to what for.
func (c *compiler) uses() map[string][]use {
	uses := map[string][]use{}
	add := func(name string, u use) {
		if name != "" {
			uses[name] = append(uses[name], u)
		}
	}
	for name, u := range framing {
		add(name, u)
	}
	for _, name := range edgePrompts {
		add(name, usePlain)
	}
	for _, t := range c.flow.texted {
		add(t.says, usePlain)
		add(t.named, usePlain)
	}
	if c.hears() {
		add(promptSpeak, usePlain)
		add(promptUnheard, usePlain)
	}
	for _, n := range c.flow.nodes {
		add(n.prompt, usePlain)
		for i := range n.options {
			add(n.options[i].prompt, useOption)
		}
	}
	for slot := range c.named() {
		for _, name := range labels[slot] {
			if inSentences(name) {
				add(name, useCount)
			} else {
				add(name, useLabel)
			}
		}
	}
	return uses
}

// named are the slots that any catalogue's prompts name.
func (c *compiler) named() map[string]bool {
	slots := map[string]bool{}
	for _, cat := range c.flow.catalogues {
		for _, has := range []map[string]template{cat.prompts, cat.texts} {
			for _, t := range has {
				for _, slot := range t.slots() {
					slots[slot] = true
				}
			}
		}
	}
	return slots
}

// topicPrefix begins the prompts that name topics, which groups bring along.
const topicPrefix = "topic_"

// of finds what a prompt is spoken for: a re-prompt, what its question is; a
// topic, a label.
func of(uses map[string][]use, name string) []use {
	if us, ok := uses[name]; ok {
		return us
	}
	switch {
	case strings.HasPrefix(name, topicPrefix):
		return []use{useLabel}
	case name == promptYes, name == promptNo: // there for whoever asks
		return []use{useOption}
	}
	if at := strings.LastIndexByte(name, '_') + 1; slices.Contains(slices.Collect(maps.Values(pluralForms)), name[at:]) && len(uses[name[:at]+"other"]) > 0 {
		return []use{useCount} // a plural that only some languages have
	}
	question := strings.TrimSuffix(strings.TrimSuffix(name, "_r1"), "_r2")
	if slices.Contains(uses[question], usePlain) {
		return []use{usePlain}
	}
	return nil
}

// stray finds a slot that nothing would fill where the prompt is spoken, ""
// if there is none.
func (c *compiler) stray(t template, uses []use) string {
	for _, slot := range t.slots() {
		if len(uses) == 0 && (c.doubtful || ofBuiltIn(t.at.File)) {
			continue // it may be an option's, or was one's
		}
		if slots[slot] == nil && len(uses) == 0 {
			return slot
		}
		for _, u := range uses {
			if !slices.Contains(usedSlots[u], slot) && (u == useLabel || u == useCount || slots[slot] == nil) {
				return slot
			}
		}
	}
	return ""
}

// checkSlots is F020 for a slot that nothing would fill.
func (c *compiler) checkSlots(name string, t template, uses []use) {
	slot := c.stray(t, uses)
	switch {
	case slot == "":
	case slots[slot] != nil || slices.Contains(usedSlots[useOffer], slot):
		c.fail("F020", t.at, "take it out", "prompt %q names {%s}, which is not known where it is spoken", name, slot)
	default:
		c.fail("F020", t.at, nearest(slot, slots), "prompt %q names {%s}, which is not known", name, slot)
	}
}

// checkTranslation is F020 between a language and the first.
func (c *compiler) checkTranslation(name string, cat, source *catalogue, uses []use) {
	t, s := cat.prompts[name], source.prompts[name]
	if s.source == "" || c.stray(t, uses) != "" || c.stray(s, uses) != "" || framing[name] == useOffer {
		return // reported for what it is
	}
	if !slices.Equal(t.unformed(), s.unformed()) {
		mend := say("use no slot, as %s does", tongue(source.lang))
		if names := s.slots(); len(names) > 0 {
			mend = say("use {%s}, as %s does", strings.Join(names, "}, {"), tongue(source.lang))
		}
		c.fail("F020", t.at, mend, "prompt %q has other slots in %s", name, tongue(cat.lang))
	}
	c.checkTranslated(name, cat, source, t, s)
}

// unformed are a template's slots in order of the alphabet, however a language inflects them.
func (t template) unformed() []string {
	names := t.slots()
	for i, slot := range names {
		names[i] = unformed(slot)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkTranslated is F020 for words that are still those of the first language. One word
// alone may be the same in both.
func (c *compiler) checkTranslated(name string, cat, source *catalogue, t, s template) {
	if t.source == s.source && len(strings.Fields(t.source)) > 1 && t.hasWords() {
		c.warn("F020", t.at, "translate it", "prompt %q is the same in %s as in %s", name, tongue(cat.lang), tongue(source.lang))
	}
}

// hasWords says whether a template has words of its own, slots and keys aside.
func (t template) hasWords() bool {
	return slices.ContainsFunc(t.pieces, func(p piece) bool { return strings.ContainsFunc(p.part.Text, unicode.IsLetter) })
}
