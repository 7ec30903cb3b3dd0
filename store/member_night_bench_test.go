package store_test

import (
	"testing"
	"time"
)

// BenchmarkNight looks at 100,000 members whose time has not come: whether to ask
// them, and whether to forget them. Besides, what the first night takes that gives
// each of them a day, and a sign of which there is nothing to write.
func BenchmarkNight(b *testing.B) {
	const members = 100_000
	l := setUpMembers(b)
	if err := l.PlantMembers(b.Context(), l.id, number(b, ann), members); err != nil {
		b.Fatal(err)
	}
	l.byText(b, bea, l.groups[0])
	do(b, l.look, `VACUUM ANALYZE member, keys.member`)
	took := func(do func() error) float64 {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		return time.Since(start).Seconds()
	}
	recheck := func() error {
		_, _, err := l.Recheck(b.Context(), l.id, noon, l.groups)
		return err
	}
	first := took(recheck)
	do(b, l.look, `VACUUM ANALYZE member, keys.member`)
	var asks, forgets, sign float64
	for b.Loop() {
		asks = took(recheck)
		forgets = took(func() error {
			_, err := l.Expire(b.Context(), l.id, noon, l.groups)
			return err
		})
		sign = took(func() error { return l.Seen(b.Context(), l.event(noon), number(b, bea)) })
	}
	b.ReportMetric(first, "s/first-night")
	b.ReportMetric(asks, "s/recheck")
	b.ReportMetric(forgets, "s/expire")
	b.ReportMetric(1000*sign, "ms/sign")
}
