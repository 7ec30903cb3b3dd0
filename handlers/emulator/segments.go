package emulator

import "unicode/utf8"

// The encodings of a text.
const (
	encodingGSM7 = "GSM-7"
	encodingUCS2 = "UCS-2"
)

// The basic alphabet of 3GPP TS 23.038 §6.2.1, and its extension, whose
// characters take an escape before them.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// gsmUnits is how many septets a character takes; 0 if the alphabet lacks it.
func gsmUnits(r rune) int {
	switch {
	case within(gsmBasic, r):
		return 1
	case within(gsmExtended, r):
		return 2
	}
	return 0
}

func within(alphabet string, r rune) bool {
	for _, c := range alphabet {
		if c == r {
			return true
		}
	}
	return false
}

// ucsUnits is how many 16-bit units a character takes.
func ucsUnits(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// CountSegments returns how Twilio sends a text: "GSM-7" or "UCS-2", its
// length in septets or in 16-bit units, and the segments it is billed as. A
// character that takes two units is never split between segments. An empty
// text is one segment. See
// https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding.
func CountSegments(body string) (encoding string, units, segments int) {
	encoding, single, multi, unitsOf := encodingGSM7, 160, 153, gsmUnits
	for _, r := range body {
		if gsmUnits(r) == 0 {
			encoding, single, multi, unitsOf = encodingUCS2, 70, 67, ucsUnits
			break
		}
	}
	segments = 1
	used := 0 // of the last segment, if there are several
	for _, r := range body {
		n := unitsOf(r)
		units += n
		if used+n > multi {
			segments++
			used = 0
		}
		used += n
	}
	if units <= single {
		segments = 1
	}
	return encoding, units, segments
}

// maxBody is the longest text, in characters.
const maxBody = 1600

func tooLong(body string) bool { return utf8.RuneCountInString(body) > maxBody }
