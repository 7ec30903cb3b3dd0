package leakscan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Hit is one place where a number was found.
type Hit struct {
	Number   int    // its place among the numbers that the scanner was made of
	Encoding string // one of [Encodings]
	At       int64  // of its first byte
}

// A needle is looked up by its window, some six of its bytes.
const (
	windowLength = 6
	windowMask   = 1<<(8*windowLength) - 1
)

// needle is one way to write one number.
type needle struct {
	from     uint32 // where it lies in the scanner's bytes
	next     uint32 // the next needle of the same slot, counted from 1
	number   uint32
	encoding uint16
	length   uint16
	window   uint16 // where its window begins
	alone    bool   // it counts only where it stands as a word of its own
	hex      bool   // it is short, and of hexadecimal digits alone
}

// Scanner looks for many numbers at once, in one pass: each place in a text is
// looked up in a bit map of the needles' windows, and only what is there in a
// table of them. It is immutable and safe for concurrent use.
type Scanner struct {
	bytes   []byte
	needles []needle
	seen    []uint64 // the bit map, by a window's hash: three bits of a word for each
	heads   []uint32 // the table, by the same: the first needle, counted from 1
	longest int      // needle, in bytes
}

// New returns a scanner for telephone numbers of the North American plan, in
// E.164. It panics for anything else, since only tests have a use for it.
func New(numbers ...string) *Scanner {
	b := newBuilder()
	for i, e164 := range numbers {
		b.add(uint32(i), parse(e164))
	}
	return b.scanner()
}

// Needles returns how many different strings of bytes the scanner looks for.
func (s *Scanner) Needles() int { return len(s.needles) }

// Scan reports every hit in text. The ends of text end a word.
func (s *Scanner) Scan(text []byte, each func(Hit)) {
	s.scan(text, func(n *needle, at int) { each(n.hit(int64(at))) })
}

// chunk is how much of a stream is held at a time, in bytes.
const chunk = 1 << 20

// ScanReader reports every hit in what r has left, and returns how many bytes
// that was.
func (s *Scanner) ScanReader(r io.Reader, each func(Hit)) (int64, error) {
	overlap := s.longest + 1
	buffer := make([]byte, overlap+chunk)
	var begins int64 // where the buffer begins in the stream
	carried := 0     // bytes of the chunk before: a needle may lie across
	for {
		read, err := io.ReadFull(r, buffer[carried:])
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return begins + int64(carried+read), err
		}
		text := buffer[:carried+read]
		s.scan(text, func(n *needle, at int) {
			// Where the chunk ends no word need end: the next chunk tells.
			if end := at + int(n.length); carried <= end && (end < len(text) || last) {
				each(n.hit(begins + int64(at)))
			}
		})
		if last {
			return begins + int64(len(text)), nil
		}
		begins += int64(len(text) - overlap)
		carried = copy(buffer, text[len(text)-overlap:])
	}
}

func (n *needle) hit(at int64) Hit {
	return Hit{Number: int(n.number), Encoding: encodings[n.encoding].name, At: at}
}

// The race detector would make this ten times slower, and it shares nothing.
//
//go:norace
func (s *Scanner) scan(text []byte, each func(n *needle, at int)) {
	if len(text) < windowLength {
		return
	}
	seen := s.seen
	i := 0
	for ; i+8 <= len(text); i++ {
		h := mix(binary.LittleEndian.Uint64(text[i:]) & windowMask)
		if bits := bitsOf(h); seen[h>>mapShift]&bits == bits {
			s.verify(text, i, h, each)
		}
	}
	for ; i+windowLength <= len(text); i++ {
		s.verify(text, i, mix(windowOf(text, i)), each)
	}
}

// verify compares the needles whose window has that hash with what is around a
// place.
func (s *Scanner) verify(text []byte, window int, h uint64, each func(n *needle, at int)) {
	for i := s.heads[h>>tableShift]; i != 0; i = s.needles[i-1].next {
		n := &s.needles[i-1]
		at := window - int(n.window)
		end := at + int(n.length)
		if at < 0 || end > len(text) || !bytes.Equal(text[at:end], s.text(n)) {
			continue
		}
		if n.alone && (at > 0 && isWord(text[at-1]) || end < len(text) && isWord(text[end])) {
			continue
		}
		if n.hex && inHex(text, at, end) {
			continue
		}
		each(n, at)
	}
}

func (s *Scanner) text(n *needle) []byte { return s.bytes[n.from : n.from+uint32(n.length)] }

// longHex is how many hexadecimal digits in a row are no number of anybody's, nor
// an id: ciphertext, in which ten given digits turn up by chance.
const longHex = 40

// inHex says whether a place lies in so many, a letter among them. What is in
// clear in those bytes is found as hexadecimal digits of its own.
func inHex(text []byte, from, to int) bool {
	letter := false
	isHex := func(b byte) bool {
		lower := b | 0x20
		letter = letter || 'a' <= lower && lower <= 'f'
		return '0' <= b && b <= '9' || 'a' <= lower && lower <= 'f'
	}
	least, most := max(0, from-longHex), min(len(text), to+longHex)
	for from > least && isHex(text[from-1]) {
		from--
	}
	for to < most && isHex(text[to]) {
		to++
	}
	return to-from >= longHex && letter
}

// isWord says whether a byte is part of a word, a hash, a token or a UUID.
func isWord(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b == '_' || b == '-'
}
