package doctor

import (
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// borrowed are the languages that no voice of the carrier speaks, by the one whose
// voices come nearest.
var borrowed = map[string]string{"ht": "fr"}

// voices looks at whether each language of the line has a voice that suits it.
func (d *Doctor) voices() []Finding {
	languages := d.Said().Languages
	var bad, lent []Finding
	for _, lang := range languages {
		v, own := d.Voice(lang), flows.SpokenBy(lang)
		if other, ok := borrowed[own]; ok && v.Name != "" && flows.SpokenBy(v.Locale) == other {
			own = other
			lent = append(lent, found("voices.languages", "borrowed", "language", lang, "voice", v.Name))
		}
		switch {
		case v.Name == "" || flows.SpokenBy(v.Locale) != own:
			bad = append(bad, found("voices.languages", "missing", "language", lang))
		case !flows.VoiceSpeaks(v.Name, own):
			bad = append(bad, found("voices.languages", "unknown", "language", lang, "voice", v.Name))
		}
	}
	if len(bad) > 0 {
		return bad
	}
	return append([]Finding{found("voices.languages", "good", "languages", strings.Join(languages, ", "))}, lent...)
}
