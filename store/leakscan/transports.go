package leakscan

import (
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
)

// escapes write a text byte by byte.
func escapes() []encoding {
	var all []encoding
	for _, e := range []struct{ name, format, sep string }{
		{"percent escapes", "%%%02X", ""}, {"double percent escapes", "%%25%02X", ""}, {"JSON escapes", `\u%04x`, ""}, {"hex escapes", `\x%02x`, ""},
		{"octal escapes", `\%03o`, ""}, {"bytea escapes", `\\%03o`, ""}, {"decimal entities", "&#%d;", ""}, {"hex entities", "&#x%x;", ""},
		{"quoted-printable", "=%02X", ""}, {"code points", "U+%04X", " "}, {"byte values", "%d", " "}, {"byte values in commas", "%d", ","},
		{"byte values in commas and spaces", "%d", ", "}, {"hex bytes", "%02x", " "}, {"hex bytes in colons", "%02x", ":"}, {"hex bytes in dashes", "%02x", "-"},
		{"Go bytes", "0x%x", ", "}, {"C bytes", "0x%02X", ","}, {"octal bytes", "%03o", " "}, {"binary bytes", "%08b", " "}, {"bits", "%08b", ""},
	} {
		all = append(all, one(e.name, func(p phone) string {
			var parts []string
			for _, b := range []byte(p.national) {
				parts = append(parts, fmt.Sprintf(e.format, b))
			}
			return strings.Join(parts, e.sep)
		}))
	}
	return all
}

// carried are the ways to write a number that hide in a transport encoding.
// National digits stand for E.164 too, which holds them.
func (p phone) carried() []spelling {
	return []spelling{{"digits", p.national}, {"dashes", p.grouped("-")}, {"parentheses", p.parens()}, {"digits backwards", backwards(p.national)}}
}

const (
	uuAlphabet       = "`!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"
	cryptAlphabet    = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	ourAlphabet      = "abcdefghijklmnopqrstuvwxyz234567" // of the vault's names
	crockford        = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	zAlphabet        = "ybndrfg8ejkmcpqxot1uwisza345h769"
	base58Alphabet   = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	base62Alphabet   = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	base62LowerFirst = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// transports write a text in another alphabet.
func transports() []encoding {
	var all []encoding
	for i, s := range (phone{}).carried() {
		text := func(p phone) string { return p.carried()[i].text }
		for _, t := range []struct {
			name        string
			block, bits int // bytes that are written together; bits of each character
			encode      func([]byte) string
		}{
			{"base64", 3, 6, base64.StdEncoding.EncodeToString},
			{"base64 for URLs", 3, 6, base64.URLEncoding.EncodeToString},
			{"uuencode", 3, 6, base64.NewEncoding(uuAlphabet).EncodeToString},
			{"crypt's base64", 3, 6, base64.NewEncoding(cryptAlphabet).EncodeToString},
			{"base32", 5, 5, base32.StdEncoding.EncodeToString},
			{"base32, lower", 5, 5, base32.NewEncoding(ourAlphabet).EncodeToString},
			{"base32hex", 5, 5, base32.HexEncoding.EncodeToString},
			{"Crockford's base32", 5, 5, base32.NewEncoding(crockford).EncodeToString},
			{"z-base-32", 5, 5, base32.NewEncoding(zAlphabet).EncodeToString},
		} {
			all = append(all, encoding{name: s.name + " in " + t.name, needles: func(p phone) []string {
				return aligned(text(p), t.block, t.bits, t.encode)
			}})
		}
		all = append(all,
			one(s.name+" in hex", func(p phone) string { return hex.EncodeToString([]byte(text(p))) }),
			one(s.name+" in HEX", func(p phone) string { return strings.ToUpper(hex.EncodeToString([]byte(text(p)))) }),
			one(s.name+" in UTF-16", func(p phone) string { return wide(text(p), 1) }),
			one(s.name+" in UTF-32", func(p phone) string { return wide(text(p), 3) }),
			one(s.name+" in EBCDIC", func(p phone) string { return ebcdic(text(p)) }),
			encoding{name: s.name + " in base58", needles: func(p phone) []string {
				number := new(big.Int).SetBytes([]byte(text(p)))
				return []string{inBase(number, base58Alphabet)}
			}})
	}
	return append(all,
		encoding{name: "E.164 in base58", needles: func(p phone) []string {
			return []string{inBase(new(big.Int).SetBytes([]byte(p.e164)), base58Alphabet), inBase(new(big.Int).SetBytes([]byte(p.digits)), base58Alphabet)}
		}},
		encoding{name: "E.164 in ASCII85", needles: func(p phone) []string { return aligned(p.digits, 4, 0, ascii85Of) }},
		encoding{name: "dashes in ASCII85", needles: func(p phone) []string { return aligned(p.grouped("-"), 4, 0, ascii85Of) }},
		encoding{name: "base64 twice", needles: func(p phone) []string {
			var all []string
			for _, inner := range aligned(p.national, 3, 6, base64.StdEncoding.EncodeToString) {
				all = append(all, aligned(inner, 3, 6, base64.StdEncoding.EncodeToString)...)
			}
			return all
		}},
		encoding{name: "UTF-16 in base64", needles: func(p phone) []string { return aligned(wide(p.national, 1), 3, 6, base64.StdEncoding.EncodeToString) }},
		one("UTF-16 in hex", func(p phone) string { return hex.EncodeToString([]byte(wide(p.national, 1))) }),
		encoding{name: "base64 in hex", needles: func(p phone) []string {
			var all []string
			for _, inner := range aligned(p.national, 3, 6, base64.StdEncoding.EncodeToString) {
				all = append(all, hex.EncodeToString([]byte(inner)))
			}
			return all
		}},
		encoding{name: "seven-bit characters", needles: sevenBit})
}

// aligned returns what a text surely leaves of itself in a longer one that is
// encoded by blocks, for each place in a block where it may begin. Characters
// have some bits each; with 0, only whole blocks (of five) are sure.
func aligned(text string, block, bits int, encode func([]byte) string) []string {
	var all []string
	for skip := range block {
		code := encode(append(make([]byte, skip, skip+len(text)), text...))
		first, last := skip, skip+len(text)
		if bits > 0 {
			first, last = (first*8+bits-1)/bits, last*8/bits
		} else {
			first, last = (first+block-1)/block*5, last/block*5
		}
		all = append(all, code[first:last])
	}
	return all
}

func ascii85Of(b []byte) string {
	for i := range b { // a block of zeros would be written as z
		if b[i] == 0 {
			b[i] = ' '
		}
	}
	code := make([]byte, ascii85.MaxEncodedLen(len(b)))
	return string(code[:ascii85.Encode(code, b)])
}

// wide puts zeros between the characters, as both byte orders have them there.
func wide(text string, zeros int) string {
	return strings.Join(strings.Split(text, ""), strings.Repeat("\x00", zeros))
}

// ebcdic is a text in code page 037.
func ebcdic(text string) string {
	b := []byte(text)
	for i, c := range b {
		switch {
		case '0' <= c && c <= '9':
			b[i] = 0xf0 + c - '0'
		default:
			b[i] = map[byte]byte{'-': 0x60, '(': 0x4d, ')': 0x5d, ' ': 0x40}[c]
		}
	}
	return string(b)
}

// sevenBit packs a number as texts carry it on the air (3GPP 23.038), from each
// bit of a byte on.
func sevenBit(p phone) []string {
	var all []string
	for skip := range 8 {
		packed := new(big.Int)
		for i, c := range p.digits {
			packed.Or(packed, new(big.Int).Lsh(big.NewInt(int64(c)), uint(skip+7*i)))
		}
		b := []byte(backwards(string(packed.Bytes()))) // the lowest byte comes first
		all = append(all, string(b[(skip+7)/8:(skip+7*len(p.digits))/8]))
	}
	return all
}

// inBase writes a number in the base of an alphabet.
func inBase(n *big.Int, alphabet string) string {
	base, rest, digit := big.NewInt(int64(len(alphabet))), new(big.Int).Set(n), new(big.Int)
	var b []byte
	for rest.Sign() > 0 {
		rest.DivMod(rest, base, digit)
		b = append(b, alphabet[digit.Int64()])
	}
	return backwards(string(b))
}
