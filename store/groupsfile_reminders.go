package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows/schedule"
)

func (p *groupsParser) reminders(n *yaml.Node) []string {
	if n == nil || isNull(resolve(n)) {
		return defaultReminders
	}
	reminders := []string{}
	seen := map[time.Duration]bool{}
	var offsets []schedule.Offset
	for i, item := range p.list(n, "reminders", maxItems) {
		field := fmt.Sprintf("reminders[%d]", i)
		s := p.text(item, field, maxName)
		before, ok := schedule.ParseOffset(s)
		switch {
		case p.faulty(field):
		case !ok:
			p.fault(item, field, "it is not a time before the meeting", "write hours or minutes, from 5m to 168h, like 24h or 15m")
		case seen[before.Spans()]:
			p.fault(item, field, "it is there twice", "keep one of them")
		default:
			seen[before.Spans()] = true
			reminders = append(reminders, s)
			offsets = append(offsets, before)
		}
	}
	if len(offsets) > RemindersPerMeeting {
		slices.SortFunc(offsets, func(a, b schedule.Offset) int { return cmp.Compare(b.Spans(), a.Spans()) })
		var first []string
		for _, o := range offsets[:RemindersPerMeeting] {
			first = append(first, o.String())
		}
		p.warn(n, "reminders", fmt.Sprintf("a member gets at most %d reminders of a meeting, and these come first: %s", RemindersPerMeeting, strings.Join(first, ", ")),
			fmt.Sprintf("keep the %d that are to come", RemindersPerMeeting))
	}
	return reminders
}
