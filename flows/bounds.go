package flows

import "strings"

// What a flow may hold, so that one which somebody sends is read and checked within
// seconds, whatever is in it. The built-in one is an eighth of each at most.
const (
	longestFile   = 512 << 10 // bytes
	longestBundle = 4 << 20   // bytes of all the files together
	mostNodes     = 2000
	mostUses      = 200  // of sub-flows
	mostPrompts   = 4000 // of a language
	mostSounds    = 500  // of a language, see pronunciations
	mostSlots     = 20   // of a prompt
	// longestWords is how much is read out in one piece, in characters: three minutes. A
	// carrier takes 4,096, with what the slots hold.
	longestWords = 2500
	// longestTurn is how much may be said before a caller is asked something, in bytes as a
	// carrier is sent them: it takes 64,000 of all together.
	longestTurn = 40_000
)

// bounded says whether a file is short enough to be read, alone and with the others.
func (c *compiler) bounded(b Bundle, file string) bool {
	if len(b[file]) > longestFile {
		c.fail("F000", top(file), "take out what nobody hears", "the file is longer than %d KB", longestFile>>10)
		return false
	}
	whole := 0
	for _, text := range b {
		whole += len(text)
	}
	if whole > longestBundle {
		c.fail("F000", top(file), "take out languages that nobody speaks", "the files are longer than %d MB together", longestBundle>>20)
		return false
	}
	return true
}

// checkTurnLength is F012 for more words than a carrier takes at once: nobody would hear
// any of them. Each place is told of once, where the words begin.
func (c *compiler) checkTurnLength(cat *catalogue) {
	length := map[string]int{} // from a node to the next question
	var from func(name string) int
	from = func(name string) int {
		n := c.flow.nodes[name]
		if n == nil {
			return 0
		}
		if known, ok := length[name]; ok {
			return known
		}
		length[name] = 0 // of a round, which F004 reports
		longest := 0
		if n.kind != kindJoin && n.kind != kindDial {
			for _, t := range n.passes() {
				longest = max(longest, from(t.node))
			}
		}
		said := cat.prompts[n.prompt].bytes()
		for i := range n.options {
			said += cat.sentence(&n.options[i]).bytes()
		}
		if length[name] = said + longest; length[name] > longestTurn && longest <= longestTurn {
			c.fail("F012", n.at, "say less, or ask something in between", "more is said from %q on than a call can be told at once in %s", name, tongue(cat.lang))
		}
		return length[name]
	}
	for _, name := range c.flow.order {
		from(name)
	}
}

// What a carrier is sent, in bytes: around a piece of text, for a silence, and for what a
// slot holds.
const (
	bytesOfPiece = 60
	bytesOfSlot  = 200
)

// bytes is about how many a carrier is sent for a template.
func (t template) bytes() (n int) {
	for _, p := range t.pieces {
		if p.slot != "" {
			n += bytesOfSlot
			continue
		}
		text := p.part.Text + p.part.Alias
		n += bytesOfPiece + len(text) + len("&amp;")*strings.Count(text, "&") + len("&#34;")*(strings.Count(text, `"`)+strings.Count(text, "<")+strings.Count(text, ">"))
	}
	return n
}
