package flows

import (
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// slots are the values that a prompt may name. A slot reads the View and the
// State alone; none can reach a telephone number.
var slots = map[string]func(v View, s State) string{
	"line.name":    func(v View, _ State) string { return v.Directory.Line.Name },
	"line.number":  func(v View, _ State) string { return v.Number },
	"crisis.name":  crisisName,
	"group.code":   func(v View, s State) string { return v.group(s).Code },
	"query":        func(_ View, s State) string { return s.Query },
	"group.name":   func(v View, s State) string { return v.clip(v.group(s).Name.In(s.Lang), longestName) },
	"group.place":  func(v View, s State) string { return v.clip(v.group(s).Place, longestPlace) },
	"group.next":   func(v View, s State) string { return strings.Join(nextDates(v, s, 1), "") },
	"group.dates":  func(v View, s State) string { return strings.Join(nextDates(v, s, 3), "; ") },
	"group.series": series,
}

func (v View) group(s State) Group {
	g, _ := v.Directory.Group(s.Group)
	return g
}

// nextDates says the next n dates of the group in hand. A date in progress is
// not a next one; it is said when there is no other, for a caller may hear of
// a date again while it begins.
func nextDates(v View, s State, n int) []string {
	dates := v.Directory.Next(s.Group, v.Now, n+1)
	if later := slices.IndexFunc(dates, func(o schedule.Occurrence) bool { return o.Start.After(v.Now) }); later > 0 {
		dates = dates[later:]
	}
	said := make([]string, 0, n)
	for _, o := range dates[:min(n, len(dates))] {
		said = append(said, v.when(s.Lang, o.Start))
	}
	return said
}

// What a text has room for of a name and of an address, in characters.
const (
	longestName  = 60
	longestPlace = 110
)

// clip shortens a value for a text.
func (v View) clip(s string, most int) string {
	if letters := []rune(s); v.Text && len(letters) > most {
		return strings.TrimSpace(string(letters[:most-3])) + "..."
	}
	return s
}

// when is a time as the channel gives it.
func (v View) when(lang string, at time.Time) string {
	if v.Text {
		return schedule.Written(lang, at, v.Now)
	}
	return schedule.Spoken(lang, at, v.Now)
}

func crisisName(v View, _ State) string {
	if v.Text {
		return v.Directory.Line.CrisisName
	}
	return spelled(v.Directory.Line.CrisisName)
}

func series(v View, s State) string {
	var said []string
	for _, m := range v.group(s).Meetings {
		said = append(said, schedule.SpokenSeries(s.Lang, m))
	}
	return strings.Join(said, "; ")
}

// spelled sets digits apart so that a voice reads them one by one: "9, 8, 8".
// Anything else is left as it is.
func spelled(s string) string {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return s
	}
	return strings.Join(strings.Split(s, ""), ", ")
}
