package flows

import "unicode/utf16"

// Encoding is how a text message is carried.
type Encoding string

// The encodings of SMS (3GPP TS 23.038). GSM-7 holds 160 characters in one
// segment, UCS-2 70.
const (
	GSM7 Encoding = "GSM-7"
	UCS2 Encoding = "UCS-2"
)

// Segments is what a text costs.
type Segments struct {
	Encoding Encoding
	Units    int // septets of GSM-7, 16-bit units of UCS-2
	Count    int // messages that the carrier sends and charges
	// Forced is the character that GSM-7 does not hold, 0 when there is none.
	Forced rune
}

// gsmBasic and gsmExtended are the GSM-7 default alphabet and its extension
// (3GPP TS 23.038 §6.2.1); an extended character takes two septets.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

var gsmWidth = func() map[rune]int {
	width := map[rune]int{}
	for _, r := range gsmBasic {
		width[r] = 1
	}
	for _, r := range gsmExtended {
		width[r] = 2
	}
	return width
}()

// CountSegments says what a text costs to send. A character that takes two
// units is never split between two segments.
// Source: https://www.twilio.com/docs/glossary/what-sms-character-limit
func CountSegments(text string) Segments {
	s := Segments{Encoding: GSM7}
	for _, r := range text {
		if gsmWidth[r] == 0 {
			s.Encoding, s.Forced = UCS2, r
			break
		}
	}
	single, several, width := 160, 153, func(r rune) int { return gsmWidth[r] }
	if s.Encoding == UCS2 {
		single, several, width = 70, 67, utf16.RuneLen
	}
	for _, r := range text {
		s.Units += width(r)
	}
	if s.Units <= single {
		s.Count = 1
		return s
	}
	left := 0
	for _, r := range text {
		w := width(r)
		if w > left {
			s.Count++
			left = several
		}
		left -= w
	}
	return s
}
