package flows

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func drawState(t *rapid.T) State {
	text := rapid.StringN(0, 12, 24)
	s := State{
		Flow: text.Draw(t, "flow"), Hour: rapid.Int64().Draw(t, "hour"), Turn: rapid.IntRange(0, 1<<20).Draw(t, "turn"),
		Node: text.Draw(t, "node"), Lang: text.Draw(t, "lang"), Group: text.Draw(t, "group"), Code: text.Draw(t, "code"),
		Query: text.Draw(t, "query"), Member: text.Draw(t, "member"),
		Topic: text.Draw(t, "topic"), Attested: rapid.Bool().Draw(t, "attested"), Slow: rapid.Bool().Draw(t, "slow"), Day: text.Draw(t, "day"), Speaks: text.Draw(t, "speaks"),
		Page: rapid.IntRange(0, 1<<20).Draw(t, "page"), Silences: rapid.IntRange(0, 9).Draw(t, "silences"), Wrongs: rapid.IntRange(0, 9).Draw(t, "wrongs"),
	}
	if rapid.Bool().Draw(t, "placed") {
		s.About = About{
			Row: text.Draw(t, "row"), Group: text.Draw(t, "about"), Named: rapid.Bool().Draw(t, "named"),
			Start: rapid.Int64().Draw(t, "start"), Was: rapid.Int64().Draw(t, "was"),
		}
	}
	if ids := rapid.SliceOfN(text, 0, 6).Draw(t, "offered"); len(ids) > 0 {
		s.Offered = ids
	}
	if v := rapid.MapOfN(text, text, 0, 4).Draw(t, "vars"); len(v) > 0 {
		s.Vars = v
	}
	if v := rapid.MapOfN(text, rapid.IntRange(0, 9), 0, 4).Draw(t, "visits"); len(v) > 0 {
		s.Visits = v
	}
	return s
}

func TestStateComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawState(t)
		b, _ := want.AppendBinary(nil)
		again, _ := want.AppendBinary(nil)
		if string(b) != string(again) {
			t.Fatal("the same state has two encodings")
		}
		var got State
		if err := got.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		for cut := range b {
			if got.UnmarshalBinary(b[:cut]) == nil {
				t.Fatalf("%d of %d bytes were taken for a state", cut, len(b))
			}
		}
	})
}

func FuzzState(f *testing.F) {
	b, _ := State{Flow: "f", Node: "main", Offered: []string{"a"}, Member: "m", Vars: map[string]string{"pin": "1"}, Visits: map[string]int{"x": 1}}.AppendBinary(nil)
	f.Add(b)
	b, _ = State{About: About{Row: "r", Group: "g", Start: 29_000_000, Was: 28_000_000, Named: true}}.AppendBinary(nil)
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var s State
		if s.UnmarshalBinary(b) != nil {
			return
		}
		var again State
		b2, _ := s.AppendBinary(nil)
		if err := again.UnmarshalBinary(b2); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestStateLivesTwelveHours(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 18, 59, 0, 0, time.UTC)
	for age, want := range map[time.Duration]bool{0: false, 12 * time.Hour: false, 13 * time.Hour: true, -3 * time.Hour: true} {
		s := State{Hour: now.Add(-age).Unix() / 3600}
		if s.Expired(now) != want {
			t.Errorf("a state of age %s: expired %v", age, !want)
		}
	}
}
