package store

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// FileKind is what a file with groups seems to be.
type FileKind string

// The kinds of files. GroupsFile and MeetingGuide can be imported; a file that
// is like none of them is taken for a groups file, whose faults say what it
// lacks.
const (
	GroupsFile   FileKind = "a groups file"
	MeetingGuide FileKind = "Meeting Guide JSON"
	BMLT         FileKind = "BMLT JSON"
	HSDS         FileKind = "HSDS JSON"
	Wrapped      FileKind = "a list inside a JSON object"
	ICalendar    FileKind = "an iCalendar file (ICS)"
	CSV          FileKind = "a table (CSV)"
	Web          FileKind = "a web page or XML"
	Binary       FileKind = "no text in UTF-8"
)

var utf8BOM = []byte("\xef\xbb\xbf")

// KindOf tells a file by its content: names of feeds end in anything.
func KindOf(data []byte) FileKind {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, utf8BOM))
	switch {
	case bytes.IndexByte(data[:min(len(data), 512)], 0) >= 0, bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return Binary
	case bytes.HasPrefix(data, []byte("[")):
		return listKind(data)
	case bytes.HasPrefix(data, []byte("{")):
		return objectKind(data)
	case bytes.HasPrefix(data, []byte("<")):
		return Web
	case bytes.HasPrefix(bytes.ToUpper(data[:min(len(data), 15)]), []byte("BEGIN:VCALENDAR")):
		return ICalendar
	case isTable(data):
		return CSV
	}
	return GroupsFile
}

// listKind looks at a list's first item.
func listKind(data []byte) FileKind {
	d := json.NewDecoder(bytes.NewReader(data))
	var first map[string]json.RawMessage
	_, _ = d.Token() // the bracket
	if d.Decode(&first) != nil {
		return MeetingGuide
	}
	switch {
	case hasAny(first, "id_bigint", "weekday_tinyint", "meeting_name", "root_server_uri"):
		return BMLT
	case hasAny(first, "service_at_locations", "organization_id", "services", "alternate_name"):
		return HSDS
	}
	return MeetingGuide
}

func objectKind(data []byte) FileKind {
	var top map[string]json.RawMessage
	if json.Unmarshal(data, &top) != nil {
		return GroupsFile
	}
	switch {
	case hasAny(top, "groups"):
		return GroupsFile
	case hasAny(top, "meetings") && hasAny(top, "formats"):
		return BMLT
	case hasAny(top, "contents", "organizations", "organization", "services", "service", "service_at_locations"):
		return HSDS
	case hasAny(top, "meetings", "data", "items", "results"):
		return Wrapped
	}
	return GroupsFile
}

func hasAny(object map[string]json.RawMessage, keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { _, ok := object[k]; return ok })
}

// isTable finds a first line that names columns, and is no YAML.
func isTable(data []byte) bool {
	head, _, _ := strings.Cut(string(data[:min(len(data), 4096)]), "\n")
	columns := strings.FieldsFunc(strings.ToLower(head), func(r rune) bool { return strings.ContainsRune(",;\t", r) })
	known := 0
	for _, c := range columns {
		if slices.Contains([]string{"name", "slug", "day", "time", "start", "address", "types", "id", "location", "title"}, strings.Trim(c, "\" \r")) {
			known++
		}
	}
	return len(columns) > 2 && known > 0 && head[0] != '#' && !strings.Contains(head, ": ")
}
