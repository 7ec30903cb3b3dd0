package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	minPIN = 6 // digits
	maxPIN = 10
)

var (
	meetingFields     = []string{"start", "timezone", "rrule", "minutes", "skip", "move"}
	facilitatorFields = []string{"alias", "phone", "pin"}
)

func (p *groupsParser) meetings(group, n *yaml.Node) []schedule.Meeting {
	before := len(p.faults)
	items := p.list(n, "meetings", maxItems)
	if len(items) == 0 && len(p.faults) == before {
		p.fault(group, "meetings", "there is none", `write at least one, like {start: "2026-11-24T19:00", `+
			`timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=TU", minutes: 60}`)
	}
	var meetings []schedule.Meeting
	for i, item := range items {
		p.prefix = ""
		f := p.mapping(item, fmt.Sprintf("meetings[%d]", i), meetingFields)
		if f == nil {
			continue
		}
		p.prefix = fmt.Sprintf("meetings[%d].", i)
		m, ok := p.meeting(item, f)
		if !ok {
			continue
		}
		if slices.ContainsFunc(meetings, func(other schedule.Meeting) bool { return sameMeeting(other, m) }) {
			p.fault(item, "start", "the group has the same meeting twice", "keep one of them")
		}
		meetings = append(meetings, m)
	}
	p.prefix = ""
	return meetings
}

func (p *groupsParser) meeting(item *yaml.Node, f map[string]*yaml.Node) (schedule.Meeting, bool) {
	before := len(p.faults)
	start := p.text(f["start"], "start", maxName)
	zone := p.text(f["timezone"], "timezone", maxName)
	if zone == "" {
		zone = p.opt.Timezone
	}
	rule := p.text(f["rrule"], "rrule", maxAddress)
	minutes := 0
	if f["minutes"] == nil {
		p.fault(item, "minutes", "it is missing", "write how long the meeting lasts, like minutes: 60")
	} else {
		minutes, _ = p.number(f["minutes"], "minutes")
	}
	m, err := schedule.New(start, zone, rule, minutes)
	p.scheduleFaults(item, f, err)
	if len(p.faults) > before {
		return schedule.Meeting{}, false
	}
	m.Skipped = p.skipped(f["skip"])
	m.Moved = p.moved(f["move"])
	if len(p.faults) == before && len(m.Skipped)+len(m.Moved) > 0 {
		p.scheduleFaults(item, f, m.Validate())
	}
	return m, len(p.faults) == before
}

// scheduleFaults reports each fault that err joins at its field, unless the
// field has one.
func (p *groupsParser) scheduleFaults(item *yaml.Node, f map[string]*yaml.Node, err error) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			p.scheduleFaults(item, f, e)
		}
		return
	}
	var fault *schedule.Fault
	if !errors.As(err, &fault) || p.faulty(p.prefix+fault.Field) {
		return
	}
	at := f[fault.Field]
	if at == nil {
		at = item
	}
	p.fault(at, fault.Field, withoutNumbers(fault.What), fault.Mend)
}

// skipped returns nil where a file says nothing of it, and no dates where it says
// that there are none; so does moved.
func (p *groupsParser) skipped(n *yaml.Node) []schedule.Date {
	if n == nil || isNull(resolve(n)) {
		return nil
	}
	dates := []schedule.Date{}
	for i, item := range p.list(n, "skip", maxDates) {
		field := fmt.Sprintf("skip[%d]", i)
		if date, ok := p.date(item, field, p.text(item, field, maxName)); ok {
			dates = append(dates, date)
		}
	}
	return dates
}

func (p *groupsParser) date(n *yaml.Node, field, s string) (schedule.Date, bool) {
	date, err := schedule.ParseDate(s)
	if err != nil && !p.faulty(p.prefix+field) {
		p.fault(n, field, "it is not a date", "write it like 2026-12-24")
	}
	return date, err == nil
}

func (p *groupsParser) moved(n *yaml.Node) []schedule.Move {
	if n == nil || isNull(resolve(n)) {
		return nil
	}
	if n = resolve(n); n.Kind != yaml.MappingNode || len(n.Content) > 2*maxDates {
		p.fault(n, "move", "it is not a set of dates", `write it like {"2026-12-24": "2026-12-23T19:00"}`)
		return nil
	}
	list := []schedule.Move{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field := fmt.Sprintf("move[%d]", i/2)
		date, ok := p.date(key, field, key.Value)
		to, err := schedule.ParseWall(p.text(value, field, maxName))
		if err != nil && !p.faulty(p.prefix+field) {
			p.fault(value, field, "it is not a date with a time", "write it like 2026-12-23T19:00")
		}
		if ok && err == nil {
			list = append(list, schedule.Move{Date: date, To: to})
		}
	}
	return list
}

// facilitators reads who holds the group whose code is code.
func (p *groupsParser) facilitators(n *yaml.Node, code string) []Facilitator {
	var all []Facilitator
	for i, item := range p.list(n, "facilitators", maxItems) {
		f := p.mapping(item, fmt.Sprintf("facilitators[%d]", i), facilitatorFields)
		if f == nil {
			continue
		}
		p.prefix = fmt.Sprintf("facilitators[%d].", i)
		who := Facilitator{Alias: p.text(f["alias"], "alias", maxName)}
		phone := p.text(f["phone"], "phone", maxName)
		var err error
		if who.Number, err = vault.ParseNumber(phone); err != nil && !p.faulty(p.prefix+"phone") {
			p.fault(orElse(f["phone"], item), "phone", "it is not a telephone number", `write it in quotes with + and the country, like "+12025550143"`)
		}
		pin := p.pin(item, f["pin"], phone, code)
		who.pin = &pin
		p.apart(item, who, all)
		all = append(all, who)
	}
	p.prefix = ""
	return all
}

func orElse(n, otherwise *yaml.Node) *yaml.Node {
	if n == nil {
		return otherwise
	}
	return n
}

// apart holds what a group's facilitators may not share: the alias, by which a
// repeated import knows them, and the PIN, which says who signs in.
func (p *groupsParser) apart(item *yaml.Node, who Facilitator, others []Facilitator) {
	switch {
	case p.faulty(p.prefix + "alias"):
	case who.Alias == "":
		p.fault(item, "alias", "it is empty", "write the name that callers hear, never a number")
	case digitRun.MatchString(who.Alias):
		p.fault(item, "alias", "it looks like a number, and callers hear it", "write a name")
	case slices.ContainsFunc(others, func(o Facilitator) bool { return strings.EqualFold(o.Alias, who.Alias) }):
		p.fault(item, "alias", "another facilitator of the group has it", "give each an alias of their own")
	}
	if *who.pin != "" && slices.ContainsFunc(others, func(o Facilitator) bool { return *o.pin == *who.pin }) {
		p.fault(item, "pin", "another facilitator of the group has it", "give each a PIN of their own")
	}
}

// pin returns a PIN that is worth having, or "".
func (p *groupsParser) pin(item, n *yaml.Node, phone, code string) string {
	pin := p.text(n, "pin", maxName)
	what := ""
	switch {
	case p.faulty(p.prefix + "pin"):
		return ""
	case pin == "":
		what = "it is missing"
	case strings.Trim(pin, "0123456789") != "":
		what = "it is not made of digits only"
	case len(pin) < minPIN || len(pin) > maxPIN:
		what = fmt.Sprintf("it does not have %d to %d digits", minPIN, maxPIN)
	case pin[0] == '0':
		what = "it begins with 0, which is the key for help"
	case isTrivial(pin):
		what = "it is one of those that are guessed first"
	case pin == code || strings.HasSuffix(digitsOf(phone), pin):
		what = "it is the group's code or the end of the phone number"
	default:
		return pin
	}
	p.fault(orElse(n, item), "pin", what, fmt.Sprintf("write %d to %d digits in quotes, not beginning with 0, drawn at random", minPIN, maxPIN))
	return ""
}

// isTrivial finds a row of steps (111111, 123456, 975310) and a short piece
// repeated (121212, 123123).
func isTrivial(pin string) bool {
	step, steady := int(pin[1])-int(pin[0]), true
	for i := 1; i < len(pin); i++ {
		steady = steady && (int(pin[i])-int(pin[i-1])-step)%10 == 0
	}
	if steady {
		return true
	}
	for n := 2; n <= len(pin)/2; n++ {
		if len(pin)%n == 0 && strings.Repeat(pin[:n], len(pin)/n) == pin {
			return true
		}
	}
	return false
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func (p *groupsParser) bridge(n *yaml.Node) Dial {
	s := p.text(n, "bridge", maxName)
	if s == "" {
		return Dial{}
	}
	d, err := ParseDial(s)
	if err != nil {
		p.fault(n, "bridge", "it is not what a telephone could dial",
			`write + and the number, a comma for each pause, then digits, * and #, like "+12155550123,,4821#"`)
		return Dial{}
	}
	if why := bridgeFault(d.Number(), p.opt.Countries); why != (reason{}) {
		p.fault(n, "bridge", why.what, why.mend)
	}
	return d
}
