package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// flowDir is a folder with the built-in flow, in which one text stands instead of another.
func flowDir(t *testing.T, file, old, replacement string) string {
	t.Helper()
	b, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	if old != "" && !strings.Contains(b[file], old) {
		t.Fatalf("%q is not in %s", old, file)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "prompts"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range b {
		if name == file {
			text = strings.Replace(text, old, replacement, 1)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The check prints for people, for programs and for code hosts, and its exit code tells
// errors, warnings and no flow at all apart.
func TestFlowCheck(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t}
	whole := flowDir(t, "main.yaml", "", "")
	broken := flowDir(t, "main.yaml", "say: opt_day, next: day}", "say: opt_day, next: days}")
	warned := flowDir(t, "prompts/en.yaml", "No call is open right now.", "No call is open right now. Dial 911.")

	mention(t, tt.types(exitOK, "flow", "check", "--strict", whole), "No problems.", "Reading level of en: ", "Flesch-Kincaid")
	mention(t, tt.types(exitFailed, "flow", "check", broken), "main.yaml:", "F001 error", "day")
	mention(t, tt.types(exitOK, "flow", "check", warned), "F022 warning")
	tt.types(exitFailed, "flow", "check", "--strict", warned)
	tt.types(exitUsage, "flow", "check", t.TempDir())
	tt.types(exitUsage, "flow", "check", "--json", "--sarif", whole)

	var report checkReport
	if err := json.Unmarshal([]byte(tt.types(exitFailed, "flow", "check", "--json", broken)), &report); err != nil {
		t.Fatal(err)
	}
	if p := report.Problems[0]; report.Errors != 1 || report.Warnings != 0 || p.Code != "F001" || p.Line == 0 || p.Column == 0 || p.Mend == "" || p.Level != "error" || p.File != "main.yaml" {
		t.Errorf("%+v", report)
	}
	if err := json.Unmarshal([]byte(tt.types(exitOK, "flow", "check", "--json", whole)), &report); err != nil || len(report.Problems) != 0 || len(report.Reading) < 2 || *report.Reading[0].Level > 6 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A language that the line offers and the flow leaves out is told of; one that nobody said
// the line offers is not.
func TestFlowCheckOfALanguageLeftOut(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t}
	mention(t, tt.types(exitOK, "flow", "check", "--strict", prayerLine), "No problems.")
	tt.env = map[string]string{"LINE_LANGUAGES": "en,es"}
	tt.types(exitOK, "flow", "check", "--strict", prayerLine)
	tt.env = map[string]string{"LINE_LANGUAGES": "en,pt,es,fr"}
	mention(t, tt.types(exitFailed, "flow", "check", "--strict", prayerLine), "main.yaml:3:12: F020 warning: the line offers languages that this flow does not speak: fr, pt-BR;", "add them to `languages`")
}

// SARIF has what its schema requires, whatever is wrong.
// Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json
func TestFlowCheckSARIF(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t}
	for want, dir := range map[int]string{exitOK: flowDir(t, "main.yaml", "", ""), exitFailed: flowDir(t, "main.yaml", "end: true", "end: perhaps")} {
		var log struct {
			Version string
			Runs    []struct {
				Tool struct {
					Driver struct {
						Name  string
						Rules []struct{ ID string }
					}
				}
				Results *[]struct {
					RuleID    string
					RuleIndex int
					Level     string
					Message   struct{ Text string }
					Locations []struct {
						PhysicalLocation struct {
							ArtifactLocation struct{ URI string }
							Region           struct{ StartLine, StartColumn int }
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(tt.types(want, "flow", "check", "--sarif", dir)), &log); err != nil {
			t.Fatal(err)
		}
		if len(log.Runs) != 1 || log.Version != "2.1.0" || log.Runs[0].Tool.Driver.Name == "" || len(log.Runs[0].Tool.Driver.Rules) != len(flows.Rules()) || log.Runs[0].Results == nil {
			t.Fatalf("%+v", log)
		}
		run := log.Runs[0]
		if (len(*run.Results) == 0) != (want == exitOK) {
			t.Errorf("exit %d and %d results", want, len(*run.Results))
		}
		for _, r := range *run.Results {
			if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" || r.Level != "error" && r.Level != "warning" || len(r.Locations) != 1 {
				t.Errorf("%+v", r)
				continue
			}
			if at := r.Locations[0].PhysicalLocation; !strings.HasPrefix(at.ArtifactLocation.URI, "file:///") || at.Region.StartLine < 1 || at.Region.StartColumn < 1 {
				t.Errorf("%+v", at)
			}
		}
	}
	if got := uriOf("my flow", "main.yaml"); got != "my%20flow/main.yaml" {
		t.Errorf("a file of a folder with a space is at %s", got)
	}
}

// What changed is told in words, a flow is drawn, and editors get its schema.
func TestFlowDiffDiagramSchema(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t}
	changed := flowDir(t, "main.yaml", "say: opt_day, next: day}", "say: opt_day, next: days}")
	const told = `At "find", key 2 led to "day" and leads to "days" now.`
	mention(t, tt.types(exitOK, "flow", "diff", "-", changed), told)
	mention(t, tt.types(exitOK, "flow", "diff", "-", "-"), "Nothing changed.")
	tt.types(exitUsage, "flow", "diff", "-", t.TempDir())
	var changes []changeReport
	if err := json.Unmarshal([]byte(tt.types(exitOK, "flow", "diff", "--json", "-", changed)), &changes); err != nil || len(changes) != 1 || changes[0].Name != "find" || changes[0].What != told {
		t.Errorf("%+v, %v", changes, err)
	}
	mention(t, tt.types(exitOK, "flow", "diagram", "--lang", "es", changed), "<svg ", "Menú principal.", "⚠ find")
	mention(t, tt.types(exitOK, "flow", "diagram", "--format", "mermaid"), "flowchart LR", "n_help -->")
	tt.types(exitUsage, "flow", "diagram", "--lang", "de")
	for _, args := range [][]string{{"flow", "schema"}, {"flow", "schema", "--catalogue"}} {
		var schema struct {
			Schema string `json:"$schema"`
		}
		if err := json.Unmarshal([]byte(tt.types(exitOK, args...)), &schema); err != nil || schema.Schema == "" {
			t.Errorf("%v: %v", args, err)
		}
	}
}
