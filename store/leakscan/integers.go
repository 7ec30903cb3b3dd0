package leakscan

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
	"strconv"
	"strings"
)

func (p phone) whole(digits string) uint64 {
	n, _ := strconv.ParseUint(digits, 10, 64) // parse has looked at them
	return n
}

// numbers are the integers that a number makes.
func (p phone) numbers() []struct {
	name  string
	value uint64
} {
	return []struct {
		name  string
		value uint64
	}{{"E.164", p.whole(p.digits)}, {"national", p.whole(p.national)}}
}

// integers write a number as an integer, in digits of some base.
func integers() []encoding {
	var all []encoding
	for i, n := range (phone{digits: "0", national: "0"}).numbers() {
		value := func(p phone) uint64 { return p.numbers()[i].value }
		base := func(b int) func(phone) string {
			return func(p phone) string { return strconv.FormatUint(value(p), b) }
		}
		in := func(alphabet string) func(phone) string {
			return func(p phone) string { return inBase(new(big.Int).SetUint64(value(p)), alphabet) }
		}
		upper := func(f func(phone) string) func(phone) string {
			return func(p phone) string { return strings.ToUpper(f(p)) }
		}
		all = append(all,
			one(n.name+" in octal", base(8)),
			one(n.name+" in binary", base(2)),
			one(n.name+" in base 3", base(3)), one(n.name+" in base 4", base(4)), one(n.name+" in base 5", base(5)),
			one(n.name+" in base 6", base(6)), one(n.name+" in base 7", base(7)), one(n.name+" in base 9", base(9)), one(n.name+" in base 12", base(12)),
			word(n.name+" as a hex integer", base(16), func(p phone) string { return "0x" + base(16)(p) }),
			word(n.name+" as a HEX integer", upper(base(16)), func(p phone) string { return "0x" + upper(base(16))(p) }),
			one(n.name+" as 16 hex digits", func(p phone) string { return hex.EncodeToString(int64Of(value(p))) }),
			one(n.name+" as 16 hex digits, low byte first", func(p phone) string { return hex.EncodeToString([]byte(backwards(string(int64Of(value(p)))))) }),
			word(n.name+" in base 36", base(36), upper(base(36))),
			word(n.name+" in base 32", base(32), in(crockford), in(ourAlphabet)),
			word(n.name+" in base 58", in(base58Alphabet)),
			word(n.name+" in base 62", in(base62Alphabet), in(base62LowerFirst)),
			one(n.name+" as a 64-bit integer, high byte first", func(p phone) string { return string(int64Of(value(p))) }),
			one(n.name+" as a 64-bit integer, low byte first", func(p phone) string { return backwards(string(int64Of(value(p)))) }),
			one(n.name+" as a float, high byte first", func(p phone) string { return string(int64Of(math.Float64bits(float64(value(p))))) }),
			one(n.name+" as a float, low byte first", func(p phone) string { return backwards(string(int64Of(math.Float64bits(float64(value(p)))))) }),
			one(n.name+" with an exponent", func(p phone) string {
				mantissa, _, _ := strings.Cut(strconv.FormatFloat(float64(value(p)), 'e', -1, 64), "e")
				return mantissa
			}))
	}
	return all
}

func int64Of(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

// binaries are what databases and telephone signalling make of a number. None
// has less than eight bytes.
func binaries() []encoding {
	var all []encoding
	for i, n := range (phone{digits: "0", national: "0"}).numbers() {
		digits := func(p phone) string { return []string{p.digits, p.national}[i] }
		all = append(all,
			one(n.name+" in packed decimals", func(p phone) string { return packed(strings.Repeat("0", 16-len(digits(p))) + digits(p)) }),
			one(n.name+" in signed packed decimals", func(p phone) string { return packed(strings.Repeat("0", 15-len(digits(p))) + digits(p) + "c") }),
			one(n.name+" in packed decimals, filled up", func(p phone) string { return packed(digits(p) + strings.Repeat("f", 16-len(digits(p)))) }),
			one(n.name+" as Postgres's numeric on the wire", func(p phone) string { return numericSent(digits(p)) }),
			one(n.name+" as Postgres's numeric on disk", func(p phone) string { return numericStored(digits(p)) }),
			one(n.name+" in unpacked decimals", func(p phone) string {
				return strings.Map(func(r rune) rune { return r - '0' }, digits(p))
			}))
	}
	return append(all,
		// The length of the address in digits, its type, its digits (3GPP 23.040).
		one("a text's international address", func(p phone) string { return "\x0b\x91" + packed(swapped(p.digits+"f")) }),
		one("a text's international address in hex", func(p phone) string { return "0b91" + swapped(p.digits+"f") }),
		one("a text's international address in HEX", func(p phone) string { return "0B91" + strings.ToUpper(swapped(p.digits+"f")) }),
		one("a text centre's address", func(p phone) string { return "\x07\x91" + packed(swapped(p.digits+"f")) }))
}

// packed writes two digits to a byte.
func packed(digits string) string {
	b, err := hex.DecodeString(digits)
	if err != nil {
		panic("leakscan: " + err.Error())
	}
	return string(b)
}

// tenThousands are Postgres's digits of a numeric, which count to 10,000.
func tenThousands(digits string) []uint16 {
	digits = strings.Repeat("0", (4-len(digits)%4)%4) + digits
	var all []uint16
	for ; digits != ""; digits = digits[4:] {
		n, _ := strconv.ParseUint(digits[:4], 10, 16)
		all = append(all, uint16(n))
	}
	return all
}

// numericSent is numeric_send: the count of digits, weight, sign and scale, and
// the digits.
func numericSent(digits string) string {
	d := tenThousands(digits)
	b := binary.BigEndian.AppendUint16(nil, uint16(len(d)))
	b = binary.BigEndian.AppendUint16(b, uint16(len(d)-1))
	b = append(b, 0, 0, 0, 0)
	for _, digit := range d {
		b = binary.BigEndian.AppendUint16(b, digit)
	}
	return string(b)
}

// numericStored is a numeric in its short form: a header with the weight, and
// the digits, low byte first.
func numericStored(digits string) string {
	d := tenThousands(digits)
	b := binary.LittleEndian.AppendUint16(nil, 0x8000|uint16(len(d)-1))
	for _, digit := range d {
		b = binary.LittleEndian.AppendUint16(b, digit)
	}
	return string(b)
}
