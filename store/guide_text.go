package store

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// guideRow is one row's values by field, the field's name in small letters with
// _ between words: sheets write "Conference Phone".
type guideRow map[string]json.RawMessage

// names of fields that the WordPress plugin takes too, and what they stand for
var guideAliases = map[string]string{
	"zip": "postal_code", "meeting": "name", "location_name": "location", "start_time": "time", "id": "slug",
}

// readGuideRow returns nil for what is not a row.
func readGuideRow(raw json.RawMessage) guideRow {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields == nil {
		return nil
	}
	row := make(guideRow, len(fields))
	for name, value := range fields {
		name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
		if as, ok := guideAliases[name]; !ok {
			row[name] = value
		} else if _, there := fields[as]; !there {
			row[as] = value
		}
	}
	return row
}

// text is a field as plain text: "" when it is absent or no text.
func (r guideRow) text(field string) string {
	texts := r.texts(field)
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

// texts are a field's texts: several when it is an array, at most maxItems.
// Numbers count as their digits.
func (r guideRow) texts(field string) []string {
	raw := r[field]
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var all []string
	for _, one := range list[:min(len(list), maxItems)] {
		var text string
		var number json.Number
		switch {
		case json.Unmarshal(one, &text) == nil:
			text = plain(text)
		case json.Unmarshal(one, &number) == nil:
			text = number.String()
		}
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}

var markup = regexp.MustCompile(`</?[a-zA-Z!][^<>]*>`)

// plain is text without entities, HTML, invisible characters and needless
// space. Entities may be written twice over ("&amp;amp;").
func plain(text string) string {
	text = html.UnescapeString(html.UnescapeString(text))
	text = markup.ReplaceAllString(text, " ")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// contacts are what a name or an address may not carry to callers, nor to
// Postgres: telephone numbers and meeting ids, mail and web addresses.
var contacts = []*regexp.Regexp{
	regexp.MustCompile(`\S+@\S+\.\S+`),
	regexp.MustCompile(`(?i)(?:[a-z]+://|www\.)\S+`),
	regexp.MustCompile(`\+?(?:1[\s.-]?)?\(?\p{Nd}{3}[\s.)/–-]{1,2}\p{Nd}{3,4}[\s.–-]\p{Nd}{3,4}`),
	regexp.MustCompile(`\b\p{Nd}{3}[-–.]\p{Nd}{4}\b`),
	regexp.MustCompile(`\+?\p{Nd}{9,}`),
}

// withoutContacts takes contacts out of a text, and says whether it held any.
func withoutContacts(text string) (string, bool) {
	before := text
	for _, c := range contacts {
		text = c.ReplaceAllString(text, " ")
	}
	if text == before {
		return text, false
	}
	return strings.Trim(strings.Join(strings.Fields(text), " "), " -–,:;/("), true
}

// numberInSlug finds a telephone number. Slugs are strung together from post
// codes and times, so that digits alone do not tell.
var numberInSlug = regexp.MustCompile(`(?:^|[^0-9])1?[-._]?[2-9][0-9]{2}[-._]?[2-9][0-9]{2}[-._]?[0-9]{4}(?:$|[^0-9])`)

// clip shortens a text to that many characters, between words.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := string([]rune(text)[:most])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " -–,:;/(&")
}
