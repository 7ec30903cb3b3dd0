package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// thief is who stole a dump, with the places and transaction numbers of its
// rows, and wants to know which identity and which membership are the same
// person's. Everything that is clear is a feature: the order of rows, their
// transactions, the length of every column, the value of every column.
type thief struct {
	identities, memberships []row
	// together are what pairs of features tell: by how much more likely each of
	// their combinations is of the same person. Learned from pairs that the thief
	// knows: people who told, people who were seen.
	tells []tell
}

// row is what is clear of one, feature by feature; each is a rank from 0 to 1,
// or a kind.
type row struct {
	ranks []float64
	kinds []string
}

// pair is an identity and a membership, by their places.
type pair struct{ identity, membership int }

// features reads a table, with the table of its keys, in the order in which it
// lies on disk. It returns each row's key too.
func (w *watch) features(table, key string) (rows []row, keys []string) {
	w.t.Helper()
	columns := strings.Split(w.text(`SELECT string_agg(format('%s.%I', CASE table_schema WHEN 'keys' THEN 'k' ELSE 't' END, column_name), ' ' ORDER BY table_schema, ordinal_position)
		FROM information_schema.columns WHERE table_name = $1 AND table_schema IN ('public', 'keys')`, table), " ")
	ranks := []string{
		"(t.ctid::text::point)[0] * 1000 + (t.ctid::text::point)[1]", "t.xmin::text::bigint", "(k.ctid::text::point)[0] * 1000 + (k.ctid::text::point)[1]", "k.xmin::text::bigint",
	}
	var kinds []string
	for _, c := range columns {
		ranks = append(ranks, "octet_length("+c+"::text)", c+"::text")
		kinds = append(kinds, "coalesce("+c+"::text, 'none')")
	}
	for i, r := range ranks {
		ranks[i] = "percent_rank() OVER (ORDER BY " + r + ")"
	}
	found, err := w.open().QueryContext(w.t.Context(), fmt.Sprintf(`SELECT %s, %s, t.%s::text FROM %s t JOIN keys.%s k USING (line_id, %s) ORDER BY t.ctid`,
		strings.Join(ranks, ", "), strings.Join(kinds, ", "), key, table, table, key))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		r, k := row{ranks: make([]float64, len(ranks)), kinds: make([]string, len(kinds))}, ""
		var into []any
		for i := range r.ranks {
			into = append(into, &r.ranks[i])
		}
		for i := range r.kinds {
			into = append(into, &r.kinds[i])
		}
		if err := found.Scan(append(into, &k)...); err != nil {
			w.t.Fatal(err)
		}
		rows, keys = append(rows, r), append(keys, k)
	}
	if err := found.Err(); err != nil {
		w.t.Fatal(err)
	}
	return rows, keys
}

// tell is how a feature of the one side goes with a feature of the other.
type tell struct {
	cell  func(identity, membership row) string
	worth map[string]float64 // of each cell: the logarithm of how much likelier
}

// fewKinds is up to how many values a column is looked at by value.
const fewKinds = 12

// candidates are all pairs of features.
func (t *thief) candidates() []func(identity, membership row) string {
	var all []func(a, b row) string
	for i := range t.identities[0].ranks {
		for j := range t.memberships[0].ranks {
			all = append(all, func(a, b row) string {
				return fmt.Sprint(int(math.Round(8 * math.Cbrt(a.ranks[i]-b.ranks[j])))) // fine near nought
			})
		}
	}
	few := func(rows []row) []int {
		var all []int
		for i := range rows[0].kinds {
			seen := map[string]bool{}
			for _, r := range rows {
				seen[r.kinds[i]] = true
			}
			if len(seen) > 1 && len(seen) <= fewKinds {
				all = append(all, i)
			}
		}
		return all
	}
	for _, i := range few(t.identities) {
		for _, j := range few(t.memberships) {
			all = append(all, func(a, b row) string { return a.kinds[i] + "\x00" + b.kinds[j] })
		}
	}
	return all
}

// learn keeps what tells more than chance would, of pairs whose truth is known.
func (t *thief) learn(same, other []pair) {
	t.tells = nil
	for _, cell := range t.candidates() {
		of := func(pairs []pair) map[string]float64 {
			count := map[string]float64{}
			for _, p := range pairs {
				count[cell(t.identities[p.identity], t.memberships[p.membership])]++
			}
			return count
		}
		yes, no := of(same), of(other)
		worth, surprise, cells := map[string]float64{}, 0.0, 0
		for c := range union(yes, no) {
			worth[c] = math.Log((yes[c] + 1) / (no[c] + 1))
			surprise += (yes[c] - no[c]) * (yes[c] - no[c]) / (yes[c] + no[c])
			cells++
		}
		// χ² of two samples: its mean is the cells, its variance twice that.
		if surprise > float64(cells)+5*math.Sqrt(2*float64(cells)) {
			t.tells = append(t.tells, tell{cell, worth})
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
		sum += tell.worth[tell.cell(t.identities[p.identity], t.memberships[p.membership])]
	}
	if sum == 0 {
		return coin.IntN(2) == 0
	}
	return sum > 0
}

// play has the thief learn from some people and judge others: as many pairs of
// the same person as of two. truth is a membership of each identity. It returns
// the share that was judged rightly, of how many.
func (t *thief) play(truth []pair, judged int, seed uint64) (share float64, pairs int) {
	random := rand.New(rand.NewPCG(seed, seed))
	people := slices.Clone(truth)
	random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	others := func(same []pair) []pair {
		all := slices.Clone(same)
		for i := range all { // a neighbour's: never one's own
			all[i].membership = same[(i+1)%len(same)].membership
		}
		return all
	}
	known, asked := people[judged:], people[:judged]
	t.learn(known, others(known))
	right := 0
	for truth, pairs := range map[bool][]pair{true: asked, false: others(asked)} {
		for _, p := range pairs {
			if t.judge(p, random) == truth {
				right++
			}
		}
	}
	return float64(right) / float64(2*judged), 2 * judged
}
