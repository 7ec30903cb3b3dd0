package leakscan

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"strconv"
	"strings"
)

func sum(h hash.Hash, text string) []byte {
	h.Write([]byte(text))
	return h.Sum(nil)
}

// digests are hashes without a key. Anybody who counts through all numbers
// there are undoes them.
var digests = []struct {
	name string
	of   func(text string) []byte
}{
	{"MD5", func(s string) []byte { return sum(md5.New(), s) }},
	{"SHA-1", func(s string) []byte { return sum(sha1.New(), s) }},
	{"SHA-224", func(s string) []byte { return sum(sha256.New224(), s) }},
	{"SHA-256", func(s string) []byte { return sum(sha256.New(), s) }},
	{"SHA-384", func(s string) []byte { return sum(sha512.New384(), s) }},
	{"SHA-512", func(s string) []byte { return sum(sha512.New(), s) }},
	{"SHA-512/256", func(s string) []byte { return sum(sha512.New512_256(), s) }},
	{"SHA3-256", func(s string) []byte { d := sha3.Sum256([]byte(s)); return d[:] }},
	{"double SHA-256", func(s string) []byte { d := sha256.Sum256([]byte(s)); return sum(sha256.New(), string(d[:])) }},
	{"HMAC-SHA-1 without a key", func(s string) []byte { return sum(hmac.New(sha1.New, nil), s) }},
	{"HMAC-SHA-256 without a key", func(s string) []byte { return sum(hmac.New(sha256.New, nil), s) }},
	{"FNV-1 of 64 bits", func(s string) []byte { return sum(fnv.New64(), s) }},
	{"FNV-1a of 64 bits", func(s string) []byte { return sum(fnv.New64a(), s) }},
	{"FNV-1a of 128 bits", func(s string) []byte { return sum(fnv.New128a(), s) }},
	{"CRC-64 (ISO)", func(s string) []byte { return sum(crc64.New(crc64.MakeTable(crc64.ISO)), s) }},
	{"CRC-64 (ECMA)", func(s string) []byte { return sum(crc64.New(crc64.MakeTable(crc64.ECMA)), s) }},
}

// known is how much of a hash is looked for, in bytes: a hash that was cut short
// is found too.
const known = 8

// hashes write a number's hash, of each of its spellings.
func hashes() []encoding {
	var all []encoding
	for _, d := range digests {
		for _, form := range []struct {
			name  string
			write func(digest []byte) string
		}{
			{"", func(b []byte) string { return string(b[:known]) }},
			{" in hex", func(b []byte) string { return hex.EncodeToString(b[:known]) }},
			{" in HEX", func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b[:known])) }},
			{" in base64", func(b []byte) string { return base64.StdEncoding.EncodeToString(b)[:known*8/6] }},
			{" in base64 for URLs", func(b []byte) string { return base64.URLEncoding.EncodeToString(b)[:known*8/6] }},
			{" in base32", func(b []byte) string { return base32.StdEncoding.EncodeToString(b)[:known*8/5] }},
			{" in base32, lower", func(b []byte) string { return strings.ToLower(base32.StdEncoding.EncodeToString(b)[:known*8/5]) }},
		} {
			all = append(all, encoding{name: d.name + form.name, needles: func(p phone) []string {
				var texts []string
				for _, s := range p.spelled() {
					texts = append(texts, form.write(d.of(s.text)))
				}
				return texts
			}})
		}
	}
	return append(all, identifiers(), checksums("CRC-32 (IEEE)", crc32.IEEETable), checksums("CRC-32 (Castagnoli)", crc32.MakeTable(crc32.Castagnoli)))
}

// identifiers are UUIDs made of a number by its hash (RFC 9562 §5.3 and §5.5),
// from whose first group and version alone they are known.
func identifiers() encoding {
	return encoding{name: "UUID of version 3 or 5", needles: func(p phone) []string {
		var all []string
		for _, version := range []struct {
			bits byte
			of   func() hash.Hash
		}{{0x30, md5.New}, {0x50, sha1.New}} {
			for _, space := range []byte{0x10, 0x11, 0x12, 0x14} { // DNS, URL, OID, X.500
				for _, s := range p.spelled() {
					d := sum(version.of(), packed("6ba7b8"+hex.EncodeToString([]byte{space})+"9dad11d180b400c04fd430c8")+s.text)
					d[6] = d[6]&0x0f | version.bits
					h := hex.EncodeToString(d[:8])
					all = append(all, string(d[:8]), h, h[:8]+"-"+h[8:12]+"-"+h[12:])
				}
			}
		}
		return all
	}}
}

// checksums have so few bits that they count as words of their own only.
func checksums(name string, table *crc32.Table) encoding {
	return encoding{name: name, alone: true, needles: func(p phone) []string {
		var all []string
		for _, s := range p.spelled() {
			value := uint64(crc32.Checksum([]byte(s.text), table))
			h := hex.EncodeToString(int64Of(value)[4:])
			all = append(all, h, strings.ToUpper(h))
			if d := strconv.FormatUint(value, 10); len(d) == 10 {
				all = append(all, d)
			}
		}
		return all
	}}
}
