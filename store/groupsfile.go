package store

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"github.com/hearthline/hearthline/flows"
)

// What a file may hold, so that no alias of YAML multiplies without end.
const (
	maxGroups  = 5000
	maxItems   = 50  // meetings, facilitators, topics of one group
	maxDates   = 400 // skipped or moved dates of one meeting
	maxName    = 80  // characters
	maxAddress = 300
)

const (
	minCapacity     = 2
	maxCapacity     = 250 // of a conference at Twilio
	defaultCapacity = 50
)

var (
	groupFields = []string{"code", "name", "discreet_name", "topics", "languages", "format", "access", "host", "stage",
		"capacity", "reminders", "meetings", "facilitators", "bridge", "place"}
	formats = []string{string(flows.PeerLed), string(flows.ProfessionalLed)}
	access  = []string{string(flows.AccessOpen), string(flows.AccessCode), string(flows.AccessApproval)}
	hosts   = []string{string(flows.HostNone), string(flows.HostRequired)}
	stages  = []string{string(flows.StageForming), string(flows.StageOpen), string(flows.StagePaused),
		string(flows.StageAdjourning), string(flows.StageClosed)}
	defaultReminders = []string{"24h", "15m"}
)

// ParseOptions are what a file is checked against. Languages and CodeLength are
// required.
type ParseOptions struct {
	Languages  []string // the line's; the first is that of a group that names none
	CodeLength int      // digits of the line's group codes
	Timezone   string   // IANA zone of meetings that name none; "" makes that a fault
	Countries  []string // ISO regions in which bridges may be; none means any
	Topics     []string // of every group of a feed, beside those of its row
}

// ParseGroups reads a groups file: YAML or JSON, a mapping whose key groups is
// a list. It returns every fault at once, and groups only if there is none but
// warnings. name is how faults call the file. A group may leave out all but
// name and meetings; beside the documented fields there are stage, and skip
// (a list of dates) and move (dates to wall times) of a meeting.
func ParseGroups(name string, r io.Reader, o ParseOptions) ([]Group, []Fault) {
	p := &groupsParser{reader: reader{file: name}, opt: o, codes: map[string]int{}, names: map[string]int{}}
	groups := p.parse(r)
	slices.SortStableFunc(p.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	if slices.ContainsFunc(p.faults, func(f Fault) bool { return !f.Warning }) {
		groups = nil
	}
	return groups, p.faults
}

type groupsParser struct {
	reader
	opt   ParseOptions
	codes map[string]int // to the line of the group that has it
	names map[string]int // of groups without a code
}

func (p *groupsParser) parse(r io.Reader) []Group {
	root := p.document(r)
	if root == nil {
		return nil
	}
	if root.Kind == yaml.SequenceNode {
		p.fault(root, "", "it is a list, not a groups file",
			"write \"groups:\" and the list under it")
		return nil
	}
	top := p.mapping(root, "", []string{"groups"})
	if top == nil {
		return nil
	}
	items := p.list(top["groups"], "groups", maxGroups)
	if len(items) == 0 && len(p.faults) == 0 {
		p.fault(root, "groups", "there is no group", `list at least one under "groups:"`)
	}
	var groups []Group
	var people, coded *yaml.Node
	for i, n := range items {
		g := p.parseGroup(i, n)
		groups = append(groups, g)
		if len(g.Facilitators) > 0 && people == nil {
			people = n
		}
		if g.Access == flows.AccessCode && coded == nil {
			coded = n
		}
	}
	p.group = ""
	if people != nil {
		p.warn(people, "facilitators", "the file holds facilitators' numbers and PINs",
			"delete it after the import, or lock it away")
	}
	if coded != nil && p.opt.CodeLength < safeCodeLength {
		p.warn(coded, "access", fmt.Sprintf("groups with access: code can be found by guessing codes of %d digits", p.opt.CodeLength),
			fmt.Sprintf("set LINE_CODE_LENGTH to %d", safeCodeLength))
	}
	return groups
}

func (p *groupsParser) parseGroup(i int, n *yaml.Node) Group {
	p.group = p.designation(i, resolve(n))
	f := p.mapping(n, "", groupFields)
	if f == nil {
		return Group{}
	}
	var g Group
	g.Code = p.code(f["code"])
	g.Name = p.words(f["name"], "name")
	if len(g.Name) == 0 && !p.faulty("name") {
		p.fault(n, "name", "it is empty", "write what callers hear, like name: Evening grief circle")
	}
	if g.Code == "" && len(g.Name) > 0 {
		p.unique(n, g.Name)
	}
	g.DiscreetName = p.words(f["discreet_name"], "discreet_name")
	g.Topics = p.topics(f["topics"])
	g.Languages = p.languages(f["languages"])
	g.Format = flows.Format(p.oneOf(f["format"], "format", formats, string(flows.PeerLed)))
	g.Access = flows.Access(p.oneOf(f["access"], "access", access, string(flows.AccessOpen)))
	g.Host = flows.Host(p.oneOf(f["host"], "host", hosts, string(flows.HostNone)))
	g.Stage = flows.Stage(p.oneOf(f["stage"], "stage", stages, ""))
	g.Capacity = p.capacity(f["capacity"])
	g.Reminders = p.reminders(f["reminders"])
	g.Meetings = p.meetings(n, f["meetings"])
	g.Facilitators = p.facilitators(f["facilitators"], g.Code)
	g.BridgeDial = p.bridge(f["bridge"])
	g.Bridge = !g.BridgeDial.IsZero()
	g.Place = p.text(f["place"], "place", maxAddress)
	if g.Place != "" && p.text(f["bridge"], "bridge", maxAddress) != "" {
		p.fault(f["place"], "place", "a group with a bridge cannot also meet in person", "leave out bridge or place")
	}
	return g
}

// faulty reports whether a field of the group under way has a fault already.
func (p *groupsParser) faulty(field string) bool {
	return slices.ContainsFunc(p.faults, func(f Fault) bool { return f.Group == p.group && f.Field == field })
}

// words reads a text for every language, or one per language.
func (p *groupsParser) words(n *yaml.Node, field string) flows.Words {
	if n == nil || isNull(resolve(n)) {
		return nil
	}
	if resolve(n).Kind != yaml.MappingNode {
		if s := p.text(n, field, maxName); s != "" {
			return flows.Words{"": s}
		}
		return nil
	}
	words := flows.Words{}
	for lang, value := range p.mapping(n, field, p.opt.Languages) {
		s := p.text(value, field+"."+lang, maxName)
		if s == "" && !p.faulty(field+"."+lang) {
			p.fault(value, field+"."+lang, "it is empty", "write the words, or leave the language out")
		}
		words[lang] = s
	}
	return words
}

var (
	slug    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	notSlug = regexp.MustCompile(`[^a-z0-9]+`)
)

func (p *groupsParser) topics(n *yaml.Node) []string {
	var topics []string
	for i, item := range p.list(n, "topics", maxItems) {
		field := fmt.Sprintf("topics[%d]", i)
		s := p.text(item, field, maxName)
		switch {
		case slices.Contains(topics, s):
			p.fault(item, field, "it is there twice", "keep one of them")
		case slug.MatchString(s):
			topics = append(topics, s)
		case !p.faulty(field):
			mend := "write small letters, digits and - between words, like living-with-illness"
			if made := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(s), "-"), "-"); slug.MatchString(withoutNumbers(made)) {
				mend = "write it as " + made
			}
			p.fault(item, field, "it is not a topic", mend)
		}
	}
	return topics
}

func (p *groupsParser) languages(n *yaml.Node) []string {
	var languages []string
	for i, item := range p.list(n, "languages", maxItems) {
		field := fmt.Sprintf("languages[%d]", i)
		s := p.text(item, field, maxName)
		switch {
		case slices.Contains(languages, s):
			p.fault(item, field, "it is there twice", "keep one of them")
		case isLanguage(s):
			languages = append(languages, s)
		case !p.faulty(field):
			p.fault(item, field, "it is not a language", "write its BCP 47 code: en, es, zh-Hans")
		}
	}
	if len(languages) == 0 && len(p.opt.Languages) > 0 {
		return p.opt.Languages[:1:1]
	}
	return languages
}

// isLanguage takes any language: people may speak one in a group that the
// line's own prompts do not.
func isLanguage(s string) bool {
	tag, err := language.Parse(s)
	return err == nil && tag.String() == s
}

func (p *groupsParser) capacity(n *yaml.Node) int {
	if n == nil || isNull(resolve(n)) {
		return defaultCapacity
	}
	c, ok := p.number(n, "capacity")
	if ok && (c < minCapacity || c > maxCapacity) {
		p.fault(n, "capacity", fmt.Sprintf("a room holds %d to %d people", minCapacity, maxCapacity),
			fmt.Sprintf("write a number from %d to %d", minCapacity, maxCapacity))
	}
	return c
}
