package outbox

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// farAhead is how far beyond the longest offset dates are looked at: its days are
// days of the calendar, and one of those can have 25 hours and more.
const farAhead = 26 * time.Hour

// planAgain is after how long what is due is planned once more, though it has been:
// the queue left it out if its date was skipped then, or its group was paused, by
// what the directory did not know yet; and it may be held after all. It is less than
// the shortest offset that a member may choose.
const planAgain = 10 * time.Minute

// Due returns the firings of a line that are due at now and still of use, by the
// group, the start of the occurrence and the offset. It asks nobody, and gives the
// same ones until they expire: to plan one again does nothing.
func Due(d *flows.Directory, now time.Time) []store.Firing {
	due, _ := dueAndNext(d, now)
	return due
}

// dueAndNext also returns until when nothing else falls due.
func dueAndNext(d *flows.Directory, now time.Time) (due []store.Firing, next time.Time) {
	next = now.Add(planAgain)
	each(d, now, now, func(f store.Firing) {
		switch {
		case f.Due.After(now):
			next = earlier(next, f.Due)
		case now.Before(f.Expires):
			due = append(due, f)
		}
	})
	return due, next
}

// Coming returns the firings of a line that fall due after from, and until to.
func Coming(d *flows.Directory, from, to time.Time) []store.Firing {
	var all []store.Firing
	each(d, from, to, func(f store.Firing) {
		if f.Due.After(from) && !f.Due.After(to) {
			all = append(all, f)
		}
	})
	return all
}

// each does something with the firings of the occurrences that begin after from, by
// the group, the start and the offset: with all that fall due until to, and some
// that do later.
func each(d *flows.Directory, from, to time.Time, do func(store.Firing)) {
	for _, g := range d.Groups() {
		if !g.Stage.Meets() {
			continue
		}
		offsets := offsetsOf(g)
		for _, o := range d.Between(g.ID, from, to.Add(offsets[0].Spans()+farAhead)) {
			for i, offset := range offsets {
				expires := o.Start
				if j := slices.IndexFunc(offsets[i+1:], func(f remind) bool { return !f.own }); j >= 0 {
					expires = offsets[i+1+j].Before(o.Start)
				}
				do(store.Firing{
					Group: g.ID, Meeting: o.Meeting, Date: o.Date, Purpose: store.Purpose(offset.String()),
					Start: o.Start, Due: offset.Before(o.Start), Expires: expires, Own: offset.own,
				})
			}
		}
	}
}

// remind is an offset at which a group's members are reminded; own is true when
// only those are who chose it themselves.
type remind struct {
	schedule.Offset
	own bool
}

// offsetsOf are a group's offsets and those that can be chosen, the longest first.
// There is always one.
func offsetsOf(g flows.Group) []remind {
	var all []remind
	add := func(texts []string, own bool) {
		for _, text := range texts {
			o, ok := schedule.ParseOffset(text)
			if ok && !slices.ContainsFunc(all, func(f remind) bool { return f.String() == text }) {
				all = append(all, remind{o, own})
			}
		}
	}
	add(g.Reminders, false)
	add(flows.OwnOffsets(), true)
	slices.SortStableFunc(all, func(a, b remind) int { return cmp.Compare(b.Spans(), a.Spans()) })
	return all
}

// planned names a firing that has been planned. One that was moved to another
// start is another.
type planned struct {
	group, meeting string
	date           schedule.Date
	purpose        store.Purpose
	start          int64
}

func nameOf(f store.Firing) planned {
	return planned{f.Group, f.Meeting, f.Date, f.Purpose, f.Start.Unix()}
}

// planner plans for one line, and remembers what it has planned and when, so that
// a moment at which nothing falls due costs nothing.
type planner struct {
	directory *flows.Directory // that was last looked at
	looked    time.Time
	next      time.Time // when it is looked at again
	done      map[planned]time.Time
}

// fresh returns the firings that are due and that this program has not planned of
// late.
func (p *planner) fresh(d *flows.Directory, now time.Time) []store.Firing {
	if d == p.directory && now.Before(p.next) && !now.Before(p.looked) {
		return nil
	}
	due, next := dueAndNext(d, now)
	maps.DeleteFunc(p.done, func(_ planned, at time.Time) bool { return now.Sub(at).Abs() >= planAgain })
	for _, at := range p.done {
		next = earlier(next, at.Add(planAgain))
	}
	p.directory, p.looked, p.next = d, now, next
	return slices.DeleteFunc(due, func(f store.Firing) bool {
		_, done := p.done[nameOf(f)]
		return done
	})
}

// keep remembers what has been planned.
func (p *planner) keep(all []store.Firing, now time.Time) {
	for _, f := range all {
		p.done[nameOf(f)] = now
	}
}

// again has the next look be at all that is due, since planning failed.
func (p *planner) again() { p.next = time.Time{} }

// Plan plans what falls due now on every line. It returns how many rows it added.
// What it cannot plan now it plans when it is called again.
func (o *Outbox) Plan(ctx context.Context) (rows int, err error) {
	defer o.workPanicked(ctx, "plan", &err)
	for _, line := range o.Served() {
		snap, ok := o.Lines.Line(line)
		if !ok {
			continue
		}
		for _, plan := range []func() (int, error){
			func() (int, error) { return o.planMessages(ctx, line) },
			func() (int, error) { return o.planLine(ctx, line, snap.Directory) },
		} {
			n, err := plan()
			rows += n
			if err != nil {
				return rows, err
			}
		}
	}
	return rows, nil
}

// planMessages plans what staff have said to their groups, once it cannot be taken
// back any more.
func (o *Outbox) planMessages(ctx context.Context, line string) (rows int, err error) {
	return within(ctx, o.patience.plan, func(ctx context.Context) (int, error) { return o.Queue.PlanMessages(ctx, o.Now(), line) })
}

func (o *Outbox) planLine(ctx context.Context, line string, d *flows.Directory) (rows int, err error) {
	p := o.planners[line]
	if p == nil {
		p = &planner{done: map[planned]time.Time{}}
		o.planners[line] = p
	}
	now := o.Now()
	firings := p.fresh(d, now)
	if len(firings) == 0 {
		return 0, nil
	}
	hit("plan.begin")
	rows, err = within(ctx, o.patience.plan, func(ctx context.Context) (int, error) { return o.Queue.Plan(ctx, line, firings) })
	if err != nil {
		p.again()
		return rows, err
	}
	hit("plan.done")
	p.keep(firings, now)
	return rows, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
