package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

const (
	maxFeed     = 32 << 20 // bytes
	maxFeedRows = 10_000
	maxSlug     = 255 // characters
)

const (
	defaultMinutes = 60 // of a row without an end; Meeting Guide's own default
	// longestMeeting is in minutes. A meeting that seems longer has a slip in its
	// end, and a door that stays open all night would be a false promise.
	longestMeeting = 6 * 60
)

// guideEpoch is the Sunday from which the weekly rules of feeds count: they have
// no beginning, and the same row must give the same meeting at every import.
var guideEpoch = schedule.Date{Year: 2026, Month: time.January, Day: 4}

// ParseMeetingGuide reads Meeting Guide JSON, a bare array of rows. Each row
// becomes a group or has a fault that is no warning; faults are in the order of
// the rows, those of the whole file last. name is how faults call the file.
//
// A row with a telephone becomes a bridge, even if it has an address too: this
// is a telephone line, and a group is either. One with an address only becomes
// a place. What the row says of people (notes, contacts, pass-codes in prose) is
// not read at all.
//
// Source: https://github.com/code4recovery/spec.
func ParseMeetingGuide(name string, r io.Reader, opt ParseOptions) (Feed, []Fault) {
	p := &guideParser{file: name, opt: opt, slugs: map[string]int{}, places: map[string]string{}, weekly: map[weeklyTime]weeklyMeeting{}}
	p.parse(r)
	return p.feed, p.faults
}

type guideParser struct {
	file   string
	opt    ParseOptions
	faults []Fault
	feed   Feed

	slugs   map[string]int    // to the row that has it, 1 and on
	places  map[string]string // of rows with a bridge that have an address too
	weekly  map[weeklyTime]weeklyMeeting
	strange []int // rows with a type that no table has

	// the row under way
	row    int
	slug   string
	faulty bool
}

func (p *guideParser) add(field string, why reason, warning bool) {
	f := Fault{File: p.file, Row: p.row, Field: field, What: why.what, Mend: why.mend, Warning: warning}
	if p.row > 0 {
		f.Slug = p.slug
	}
	p.faulty = p.faulty || !warning
	p.faults = append(p.faults, f)
}

func (p *guideParser) fault(field, what, mend string) { p.add(field, reason{what, mend}, false) }

func (p *guideParser) parse(r io.Reader) {
	data, err := io.ReadAll(io.LimitReader(r, maxFeed+1))
	switch {
	case err != nil:
		p.fault("", "it cannot be read", "check that it is a file and that you may read it")
		return
	case len(data) > maxFeed:
		p.fault("", fmt.Sprintf("it is longer than %d MiB", maxFeed>>20), "split it, and give each part a name of its own with --feed")
		return
	}
	rows, ok := p.rows(data)
	if !ok {
		return
	}
	for i, raw := range rows {
		p.row, p.slug, p.faulty = i+1, "", false
		p.parseRow(raw)
	}
	p.checkSharedNumbers()
	slices.SortStableFunc(p.faults, func(a, b Fault) int { return a.Row - b.Row })
	p.row = 0
	if len(p.strange) > 0 {
		p.add("types", reason{
			fmt.Sprintf("rows with a type that the Meeting Guide does not have: %d, the first is [%d]", len(p.strange), p.strange[0]-1),
			"the type was passed over; correct it if it is a slip",
		}, true)
	}
}

// rows splits the array.
func (p *guideParser) rows(data []byte) ([]json.RawMessage, bool) {
	data = bytes.TrimPrefix(data, utf8BOM)
	var rows []json.RawMessage
	if err := json.Unmarshal(data, &rows); err != nil {
		what, at := "it is not a JSON array", 0
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			what = "it breaks off or breaks the rules of JSON here"
			at = 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		}
		p.fault("", what, "write Meeting Guide JSON, [{…}, {…}], or fetch the feed again")
		p.faults[len(p.faults)-1].Line = at
		return nil, false
	}
	switch {
	case len(rows) == 0:
		// It would pause every group of the feed.
		p.fault("", "it has no row", "check the feed; an empty list is not imported")
		return nil, false
	case len(rows) > maxFeedRows:
		p.fault("", fmt.Sprintf("it has %d rows; at most %d can be", len(rows), maxFeedRows), "split it, and give each part a name of its own with --feed")
		return nil, false
	}
	return rows, true
}

func (p *guideParser) parseRow(raw json.RawMessage) {
	row := readGuideRow(raw)
	if row == nil {
		p.fault("", "it is not an object", `write it as {"name": "…", "slug": "…", "day": 2, "time": "19:00"}`)
		return
	}
	slug, ok := p.identify(row)
	if !ok {
		return
	}
	g := Group{
		Group: flows.Group{
			Format: flows.PeerLed, Access: flows.AccessOpen, Host: flows.HostNone, Capacity: defaultCapacity,
			Reminders: defaultReminders,
		},
		Slug: slug,
	}
	g.Name = p.name(row)
	g.Meetings = p.meetings(row)
	types := p.types(row)
	gone := p.where(row, types, &g)
	g.Topics, g.Languages = types.topics(g.Place != ""), types.languages
	switch {
	case !p.faulty:
		p.feed.Groups = append(p.feed.Groups, g)
	case !gone:
		p.feed.Held = append(p.feed.Held, slug)
	}
}

var repeatable = regexp.MustCompile(`^[\p{L}\p{M}0-9._~%-]{1,120}$`)

// identify returns the row's slug, by which later imports know it.
func (p *guideParser) identify(row guideRow) (string, bool) {
	slug := row.text("slug")
	switch {
	case slug == "":
		p.fault("slug", "it is missing", "give the row a slug of its own that never changes")
		return "", false
	case numberInSlug.MatchString(slug):
		p.fault("slug", "it holds what looks like a telephone number", "make it of the group's name")
		return "", false
	case len([]rune(slug)) > maxSlug:
		p.fault("slug", fmt.Sprintf("it is longer than %d characters", maxSlug), "shorten it")
		return "", false
	}
	if repeatable.MatchString(slug) {
		p.slug = slug
	}
	if first := p.slugs[slug]; first > 0 {
		p.fault("slug", fmt.Sprintf("the row [%d] has it too", first-1), "give each row a slug of its own")
		return "", false
	}
	p.slugs[slug] = p.row
	return slug, true
}

func (p *guideParser) name(row guideRow) flows.Words {
	name, held := withoutContacts(row.text("name"))
	switch {
	case name == "" && held:
		p.fault("name", "it is nothing but a number, a mail or a web address", "write what callers hear, like Evening circle")
		return nil
	case name == "":
		p.fault("name", "it is empty", "write what callers hear, like Evening circle")
		return nil
	case held:
		p.add("name", reason{"it holds a number, a mail or a web address, which was left out", "take it out of the name"}, true)
	}
	if short := clip(name, maxName); short != name {
		p.add("name", reason{fmt.Sprintf("it is longer than %d characters and was shortened", maxName), "shorten it: callers hear it often"}, true)
		name = short
	}
	return flows.Words{"": name}
}

// rowTypes is what a row's types say.
type rowTypes struct {
	all       []guideType
	feed      []string // topics of every group of the feed
	languages []string
	suspended bool
}

func (p *guideParser) types(row guideRow) rowTypes {
	t := rowTypes{feed: p.opt.Topics}
	signed := []string(nil)
	for _, text := range row.texts("types") {
		for _, code := range strings.SplitN(text, ",", maxItems) {
			found, ok := findGuideType(strings.TrimSpace(code))
			switch {
			case !ok:
				if n := len(p.strange); n == 0 || p.strange[n-1] != p.row {
					p.strange = append(p.strange, p.row)
				}
			case found.means == meansSigned:
				signed = []string{found.language}
			case found.language != "" && !slices.Contains(t.languages, found.language):
				t.languages = append(t.languages, found.language)
			case found.means == meansSuspended:
				t.suspended = true
			}
			t.all = append(t.all, found)
		}
	}
	if len(t.languages) == 0 && len(p.opt.Languages) > 0 {
		t.languages = append(t.languages, p.opt.Languages[0])
	}
	t.languages = append(t.languages, signed...)
	return t
}

// topics are sorted: feeds list types in no fixed order, which is no change.
func (t rowTypes) topics(inPerson bool) []string {
	topics := map[string]bool{}
	closed := slices.ContainsFunc(t.all, func(g guideType) bool { return g.means == meansClosed })
	for _, g := range t.all {
		if g.inPerson && !inPerson || g.means == meansOpen && closed {
			continue
		}
		for _, topic := range g.topics {
			topics[topic] = true
		}
	}
	for _, topic := range t.feed {
		topics[topic] = true
	}
	return slices.Sorted(maps.Keys(topics))
}

// where sets the group's bridge or place. gone says that the row itself tells
// that no caller can attend at the moment: that is no slip.
func (p *guideParser) where(row guideRow, types rowTypes, g *Group) (gone bool) {
	phone, online, place := row.text("conference_phone"), row.text("conference_url") != "", row.place()
	if types.suspended || online && !place.exact {
		place.spoken = "" // what is known of the place is where it would be
	}
	var why reason
	if phone != "" {
		var numbers int
		if g.BridgeDial, numbers, why = parseConferencePhone(phone, p.opt.Countries); why == (reason{}) {
			g.Bridge = true
			p.places[g.Slug] = place.spoken
			if numbers > 1 {
				p.add("conference_phone", reason{"it holds several numbers; one that can be dialled is used", "keep one"}, true)
			}
			return false
		}
	}
	g.Place = place.spoken
	switch {
	case phone != "" && g.Place != "":
		why.what += "; the group is imported as a place"
		p.add("conference_phone", why, true)
	case phone != "":
		p.add("conference_phone", why, false)
		return types.suspended
	case g.Place != "":
	case online:
		p.fault("conference_url", "it meets online only, where no telephone reaches it", "give conference_phone, if it can be dialled into")
		return true
	case types.suspended:
		p.fault("types", "its place is closed for the time being, and it has no telephone", "take TC out when it meets again, or give conference_phone")
		return true
	default:
		p.fault("formatted_address", "it has neither a telephone nor a place that can be found", "give conference_phone, or the building or street with the town")
	}
	return false
}
