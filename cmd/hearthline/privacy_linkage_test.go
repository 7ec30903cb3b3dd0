package main

import (
	"database/sql"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// thief is who stole a dump, with the places and transaction numbers of its
// rows, and wants to know which identity and which membership are the same
// person's. Everything that is clear is a feature: the order of rows, their
// transactions, how far those and times are apart, the length of every column, the
// value of every column; and the same of what was sent to them.
type thief struct {
	identities, memberships rows
	// tells are what pairs of features tell. They are learned from pairs that the
	// thief knows: people who told, people who were seen.
	tells []tell
}

// rows are a table as a thief sees it, in the order in which it lies on disk.
type rows struct {
	ranked, kinds, gauged []string // names of features
	rows                  []row
}

// row is what is clear of one, feature by feature; each is a rank from 0 to 1, a
// kind, or a gauge: the number of a transaction, or a time in seconds.
type row struct {
	ranks  []float64
	kinds  []string
	gauges []sql.NullFloat64
}

// pair is an identity and a membership, by their places. In a game about two
// memberships of one person, the identity is one of them.
type pair struct {
	identity, membership int
	// alike is what the thief knows already: people are told from others of whom it is
	// the same.
	alike string
}

// features reads a table, with the table of its keys, in the order in which it
// lies on disk. It returns each row's key too.
func (w *watch) features(table, key string) (all rows, keys []string) {
	w.t.Helper()
	columns := strings.Split(w.text(`SELECT string_agg(format('%s.%I', CASE table_schema WHEN 'keys' THEN 'k' ELSE 't' END, column_name), ' ' ORDER BY table_schema, ordinal_position)
		FROM information_schema.columns WHERE table_name = $1 AND table_schema IN ('public', 'keys')`, table), " ")
	ranks := []string{
		"(t.ctid::text::point)[0] * 1000 + (t.ctid::text::point)[1]", "t.xmin::text::bigint", "(k.ctid::text::point)[0] * 1000 + (k.ctid::text::point)[1]", "k.xmin::text::bigint",
	}
	all.ranked, all.kinds = []string{"place", "transaction", "key's place", "key's transaction"}, columns
	var kinds []string
	for _, c := range columns {
		ranks, all.ranked = append(ranks, "octet_length("+c+"::text)", c+"::text"), append(all.ranked, c+"'s length", c)
		kinds = append(kinds, "coalesce("+c+"::text, 'none')")
	}
	sent := w.sent()
	for _, name := range slices.Sorted(maps.Keys(sent.ranks)) {
		ranks, all.ranked = append(ranks, "s."+name), append(all.ranked, "what was sent: "+name)
	}
	for _, name := range slices.Sorted(maps.Keys(sent.kinds)) {
		kinds, all.kinds = append(kinds, "coalesce(s."+name+", 'none')"), append(all.kinds, "what was sent: "+name)
	}
	gauges := []string{"t.xmin::text::bigint", "k.xmin::text::bigint"}
	all.gauged = []string{"transaction", "key's transaction"}
	for _, name := range slices.Sorted(maps.Keys(sent.gauges)) {
		gauges, all.gauged = append(gauges, "s."+name), append(all.gauged, name)
	}
	for i, r := range ranks {
		ranks[i] = "percent_rank() OVER (ORDER BY " + r + ")"
	}
	found, err := w.open().QueryContext(w.t.Context(), fmt.Sprintf(`SELECT %s, %s, %s, t.%s::text
		FROM %s t JOIN keys.%s k USING (line_id, %s) LEFT JOIN (%s) s ON s.whose = t.%s::text ORDER BY t.ctid`,
		strings.Join(ranks, ", "), strings.Join(kinds, ", "), strings.Join(gauges, ", "), key, table, table, key, sent.query(), key))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		r, k := row{make([]float64, len(ranks)), make([]string, len(kinds)), make([]sql.NullFloat64, len(gauges))}, ""
		var into []any
		for i := range r.ranks {
			into = append(into, &r.ranks[i])
		}
		for i := range r.kinds {
			into = append(into, &r.kinds[i])
		}
		for i := range r.gauges {
			into = append(into, &r.gauges[i])
		}
		if err := found.Scan(append(into, &k)...); err != nil {
			w.t.Fatal(err)
		}
		all.rows, keys = append(all.rows, r), append(keys, k)
	}
	if err := found.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all, keys
}

// sends are what the outbox shows of one member or membership, over all of their
// rows: expressions by name.
type sends struct{ ranks, kinds, gauges map[string]string }

// sent are all columns, and where rows lie, which transactions wrote them, and what
// they tell of.
func (w *watch) sent() sends {
	w.t.Helper()
	s := sends{
		ranks: map[string]string{
			"place": "max((o.ctid::text::point)[0] * 1000 + (o.ctid::text::point)[1])", "transaction": "max(o.xmin::text::bigint)", "rows": "count(*)",
			"firings_transaction": "max(f.xmin::text::bigint)",
		},
		gauges: map[string]string{"sent_transaction": "max(o.xmin::text::bigint)"},
		kinds:  map[string]string{"rows_kinds": "count(*)::text", "purposes": "string_agg(DISTINCT f.purpose, ' ' ORDER BY f.purpose)"},
	}
	for _, c := range w.column(w.open(), `SELECT column_name FROM information_schema.columns WHERE table_name = 'outbox'
		AND column_name NOT IN ('line_id', 'outbox_id', 'member_id', 'pseudonym', 'firing_id')`) {
		s.ranks["last_"+c] = "max(o." + c + ")"
		s.kinds["all_"+c] = "string_agg(DISTINCT o." + c + "::text, ' ' ORDER BY o." + c + "::text)"
	}
	for _, c := range w.column(w.open(), `SELECT column_name FROM information_schema.columns WHERE table_name = 'outbox' AND data_type LIKE 'timestamp%'`) {
		s.gauges["second_"+c] = "extract(epoch FROM max(o." + c + "))"
	}
	return s
}

// query is by whose the rows are.
func (s sends) query() string {
	columns := []string{"coalesce(o.member_id::text, o.pseudonym::text) AS whose"}
	for _, all := range []map[string]string{s.ranks, s.kinds, s.gauges} {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			columns = append(columns, all[name]+" AS "+name)
		}
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM outbox o LEFT JOIN firing f USING (line_id, firing_id) GROUP BY 1"
}

// tell is how a feature of the one side goes with a feature of the other.
type tell struct {
	name  string
	cell  func(identity, membership row) string
	worth map[string]float64 // of each cell: the logarithm of how much likelier
}

// fewKinds is up to how many values a column is looked at by value.
const fewKinds = 12

// candidates are all pairs of features.
func (t *thief) candidates() []tell {
	var all []tell
	for i, one := range t.identities.ranked {
		for j, other := range t.memberships.ranked {
			all = append(all, tell{name: one + " ~ " + other, cell: func(a, b row) string {
				return fmt.Sprint(int(math.Round(8 * math.Cbrt(a.ranks[i]-b.ranks[j])))) // fine near nought
			}})
		}
	}
	for i, one := range t.identities.gauged {
		for j, other := range t.memberships.gauged {
			if strings.Contains(one, "transaction") == strings.Contains(other, "transaction") {
				all = append(all, tell{name: one + " near " + other, cell: func(a, b row) string { return gap(a.gauges[i], b.gauges[j]) }})
			}
		}
	}
	for _, i := range t.identities.few() {
		for _, j := range t.memberships.few() {
			all = append(all, tell{name: t.identities.kinds[i] + " = " + t.memberships.kinds[j], cell: func(a, b row) string {
				return a.kinds[i] + "\x00" + b.kinds[j]
			}})
		}
	}
	return all
}

// gap is how far two gauges are apart, fine near nought.
func gap(a, b sql.NullFloat64) string {
	if !a.Valid || !b.Valid {
		return fmt.Sprint(a.Valid, b.Valid)
	}
	d := a.Float64 - b.Float64
	return fmt.Sprint(math.Copysign(math.Round(2*math.Log2(1+math.Abs(d))), d))
}

// few are the features that have more than one value and few of them.
func (r rows) few() []int {
	var all []int
	for i := range r.kinds {
		seen := map[string]bool{}
		for _, row := range r.rows {
			seen[row.kinds[i]] = true
		}
		if len(seen) > 1 && len(seen) <= fewKinds {
			all = append(all, i)
		}
	}
	return all
}

// learn keeps what tells more than chance would, of pairs whose truth is known.
func (t *thief) learn(same, other []pair) {
	t.tells = nil
	for _, c := range t.candidates() {
		of := func(pairs []pair) map[string]float64 {
			count := map[string]float64{}
			for _, p := range pairs {
				count[c.cell(t.identities.rows[p.identity], t.memberships.rows[p.membership])]++
			}
			return count
		}
		yes, no := of(same), of(other)
		surprise, cells := 0.0, 0
		c.worth = map[string]float64{}
		for v := range union(yes, no) {
			c.worth[v] = math.Log((yes[v] + 1) / (no[v] + 1))
			surprise += (yes[v] - no[v]) * (yes[v] - no[v]) / (yes[v] + no[v])
			cells++
		}
		// χ² of two samples: its mean is the cells, its variance twice that.
		if surprise > float64(cells)+5*math.Sqrt(2*float64(cells)) {
			t.tells = append(t.tells, c)
		}
	}
}

func union(a, b map[string]float64) map[string]bool {
	all := map[string]bool{}
	for _, m := range []map[string]float64{a, b} {
		for k := range m {
			all[k] = true
		}
	}
	return all
}

// judge says whether a pair is the same person's: on nothing at all, by a coin.
func (t *thief) judge(p pair, coin *rand.Rand) bool {
	sum := 0.0
	for _, tell := range t.tells {
		sum += tell.worth[tell.cell(t.identities.rows[p.identity], t.memberships.rows[p.membership])]
	}
	if sum == 0 {
		return coin.IntN(2) == 0
	}
	return sum > 0
}

// play has the thief learn from some people and judge others, at most so many: as
// many pairs of the same person as of two. truth is a membership of each identity. It
// returns the share that was judged rightly, of how many.
func (t *thief) play(truth []pair, judged int, seed uint64) (share float64, pairs int) {
	random := rand.New(rand.NewPCG(seed, seed))
	people := slices.Clone(truth)
	random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	judged = min(judged, len(people)/2)
	t.learn(matched(people[judged:]))
	right := 0
	same, other := matched(people[:judged])
	for truth, all := range map[bool][]pair{true: same, false: other} {
		for _, p := range all {
			pairs++
			if t.judge(p, random) == truth {
				right++
			}
		}
	}
	return float64(right) / float64(pairs), pairs
}

// matched returns people beside as many pairs of two of them: everybody with a
// neighbour's membership, among those who are alike. Who is like nobody is left out.
func matched(people []pair) (same, other []pair) {
	by := map[string][]pair{}
	for _, p := range people {
		by[p.alike] = append(by[p.alike], p)
	}
	for _, alike := range slices.Sorted(maps.Keys(by)) {
		all := by[alike]
		for i, p := range all {
			if len(all) > 1 {
				same, other = append(same, p), append(other, pair{p.identity, all[(i+1)%len(all)].membership, alike})
			}
		}
	}
	return same, other
}
