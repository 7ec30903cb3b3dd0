package lines_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// broken is one thing wrong with the built-in flow: in a file, a text that stands there
// once is replaced, and ‸ is where each problem is due. A small letter is a warning.
type broken struct {
	code, file, old, new string
}

const (
	mainYAML = "main.yaml"
	enYAML   = "prompts/en.yaml"
	esYAML   = "prompts/es.yaml"
)

// fourOfMine are the options of a menu that has as many as may be.
const fourOfMine = "      - {key: 1, say: opt_my_groups, next: my_groups}\n      - {key: 2, say: opt_reminders, next: reminders}\n" +
	"      - {key: 3, say: opt_held, next: held}\n      - {key: 4, say: opt_more, next: more}\n"

// brokenFlows has each code at least once; F021 is of recordings, which see
// TestRecordings.
var brokenFlows = []broken{
	{"F000", mainYAML, "    menu: find\n", "    menu: find\n    ‸colour: blue\n"},
	{"F001", mainYAML, "say: opt_day, next: day}", "say: opt_day, next: ‸days}"},
	{"F002", mainYAML, "  no_groups: {", "  ‸island: {say: no_groups, next: main}\n  no_groups: {"},
	{"F003", mainYAML, "  no_groups: {say: no_groups, next: main}", "  ‸no_groups: {say: no_groups}"},
	{"F004", mainYAML, "  unmuted: {say: unmuted, next: room}", "  unmuted: {say: unmuted, next: ‸unmuted}"},
	{"F005", mainYAML, "outcomes: {found: door, unknown: code_unknown}", "outcomes: {found: door, unknown: code_unknown, ‸lost: main}"},
	{"F005", mainYAML, "  soon: {say: reminder_soon_text, named: reminder_soon_text_named}\n", "  soon: {say: reminder_soon_text, named: reminder_soon_text_named}\n  ‸later: {say: reminder_soon_text}\n"},
	{"F020", mainYAML, "  spoken: {say: spoken_text}", "  ‸spoken: {named: spoken_text}"},
	{"F006", mainYAML, "{key: 2, say: opt_day,", "{key: ‸1, say: opt_day,"},
	{"f006", mainYAML, "{key: 3, say: opt_speaks, next: speaks}\n  topic", "{key: ‸5, say: opt_speaks, next: speaks}\n  topic"},
	{"F007", mainYAML, "  leave_code: {ask: leave_code, type: digits, into: code,", "  ‸leave_code: {ask: leave_code, type: pin, len: 6, into: pin,"},
	{"F008", mainYAML, "  desk_handle: {", "  ‸desk_handle: {neutral: true, "},
	{"F009", mainYAML, "  desk_log_in:\n    menu: desk_log_in\n", "  ‸desk_log_in:\n    menu: desk_log_in\n    sits: true\n"},
	{"f010", mainYAML, "  mine_menu:\n    menu: mine\n    sensitive: true\n    options:\n" + fourOfMine, "  ‸mine_menu:\n    menu: mine\n    sensitive: true\n    options:\n" + fourOfMine + "      - {key: 5, say: opt_find, next: find}\n"},
	{"F011", mainYAML, "  help:\n    menu: help\n    sensitive: true\n    text: answer_help\n    no_input: {after: 10s, tries: 3,", "  ‸help:\n    menu: help\n    sensitive: true\n    text: answer_help\n    no_input: {after: 10s, tries: 1,"},
	{"f012", enYAML, "\nexplain: \"", "\nexplain: ‸\"" + strings.Repeat("There is nothing here. ", 15)},
	{"F012", enYAML, `  voice: "For English, press {key}."`, `  voice: ‸"Press {key} for English."`},
	{"F020", esYAML, "no_groups: \"", "no_groups: ‸\"{line.name}: "},
	{"f020", esYAML, `no_groups: "`, `spare: ‸"De más."` + "\n" + `no_groups: "`},
	{"f022", enYAML, `no_groups: "`, `no_groups: ‸"Ask Dr. Lee. `},
	{"f022", enYAML, `no_groups: "`, `no_groups: ‸"See example.org. `},
	{"f022", enYAML, `no_groups: "`, `no_groups: ‸"There are 20. `},
	{"f030", enYAML, `  sms: "I did not find a group with that code."`, `  sms: ‸‸‸"` + strings.Repeat("I did not find a group. ", 13) + `"`},
	{"F030", enYAML, `  sms: "I did not find a group with that code."`, `  sms: ‸‸‸"` + strings.Repeat("我没有找到。", 41) + `"`},
	{"F031", enYAML, "word_now: [", "word_now: [‸stop, "},
	{"F032", mainYAML, "  topic: {pick: topics, into: topic, none: no_groups, next: results, discreet: ok}", "  ‸topic: {pick: topics, into: topic, none: no_groups, next: results}"},
	{"F032", enYAML, "covered_text: {sms: \"", "covered_text: {sms: ‸\"Grief: "},
	{"F040", mainYAML, "  voicemail_record:\n", "  ‸voicemail_record:\n    sensitive: true\n"},
	{"F040", mainYAML, "say: opt_forget, next: forget}", "say: opt_forget, next: ‸erase}"},
	{"F041", mainYAML, "  help:\n    menu: help\n    sensitive: true\n    text: answer_help\n    no_input: {after: 10s, tries: 3, then: goodbye}\n    options:\n      - {key: 1, say: opt_crisis, next", "  ‸help:\n    menu: help\n    sensitive: true\n    text: answer_help\n    no_input: {after: 10s, tries: 3, then: goodbye}\n    options:\n      - {key: 1, say: opt_crisis, when: line.several_languages, next"},
	{"F041", esYAML, "answer_help: {sms: \"La línea de crisis es gratis, de día y de noche: marque {crisis.name}.", "answer_help: {sms: ‸\"La línea de crisis es gratis."},
}

// inTwo is the built-in flow in two languages, which are quickly checked.
func inTwo(t testing.TB) flows.Bundle {
	t.Helper()
	b := bundle(t)
	for _, lang := range b.Languages() {
		if file := "prompts/" + lang + ".yaml"; file != enYAML && file != esYAML {
			delete(b, file)
		}
	}
	b[mainYAML] = regexp.MustCompile(`(?m)^languages: .*$`).ReplaceAllString(b[mainYAML], "languages: [en, es]")
	return b
}

// bundle is the built-in flow's files.
func bundle(t testing.TB) flows.Bundle {
	t.Helper()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// due applies a fault, and says what the check has to report.
func (b broken) due(t *testing.T) (flows.Bundle, []string) {
	t.Helper()
	bundle := inTwo(t)
	text := bundle[b.file]
	if strings.Count(text, b.old) != 1 {
		t.Fatalf("%q is %d times in %s", b.old, strings.Count(text, b.old), b.file)
	}
	text = strings.Replace(text, b.old, b.new, 1)
	var due []string
	for {
		before, after, marked := strings.Cut(text, "‸")
		if !marked {
			break
		}
		column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
		due = append(due, fmt.Sprintf("%s:%d:%d %s", b.file, strings.Count(before, "\n")+1, column, b.code))
		text = before + after
	}
	bundle[b.file] = text
	return bundle, due
}

// Each code is seen in the built-in flow once something is wrong there, and it alone, at
// its place and with a way to mend it.
func TestEveryCodeIsReported(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"F021": true} // see TestRecordings
	for _, b := range brokenFlows {
		bundle, due := b.due(t)
		_, problems := flows.Compile(bundle)
		var got []string
		for _, p := range problems {
			code := p.Code
			if p.Warning {
				code = strings.ToLower(code)
			}
			got = append(got, fmt.Sprintf("%s:%d:%d %s", p.File, p.Line, p.Column, code))
			if p.Mend == "" {
				t.Errorf("%s does not say how to mend it", p)
			}
		}
		if diff := cmp.Diff(due, got); diff != "" {
			t.Errorf("%s, %q (-due +reported):\n%s%v", b.code, b.new, diff, problems)
		}
		seen[strings.ToUpper(b.code)] = true
	}
	var codes []string
	for _, r := range flows.Rules() {
		codes = append(codes, r.Code)
		if r.What == "" {
			t.Errorf("%s has no words", r.Code)
		}
	}
	if diff := cmp.Diff(codes, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("the rules and what is tested differ (-rules +tested):\n%s", diff)
	}
}

// A recording has to say what its prompt says, in every language, and sound well.
func TestRecordings(t *testing.T) {
	t.Parallel()
	f, _ := flows.Compile(inTwo(t))
	good := func(lang, prompt, words string) flows.Recording {
		sum := sha256.Sum256([]byte(words))
		return flows.Recording{Lang: lang, Prompt: prompt, TextHash: hex.EncodeToString(sum[:]), Length: 2 * time.Second, Peak: 0.7, LongestSilence: 300 * time.Millisecond}
	}
	main, otherMain := good("en", "main", "Main menu."), good("es", "main", "Menú principal.")
	code := good("en", "opt_code@1", "To enter a group code, press 1.")
	stale, long, clipped, silent, unsaid := main, main, main, main, main
	unsaid.TextHash = ""
	stale.TextHash, long.Length, clipped.Peak, silent.LongestSilence = "0", 26*time.Second, 1, time.Second
	for name, tt := range map[string]struct {
		has  []flows.Recording
		want []string
	}{
		"nothing":            {},
		"of nobody's words":  {[]flows.Recording{unsaid, otherMain}, nil},
		"to a phone we ring": {[]flows.Recording{good("en", "confirm_call", "Hello.")}, []string{"audio/en/confirm_call.wav"}},
		"both languages":     {[]flows.Recording{main, otherMain}, nil},
		"one of them":        {[]flows.Recording{main}, []string{"audio/es/main.wav"}},
		"an option":          {[]flows.Recording{code}, []string{"audio/es/opt_code@1.wav"}},
		"stale":              {[]flows.Recording{stale, otherMain}, []string{"audio/en/main.wav"}},
		"too long":           {[]flows.Recording{long, otherMain}, []string{"audio/en/main.wav"}},
		"clipped":            {[]flows.Recording{clipped, otherMain}, []string{"audio/en/main.wav"}},
		"silent":             {[]flows.Recording{silent, otherMain}, []string{"audio/en/main.wav"}},
		"what has a slot":    {[]flows.Recording{good("en", "welcome", "Hello.")}, []string{"audio/en/welcome.wav"}},
		"what is not spoken": {[]flows.Recording{good("fr", "main", "Menu.")}, []string{"audio/fr/main.wav"}},
	} {
		var got []string
		for _, p := range flows.CheckRecordings(f, tt.has) {
			if got = append(got, p.File); p.Code != "F021" || !p.Warning || p.Mend == "" {
				t.Errorf("%s: %s", name, p)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
