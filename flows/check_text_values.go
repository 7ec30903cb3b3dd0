package flows

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// longTime is a time that takes long to write: the longest half hour of a day, for some
// languages have words for noon.
func longTime(lang string) string { return cmp.Or(longTimes()[baseOf(lang)], longTimes()["en"]) }

var longTimes = sync.OnceValue(func() map[string]string {
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	if zone, err := schedule.LoadZone("America/New_York"); err == nil {
		day = time.Date(2026, 11, 25, 0, 0, 0, 0, zone)
	}
	longest := map[string]string{}
	for _, lang := range schedule.Languages() {
		for half := range 48 {
			at := day.Add(time.Duration(half) * 30 * time.Minute)
			written := schedule.Written(lang, at, day.AddDate(0, 0, -9))
			if CountSegments(Fold(written)).Units > CountSegments(Fold(longest[baseOf(lang)])).Units {
				longest[baseOf(lang)] = written
			}
		}
	}
	return longest
})

// realistic is a long value of a slot, as a line of this kind has them.
func realistic(slot, lang string) string {
	if value, ok := chineseValues[slot]; ok && baseOf(lang) == "zh" {
		return strings.ReplaceAll(value, "{when}", longTime(lang))
	}
	switch slot {
	case "group.name":
		return "Living with a long illness"
	case "reminder.name":
		return "Living with a long illness ..."
	case "group.next", "reminder.when", "reminder.was":
		return longTime(lang)
	case "desk.date", "desk.to":
		return longTime(lang)
	case "open.name", "open.topic", "applicant.group":
		return "Living with a long illness"
	case "open.speaks":
		return "Spanish"
	case "applicant.number":
		return "482"
	case "order.code":
		return "4821"
	case "question.code":
		return "412"
	case "desk.status":
		return "12 people wait for approval. 2 calls are on. Next: Living with a long illness, " + longTime(lang) + "."
	case "desk.live":
		return "12 are in Living with a long illness. 8 are in Evening grief circle. 4 are in One day at a time."
	case "group.dates":
		return schedule.Items(lang, slices.Repeat([]string{longTime(lang)}, 3))
	case "open.title":
		return "Living with a long illness (caring for someone)"
	case "open.series":
		return "the second Wednesday of the month 6:30 pm ET"
	case "group.series":
		return "Wednesdays at half past six in the evening, Eastern time"
	case "group.place":
		return "St Mark's Church Hall, 1200 Elm Street, Springfield"
	case "session.report":
		return "12 are here. 2 wait at the door. Golden Sunflower has the floor. Next: Steady Anchor, Warm Cinnamon. 9 have not spoken yet. 25 minutes left."
	case "session.floor", "session.about", "session.alias":
		return "Golden Sunflower has the floor."
	case "line.name":
		return "The Tuesday Support Line"
	case "line.number":
		return "(202) 555-0100"
	case "crisis.name":
		return "988"
	case "emergency.number":
		return UsualEmergency
	}
	return realisticOther
}

// realisticOther is in place of whatever else fills a slot.
const realisticOther = "48210593"
