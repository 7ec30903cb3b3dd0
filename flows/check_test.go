package flows_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
)

var update = flag.Bool("update", false, "write the golden files anew")

// small is a flow of every kind of node in two languages, without a problem.
func small(t testing.TB) flows.Bundle {
	t.Helper()
	b, err := flows.ReadBundle(os.DirFS("testdata/small"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	mainFile = "main.yaml"
	en       = "prompts/en.yaml"
	es       = "prompts/es.yaml"
)

// fault is one change to the small flow. Each ‸ in what replaces old is where
// one of the codes is to be reported, in order; elsewhere are those reported
// in another place, as "file:line:column code". A small letter is a warning.
type fault struct {
	name, file, old, new string
	codes                string
	elsewhere            []string
}

const marker = "‸"

var faults = slices.Concat(plainFaults, yamlFaults, formatFaults)

var plainFaults = []fault{
	// F000: what cannot be read
	{"not YAML", mainFile, "start: welcome", "start: ‸: welcome", "F000", nil},
	{"a comma left out", mainFile, "start: welcome", "start: [{key: 4 say‸: welcome}]", "F000", nil},
	{"an indent of no block", mainFile, "start: welcome", "start: welcome\n  ‸x: 1\n y: 2", "F000", nil},
	{"a bracket left open", mainFile, "", "flow: main\nstart: ‸[welcome\n", "F000", nil},
	{"control character", en, `main: "`, "main: \"‸\x01", "F000", nil},
	{"unknown alias", mainFile, "start: welcome", "start: ‸*nothing", "F000", nil},
	{"alias", mainFile, "start: welcome", "x: &w welcome\nstart: ‸*w", "F000", nil},
	{"alias in a catalogue", en, `main: "Main menu."`, "main: &m \"Main menu.\"\nback: ‸*m", "F000", nil},
	{"no settings", mainFile, "", "‸- one\n- two", "F000", nil},
	{"empty file", mainFile, "", "‸", "F000", nil},
	{"comments alone", es, "", "‸# nothing yet", "F000", nil},
	{"second document", mainFile, "goodbye: {say: goodbye, end: true}", "goodbye: {say: goodbye, end: true}\n‸---\nmore: 1", "F000", nil},
	{"unknown setting", mainFile, "start: welcome", "start: welcome\n‸begin: welcome", "F000", nil},
	{"setting twice", mainFile, "start: welcome", "start: welcome\n‸start: welcome", "F000", nil},
	{"no start", mainFile, "start: welcome", "", "", []string{"main.yaml:1:1 F000"}},
	{"start is empty", mainFile, "start: welcome", "start:‸", "F000", nil},
	{"start is null", mainFile, "start: welcome", "start: ‸~", "F000", nil},
	{"start is a list", mainFile, "start: welcome", "start: ‸[welcome]", "F000", nil},
	{"no language", mainFile, "languages: [en, es]", "languages: []", "", []string{"main.yaml:1:1 F000"}},
	{"languages are no list", mainFile, "languages: [en, es]", "languages: ‸en", "F000", nil},
	{"languages hold a mapping", mainFile, "languages: [en, es]", "languages: [en, ‸{es: 1}]", "F000", nil},
	{"no such language", mainFile, "languages: [en, es]", "languages: [en, es, ‸Spanish please]", "F000", nil},
	{"language twice", mainFile, "languages: [en, es]", "languages: [en, es, ‸en]", "F000", nil},
	{"nodes are a list", mainFile, "", "flow: main\nstart: welcome\nlanguages: [en, es]\nnodes: ‸[welcome]", "F000", []string{"main.yaml:1:1 F003", "main.yaml:1:1 F003", "main.yaml:1:1 F003", "main.yaml:2:8 F001"}},
	{"no nodes", mainFile, "", "start: ‸welcome\nlanguages: [en, es]", "F001", []string{"main.yaml:1:1 F000", "main.yaml:1:1 F003", "main.yaml:1:1 F003", "main.yaml:1:1 F003"}},
	{"node twice", mainFile, "  back: {", "  ‸main: {say: back, next: main}\n  back: {", "F000", nil},
	{"node with a number for a name", mainFile, "  back: {", "  ‸1: {say: back, next: main}\n  back: {", "F000", nil},
	{"node without a name", mainFile, "  back: {", "  ‸~: {say: back, next: main}\n  back: {", "F000", nil},
	{"node whose name is a list", mainFile, "  back: {", "  ‸[a, b]: {say: back, next: main}\n  back: {", "F000", nil},
	{"node of no kind", mainFile, "back: {say: back, next: main}", "‸back: {next: main}", "F000", nil},
	{"node of two kinds", mainFile, "back: {say: back, next: main}", "‸back: {say: back, menu: main}", "F000", nil},
	{"node is a word", mainFile, "back: {say: back, next: main}", "‸back: main", "F000", nil},
	{"setting of another kind", mainFile, "back: {say: back, next: main}", "back: {say: back, next: main, ‸into: code}", "F000", nil},
	{"prompt is a mapping", mainFile, "back: {say: back, next: main}", "back: {say: ‸{en: Hello}, next: main}", "F000", nil},
	{"end is no flag", mainFile, "end: true", "end: ‸perhaps", "F000", nil},
	{"end is null", mainFile, "end: true", "end: ‸~", "F000", nil},
	{"too many digits", mainFile, "type: digits", "type: digits, len: ‸21", "F000", nil},
	{"no digits", mainFile, "type: digits", "type: digits, len: ‸0", "F000", nil},
	{"digits backwards", mainFile, "type: digits", "type: digits, len: ‸10-6", "F000", nil},
	{"digits without end", mainFile, "type: digits", "type: digits, len: ‸6-", "F000", nil},
	{"flag of another word", mainFile, "key: 3, say: opt_find", "key: 3, quiet: ‸maybe, say: opt_find", "F000", nil},
	{"other answer", mainFile, "type: digits", "type: ‸speech", "F000", nil},
	{"wait without unit", mainFile, "after: 6s", "after: ‸6", "F000", nil},
	{"wait too long", mainFile, "after: 6s", "after: ‸2m", "F000", nil},
	{"wait for a wrong key", mainFile, "no_match: {tries: 2", "no_match: {‸after: 6s, tries: 2", "F000", nil},
	{"options are a mapping", mainFile, "    options:\n      - {key: 1, say: opt_agree, next: admit}", "    options: ‸{key: 1, say: opt_agree, next: admit}", "F000", nil},
	{"option is a word", mainFile, "      - {key: 3, say: opt_find, next: topic}", "      - ‸find", "F000", nil},
	{"spoken in one language", mainFile, "spoken_in: others", "spoken_in: ‸es", "F000", nil},
	{"outcomes are a list", mainFile, "outcomes: {found: door, unknown: unknown}", "outcomes: ‸[found]", "F000", nil},
	{"outcome twice", mainFile, "outcomes: {found: door, unknown: unknown}", "outcomes: {found: door, unknown: unknown, ‸found: door}", "F000", nil},
	{"universal key unknown", mainFile, `"0": {go: help}`, "\"0\": {go: help}\n  ‸\"5\": {go: help}", "F000", nil},
	{"catalogue is a list", es, "", "‸- hola", "F000", nil},
	{"prompt in parts", en, `main: "Main menu."`, `main: {voice: "Main menu.", ‸text: "Main menu."}`, "F000", nil},
	{"prompt empty", en, `main: "Main menu."`, `main: ‸""`, "F000", nil},
	{"prompt null", en, `main: "Main menu."`, "main:‸", "F000", nil},
	{"prompt a pause", en, `main: "Main menu."`, `main: ‸"[pause]"`, "F000", nil},
	{"prompt with a bell", en, `main: "Main menu."`, `main: ‸"Main \a menu."`, "F000", nil},
	{"prompt twice", en, `main: "Main menu."`, "main: \"Main menu.\"\n‸main: \"Menu.\"", "F000", nil},
	{"prompt a slot without quotes", en, `main: "Main menu."`, `main: ‸{line.name}`, "F000", nil},
	{"prompt of settings alone that are none", en, `main: "Main menu."`, `main: {‸vocie: "Main menu."}`, "F000", nil},
	{"prompt that is only written", en, `main: "Main menu."`, `main: {sms: ‸"Main menu."}`, "F020", nil},
	{"node called return", mainFile, "  back: {say: back, next: main}", "  back: {say: back, next: main}\n  ‸return: {say: back, next: main}", "F000", nil},
	{"node of a kind, misspelled", mainFile, "back: {say: back, next: main}", "back: {‸sya: back, next: main}", "F000", nil},
	{"node of a kind with another colon", mainFile, "back: {say: back, next: main}", "back: {‸say：back, next: main}", "F000", nil},
	{"language in capitals", mainFile, "languages: [en, es]", "languages: [en, ‸ES]", "F000", nil},
	{"node of a kind in letters of another alphabet", mainFile, "back: {say: back, next: main}", "back: {‸s\u0430y: back, next: main}", "F000", nil},
	{"two aliases", mainFile, "start: welcome", "x: &w welcome\nstart: [‸*w, *w]", "F000", nil},
	{"flag in quotes", mainFile, "end: true", "end: ‸\"true\"", "F000", nil},
	{"slot never closed", en, `"Main menu."`, `‸"Main {line.name"`, "F000", nil},
	{"slot without a name", en, `"Main menu."`, `‸"Main {}."`, "F000", nil},
	{"mark in a mark", en, `"Main menu."`, `‸"[say:{line.name}|x]"`, "F000", nil},
	{"closed, not opened", en, `"Main menu."`, `‸"Main] menu."`, "F000", nil},
	{"slow never closed", en, `"Main menu."`, `‸"[slow]Main menu."`, "F000", nil},
	{"slow never opened", en, `"Main menu."`, `‸"Main menu.[/slow]"`, "F000", nil},
	{"no such mark", en, `"Main menu."`, `‸"[loud]Main menu."`, "F000", nil},
	{"sound without spelling", en, `"Main menu."`, `‸"[say:men you]"`, "F000", nil},
	{"voice not whole", en, "fallback: Polly.Joanna, ", "", "", []string{"prompts/en.yaml:1:9 F000"}},
	{"a voice of no carrier's", en, "name: Polly.Joanna-Neural", "name: ‸Polly.Joana-Neural", "f022", nil},
	{"a voice of another language", en, "fallback: Polly.Joanna,", "fallback: ‸Polly.Lupe,", "f022", nil},
	{"voice a word", en, "_voice: {name: Polly.Joanna-Neural, fallback: Polly.Joanna, locale: en-US}", "_voice: ‸Joanna", "F000", nil},
	{"voice of other settings", en, "locale: en-US", "locale: en-US, ‸speed: 2", "F000", nil},

	// F001: where nothing is
	{"unknown start", mainFile, "start: welcome", "start: ‸wellcome", "F001", nil},
	{"unknown next", mainFile, "back: {say: back, next: main}", "back: {say: back, next: ‸menu}", "F001", nil},
	{"unknown in defaults, once", mainFile, "{after: 6s, tries: 2, then: help}", "{after: 6s, tries: 2, then: ‸helper}", "F001", nil},
	{"unknown for a key everywhere", mainFile, `"*": {go: main}`, `"*": {go: ‸menu}`, "F001", nil},
	{"unknown outcome and option, both", mainFile, "key: 1, say: opt_code, next: code}", "key: 1, say: opt_code, next: ‸codes}", "F001", nil},

	{"unknown place of a call of ours", mainFile, "start: welcome", "start: welcome\nplaced: {confirm: ‸ring}", "F001", nil},

	// F002: what nothing leads to
	{"unreachable", mainFile, "  back: {", "  ‸alone: {say: back, next: main}\n  back: {", "F002", nil},
	{"unreachable pair", mainFile, "  back: {", "  ‸one: {menu: main, options: [{key: 1, say: opt_code, next: two}]}\n  ‸two: {menu: main, options: [{key: 1, say: opt_code, next: one}]}\n  back: {", "F002 F002", nil},

	// F003: what leads nowhere
	{"say without next", mainFile, "  back: {say: back, next: main}", "  ‸back: {say: back}", "F003", nil},
	{"say with next and end", mainFile, "  back: {say: back, next: main}", "  ‸back: {say: back, next: main, end: true}", "F003", nil},
	{"limit without then", mainFile, "  unknown: {say: unknown, most: 2, then: help, next: code}", "  ‸unknown: {say: unknown, most: 2, next: code}", "F003", nil},
	{"menu without options", mainFile, "  back: {say: back, next: main}", "  ‸back: {menu: back, options: []}", "F003", nil},
	{"option without next", mainFile, "      - {key: 3, say: opt_find, next: topic}", "      - ‸{key: 3, say: opt_find}", "F003", nil},
	{"option that is not said", mainFile, "      - {key: 3, say: opt_find, next: topic}", "      - ‸{key: 3, next: topic}", "F003", nil},
	{"quiet option that is said", mainFile, "      - {key: 3, say: opt_find, next: topic}", "      - ‸{key: 3, quiet: true, say: opt_find, next: topic}", "F003", nil},
	{"list without next", mainFile, "  topic: {pick: topics, into: topic, none: back, next: now}", "  ‸topic: {pick: topics, into: topic, none: back}", "F003", nil},
	{"question without next", mainFile, "  code: {ask: code, type: digits, into: code, next: look_up}", "  ‸code: {ask: code, type: digits, into: code}", "F003", nil},
	{"key without meaning", mainFile, `  "#": {repeat: true}`, "", "", []string{"main.yaml:8:3 F003"}},
	{"key with two meanings", mainFile, `"#": {repeat: true}`, `"#": ‸{repeat: true, go: main}`, "F003", nil},

	// F004: rounds
	{"round of says", mainFile, "back: {say: back, next: main}", "back: {say: back, next: ‸back}", "F004", nil},
	{"round through an empty list", mainFile, "topic: {pick: topics, into: topic, none: back, next: now}", "topic: {pick: topics, into: topic, none: ‸topic, next: now}", "F004", nil},
	{"round through a function", mainFile, "closed: back, gone: back, full: back", "closed: back, gone: ‸admit, full: back", "F004", nil},
	{"round through a room", mainFile, "{answered: left, failed: full}", "{answered: left, failed: ‸room}", "F004", []string{"main.yaml:41:3 F002"}},
	{"silence without end", mainFile, "no_input: {after: 10s, tries: 3, then: goodbye}", "no_input: {after: 10s, tries: 3, then: ‸main}", "F004", []string{"main.yaml:51:3 F002"}},

	// F005: what functions, lists and conditions declare
	{"unknown function", mainFile, "do: groups.by_code", "do: ‸groups.by_name", "F005", nil},
	{"outcome not routed", mainFile, "outcomes: {found: door, unknown: unknown}", "outcomes: {found: door, ‸unheard: unknown}", "F005", []string{"main.yaml:23:3 F005"}},
	{"unknown list", mainFile, "pick: topics", "pick: ‸themes", "F005", nil},
	{"list without none", mainFile, "  topic: {pick: topics, into: topic, none: back, next: now}", "  ‸topic: {pick: topics, into: topic, next: now}", "F005", nil},
	{"list into another variable", mainFile, "pick: topics, into: topic", "pick: topics, into: ‸group", "F005", nil},
	{"list into nothing", mainFile, "  topic: {pick: topics, into: topic, none", "  ‸topic: {pick: topics, none", "F005", nil},
	{"digits into another variable", mainFile, "type: digits, into: code", "type: digits, into: ‸lang", "F005", nil},
	{"PIN into a code", mainFile, "type: digits, into: code", "type: pin, len: 6-10, into: ‸code", "F005", nil},
	{"PIN of no length", mainFile, "code: {ask: code, type: digits, into: code, next: look_up}", "‸code: {ask: code, type: pin, into: pin, next: look_up}", "F005", nil},
	{"digits into a PIN", mainFile, "type: digits, into: code", "type: digits, len: 6, into: ‸pin", "F005", nil},
	{"option sets what nobody can", mainFile, "key: 3, say: opt_find", "key: 3, set: {‸pin: 1}, say: opt_find", "F005", nil},
	{"option sets what there is not", mainFile, "key: 3, say: opt_find", "key: 3, set: {channel: ‸fax}, say: opt_find", "F005", nil},
	{"option does what says neither", mainFile, "key: 3, say: opt_find", "key: 3, do: ‸session.admit, say: opt_find", "F005", nil},
	{"option does what is no function", mainFile, "key: 3, say: opt_find", "key: 3, do: ‸find, say: opt_find", "F005", nil},
	{"two options that do", mainFile, "key: 2, say: opt_now, next: now}\n      - {key: 3, say: opt_find", "key: 2, do: member.quick, say: opt_now, next: now}\n      - {key: 3, do: ‸member.quick, say: opt_find", "F005", nil},
	{"zone into another variable", mainFile, "pick: topics, into: topic", "pick: zones, into: ‸topic", "F005", nil},
	{"unknown condition", mainFile, "when: line.several_languages", "when: ‸line.polyglot", "F005", nil},
	{"unknown number", mainFile, "dial: crisis", "dial: ‸police", "F005", nil},
	{"unknown room", mainFile, "join: group", "join: ‸crisis", "F005", nil},

	{"waits for what there is not", mainFile, "failed: full}}", "failed: full}, waits: {alone: back_soon, moved: back_soon, host: back_soon, door: back_soon, ‸nobody: back_soon}}\n  back_soon: {say: back, rest: 22s}", "F005", nil},
	{"who waits is not told", mainFile, "  room: {join: group, outcomes: {answered: left, failed: full}}", "  ‸room: {join: group, outcomes: {answered: left, failed: full}, waits: {alone: back_soon, moved: back_soon, host: back_soon}}\n  back_soon: {say: back, rest: 22s}", "F005", nil},

	// F006: keys
	{"no key", mainFile, "key: 3, say: opt_find", "key: ‸12, say: opt_find", "F006", nil},
	{"option without key", mainFile, "- {key: 3, say: opt_find, next: topic}", "- ‸{say: opt_find, next: topic}", "F006", nil},
	{"key twice", mainFile, "key: 3, say: opt_find", "key: ‸2, say: opt_find", "F006", nil},
	{"help's key taken", mainFile, "key: 3, say: opt_find", "key: ‸0, say: opt_find", "F006", []string{"main.yaml:19:15 F006"}},
	{"keys with a gap", mainFile, "key: 3, say: opt_find", "key: ‸4, say: opt_find", "f006", nil},
	{"keys out of order, once", mainFile, "- {key: 1, say: opt_code, next: code}\n      - {key: 2, say: opt_now, next: now}", "- {key: ‸2, say: opt_code, next: code}\n      - {key: 1, say: opt_now, next: now}", "f006", nil},
	{"help before the rest", mainFile, "      - {key: 3, say: opt_find, next: topic}\n      - {key: 0, say: opt_help, next: help}", "      - {key: 0, say: opt_help, next: help}\n      - {key: ‸3, say: opt_find, next: topic}", "f006", nil},

	// F008: neutral questions
	{"neutral to callers", mainFile, "  code: {ask: code, type: digits, into: code, next: look_up}", "  ‸code: {ask: code, type: digits, into: code, next: look_up, neutral: true}", "F008", nil},
	{"call of ours to the menu", mainFile, "start: welcome", "start: welcome\nplaced: {confirm: welcome}", "", []string{"main.yaml:13:3 F008", "main.yaml:44:3 F008", "prompts/en.yaml:14:10 F008", "prompts/es.yaml:14:10 F008"}},

	// F009: who waits
	{"who waits is led out", mainFile, "failed: full}}", "failed: full}, waits: {alone: back, moved: back_soon, host: back_soon, door: back_soon}}\n  back_soon: {say: back, rest: 22s}", "", []string{"main.yaml:51:3 F009"}},
	{"a rest for who does not wait", mainFile, "  back: {say: back, next: main}", "  ‸back: {say: back, rest: 22s}", "F009", nil},

	// F010: breadth and depth
	{"five options", mainFile, mainOptions, moreOptions(5), "f010", nil},
	{"nine options", mainFile, mainOptions, moreOptions(9), "F010", nil},
	{"five keys deep", mainFile, "  back: {say: back, next: main}", "  back: {menu: main, options: [{key: 1, say: opt_now, next: two}]}\n" +
		"  two: {menu: main, options: [{key: 1, say: opt_now, next: three}]}\n" +
		"  three: {menu: main, options: [{key: 1, say: opt_now, next: four}]}\n" +
		"  four: {menu: main, options: [{key: 1, say: opt_now, next: five}]}\n" +
		"  ‸five: {say: back, next: main}", "f010", nil},

	// F011: silence and wrong keys
	{"silence not met", mainFile, "  no_input: {after: 6s, tries: 2, then: help}\n", "", "", []string{"main.yaml:11:3 F011", "main.yaml:20:3 F011", "main.yaml:21:3 F011", "main.yaml:26:3 F011", "main.yaml:27:3 F011", "main.yaml:31:3 F011"}},
	{"one try", mainFile, "    no_input: {after: 10s, tries: 3", "    no_input: {after: 10s, tries: 1", "", []string{"main.yaml:43:3 F011"}},
	{"wrong key not met", mainFile, "  rules:\n", "  ‸rules:\n    no_match: {tries: 1}\n", "F011", nil},
	{"same words twice", en, `_silence_r2: "I am still here."`, `_silence_r2: ‸"I did not hear a key."`, "F011", nil},
	{"same own words twice", en, `"The code is on your card."`, `‸"Take your time. Enter the code."`, "F011", nil},

	// F012: order and length
	{"key before label", en, `"To {label}, press {key}."`, `‸"Press {key} to {label}."`, "F012", nil},
	{"label without key", en, `"To {label}, press {key}."`, `‸"You can {label}."`, "F012", nil},
	{"key in its option", en, `opt_agree: "`, "opt_agree: ‸\"press 1 to ", "f012", nil},
	{"key before its option", en, `"For English, press {key}."`, `‸"Press {key} for English."`, "F012", nil},
	{"long prompt", en, `"Main menu."`, `‸"` + strings.Repeat("Word after word. ", 17) + `"`, "f012", nil},
	{"long options", en, `"enter a code"`, `"` + strings.Repeat("enter a code and ", 12) + `"`, "", []string{"main.yaml:12:3 f012"}},
	{"long words before a number", en, `"We are calling them."`, `‸"` + strings.Repeat("We are calling them. ", 4) + `"`, "f012", nil},
	{"long goodbye", en, `"Goodbye."`, `‸"` + strings.Repeat("Goodbye to you all. ", 4) + `"`, "f012", nil},

	// F020: translations
	{"no catalogue", mainFile, "languages: [en, es]", "languages: [en, es, fr]", "", []string{"prompts/fr.yaml:1:1 F020"}},
	{"catalogue of no language", mainFile, "languages: [en, es]", "languages: [en]", "", []string{"prompts/es.yaml:1:1 f020"}},
	{"two topics of one name", en, `main: "Main menu."`, "main: \"Main menu.\"\ntopic_a: \"sorrow\"\ntopic_b: \"loss\"\nalso_b: [Sorrow]", "", []string{"prompts/en.yaml:1:1 F006", "prompts/es.yaml:1:1 F020", "prompts/es.yaml:1:1 F020"}},
	{"names of no topic", en, `main: "Main menu."`, "main: \"Main menu.\"\nalso_b: [sorrow]", "", []string{"prompts/en.yaml:1:1 f020"}},
	{"nobody speaks", es, "_voice: {name: Polly.Lupe-Neural, fallback: Polly.Lupe, locale: es-US}\n", "", "", []string{"prompts/es.yaml:1:1 F020"}},
	{"prompt missing in the first", en, "back: \"You are back.\"\n", "", "", []string{"prompts/en.yaml:1:1 F020"}},
	{"prompt missing in another", es, "back: \"Está de vuelta.\"\n", "", "", []string{"prompts/es.yaml:1:1 F020"}},
	{"re-prompt missing in another", es, "code_r1: \"Sin prisa. Marque el código.\"\n", "", "", []string{"prompts/es.yaml:1:1 F020"}},
	{"edge's prompt missing", es, "alone: \"Nadie más ha llegado.\"\n", "", "", []string{"prompts/es.yaml:1:1 F020"}},
	{"prompt unused", es, `main: "Menú principal."`, "main: \"Menú principal.\"\nspare: ‸\"De más.\"", "f020", nil},
	{"unknown slot", es, `"Menú principal."`, `‸"Menú de {line.nombre}."`, "F020", nil},
	{"slot of an option alone", en, `back: "You are back."`, `back: ‸"You are back, {key}."`, "F020", nil},
	{"slot in a topic", en, `topic_grief: "grief"`, `topic_grief: ‸"grief at {line.name}"`, "F020", nil},
	{"other slots", es, `"Ningún grupo tiene ese código."`, `‸"Ningún grupo de {line.name} tiene ese código."`, "F020", nil},
	{"not translated", es, `"Menú principal."`, `‸"Main menu."`, "f020", nil},

	// F022: badly spoken
	{"bare number", en, `"Main menu."`, `‸"Dial 911."`, "f022", nil},
	{"web address", en, `"Main menu."`, `‸"See hearthline.org for more."`, "f022", nil},
	{"capitals", en, `"Main menu."`, `‸"A group for PTSD."`, "f022", nil},
	{"capitals with accents", es, `"Menú principal."`, `‸"Un grupo de la ÚÑÉ."`, "f022", nil},
	{"a capital in a word", es, `"Menú principal."`, `"Menú de la línea aÚÑ principal."`, "", nil},
	{"sign", en, `"Main menu."`, `‸"Main menu & more."`, "f022", nil},

	// F041: the crisis line
	{"help is not a menu", mainFile, `"0": {go: help}`, `"0": {go: main}`, "", []string{"main.yaml:12:3 F041", "main.yaml:19:15 F006"}},
	{"help without the crisis line", mainFile, "next: crisis}", "next: back}", "", []string{"main.yaml:43:3 F041", "main.yaml:48:3 F002", "main.yaml:49:3 F002"}},
	{"crisis line on a condition", mainFile, "say: opt_crisis, next", "say: opt_crisis, when: group.has_dates, next", "", []string{"main.yaml:43:3 F041"}},
	{"key 0 repeats", mainFile, `"0": {go: help}`, `"0": ‸{repeat: true}`, "F041", []string{"main.yaml:19:15 F006"}},
}

const mainOptions = "  main:\n    menu: main\n    options:\n"

// moreOptions are those of a main menu that has n before its own.
func moreOptions(n int) string {
	var b strings.Builder
	b.WriteString("  ‸main: {menu: main, options: [{key: 1, say: opt_find, next: main_menu}")
	for i := range n - 1 {
		fmt.Fprintf(&b, ", {key: %d, say: opt_code, next: main_menu}", i+2)
	}
	return b.String() + "]}\n  main_menu:\n    menu: main\n    options:\n"
}

// change applies a fault. It returns the files and where problems are due.
func (f fault) change(t *testing.T) (b flows.Bundle, due []string) {
	t.Helper()
	b = small(t)
	text := f.new
	if f.old != "" {
		if strings.Count(b[f.file], f.old) != 1 {
			t.Fatalf("%q is %d times in %s", f.old, strings.Count(b[f.file], f.old), f.file)
		}
		text = strings.Replace(b[f.file], f.old, f.new, 1)
	}
	for _, code := range strings.Fields(f.codes) {
		before, after, ok := strings.Cut(text, marker)
		if !ok {
			t.Fatalf("no %s for %s", marker, code)
		}
		line := strings.Count(before, "\n") + 1
		column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
		due = append(due, fmt.Sprintf("%s:%d:%d %s", f.file, line, column, code))
		text = before + after
	}
	b[f.file] = text
	return b, append(due, f.elsewhere...)
}

func TestSmallFlowHasNoProblems(t *testing.T) {
	t.Parallel()
	if f, problems := flows.Compile(small(t)); f == nil || len(problems) > 0 {
		t.Error(problems)
	}
}

func TestEveryFaultIsReportedWhereItIs(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, f := range faults {
		b, due := f.change(t)
		flow, problems := flows.Compile(b)
		fmt.Fprintf(&all, "# %s\n", f.name)
		var got []string
		for _, p := range problems {
			code := p.Code
			if p.Warning {
				code = strings.ToLower(code)
			}
			got = append(got, fmt.Sprintf("%s:%d:%d %s", p.File, p.Line, p.Column, code))
			fmt.Fprintln(&all, p)
		}
		if diff := cmp.Diff(due, got, cmp.Transformer("set", func(s []string) map[string]int {
			m := map[string]int{}
			for _, e := range s {
				m[e]++
			}
			return m
		})); diff != "" {
			t.Errorf("%s: (-due +reported)\n%s%v", f.name, diff, problems)
		}
		if (flow == nil) != (len(flows.Errors(problems)) > 0) {
			t.Errorf("%s: a flow and errors, or neither", f.name)
		}
	}
	golden(t, "testdata/faults.golden", all.String())
}

func TestFaultsDoNotHideEachOther(t *testing.T) {
	t.Parallel()
	b := small(t)
	change := func(file, old, replacement string) {
		if !strings.Contains(b[file], old) {
			t.Fatalf("%s does not say %q", file, old)
		}
		b[file] = strings.Replace(b[file], old, replacement, 1)
	}
	change(mainFile, "do: groups.by_code", "do: groups.by_name")                                   // F005
	change(mainFile, "key: 2, say: opt_now", "key: x, say: opt_now")                               // F006
	change(mainFile, "start: welcome", "start: wellcome")                                          // F001
	change(mainFile, "end: true", "end: perhaps")                                                  // F000
	change(mainFile, "    no_input: {after: 10s, tries: 3, then", "    no_match: {tries: 1, then") // F011
	change(en, "Main menu.", "Dial 911 {")                                                         // F000
	change(en, "{label}, press {key}", "press {key} to {label}")                                   // F012
	change(en, "Enter the code.", "Enter the code {code}.")                                        // F020
	change(es, "alone: ", "solo: ")                                                                // F020
	_, problems := flows.Compile(b)
	var got []string
	for _, p := range flows.Errors(problems) {
		got = append(got, p.Code+" "+p.File)
	}
	want := []string{
		"F001 main.yaml", "F006 main.yaml", "F005 main.yaml", "F011 main.yaml", "F000 main.yaml",
		"F012 prompts/en.yaml", "F000 prompts/en.yaml", "F020 prompts/en.yaml", "F020 prompts/es.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s%v", diff, problems)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (run with -update when it is right):\n%s", file, diff)
	}
}
