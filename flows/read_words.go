package flows

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// readCatalogues reads the words of the flow's languages, or of those of them that are
// named. Those of another language are left alone: nothing holds them to the flow.
func (c *compiler) readCatalogues(b Bundle, langs ...string) {
	files := b.catalogueFiles()
	c.worded = slices.Sorted(maps.Keys(files))
	for _, lang := range c.worded {
		if len(langs) > 0 && !slices.Contains(langs, lang) {
			continue
		}
		if ofBuiltIn(files[lang]) && !slices.Contains(c.flow.languages, lang) {
			continue // whoever extends it need not speak them all
		}
		if len(c.flow.languages) > 0 && !c.doubtful && !slices.Contains(c.flow.languages, lang) {
			c.warn("F020", top(files[lang]), say("add %s to `languages`, or remove the file", lang), "nobody speaks these prompts: the flow does not list %s", tongue(lang))
			continue
		}
		root := c.suppliedWords(lang, c.wordsOf(b, lang))
		if c.unread[lang] = root == nil; root != nil {
			c.catalogue(lang, root)
		}
	}
}

func (c *compiler) catalogue(lang string, root *yaml.Node) {
	cat := &catalogue{lang: lang, prompts: map[string]template{}, texts: map[string]template{}, phrases: map[string][]string{}}
	c.flow.catalogues[lang] = cat
	if len(root.Content) > 2*mostPrompts {
		c.fail("F000", top(catalogueFile(lang)), "take out what nobody speaks", "there are more than %d prompts", mostPrompts)
		return
	}
	c.pairs(root, "write `name: text` lines", func(k, v *yaml.Node) {
		if k.Value == "_voice" {
			c.voice(cat, v)
			return
		}
		if k.Value == promptSpeech {
			c.speech(cat, v)
			return
		}
		if k.Value == promptSay {
			cat.says = byFirst(c.pronunciations(v))
			return
		}
		if k.Value == promptLong {
			cat.long = c.longTexts(v)
			return
		}
		if k.Value == promptAliases {
			cat.aliases, cat.named = c.names(v), c.at(v)
			return
		}
		if name, ok := strings.CutPrefix(k.Value, wordPrefix); ok || strings.HasPrefix(k.Value, alsoPrefix) || slices.Contains([]string{promptDanger, promptHarmless, promptSmall, promptToday}, k.Value) {
			cat.phrases[name] = c.phrases(name, v)
			return
		}
		if v.Kind != yaml.MappingNode {
			cat.prompts[k.Value] = c.prompt(k.Value, v)
			return
		}
		if len(v.Content) == 2 && v.Content[1].ShortTag() == "!!null" && !slices.Contains([]string{"voice", "sms"}, v.Content[0].Value) { // {line.name}
			c.fail("F000", c.at(v), "put quotes around the words", "prompt %q is not read as words", k.Value)
			cat.prompts[k.Value] = template{at: c.at(v)}
			return
		}
		read := c.clean(func() {
			c.fields(v, map[string]setting{
				"voice": func(v *yaml.Node) { cat.prompts[k.Value] = c.prompt(k.Value, v) },
				"sms":   func(v *yaml.Node) { cat.texts[k.Value] = c.prompt(k.Value, v) },
			})
		})
		if _, spoken := cat.prompts[k.Value]; !spoken && !read {
			cat.prompts[k.Value] = template{at: c.at(v)}
		}
	})
}

// phrases reads a list of what people write for the word of that name.
func (c *compiler) phrases(name string, v *yaml.Node) []string {
	if v.Kind != yaml.SequenceNode {
		c.fail("F000", c.at(v), "write [now, open now]", "a list of words is expected here")
		return nil
	}
	var all []string
	for _, entry := range v.Content {
		text, ok := scalar(entry)
		phrase := plainly(text)
		switch {
		case !ok || phrase == "":
			c.fail("F000", c.at(entry), "write one in letters", "a word is expected here")
		case reserved[phrase] && !slices.Contains(passed[name], phrase):
			c.fail("F031", c.at(entry), "use another: carriers answer this one themselves", "the word %q is not ours", strings.ToUpper(text))
		default:
			all = append(all, phrase)
		}
	}
	return all
}

// names reads a list of names, as they are spoken.
func (c *compiler) names(v *yaml.Node) (all []string) {
	if v.Kind != yaml.SequenceNode {
		c.fail("F000", c.at(v), "write [Blue Heron, Quiet River]", "a list of names is expected here")
		return nil
	}
	for _, entry := range v.Content {
		name, ok := scalar(entry)
		if !ok || strings.ContainsFunc(name, func(r rune) bool { return unsayable(r) || strings.ContainsRune("{}[]", r) }) {
			c.fail("F000", c.at(entry), "write one in letters", "a name is expected here")
			continue
		}
		all = append(all, strings.Join(strings.Fields(name), " "))
	}
	return all
}

// longTexts reads the list of nodes whose texts may be longer than is meant.
func (c *compiler) longTexts(v *yaml.Node) map[string]Place {
	if v.Kind != yaml.SequenceNode {
		c.fail("F000", c.at(v), "write [dates, consent]", "a list of nodes is expected here")
		return nil
	}
	all := map[string]Place{}
	for _, entry := range v.Content {
		all[entry.Value] = c.at(entry)
	}
	return all
}

// reserved are the words of carriers: they stop texts, start them again and
// ask for help.
// Source: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
var reserved = map[string]bool{
	"stop": true, "stopall": true, "unsubscribe": true, "cancel": true, "end": true, "quit": true, "revoke": true, "optout": true,
	"start": true, "yes": true, "unstop": true, "help": true, "info": true,
}

// passed are those of them that reach us too: a call for help, and a yes with
// anything around it.
var passed = map[string][]string{"help": {"help", "info"}, wordYes: {"yes"}}

// unsayable are characters that no voice speaks and that change what stands around them:
// those that steer a terminal or turn the direction of writing, and those that no XML
// may hold.
func unsayable(r rune) bool {
	if ' ' <= r && r <= '~' {
		return false // as most are, and asked of every letter of a flow
	}
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Noncharacter_Code_Point)
}

// prompt reads the words of one prompt; those that cannot be read are empty.
func (c *compiler) prompt(name string, v *yaml.Node) template {
	text, ok := scalar(v)
	if !ok {
		c.fail("F000", c.at(v), "write what is said, in quotes", "prompt %q has no words", name)
		return template{at: c.at(v)}
	}
	t, fault := parseTemplate(strings.Join(strings.Fields(text), " "))
	if strings.ContainsFunc(t.source, unsayable) {
		fault = &markupFault{say("it holds a character that no voice speaks"), say("take out what is not a letter or a sign")}
	}
	if fault != nil {
		c.fail("F000", c.at(v), fault.mend, "prompt %q: %s", name, fault.what)
		return template{at: c.at(v)}
	}
	t.at = c.at(v)
	return t
}

// What a voice and what it speaks are called, as far as it can be told by the name.
// Source: https://www.twilio.com/docs/voice/twiml/say/text-speech
var (
	voiceName  = regexp.MustCompile(`^(Polly|Google)\.[A-Za-z0-9-]{1,60}$`)
	localeName = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-[0-9]{3})?$`)
)

func (c *compiler) voice(cat *catalogue, v *yaml.Node) {
	whole := c.clean(func() {
		c.fields(v, map[string]setting{
			"name": c.text(&cat.voice.Name), "fallback": c.text(&cat.voice.Fallback), "locale": c.text(&cat.voice.Locale),
		})
	})
	cat.voiced = true
	for _, of := range []*string{&cat.voice.Name, &cat.voice.Fallback} {
		if *of != "" && !voiceName.MatchString(*of) {
			c.fail("F000", c.placeOf(of, c.at(v)), "write one of the carrier's, such as Polly.Joanna-Neural", "%q is not the name of a voice, and nothing would be heard", *of)
		}
	}
	if locale := cat.voice.Locale; locale != "" && !localeName.MatchString(locale) {
		c.fail("F000", c.placeOf(&cat.voice.Locale, c.at(v)), "write a language and where it is spoken so, such as en-US", "%q is no language that a voice speaks", locale)
	}
	if whole && (cat.voice.Name == "" || cat.voice.Fallback == "" || cat.voice.Locale == "") {
		c.fail("F000", c.at(v), "write {name: Polly.Joanna-Neural, fallback: Polly.Joanna, locale: en-US}", "the voice is not whole")
	}
}
