package flows

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a caller can listen to. A voice speaks 150 words a minute, or 300 Chinese
// characters, each a syllable; slow words at about three quarters of that.
const (
	wordsPerSecond  = 2.5
	hanPerSecond    = 5
	slowly          = 0.75
	wordsOfSlot     = 3
	longestPrompt   = 20 // seconds
	longestOptions  = 25 // seconds, of one menu
	longestEnforced = 6  // seconds that no key interrupts
)

// signs are those that a voice names or skips.
const signs = `@&#*%/\+=<>_~^|$€`

// misread are kinds of text that a voice speaks badly: F022. One may be there only in a
// text of which its quick look says so.
var misread = []struct {
	maybe      func(text string) bool
	text       *regexp.Regexp
	what, mend Sentence
}{
	{beside(unicode.IsDigit), regexp.MustCompile(`[0-9０-９]{2,}`), say("has a number that a voice may misread"), say("put the number into a slot, or write its digits apart: 9, 1, 1")},
	{hasAddress, regexp.MustCompile(`(?i)https?:|www\.|[a-z0-9]\.(com|org|net|gov|edu|info)\b`), say("speaks a web address"), say("say where to find it instead")},
	{beside(unicode.IsUpper), regexp.MustCompile(`(^|[^\p{L}\p{N}_])\p{Lu}{2,}($|[^\p{L}\p{N}_])`), say("has capitals that a voice may spell or not"), say("write [say:P T S D|PTSD], with how it sounds first")},
	{hasShort, regexp.MustCompile(`(^|[^\pL])((Dr|Dra|Mr|Mrs|Ms|Sr|Sra|Ud|Uds|St|Ste|Ave|vs|etc|approx|Mme)\.|\pL\.\s?\pL\.)`), say("has an abbreviation that a voice may read as it stands"), say("write the words out")},
	{func(text string) bool { return strings.ContainsAny(text, signs) }, regexp.MustCompile(`[` + regexp.QuoteMeta(signs) + `]`), say("has a sign that a voice may name or skip"), say("write it as a word")},
}

// checkSpeech is F022: what a voice says badly. What has a pronunciation of
// its own, or one in its language, is left alone.
func (c *compiler) checkSpeech(cat *catalogue, name string, t template) {
	for _, m := range misread {
		badly := func(p Part) bool {
			return p.Alias == "" && m.maybe(p.Text) && m.text.MatchString(p.Text)
		}
		if slices.ContainsFunc(t.pieces, func(p piece) bool { return slices.ContainsFunc(cat.pronounced([]Part{p.part}), badly) }) {
			c.warn("F022", t.at, m.mend, "prompt %q %s", name, m.what)
		}
	}
}

// checkLabels is F012 for an option that says its key itself, which is said behind it.
func (c *compiler) checkLabels(cat *catalogue) {
	for _, name := range c.flow.order {
		for i := range c.flow.nodes[name].options {
			o := &c.flow.nodes[name].options[i]
			label := cat.prompts[o.prompt]
			digits := strings.FieldsFunc(label.source, func(r rune) bool { return !unicode.IsDigit(r) })
			if slices.Contains(digits, o.key) && !slices.Contains(label.slots(), "key") {
				c.warn("F012", label.at, "write only what it is for: the key is said behind that", "the option %q says the key %s itself", o.prompt, o.key)
			}
		}
	}
}

// beside says whether two letters of a kind are beside each other.
func beside(of func(rune) bool) func(text string) bool {
	return func(text string) bool {
		last := false
		for _, r := range text {
			if of(r) && last {
				return true
			}
			last = of(r)
		}
		return false
	}
}

// hasAddress says whether a stop or a colon stands within words, as in an address.
func hasAddress(text string) bool {
	for i := range len(text) - 1 {
		if text[i] == ':' || text[i] == '.' && text[i+1] != ' ' {
			return true
		}
	}
	return false
}

// hasShort says whether a stop comes after as few letters as abbreviations have.
func hasShort(text string) bool {
	letters := 0
	for i, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case r == '.' && letters > 0 && (letters <= 3 || strings.HasSuffix(text[:i], "approx")):
			return true
		default:
			letters = 0
		}
	}
	return false
}

// checkFraming is F011 and F012 for the sentences around every option.
func (c *compiler) checkFraming(cat *catalogue) {
	for _, name := range []string{promptOption, promptItem} {
		t := cat.prompts[name]
		if s := t.slots(); t.source != "" && (!slices.Equal(s, usedSlots[useOffer]) || !t.keyLast()) {
			c.fail("F012", t.at, "write it like \"To {label}, press {key}.\"", "%q must say {label}, then {key}", name)
		}
	}
	pairs := [][2]string{{promptSilence1, promptSilence2}, {promptWrong1, promptWrong2}}
	for _, name := range c.flow.order {
		if n := c.flow.nodes[name]; n.asks() && n.prompt != "" {
			pairs = append(pairs, [2]string{n.prompt + "_r1", n.prompt + "_r2"})
		}
	}
	for _, pair := range pairs {
		first, second := cat.prompts[pair[0]], cat.prompts[pair[1]]
		if first.source != "" && first.source == second.source {
			c.fail("F011", second.at, "say it another way the second time", "%q and %q are the same", pair[0], pair[1])
		}
	}
}

// keyLast says whether the key comes after what it is for: at most the odd
// word follows it.
func (t template) keyLast() bool {
	at := slices.IndexFunc(t.pieces, func(p piece) bool { return p.slot == "key" })
	return at < 0 || letters(t.pieces[at+1:]) < letters(t.pieces[:at])
}

func letters(ps []piece) (n int) {
	for _, p := range ps {
		n += utf8.RuneCountInString(strings.Trim(p.part.Text, " .,;:!?¡¿。，！？、"))
		if p.slot != "" {
			n += 4 * wordsOfSlot
		}
	}
	return n
}

// checkLength is F012 for what is too long to be listened to, and for an
// option that names its key before itself.
func (c *compiler) checkLength(cat *catalogue) {
	long := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(cat.prompts)) {
		t := cat.prompts[name]
		if long[name] = t.seconds(); long[name] > longestPrompt {
			c.warn("F012", t.at, "shorten it, or split it", "prompt %q takes %.0f seconds", name, long[name])
		}
	}
	c.checkTurnLength(cat)
	recorded := func(string) bool { return true }
	if !c.routeless() {
		takes := c.recorded()
		recorded = func(name string) bool { return takes[name] }
	}
	for _, name := range c.flow.order {
		n, options := c.flow.nodes[name], 0.0
		for i := range n.options {
			o := &n.options[i]
			if o.quiet {
				continue
			}
			if t := cat.prompts[o.prompt]; !t.keyLast() {
				c.fail("F012", t.at, "write it like \"For English, press {key}.\"", "prompt %q says the key before what it is for", o.prompt)
			}
			options += cat.offers[o].sentence.seconds()
		}
		if options > longestOptions {
			c.warn("F012", n.at, "shorten the options, or split the menu", "the options of %q take %.0f seconds in %s", name, options, tongue(cat.lang))
		}
		if s := c.enforced(n, long); s > longestEnforced && !recorded(name) {
			c.warn("F012", cat.prompts[n.prompt].at, "shorten it: nobody can skip it", "no key interrupts the %.0f seconds of %q in %s", s, name, tongue(cat.lang))
		}
	}
}

// enforced is how long a caller has to listen from a `say` on, because what
// follows is a room, a number or the end rather than a question. Long is how long each
// prompt takes.
func (c *compiler) enforced(n *node, long map[string]float64) (seconds float64) {
	for range c.flow.nodes {
		if n == nil || n.kind != kindSay {
			break
		}
		seconds += long[n.prompt]
		if n.end {
			return seconds
		}
		n = c.flow.nodes[n.next.node]
	}
	if n != nil && (n.kind == kindJoin || n.kind == kindDial) {
		return seconds
	}
	return 0
}

// seconds estimates how long a template is spoken.
func (t template) seconds() (s float64) {
	for _, p := range t.pieces {
		n := spokenSeconds(p.part.Text)
		if p.slot != "" {
			n = wordsOfSlot / wordsPerSecond
		}
		if p.slow || p.part.Slow {
			n /= slowly
		}
		s += n + p.part.Pause.Seconds()
	}
	return s
}

// spokenSeconds is how long words take, of which Chinese has one in each character.
func spokenSeconds(text string) float64 {
	han := 0
	rest := strings.Map(func(r rune) rune {
		if isHan(r) {
			han++
			return ' '
		}
		return r
	}, text)
	words := strings.FieldsFunc(rest, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && r != '-'
	})
	return float64(len(words))/wordsPerSecond + float64(han)/hanPerSecond
}
