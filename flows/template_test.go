package flows

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	fill := func(slot string) string { return "<" + slot + ">" }
	for text, want := range map[string][]Part{
		"Main menu.":             {{Text: "Main menu."}},
		"Hello {group.name}.":    {{Text: "Hello <group.name>."}},
		"One[pause]two":          {{Text: "One"}, {Pause: 500 * time.Millisecond}, {Text: "two"}},
		"a [slow]b {c}[/slow] d": {{Text: "a "}, {Text: "b <c>", Slow: true}, {Text: " d"}},
		"[slow]a[pause]b[/slow]": {{Text: "a", Slow: true}, {Pause: 500 * time.Millisecond}, {Text: "b", Slow: true}},
		"to [say:Skwim|Sequim].": {{Text: "to "}, {Text: "Sequim", Alias: "Skwim"}, {Text: "."}},
	} {
		tmpl, fault := parseTemplate(text)
		if fault != nil {
			t.Errorf("%q: %s", text, fault.what)
			continue
		}
		if diff := cmp.Diff(want, tmpl.parts(fill)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestSlotKeepsItsPace(t *testing.T) {
	t.Parallel()
	frame, _ := parseTemplate("[slow]Press {key}.[/slow]")
	label, _ := parseTemplate("1[pause]")
	want := []Part{{Text: "Press 1", Slow: true}, {Pause: beat}, {Text: ".", Slow: true}}
	if diff := cmp.Diff(want, frame.with("key", label).parts(nil)); diff != "" {
		t.Error(diff)
	}
}

// FuzzTemplate holds that no word is lost or made up: what is spoken is what
// is written, without the marks.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"", "a", "{a}", "[pause]", "[slow]a[/slow]", "[say:a|b]", "{", "]", "{{a}}", "[say:|]", "a [slow][pause]{b}[/slow]"} {
		f.Add(s)
	}
	marks := strings.NewReplacer("[pause]", "", "[slow]", "", "[/slow]", "")
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, fault := parseTemplate(text)
		if fault != nil {
			if fault.what.Pattern == "" || fault.mend.Pattern == "" {
				t.Fatal("a fault that says nothing")
			}
			return
		}
		var b strings.Builder
		for _, p := range tmpl.parts(func(slot string) string { return "{" + slot + "}" }) {
			if p.Alias != "" {
				b.WriteString("[say:" + p.Alias + "|" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		if want := marks.Replace(text); b.String() != want {
			t.Fatalf("%q is spoken as %q", text, b.String())
		}
	})
}
