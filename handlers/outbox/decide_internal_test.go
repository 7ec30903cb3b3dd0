package outbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	const s, m = time.Second, time.Minute
	at := func(d time.Duration) time.Time { return noon24.Add(d) }
	ask := func(to string, intent, cleared time.Duration) question {
		q := question{to: to, intentAt: at(intent)}
		if to == "?" {
			q.to, q.closed = "", true
		}
		if cleared != 0 {
			q.clearAt = at(cleared)
		}
		return q
	}
	has := func(to string, d time.Duration) orphan { return orphan{to, at(d), fmt.Sprintf("%s%d", to, d/s)} }
	for name, tt := range map[string]struct {
		now       time.Duration
		questions []question
		orphans   []orphan
		want      string
	}{
		"too early, and it is there":      {149 * s, []question{ask("a", 0, 0)}, []orphan{has("a", s)}, "wait"},
		"too early, and it is not there":  {149 * s, []question{ask("a", 0, 0)}, nil, "wait"},
		"it is there":                     {150 * s, []question{ask("a", 0, 0)}, []orphan{has("a", s)}, "sent a1"},
		"it is not there":                 {150 * s, []question{ask("a", 0, 0)}, nil, "missing"},
		"nor a moment later":              {209 * s, []question{ask("a", 0, 150*s)}, nil, "wait"},
		"nor a minute later":              {210 * s, []question{ask("a", 0, 150*s)}, nil, "unsent"},
		"it shows late":                   {210 * s, []question{ask("a", 0, 150*s)}, []orphan{has("a", s)}, "sent a1"},
		"somebody else's":                 {150 * s, []question{ask("a", 0, 0)}, []orphan{has("b", s)}, "missing"},
		"one from before":                 {150 * s, []question{ask("a", 0, 0)}, []orphan{has("a", -61*s)}, "missing"},
		"their clock is behind":           {150 * s, []question{ask("a", 0, 0)}, []orphan{has("a", -60*s)}, "sent a-60"},
		"one from long after":             {9 * m, []question{ask("a", 0, 0)}, []orphan{has("a", 211*s)}, "missing"},
		"one that is under way":           {150 * s, []question{ask("a", 0, 0)}, []orphan{has("a", 61*s)}, "wait"},
		"one of two":                      {200 * s, []question{ask("a", 0, 0), ask("a", 0, 0)}, []orphan{has("a", s)}, "wait, wait"},
		"two of two":                      {200 * s, []question{ask("a", 0, 0), ask("a", 2*s, 0)}, []orphan{has("a", s), has("a", 3*s)}, "sent a1, sent a3"},
		"three of two":                    {200 * s, []question{ask("a", 0, 0), ask("a", 0, 0)}, []orphan{has("a", s), has("a", s), has("a", s)}, "wait, wait"},
		"none of two":                     {200 * s, []question{ask("a", 0, 0), ask("a", 0, -m)}, nil, "missing, unsent"},
		"another one is too young":        {200 * s, []question{ask("a", 0, 0), ask("a", 100*s, 0)}, []orphan{has("a", s)}, "wait, wait"},
		"another one came much later":     {10 * m, []question{ask("a", 0, 0), ask("a", 5*m, 0)}, []orphan{has("a", s)}, "wait, missing"},
		"to each their own":               {200 * s, []question{ask("a", 0, 0), ask("b", 0, 0)}, []orphan{has("b", s)}, "missing, sent b1"},
		"nobody is there":                 {200 * s, []question{ask("", 0, -5*m)}, nil, "wait"},
		"nobody shows, and all are there": {200 * s, []question{ask("a", 0, 0), ask("b", 0, 0)}, []orphan{has("", s), has("", 2*s)}, "sent 1, sent 2"},
		"nobody shows, and one is there":  {200 * s, []question{ask("a", 0, 0), ask("b", 0, 0)}, []orphan{has("", s)}, "wait, wait"},
		"nobody shows, and none is there": {200 * s, []question{ask("a", 0, 0), ask("b", 0, -m)}, nil, "missing, unsent"},
		"nobody shows, one is too young":  {200 * s, []question{ask("a", 0, 0), ask("b", 100*s, 0)}, []orphan{has("", s), has("", 101*s)}, "wait, wait"},
		"one shows and one does not":      {200 * s, []question{ask("a", 0, 0), ask("b", 0, 0)}, []orphan{has("a", s), has("", s)}, "sent a1, sent 1"},
		"who knows whose":                 {200 * s, []question{ask("?", 0, -5*m)}, nil, "wait"},
		"perhaps its, perhaps not":        {200 * s, []question{ask("a", 0, 0), ask("?", 0, 0)}, []orphan{has("a", s)}, "wait, wait"},
		"none is anybody's":               {210 * s, []question{ask("a", 0, 150*s), ask("?", 0, 150*s)}, nil, "unsent, wait"},
		"not that one's, much earlier":    {10 * m, []question{ask("a", 5*m, 0), ask("?", 0, 0)}, []orphan{has("a", 5*m)}, "sent a300, wait"},
		"as many as all, and one unknown": {200 * s, []question{ask("a", 0, 0), ask("?", 0, 0)}, []orphan{has("a", s), has("b", s)}, "wait, wait"},
		"as many, but not of all":         {200 * s, []question{ask("a", 0, 0), ask("b", 0, 0), ask("?", 0, 0)}, []orphan{has("a", s), has("a", s), has("c", s)}, "wait, missing, wait"},
		"hidden ones, but not of all":     {200 * s, []question{ask("a", 0, 0), ask("b", 5*m, 0)}, []orphan{has("", s), has("", 2*s)}, "wait, wait"},
		"no time shows":                   {200 * s, []question{ask("a", 0, 0)}, []orphan{{to: "a", sid: "x"}}, "wait"},
	} {
		now := at(tt.now)
		r := reading{now: now, known: now.Add(-asking - skew), drain: asking + underWay}
		var got []string
		for _, a := range r.decide(tt.questions, tt.orphans) {
			got = append(got, strings.TrimSpace([]string{"wait", "missing", "unsent", "sent"}[a.finding]+" "+a.sid))
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// What is taken for sent is taken for as many different texts, in any order.
func TestDecideGivesNothingTwice(t *testing.T) {
	t.Parallel()
	var questions []question
	var orphans []orphan
	for i := range 20 {
		to := string(rune('a' + i%3))
		questions = append(questions, question{to: to, intentAt: noon24.Add(time.Duration(i) * time.Second)})
		orphans = append(orphans, orphan{to, noon24.Add(time.Duration(i) * time.Second), fmt.Sprint(i)})
	}
	slices.Reverse(orphans)
	now := noon24.Add(5 * time.Minute)
	seen := map[string]bool{}
	for i, a := range (reading{now: now, known: now.Add(-asking - skew), drain: asking + underWay}).decide(questions, orphans) {
		if a.finding != sent || seen[a.sid] {
			t.Errorf("%d: %+v", i, a)
		}
		seen[a.sid] = true
	}
}

// Whatever else the list has, or hides, and however late it shows it: a row that was
// sent is never taken for one that was not, and no text for two rows'.
func TestDecideSendsNothingTwice(t *testing.T) {
	t.Parallel()
	const second = int(time.Second)
	within := func(r *rapid.T, what string, from, to time.Duration) time.Duration {
		return time.Duration(rapid.IntRange(int(from)/second, int(to)/second).Draw(r, what)) * time.Second
	}
	number := rapid.SampledFrom([]string{"a", "b"})
	rapid.Check(t, func(r *rapid.T) {
		type row struct {
			question
			sid string // of what it was sent as, "" if it was not
		}
		type listed struct {
			orphan
			from time.Time // when the list shows it
		}
		var rows []row
		var list []listed
		show := func(o orphan) {
			at := o.at
			if rapid.IntRange(0, 4).Draw(r, "hides its number") == 0 {
				o.to = ""
			}
			if rapid.IntRange(0, 9).Draw(r, "hides its time") == 0 {
				o.at = time.Time{}
			}
			list = append(list, listed{o, at.Add(within(r, "lag", 0, apart))})
		}
		for i := range rapid.IntRange(1, 4).Draw(r, "rows") {
			q := row{question: question{to: number.Draw(r, "to"), intentAt: noon24.Add(within(r, "intent", 0, 5*time.Minute))}}
			if rapid.Bool().Draw(r, "sent") {
				q.sid = fmt.Sprint("SM", i)
				show(orphan{q.to, q.intentAt.Add(within(r, "taken", 0, asking+underWay)), q.sid})
			}
			rows = append(rows, q)
		}
		for i := range rapid.IntRange(0, 3).Draw(r, "of another line, or of nobody's") {
			show(orphan{number.Draw(r, "whose"), noon24.Add(within(r, "when", -time.Minute, 8*time.Minute)), fmt.Sprint("other", i)})
		}
		slices.SortStableFunc(rows, func(a, b row) int { return a.intentAt.Compare(b.intentAt) })
		slices.SortStableFunc(list, func(a, b listed) int { return a.at.Compare(b.at) })
		now := noon24
		for range 8 {
			now = now.Add(within(r, "later", 20*time.Second, 2*time.Minute))
			var questions []question
			var orphans []orphan
			for _, q := range rows {
				questions = append(questions, q.question)
			}
			for _, o := range list {
				if !now.Before(o.from) {
					orphans = append(orphans, o.orphan)
				}
			}
			read := reading{now: now, known: now.Add(-asking - skew), drain: asking + underWay}
			taken := map[string]bool{}
			var left []row
			killed := rapid.IntRange(0, 8).Draw(r, "is killed after so many rows")
			for i, a := range read.decide(questions, orphans) {
				if i >= killed {
					a.finding = wait
				}
				switch a.finding {
				case unsent:
					if rows[i].sid != "" {
						r.Fatalf("what was sent as %s is sent again", rows[i].sid)
					}
					continue
				case sent:
					if taken[a.sid] || a.sid == "" {
						r.Fatalf("%q stands for two", a.sid)
					}
					taken[a.sid] = true
					continue
				case missing:
					rows[i].clearAt = now
				}
				left = append(left, rows[i])
			}
			rows = left
			list = slices.DeleteFunc(list, func(o listed) bool { return taken[o.sid] }) // they are marked
		}
	})
}
