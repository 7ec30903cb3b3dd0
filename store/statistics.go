package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

const (
	// weeksOf is how many weeks a group's numbers are of together, and periods how many
	// of these statistics go back.
	weeksOf, periods = 4, 12
	// settles is how long after a week's end its numbers are shown: a session that is
	// over by then in every zone changes them no more, and so no two looks differ by one.
	settles = 36 * time.Hour
)

// Statistics is what may be shown of a line: complete weeks only, of which a number
// from 1 to 10 is hidden, and what would tell one. Nothing in it is a sum over others.
type Statistics struct {
	// Periods are the last twelve times four weeks, the oldest first, and Weeks those,
	// and what has been of the next.
	Weeks   []WeekFigures
	Periods []PeriodFigures
}

// WeekFigures are a week's.
type WeekFigures struct {
	Week     schedule.Date // its Monday
	Sessions Cell          // held
	Came     Cell          // to all of them
	Calls    Cell          // that came in
	Told     Cell          // texts and calls of ours that somebody got
	Coming   Cell          // who answered a reminder so
	Away     Cell          // who answered that they are not
}

// Figure is a number of a week, and what it is of: "sessions", "came", "calls", "told",
// "coming", "away".
type Figure struct {
	What string
	Cell Cell
}

// Figures are all of the week.
func (w WeekFigures) Figures() []Figure {
	return []Figure{{"sessions", w.Sessions}, {"came", w.Came}, {"calls", w.Calls}, {"told", w.Told}, {"coming", w.Coming}, {"away", w.Away}}
}

// PeriodFigures are four weeks'.
type PeriodFigures struct {
	From schedule.Date // its first day, and its last
	To   schedule.Date
	// Groups has, by a group's id, what came to its sessions. A group that is not
	// there had none.
	Groups map[string]Cell
	// Stops has how many gave up at each question; one that is not there, nobody.
	Stops map[Stop]Cell
}

// Statistics returns what may be shown of a line at now to the scope of the context:
// where that is not every group, what [Statistics.Only] shows of those it is. What is
// hidden rests on all groups, which are read whatever the scope: of a part, a number
// would be shown that tells another one's.
func (db *DB) Statistics(ctx context.Context, line string, now time.Time) (Statistics, error) {
	var r statisticsRows
	first, until := shownWeeks(now)
	err := db.inSnapshot(everyGroup(ctx), func(tx *sqlx.Tx) error { return r.read(ctx, tx, line, first.String(), until.String()) })
	if err != nil {
		return Statistics{}, fmt.Errorf("statistics: %w", err)
	}
	all := r.publish(first, until, few)
	if s, scoped := ctx.Value(scopeKey{}).(Scope); scoped && !s.All {
		return all.Only(s.Groups...), nil
	}
	return all, nil
}

// shownWeeks are the first Monday whose numbers are shown, with which the first four
// weeks begin, and the first one after them whose are not yet.
func shownWeeks(now time.Time) (first, until schedule.Date) {
	until = weekOf(schedule.DateOf(now.UTC().Add(-settles)))
	end := until
	for !beginsPeriod(end) {
		end = end.Add(-7)
	}
	return end.Add(-7 * weeksOf * periods), until
}

// beginsPeriod counts in fours from a Monday that all lines have in common.
func beginsPeriod(week schedule.Date) bool {
	days := time.Date(week.Year, week.Month, week.Day, 0, 0, 0, 0, time.UTC).Sub(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour)
	return days/7%weeksOf == 0
}

// statisticsRows are the numbers themselves, which leave this file as cells alone.
type statisticsRows struct {
	attendance []struct {
		Week           string
		Sessions, Came int
	}
	groups []struct {
		GroupID        string
		Period         int // since the first, from 0
		Sessions, Came int
	}
	counts []struct {
		Week, Name string
		Count      int
	}
	stops []struct {
		Week, Node    string
		Asked, Stayed int
	}
}

func (r *statisticsRows) read(ctx context.Context, tx *sqlx.Tx, line, from, until string) error {
	if err := tx.SelectContext(ctx, &r.attendance, `
		SELECT week::text AS week, sum(sessions)::bigint AS sessions, sum(came)::bigint AS came
		FROM attendance
		WHERE line_id = $1 AND week >= $2::date AND week < $3::date
		GROUP BY week`, line, from, until); err != nil {
		return err
	}
	if err := tx.SelectContext(ctx, &r.groups, `
		SELECT group_id, (week - $2::date) / $4 AS period, sum(sessions)::bigint AS sessions, sum(came)::bigint AS came
		FROM attendance
		WHERE line_id = $1 AND week >= $2::date AND week < $3::date
		GROUP BY 1, 2
		ORDER BY 1, 2`, line, from, until, 7*weeksOf); err != nil {
		return err
	}
	if err := tx.SelectContext(ctx, &r.counts, `
		SELECT date_trunc('week', day)::date::text AS week, CASE WHEN name IN ('delivered', 'answered') THEN 'told' ELSE name END AS name, sum(count)::bigint AS count
		FROM daily_count
		WHERE line_id = $1 AND day >= $2::date AND day < $3::date AND name IN ('delivered', 'answered', 'coming', 'not_coming')
		GROUP BY 1, 2
		UNION ALL
		SELECT date_trunc('week', hour AT TIME ZONE 'UTC')::date::text, 'calls', sum(count)::bigint
		FROM traffic
		WHERE line_id = $1 AND kind = 'call_in' AND (hour AT TIME ZONE 'UTC')::date >= $2::date AND (hour AT TIME ZONE 'UTC')::date < $3::date
		GROUP BY 1`, line, from, until); err != nil {
		return err
	}
	return tx.SelectContext(ctx, &r.stops, `
		SELECT week::text AS week, node, asked, stayed
		FROM stop
		WHERE line_id = $1 AND week >= $2::date AND week < $3::date`, line, from, until)
}

// publish makes of the numbers of these weeks what may be shown of them.
func (r *statisticsRows) publish(first, until schedule.Date, few int) Statistics {
	var s Statistics
	var came []int // of each week, in order
	for week := first; week.Compare(until) < 0; week = week.Add(7) {
		figures, n := r.week(week, few)
		s.Weeks, came = append(s.Weeks, figures), append(came, n)
	}
	for n := range periods {
		from := first.Add(7 * weeksOf * n)
		s.Periods = append(s.Periods, PeriodFigures{
			From: from, To: from.Add(7*weeksOf - 1),
			Groups: r.period(n, came[n*weeksOf:(n+1)*weeksOf], few), Stops: r.gaveUp(from, few),
		})
	}
	return s
}

func (r *statisticsRows) week(week schedule.Date, few int) (f WeekFigures, came int) {
	day, sessions, counts := week.String(), 0, map[string]int{}
	for _, a := range r.attendance {
		if a.Week == day {
			sessions, came = sessions+a.Sessions, came+a.Came
		}
	}
	for _, c := range r.counts {
		if c.Week == day {
			counts[c.Name] = c.Count
		}
	}
	f = WeekFigures{
		Week: week, Sessions: Cell{N: sessions}, Came: cell(came, few), Calls: cell(counts["calls"], few),
		Told: cell(counts["told"], few), Coming: cell(counts[string(MemberComing)], few), Away: cell(counts[string(MemberNotComing)], few),
	}
	if f.Came.Hidden { // each of them had somebody
		f.Sessions = f.Came
	}
	return f, came
}

// within says whether a week is one of the four from a Monday.
func within(week string, from schedule.Date) bool {
	return week >= from.String() && week < from.Add(7*weeksOf).String()
}

// period has the groups of the nth four weeks, of which so many came in each week.
func (r *statisticsRows) period(n int, came []int, few int) map[string]Cell {
	var ids []string // in order: what is hidden depends on it
	var list []sum
	for _, g := range r.groups {
		if g.Period == n {
			ids, list = append(ids, g.GroupID), append(list, sum{n: g.Came, least: g.Sessions})
		}
	}
	cells := make(map[string]Cell, len(ids))
	for i, hide := range hidden(came, list, few) {
		cells[ids[i]] = Cell{N: list[i].n}
		if hide {
			cells[ids[i]] = Cell{Hidden: true}
		}
	}
	return cells
}

// gaveUp leaves out how often each question was asked: a question that follows on one
// alone would tell by it how many gave up at that.
func (r *statisticsRows) gaveUp(from schedule.Date, few int) map[Stop]Cell {
	lost := map[Stop]int{}
	for _, s := range r.stops {
		if within(s.Week, from) {
			lost[Stop(s.Node)] += s.Asked - s.Stayed
		}
	}
	cells := map[Stop]Cell{}
	for at, n := range lost {
		if n > 0 { // who was asked on Sunday may stay on Monday
			cells[at] = cell(n, few)
		}
	}
	return cells
}

// GroupIDs are the groups that held sessions.
func (p PeriodFigures) GroupIDs() []string { return slices.Sorted(maps.Keys(p.Groups)) }

// Empty says whether there is nothing at all to show.
func (s Statistics) Empty() bool {
	for _, w := range s.Weeks {
		for _, f := range w.Figures() {
			if f.Cell != (Cell{}) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(s.Periods, func(p PeriodFigures) bool {
		return len(p.Stops) > 0 || slices.ContainsFunc(p.GroupIDs(), func(id string) bool { return p.Groups[id] != Cell{} })
	})
}

// Of returns a group's number of four weeks.
func (p PeriodFigures) Of(group string) Cell { return p.Groups[group] }

// Worst returns the questions at which more than a few gave up, those first where most
// did.
func (p PeriodFigures) Worst() []Stop {
	all := slices.DeleteFunc(slices.Sorted(maps.Keys(p.Stops)), func(at Stop) bool { return p.Stops[at].Hidden })
	slices.SortStableFunc(all, func(a, b Stop) int { return cmp.Compare(p.Stops[b].N, p.Stops[a].N) })
	return all
}

// Only returns what the statistics show of some groups. The line's numbers are not
// among it: what they come to beside these groups' is the others'.
func (s Statistics) Only(groups ...string) Statistics {
	var of Statistics
	for _, p := range s.Periods {
		cells := make(map[string]Cell, len(groups))
		for _, group := range groups {
			cells[group] = p.Groups[group]
		}
		of.Periods = append(of.Periods, PeriodFigures{From: p.From, To: p.To, Groups: cells})
	}
	return of
}
