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
// keys; who is looked for is one of a few real members, or nobody.
func TestALookUpAmongAMillion(t *testing.T) {
	l := setUpMembers(t)
	const least, most = 10_000, 1_000_000
	callers := []string{ann, bea, cat, "+12025550146", "+12025550147"}
	for _, n := range callers[:3] {
		l.byPhone(t, n, "482913", "")
	}
	l.addRandomMembers(t, least)
	few := l.medianLookUp(t, callers)
	l.addRandomMembers(t, most-least)
	many := l.medianLookUp(t, callers)
	t.Logf("a look-up among %d takes %v, among %d %v: %.2f times as long", least, few, most, many, float64(many)/float64(few))
	if float64(many) > 1.5*float64(few) {
		t.Error("that is too long")
	}
}

func (l *lineUnderTest) addRandomMembers(t *testing.T, n int) {
	t.Helper()
	if _, err := l.look.ExecContext(t.Context(), `
		WITH made AS (
			INSERT INTO member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state, stopped, seen_month)
			SELECT m.line_id, gen_random_uuid(), uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), m.index_key,
				m.number, m.profile, m.pin, 'confirmed', false, m.seen_month
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

// medianLookUp measures look-ups of these callers and, as many times, of others'
// random rows, which are elsewhere in the index each time.
func (l *lineUnderTest) medianLookUp(t *testing.T, callers []string) time.Duration {
	t.Helper()
	const trials = 4000
	indexes := column(t, l.look, `SELECT number_index FROM member ORDER BY random() LIMIT $1`, trials/2)
	took := make([]time.Duration, 0, trials)
	for i := range trials {
		n := number(t, callers[i%len(callers)])
		start := time.Now()
		if i%2 == 0 {
			found, err := l.LookUp(t.Context(), l.id, n)
			if err != nil || found != (i%len(callers) < 3) {
				t.Fatal(found, err)
			}
		} else if err := l.Fetch(t.Context(), l.id, indexes[i/2%len(indexes)]); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took[trials/2]
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
