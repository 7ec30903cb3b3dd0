package leakscan

import (
	"encoding/binary"
	"math"
	"strings"
)

// What shifts a hash to a word of the bit map (4 MiB, which a core's own cache
// nearly holds), to an entry of the table, and to one of the builder's counters.
const (
	mapShift   = 64 - 19
	tableShift = 64 - 20
	countShift = 64 - 24
)

// mix maps a window to a hash (the finaliser of MurmurHash3, cut short).
func mix(window uint64) uint64 {
	h := window * 0xff51afd7ed558ccd
	h ^= h >> 33
	return h * 0xc4ceb9fe1a85ec53
}

// bitsOf are the bits of a hash in its word of the bit map.
func bitsOf(h uint64) uint64 { return 1<<(h&63) | 1<<(h>>8&63) | 1<<(h>>16&63) }

// windowOf is the window at a place in a text.
func windowOf[T string | []byte](text T, at int) uint64 {
	var w [8]byte
	copy(w[:], text[at:at+windowLength])
	return binary.LittleEndian.Uint64(w[:])
}

// surelyNoChance is how many hexadecimal digits do not turn up by chance, however
// much there is to scan.
const surelyNoChance = 16

// builder gathers needles before it chooses their windows.
type builder struct {
	s      *Scanner
	known  map[string]bool // what one number's needles are already
	rarity []uint16        // how many needles hold a window of that hash
}

func newBuilder() *builder {
	return &builder{s: &Scanner{}, rarity: make([]uint16, 1<<(64-countShift))}
}

// add takes every way to write one number.
func (b *builder) add(number uint32, n phone) {
	b.known = map[string]bool{}
	for i, e := range encodings {
		for _, text := range e.needles(n) {
			b.needle(text, needle{number: number, encoding: uint16(i), alone: e.alone})
		}
	}
}

func (b *builder) needle(text string, n needle) {
	if len(text) < windowLength || len(text) < 8 && !n.alone {
		panic("leakscan: " + encodings[n.encoding].name + " is too short to be looked for")
	}
	if b.known[text] {
		return
	}
	b.known[text] = true
	n.hex = len(text) < surelyNoChance && strings.Trim(text, "0123456789abcdefABCDEF") == ""
	n.from, n.length = uint32(len(b.s.bytes)), uint16(len(text))
	b.s.bytes = append(b.s.bytes, text...)
	b.s.longest = max(b.s.longest, len(text))
	b.s.needles = append(b.s.needles, n)
	for i := range len(text) - windowLength + 1 {
		if r := b.rare(text, i); *r < math.MaxUint16 {
			*r++
		}
	}
}

// rare counts the needles that hold the window at a place in a text.
func (b *builder) rare(text string, at int) *uint16 {
	return &b.rarity[mix(windowOf(text, at))>>countShift]
}

// scanner gives each needle the window that the fewest others share, so that
// what many numbers have in common (555, a row of zeros) finds none of them.
func (b *builder) scanner() *Scanner {
	s := b.s
	s.seen, s.heads = make([]uint64, 1<<(64-mapShift)), make([]uint32, 1<<(64-tableShift))
	for i := range s.needles {
		n := &s.needles[i]
		text := string(s.text(n))
		at := 0
		for i := 1; i+windowLength <= len(text); i++ {
			if *b.rare(text, i) < *b.rare(text, at) {
				at = i
			}
		}
		n.window = uint16(at)
		h := mix(windowOf(text, at))
		s.seen[h>>mapShift] |= bitsOf(h)
		n.next, s.heads[h>>tableShift] = s.heads[h>>tableShift], uint32(i+1)
	}
	return s
}
