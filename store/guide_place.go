package store

import (
	"regexp"
	"slices"
	"strings"
)

// guidePlace is where a row meets in person.
type guidePlace struct {
	spoken string // as it is read and texted; "" for none
	exact  bool   // a street is known, not only a building and a town
}

var (
	postalCode = regexp.MustCompile(`(?:^|\s+)(?:[0-9]{5}(?:-[0-9]{4})?|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9])$`)
	nowhere    = regexp.MustCompile(`(?i)\b(virtual|online|on-line|zoom|phone|telephone|teleconference|webex|skype|google meet)\b`)
	ownCountry = []string{"us", "usa", "u.s.", "u.s.a.", "united states", "united states of america", "canada"}
)

// place composes what helps somebody find it: the building, the street, the
// town and the state. A caller cannot use a post code, and knows the country.
func (r guideRow) place() guidePlace {
	building, _ := withoutContacts(r.text("location"))
	if nowhere.MatchString(building) {
		building = ""
	}
	parts, exact := r.address()
	if strings.EqualFold(r.text("approximate"), "yes") {
		exact = false
	}
	if building == "" && !exact {
		return guidePlace{}
	}
	if building != "" && !slices.ContainsFunc(parts, func(p string) bool { return strings.EqualFold(p, building) }) {
		parts = append([]string{building}, parts...)
	}
	return guidePlace{spoken: clip(strings.Join(parts, ", "), maxAddress), exact: exact}
}

// address returns an address's parts, and whether there is a street among them.
func (r guideRow) address() (parts []string, street bool) {
	// "Main St @ 5th Ave": a geocoder's hint.
	first, _, _ := strings.Cut(r.text("address"), "@")
	for _, part := range []string{first, r.text("city"), r.text("state")} {
		if part, _ = withoutContacts(strings.TrimSpace(part)); part != "" {
			parts = append(parts, part)
		}
	}
	if formatted := r.text("formatted_address"); formatted != "" {
		parts = splitAddress(formatted)
		return parts, len(parts) >= 3 || len(parts) > 0 && parts[0][0] >= '0' && parts[0][0] <= '9'
	}
	return parts, strings.TrimSpace(first) != ""
}

// splitAddress splits "1 Main St, Newtown, PA 18940, USA" and drops what
// place does not say.
func splitAddress(formatted string) []string {
	var parts []string
	for part := range strings.SplitSeq(formatted, ",") {
		part = strings.TrimSpace(part)
		if len(parts) > 0 {
			part = strings.TrimSpace(postalCode.ReplaceAllString(part, ""))
		}
		part, _ = withoutContacts(part)
		if part != "" && !slices.Contains(ownCountry, strings.ToLower(part)) {
			parts = append(parts, part)
		}
	}
	return parts
}
