//go:build privacy

package store_test

import (
	"context"
	"slices"
	"testing"
	"time"
)

// A look-up among a million members takes at most half as long again as one among
// ten thousand. The rows are random, as those of real members are to whoever has no
// keys; half of those looked for are elsewhere in the index each time, the others a
// few real members and strangers. The two take turns, so that what else the machine
// does counts for both.
func TestALookUpAmongAMillion(t *testing.T) {
	const trials = 6000
	sizes := []int{10_000, 1_000_000}
	took := make([][]time.Duration, len(sizes))
	var looks []func(i int)
	for _, size := range sizes {
		looks = append(looks, lookUpAmong(t, size, trials/2))
	}
	for i := range trials {
		for s, look := range looks {
			start := time.Now()
			look(i)
			took[s] = append(took[s], time.Since(start))
		}
	}
	for s := range took {
		slices.Sort(took[s])
	}
	few, many := took[0][trials/2], took[1][trials/2]
	t.Logf("a look-up among %d takes %v, among %d %v: %.2f times as long", sizes[0], few, sizes[1], many, float64(many)/float64(few))
	if float64(many) > 1.5*float64(few) {
		t.Error("that is too long")
	}
}

// lookUpAmong makes members and returns a function that looks one of them up.
func lookUpAmong(t *testing.T, members, known int) func(i int) {
	t.Helper()
	l := setUpMembers(t)
	callers := []string{ann, bea, cat, "+12025550146", "+12025550147"}
	for _, n := range callers[:3] {
		l.byPhone(t, n, "482913", "")
	}
	l.addRandomMembers(t, members)
	indexes := column(t, l.look, `SELECT number_index FROM member ORDER BY random() LIMIT $1`, known)
	return func(i int) {
		if i%2 == 1 {
			if err := l.Fetch(t.Context(), l.id, indexes[i/2%len(indexes)]); err != nil {
				t.Fatal(err)
			}
			return
		}
		who := i / 2 % len(callers)
		if found, err := l.LookUp(t.Context(), l.id, number(t, callers[who])); err != nil || found != (who < 3) {
			t.Fatal(found, err)
		}
	}
}

func (l *lineUnderTest) addRandomMembers(t *testing.T, n int) {
	t.Helper()
	if _, err := l.look.ExecContext(t.Context(), `
		WITH made AS (
			INSERT INTO member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state)
			SELECT m.line_id, gen_random_uuid(), uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), m.index_key,
				m.number, m.profile, m.pin, 'confirmed'
			FROM (SELECT * FROM member LIMIT 1) m, generate_series(1, $1)
			RETURNING line_id, member_id)
		INSERT INTO keys.member (line_id, member_id, data_key, link_secret)
		SELECT made.line_id, made.member_id, k.data_key, k.link_secret
		FROM made, (SELECT * FROM keys.member LIMIT 1) k`, n); err != nil {
		t.Fatal(err)
	}
	if _, err := l.look.ExecContext(t.Context(), `VACUUM ANALYZE member, keys.member`); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkLookUp(b *testing.B) {
	l := setUpMembers(b)
	l.byPhone(b, ann, "482913", "")
	n := number(b, ann)
	for b.Loop() {
		if found, err := l.LookUp(context.Background(), l.id, n); err != nil || !found {
			b.Fatal(found, err)
		}
	}
}
