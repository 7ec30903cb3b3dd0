package flows

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func drawState(t *rapid.T) State {
	text := rapid.OneOf(rapid.StringN(0, 12, 24), rapid.SampledFrom([]string{
		"0195b5a0-7c1e-7d3a-9f00-0000000000ff", "0195B5A0-7c1e-7d3a-9f00-0000000000ff", strings.Repeat("0f", 32), strings.Repeat("g", 64), strings.Repeat("-", 36),
		"0195b5a0-7c1e-7d3a-9f00-0000000000ff:" + strings.Repeat("0f", 32), "0195b5a0-7c1e-7d3a-9f00-0000000000ff:0195b5a0-7c1e-7d3a-9f00-0000000000ff",
		"0195b5a0-7c1e-7d3a-9f00-0000000000ff:x", "0195b5a0-7c1e-7d3a-9f00-0000000000ff:0195b5a0-7c1e-7d3a-9f00-0000000000ff:0195b5a0-7c1e-7d3a-9f00-0000000000ff",
	}))
	s := State{
		Flow: text.Draw(t, "flow"), Hour: rapid.Int64().Draw(t, "hour"), Turn: rapid.IntRange(0, 1<<20).Draw(t, "turn"),
		Node: text.Draw(t, "node"), Lang: text.Draw(t, "lang"), Group: text.Draw(t, "group"), Code: text.Draw(t, "code"),
		Query: text.Draw(t, "query"), Member: text.Draw(t, "member"),
		Topic: text.Draw(t, "topic"), Attested: rapid.Bool().Draw(t, "attested"), Slow: rapid.Bool().Draw(t, "slow"), Invited: rapid.Bool().Draw(t, "invited"), Day: text.Draw(t, "day"), Speaks: text.Draw(t, "speaks"),
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

// A state that was kept by the program before is read by this one.
func TestStateOfBeforeIsRead(t *testing.T) {
	t.Parallel()
	var s State
	before := "\x04\xb8\xf6\x3c\x00\x03\x00\x00\x00\x00\x02ab\x04main\x02en" + "\x24" + "0195b5a0-7c1e-7d3a-9f00-0000000000ff" + strings.Repeat("\x00", 6) + "\x01\x01x\x00\x00"
	if err := s.UnmarshalBinary([]byte(before)); err != nil {
		t.Fatal(err)
	}
	if s.Flow != "ab" || s.Node != "main" || s.Lang != "en" || s.Group != "0195b5a0-7c1e-7d3a-9f00-0000000000ff" || len(s.Offered) != 1 {
		t.Errorf("read %+v", s)
	}
}

// A state that another program kept, an older or a newer one, is none: who calls begins
// anew. During a roll-out both answer the same call.
func TestAStateOfAnotherProgramIsNone(t *testing.T) {
	t.Parallel()
	b, _ := State{Flow: "ab", Node: "main", Lang: "en"}.AppendBinary(nil)
	for version := range 256 {
		b[0] = byte(version)
		s := State{Node: "kept"}
		known := version >= plainVersion && version <= stateVersion // of which each writes in its own way
		if read := s.UnmarshalBinary(b) == nil; read && !known || !read && (version == stateVersion || s.Node != "kept") {
			t.Errorf("version %d: read %v, %+v", version, read, s)
		}
	}
}

// Two identifiers take the room of their bytes, and were written as they are before.
func TestPairsAreShort(t *testing.T) {
	t.Parallel()
	const id = "0195b5a0-7c1e-7d3a-9f00-0000000000ff"
	bare := State{Node: "main"}
	pair := State{Node: "main", Vars: map[string]string{"a": id + ":" + id}}
	before, _ := bare.AppendBinary(nil)
	b, _ := pair.AppendBinary(nil)
	if more := len(b) - len(before); more != len("\x04a")+1+2*17 {
		t.Errorf("two identifiers take %d bytes", more)
	}
	old := strings.Replace(string(b), "\x03\x02\x01\x95\xb5\xa0\x7c\x1e\x7d\x3a\x9f\x00\x00\x00\x00\x00\x00\xff\x02\x01\x95\xb5\xa0\x7c\x1e\x7d\x3a\x9f\x00\x00\x00\x00\x00\x00\xff",
		"\xa4\x02"+id+":"+id, 1)
	var s State
	if err := s.UnmarshalBinary([]byte("\x05" + old[1:])); err != nil || s.Vars["a"] != id+":"+id {
		t.Errorf("a state of before is read as %+v: %v", s, err)
	}
	if s.UnmarshalBinary([]byte(old)) == nil {
		t.Error("the same state has two encodings")
	}
	if s.UnmarshalBinary([]byte("\x06\x00\x00"+strings.Repeat("\x00", 5)+strings.Repeat("\x03", 5000))) == nil {
		t.Error("a pair of pairs was taken for a state")
	}
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
		if b[0] == stateVersion && len(b2) > len(b) {
			t.Fatalf("%d bytes came back as %d", len(b), len(b2))
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
