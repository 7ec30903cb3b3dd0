package main

import (
	"slices"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// withheld are the PINs and numbers that were typed where a flow asks in confidence, each
// once, in their order.
type withheld []string

// shortestSecret is how many keys at once are more than a choice.
const shortestSecret = 4

// public are what everybody types who plays the sample line, as this repository says.
var public = []string{lines.PracticeMemberPIN, lines.PracticeDeskPIN, lines.PracticeStaff, lines.PracticeConfirm}

// standIn is what a dialogue has in place of keys that were typed in confidence: as many,
// the same for the same, and nobody's. Keys of a menu, what is no PIN and those of the sample
// line stay.
func (w *withheld) standIn(keys string) string {
	if len(keys) < shortestSecret || slices.Contains(public, keys) || flows.WeakPIN(keys) {
		return keys
	}
	i := slices.Index(*w, keys)
	if i < 0 {
		i = len(*w)
		*w = append(*w, keys)
	}
	return nobodys(len(keys), i)
}

// nobodys is the ith made-up row of so many digits: neither all alike nor all in a row, as
// a PIN may not be, and of a telephone number's length one that is kept for fiction.
func nobodys(long, i int) string {
	const fiction, mixed = "12025550100", "8304716925"
	digits := make([]byte, long)
	for at := range digits {
		switch {
		case long >= len(fiction)-1 && at < len(fiction):
			digits[at] = fiction[min(at+max(0, len(fiction)-long), len(fiction)-1)]
		default:
			digits[at] = mixed[at%len(mixed)]
		}
	}
	digits[long-1] = byte('0' + i%10)
	return string(digits)
}
