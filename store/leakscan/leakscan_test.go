package leakscan_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/hearthline/hearthline/store/leakscan"
)

const (
	ida = "+12125550143"
	sam = "+13235550167"
)

// found is the encodings in which a text holds ida's number, of two that are
// looked for.
func found(text string) map[string]bool {
	all := map[string]bool{}
	scanner.Scan([]byte(text), func(h leakscan.Hit) { all[h.Encoding] = h.Number == 1 })
	return all
}

var scanner = leakscan.New(sam, ida)

// The number is written here by other means than the scanner's, where there are
// any.
func TestWhatIsPlantedIsFound(t *testing.T) {
	t.Parallel()
	digest := sha256.Sum256([]byte(ida))
	for name, planted := range map[string]string{
		"national digits":                           "tel:" + ida + ";ext=1",
		"groups in dashes":                          "+1-212-555-0143",
		"parentheses":                               "call (212) 555-0143 now",
		"groups in dots":                            "212.555.0143",
		"single digits in spaces":                   "1 2 1 2 5 5 5 0 1 4 3",
		"single digits in quotes and commas":        `["2","1","2","5","5","5","0","1","4","3"]`,
		"backwards":                                 "3410555212",
		"thousands in commas":                       "2,125,550,143",
		"E.164 as thousands in underscores":         "12_125_550_143",
		"fullwidth digits":                          "２１２５５５０１４３",
		"English words in spaces":                   "two one two five five five zero one four three",
		"English words with oh as titles":           "Two One Two Five Five Five Oh One Four Three",
		"Spanish words in commas and spaces":        "dos, uno, dos, cinco, cinco, cinco, cero, uno, cuatro, tres",
		"percent escapes":                           "%2B%31%32%31%32%35%35%35%30%31%34%33",
		"JSON escapes":                              `\u0032\u0031\u0032\u0035\u0035\u0035\u0030\u0031\u0034\u0033`,
		"byte values":                               fmt.Sprint([]byte(ida)),
		"hex bytes":                                 fmt.Sprintf("% x", ida),
		"Go bytes":                                  fmt.Sprintf("%#v", []byte(ida)),
		"digits in hex":                             fmt.Sprintf("%x", ida),
		"dashes in HEX":                             fmt.Sprintf("%X", "212-555-0143"),
		"E.164 in octal":                            fmt.Sprintf("%o", 12125550143),
		"national in binary":                        fmt.Sprintf("%b", 2125550143),
		"E.164 as a hex integer":                    fmt.Sprintf("id=%x;", 12125550143),
		"E.164 as a HEX integer":                    "0x2D2BD363F",
		"E.164 as 16 hex digits":                    "000000000000000002d2bd363f",
		"national in base 36":                       "/z5hwzj/",
		"E.164 in base 62":                          "deBzvp",
		"national with an exponent":                 fmt.Sprint(2125550143.0),
		"E.164 as a 64-bit integer, low byte first": "\x3f\x36\xbd\xd2\x02\x00\x00\x00",
		"national in packed decimals":               "\x00\x00\x00\x21\x25\x55\x01\x43",
		"a text's international address":            "\x0b\x91\x21\x21\x55\x05\x41\xf3",
		"E.164 as Postgres's numeric on the wire":   "\x00\x03\x00\x02\x00\x00\x00\x00\x00\x79\x09\xfb\x00\x8f",
		"SHA-256":                                   string(digest[:]),
		"SHA-256 in hex":                            hex.EncodeToString(digest[:16]),
		"SHA-256 in base64":                         base64.RawURLEncoding.EncodeToString(digest[:]),
		"MD5 in hex":                                "ccb27237c5d1fa5a71c70d6811b2625d",
		"digits in EBCDIC":                          "\xf2\xf1\xf2\xf5\xf5\xf5\xf0\xf1\xf4\xf3",
		"seven-bit characters":                      packedSeven("+" + "12125550143"),
	} {
		for _, text := range []string{planted, " " + planted + "\n", "\xff\x00" + planted + "\x00\xff"} {
			if !found(text)[name] {
				t.Errorf("%q is not found as %s but as %v", text, name, found(text))
			}
		}
	}
}

// packedSeven packs text as GSM 03.38 does, by a string of bits.
func packedSeven(text string) string {
	bits := ""
	for _, c := range text {
		for i := range 7 {
			bits += string('0' + c>>i&1)
		}
	}
	bits += strings.Repeat("0", (8-len(bits)%8)%8)
	var b []byte
	for ; bits != ""; bits = bits[8:] {
		var v byte
		for i := range 8 {
			v |= (bits[i] - '0') << i
		}
		b = append(b, v)
	}
	return string(b)
}

// In base64, base32, UTF-16 and the like a number looks otherwise at each place
// of a longer text.
func TestANumberIsFoundAtEachAlignment(t *testing.T) {
	t.Parallel()
	forms := map[string]string{"digits": ida, "dashes": "212-555-0143", "parentheses": "(212) 555-0143"}
	codes := map[string]func([]byte) string{
		"base64":             base64.StdEncoding.EncodeToString,
		"base64 for URLs":    base64.RawURLEncoding.EncodeToString,
		"base32":             base32.StdEncoding.EncodeToString,
		"base32, lower":      func(b []byte) string { return strings.ToLower(base32.StdEncoding.EncodeToString(b)) },
		"base32hex":          base32.HexEncoding.EncodeToString,
		"Crockford's base32": base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString,
		"hex":                hex.EncodeToString,
		"UTF-16": func(b []byte) string {
			var wide []byte
			for _, u := range utf16.Encode([]rune(string(b))) {
				wide = append(wide, byte(u>>8), byte(u))
			}
			return string(wide)
		},
	}
	for form, number := range forms {
		for code, encode := range codes {
			for skip := range 8 {
				for tail := range 6 {
					text := encode([]byte(strings.Repeat("x", skip) + number + strings.Repeat("y", tail)))
					if got := found(text); !got[form+" in "+code] && !got[form+" in base64"] {
						t.Errorf("%s in %s after %d bytes is not found but %v", form, code, skip, got)
					}
				}
			}
		}
	}
}

// Every encoding finds what it is there for, in a text whose other ends are
// words or no words, and takes nobody else's number for it.
func TestEachEncodingFindsItsOwn(t *testing.T) {
	t.Parallel()
	for name, needles := range leakscan.Written(ida) {
		for _, n := range needles {
			if got := found("\n" + n + "\n"); len(got) == 0 || slices.Contains(slices.Collect(maps.Values(got)), false) {
				t.Errorf("%s: %q is found as %v", name, n, got)
			}
		}
	}
}

// What the issue asks is encodings that each find something that no other does.
func TestThereAreManyEncodings(t *testing.T) {
	t.Parallel()
	names := leakscan.Encodings()
	if sorted := slices.Sorted(slices.Values(names)); len(slices.Compact(sorted)) != len(names) {
		t.Error("two encodings share a name")
	}
	needed := 0
	for name, needles := range leakscan.Written(ida) {
		alone := false
		for _, n := range needles {
			got := found("\n" + n + "\n")
			alone = alone || len(got) == 1 && got[name]
		}
		if alone {
			needed++
		}
	}
	if needed < 150 {
		t.Errorf("of %d encodings only %d find what no other does", len(names), needed)
	}
	t.Logf("%d encodings, %d of which find what no other does; %d needles for a number", len(names), needed, leakscan.New(ida).Needles())
}

func TestNoiseIsNoNumber(t *testing.T) {
	t.Parallel()
	numbers := make([]string, 200)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+1%03d55501%02d", 201+i/100*7, i%100)
	}
	s := leakscan.New(numbers...)
	noise := make([]byte, 4<<20)
	random := rand.NewChaCha8([32]byte{4})
	_, _ = random.Read(noise)
	for name, text := range map[string][]byte{
		"bytes": noise, "hex": []byte(hex.EncodeToString(noise)), "base64": []byte(base64.StdEncoding.EncodeToString(noise)),
		"zeros": make([]byte, 1<<20), "digits": digitsOf(noise),
		"UUIDs": []byte(strings.Repeat("6ba7b810-9dad-11d1-80b4-00c04fd430c8\n", 1000)),
	} {
		s.Scan(text, func(h leakscan.Hit) {
			t.Errorf("in %s at %d: %s", name, h.At, h.Encoding)
		})
	}
}

func digitsOf(noise []byte) []byte {
	digits := make([]byte, len(noise)/8)
	for i := range digits {
		digits[i] = '0' + noise[i]%10
	}
	return digits
}

func TestAShortFormCountsAsAWordAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"z5hwzj": true, "id=z5hwzj&": true, "az5hwzj": false, "z5hwzj0": false, "z5hwzj-1": false, "_z5hwzj": false,
	} {
		if got := found(text)["national in base 36"]; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// Ten given digits are in hexadecimal ciphertext by chance once in a while.
func TestDigitsInLongHexAreChance(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2125550143": true, "id-2125550143": true, strings.Repeat("0", 60) + "2125550143": true,
		"0f3c2125550143a7": true, "6f9619ff8b86d0112125550143c04fc9": true, // an id
		strings.Repeat("0f3c", 5) + "2125550143" + strings.Repeat("a7", 10): false,
		`\\x` + strings.Repeat("0f3c", 10) + "2125550143":                   false,
		"2125550143" + strings.Repeat("a7", 20):                             false,
	} {
		if got := found(text)["national digits"]; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	sealed := strings.Repeat("0f3c", 20)
	if !found(sealed + hex.EncodeToString([]byte(ida)) + sealed)["digits in hex"] {
		t.Error("what the bytes hold in clear is not found")
	}
}

// A stream is read in pieces: what lies across two of them is found, once, and
// a piece's end is no word's end.
func TestAStreamIsScannedLikeItsBytes(t *testing.T) {
	t.Parallel()
	const piece = 1 << 20
	for _, planted := range []string{ida, "\nz5hwzj\n", strings.Repeat("five ", 8) + "two one two five five five zero one four three", "z5hwzjx"} {
		for _, at := range []int{0, 700, piece - 40, piece - 12, piece - 7, piece - 6, piece - 1, piece, piece + 160, 2 * piece, 3*piece - 60} {
			text := bytes.Repeat([]byte(" "), 3*piece)
			text = append(append(text[:at:at], planted...), text[at:]...)
			var want, got []leakscan.Hit
			scanner.Scan(text, func(h leakscan.Hit) { want = append(want, h) })
			n, err := scanner.ScanReader(iotest.HalfReader(bytes.NewReader(text)), func(h leakscan.Hit) { got = append(got, h) })
			if err != nil || n != int64(len(text)) || !slices.Equal(got, want) {
				t.Errorf("%q at %d: %v, %d bytes, %v; want %v", planted, at, got, n, err, want)
			}
		}
	}
	if _, err := scanner.ScanReader(iotest.ErrReader(iotest.ErrTimeout), func(leakscan.Hit) {}); err != iotest.ErrTimeout {
		t.Errorf("a stream that fails: %v", err)
	}
}

// BenchmarkScan looks for a thousand numbers in noise.
func BenchmarkScan(b *testing.B) {
	numbers := make([]string, 1000)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+1%03d55501%02d", 201+i/20*7, i%100)
	}
	began := b.Elapsed()
	s := leakscan.New(numbers...)
	b.ReportMetric((b.Elapsed() - began).Seconds(), "s-to-build")
	b.ReportMetric(float64(s.Needles()), "needles")
	noise := make([]byte, 32<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	b.SetBytes(int64(len(noise)))
	for b.Loop() {
		s.Scan(noise, func(leakscan.Hit) {})
	}
}
