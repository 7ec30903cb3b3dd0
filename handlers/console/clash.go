package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// clashesAhead is how far ahead dates are compared.
const clashesAhead = 90 * 24 * time.Hour

// clash is two dates at once that should not be: of one group, or of two groups that
// somebody of one name or of one number holds.
type clash struct {
	Words string // when it happens first
	With  string // the other group's name; "" for one that is not theirs who looks
	Who   string // who would hold both; "" for the same group
}

// clashes are the first ones of a group with itself and with each other group.
func (p *page) clashes(g store.Group) ([]clash, error) {
	var found []clash
	dates := occurrences(g.Meetings, p.now)
	for i, o := range dates {
		if i+1 < len(dates) && dates[i+1].Start.Before(o.End) {
			found = append(found, clash{Words: longDate(p.lang, dates[i+1].Start, p.now)})
			break
		}
	}
	if len(g.Facilitators) == 0 || !g.Stage.Meets() && g.ID != p.group.ID {
		return found, nil
	}
	all, err := p.desk.DB.Groups(p.ctx(), p.line)
	if err != nil {
		return nil, err
	}
	same, err := p.desk.Setup.DB.HeldBySame(p.ctx(), p.desk.Setup.Keys(), p.line, g.ID)
	if err != nil {
		return nil, err
	}
	for _, other := range all {
		who := cmp.Or(same[other.ID], sharedBy(g, other))
		if other.ID == g.ID || who == "" || !other.Stage.Meets() {
			continue
		}
		if at, ok := together(dates, occurrences(other.Meetings, p.now)); ok {
			c := clash{Words: longDate(p.lang, at, p.now), Who: who}
			if p.who.may(sees, other.ID) {
				c.With = other.Name.In(p.lang)
			}
			found = append(found, c)
		}
	}
	return found, nil
}

func occurrences(meetings []schedule.Meeting, now time.Time) []schedule.Occurrence {
	var all []schedule.Occurrence
	for _, m := range meetings {
		all = append(all, m.Between(now, now.Add(clashesAhead))...)
	}
	slices.SortFunc(all, func(a, b schedule.Occurrence) int { return a.Start.Compare(b.Start) })
	return all
}

// sharedBy is the alias of somebody who holds both groups; "" if nobody does. Two
// people of one name are taken for one, which is a warning only; one person of two
// names is told by the number: see [store.DB.HeldBySame].
func sharedBy(a, b store.Group) string {
	for _, f := range a.Facilitators {
		if slices.ContainsFunc(b.Facilitators, func(o store.Facilitator) bool { return strings.EqualFold(o.Alias, f.Alias) }) {
			return f.Alias
		}
	}
	return ""
}

// together is when two rows of dates, each in order, are first held at once.
func together(a, b []schedule.Occurrence) (time.Time, bool) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case !a[0].End.After(b[0].Start):
			a = a[1:]
		case !b[0].End.After(a[0].Start):
			b = b[1:]
		case a[0].Start.After(b[0].Start):
			return a[0].Start, true
		default:
			return b[0].Start, true
		}
	}
	return time.Time{}, false
}
