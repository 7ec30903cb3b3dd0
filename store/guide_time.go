package store

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	clockTime = regexp.MustCompile(`^([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::[0-9]{2})?\s*(?:([ap])\.?\s?m\.?)?$`)
	dayNumber = regexp.MustCompile(`^[0-6](\.0)?$`)
)

// parseClock reads "18:00", "18:00:00", "6:00 PM", "6 p.m.", "noon" as minutes
// after midnight.
func parseClock(text string) (int, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "noon":
		return 12 * 60, true
	case "midnight", "24:00":
		return 0, true
	}
	m := clockTime.FindStringSubmatch(text)
	if m == nil || m[2] == "" && m[3] == "" {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1]) // two digits at most, as is the minute
	minute, _ := strconv.Atoi(m[2])
	if m[3] != "" {
		if hour < 1 || hour > 12 {
			return 0, false
		}
		hour %= 12
		if m[3] == "p" {
			hour += 12
		}
	}
	return hour*60 + minute, hour < 24 && minute < 60
}

// parseDay reads 0 to 6, Sunday first, or an English name.
func parseDay(text string) (time.Weekday, bool) {
	if dayNumber.MatchString(text) {
		return time.Weekday(text[0] - '0'), true
	}
	text = strings.TrimSuffix(strings.ToLower(text), ".")
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if len(text) >= 3 && (strings.HasPrefix(name, text) || text == name+"s") {
			return d, true
		}
	}
	return 0, false
}

// parseDays reads each day once, in the order of the week.
func parseDays(texts []string) ([]time.Weekday, bool) {
	var days []time.Weekday
	for _, text := range texts {
		for part := range strings.SplitSeq(text, ",") {
			day, ok := parseDay(strings.TrimSpace(part))
			if !ok {
				return nil, false
			}
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return slices.Compact(days), true
}
