package flows

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Words is a text by language ("en", "es"). The key "" is what is said where
// a language has no words of its own: a group's name is rarely translated.
type Words map[string]string

// In returns the words for lang, else those for any language, else the first
// by language code; "" only when there are none.
func (w Words) In(lang string) string {
	if s, ok := w[lang]; ok {
		return s
	}
	if s, ok := w[""]; ok {
		return s
	}
	if len(w) == 0 {
		return ""
	}
	return w[slices.Min(slices.Collect(maps.Keys(w)))]
}

// Format says who leads a group.
type Format string

// The formats of a group.
const (
	PeerLed         Format = "peer-led"
	ProfessionalLed Format = "professional-led"
)

// Access says who may enter a group.
type Access string

// The kinds of access. An open group is listed and admits anyone; a code
// group admits whoever has its code and is never listed; an approval group
// admits members only and is never listed.
const (
	AccessOpen     Access = "open"
	AccessCode     Access = "code"
	AccessApproval Access = "approval"
)

// Host says whether a group's room opens by itself.
type Host string

// The host rules of a group.
const (
	HostNone     Host = "none"     // opens by itself
	HostRequired Host = "required" // opens when a facilitator is in
)

// Stage is a group's place in its life.
type Stage string

// The stages of a group. Paused and closed groups admit nobody and are not
// listed.
const (
	StageForming    Stage = "forming"
	StageOpen       Stage = "open"
	StagePaused     Stage = "paused"
	StageAdjourning Stage = "adjourning"
	StageClosed     Stage = "closed"
)

// Group is what a caller may hear of a support group. It holds no telephone
// number, so that no menu can leak one: the number of a group held elsewhere
// stays with the package that dials it.
type Group struct {
	ID           string // opaque and stable; never spoken
	Code         string // digits; never starts with 0
	Name         Words
	DiscreetName Words
	Topics       []string // slugs: "grief", "living-with-illness"
	Languages    []string // "en", "es"; first is the main one
	Format       Format
	Access       Access
	Host         Host
	Stage        Stage
	Capacity     int // participants of one occurrence, 2 to 250
	// Reminders are how long before a meeting members are reminded who have not
	// chosen for themselves: "24h", "15m", as [schedule.ParseOffset] reads them.
	Reminders []string
	Bridge    bool // held on another conference bridge: dialled for the caller
	Place     string
	Meetings  []schedule.Meeting
}

// Meets reports whether a group of this stage is held.
func (s Stage) Meets() bool { return s != StagePaused && s != StageClosed }

// Line is one public phone service, as a flow sees it.
type Line struct {
	ID         string
	Name       string
	Zone       string   // IANA
	Languages  []string // those offered to callers; the first greets
	CodeLength int      // digits of a group code, 4 to 8
	CrisisName string   // how the crisis number is said: "988"
	// Emergency is what people dial in danger where the line is; "" where nobody said.
	Emergency string
	// Speech has the carrier listen for words where keys would do.
	Speech bool
}

// UsualEmergency is what people are told to dial in danger where nobody said.
const UsualEmergency = "911"

// Urgent is what people are told to dial in danger.
func (l Line) Urgent() string { return cmp.Or(l.Emergency, UsualEmergency) }

// IsUrgent says whether a number may be what people dial in danger: 2 to 6 digits.
func IsUrgent(number string) bool { return len(number) >= 2 && len(number) <= 6 && isDigits(number) }

// Directory is everything the menus of one line can say: immutable, shared by
// every call in flight, and replaced whole.
type Directory struct {
	Line   Line
	zone   *time.Location // the line's own calendar
	groups []Group        // by name, then code
	byID   map[string]int
	byCode map[string]int
	dates  [][]schedule.Occurrence // per group, ascending
	until  time.Time               // dates are complete up to here
	// further are the first mostFurther dates of each group, however far ahead, worked
	// out when they are first asked for.
	further []func() []schedule.Occurrence
	// Of the listed groups, sorted: their topics, their languages, and their
	// names in every language as plain words.
	topics, spoken []string
	named          []namedGroup
	// tongues are the names of the languages in spoken, in each language of the line.
	tongues map[string][]namedTongue
}

// horizon is how far ahead a directory works dates out in advance.
const horizon = 35 * 24 * time.Hour

// mostFurther is how many dates of a group are worked out beyond that, once. A caller
// who asks for more waits for the recurrence to be expanded.
const mostFurther = mostAhead + 4

// NewDirectory takes ownership of groups. Dates are worked out from a day
// before now, so that an occurrence in progress is among them.
func NewDirectory(line Line, groups []Group, now time.Time) *Directory {
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Name.In(line.Languages[0]), b.Name.In(line.Languages[0])), cmp.Compare(a.Code, b.Code))
	})
	zone, err := time.LoadLocation(line.Zone)
	if err != nil {
		zone = now.Location()
	}
	d := &Directory{
		Line:   line,
		zone:   zone,
		groups: groups,
		byID:   make(map[string]int, len(groups)),
		byCode: make(map[string]int, len(groups)),
		dates:  make([][]schedule.Occurrence, len(groups)),
		until:  now.Add(horizon),

		further: make([]func() []schedule.Occurrence, len(groups)),
	}
	for i, g := range groups {
		d.byID[g.ID] = i
		if g.Code != "" {
			d.byCode[g.Code] = i
		}
		d.list(g)
		d.dates[i] = between(g, now.Add(-24*time.Hour), d.until)
		d.further[i] = sync.OnceValue(func() []schedule.Occurrence { return next(g, now.Add(-24*time.Hour), mostFurther) })
	}
	slices.Sort(d.topics)
	slices.Sort(d.spoken)
	d.topics, d.spoken = slices.Compact(d.topics), slices.CompactFunc(d.spoken, sameTongue)
	d.tongues = make(map[string][]namedTongue, len(line.Languages))
	for _, in := range line.Languages {
		d.tongues[in] = namedTongues(in, d.spoken)
	}
	slices.SortFunc(d.named, func(a, b namedGroup) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	return d
}

func between(g Group, from, to time.Time) []schedule.Occurrence {
	var all []schedule.Occurrence
	for _, m := range g.Meetings {
		all = append(all, m.Between(from, to)...)
	}
	slices.SortFunc(all, func(a, b schedule.Occurrence) int { return a.Start.Compare(b.Start) })
	return all
}

// Groups returns every group by name. The caller must not change it.
func (d *Directory) Groups() []Group { return d.groups }

// IDs returns the id of every group, in the order of Groups.
func (d *Directory) IDs() []string {
	ids := make([]string, len(d.groups))
	for i, g := range d.groups {
		ids[i] = g.ID
	}
	return ids
}

// Group returns the group with that id.
func (d *Directory) Group(id string) (Group, bool) {
	i, ok := d.byID[id]
	if !ok {
		return Group{}, false
	}
	return d.groups[i], true
}

// ByCode returns the group with that code.
func (d *Directory) ByCode(code string) (Group, bool) {
	i, ok := d.byCode[code]
	if !ok {
		return Group{}, false
	}
	return d.groups[i], true
}

// Next returns the group's first n occurrences that have not ended at now.
func (d *Directory) Next(id string, now time.Time, n int) []schedule.Occurrence {
	i, ok := d.byID[id]
	if !ok {
		return nil
	}
	if dates := notEnded(d.dates[i], now); len(dates) >= n {
		return dates[:n]
	}
	all := d.further[i]()
	if dates := notEnded(all, now); len(dates) >= n || len(all) < mostFurther { // then there are no others
		return dates[:min(n, len(dates))]
	}
	return next(d.groups[i], now, n)
}

// notEnded are the dates from the first on that has not ended at now.
func notEnded(dates []schedule.Occurrence, now time.Time) []schedule.Occurrence {
	at := slices.IndexFunc(dates, func(o schedule.Occurrence) bool { return o.End.After(now) })
	if at < 0 {
		return nil
	}
	return dates[at:]
}

// next are the first n occurrences of a group that end after that instant.
func next(g Group, after time.Time, n int) []schedule.Occurrence {
	var all []schedule.Occurrence
	for _, m := range g.Meetings {
		all = append(all, m.Next(after, n)...)
	}
	slices.SortFunc(all, func(a, b schedule.Occurrence) int { return a.Start.Compare(b.Start) })
	return all[:min(n, len(all))]
}

// week returns the group's occurrences that have not ended at now and begin
// within seven days of it.
func (d *Directory) week(id string, now time.Time) []schedule.Occurrence {
	i, ok := d.byID[id]
	if !ok {
		return nil
	}
	dates, last := d.dates[i], now.AddDate(0, 0, 7)
	if last.After(d.until) {
		dates = between(d.groups[i], now, last)
	}
	dates = notEnded(dates, now)
	to := 0
	for to < len(dates) && !dates[to].Start.After(last) {
		to++
	}
	return dates[:to]
}

// Between returns the group's occurrences that begin at from or later and before
// to, by start. From is at most a day before the directory was made.
func (d *Directory) Between(id string, from, to time.Time) []schedule.Occurrence {
	i, ok := d.byID[id]
	if !ok {
		return nil
	}
	dates := d.dates[i]
	if to.After(d.until) {
		dates = between(d.groups[i], from, to)
	}
	first, _ := slices.BinarySearchFunc(dates, from, func(o schedule.Occurrence, at time.Time) int { return o.Start.Compare(at) })
	last, _ := slices.BinarySearchFunc(dates, to, func(o schedule.Occurrence, at time.Time) int { return o.Start.Compare(at) })
	return dates[first:last]
}

// Live returns the group's occurrence whose door is open at now.
func (d *Directory) Live(id string, now time.Time) (schedule.Occurrence, bool) {
	i, ok := d.byID[id]
	if !ok {
		return schedule.Occurrence{}, false
	}
	dates := d.dates[i]
	if now.Add(schedule.DoorOpensBefore).After(d.until) {
		dates = between(d.groups[i], now.Add(-24*time.Hour), now.Add(time.Hour))
	}
	for _, o := range dates {
		if o.DoorOpen(now) {
			return o, true
		}
		if o.Start.After(now.Add(schedule.DoorOpensBefore)) {
			break
		}
	}
	return schedule.Occurrence{}, false
}
