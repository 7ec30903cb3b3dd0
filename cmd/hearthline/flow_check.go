package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

type flowCheckCommand struct {
	flowFolder
	JSON   bool `name:"json" xor:"format" help:"Print the problems and the reading levels as JSON."`
	SARIF  bool `name:"sarif" xor:"format" help:"Print the problems as SARIF 2.1.0, as code hosts read it."`
	Strict bool `help:"Fail for a warning too."`
}

// Run prints every problem of a flow, its numbers and its recordings, and the languages of
// LINE_LANGUAGES that it leaves out. The command fails for
// one that is an error, and with --strict for any; with 2 if there is no flow to check.
func (f flowCheckCommand) Run(s *settings, io stdio) error {
	c, err := s.forFlow()
	if err != nil {
		return err
	}
	bundle, err := f.read()
	if err != nil {
		return argumentError(err.Error())
	}
	flow, problems := c.compile(bundle)
	if flow != nil {
		sounds, err := folderSounds(f.Dir, flow, nil)
		if err != nil {
			return err
		}
		problems = slices.Concat(problems, sounds, bundle.LeftOut(flow, list(s.LineLanguages)))
	}
	switch {
	case f.JSON:
		err = printJSON(io, checked(flow, problems))
	case f.SARIF:
		err = printJSON(io, sarifOf(f.Dir, problems))
	default:
		printProblems(io, flow, problems)
	}
	if err != nil {
		return err
	}
	if flow == nil || f.Strict && len(problems) > 0 {
		return errReported
	}
	return nil
}

func printProblems(io stdio, flow *flows.Flow, problems []flows.Problem) {
	for _, p := range problems {
		fmt.Fprintln(io.Out, p)
	}
	if len(problems) == 0 {
		fmt.Fprintln(io.Out, "No problems.")
	}
	for _, r := range readings(flow) {
		level := "no formula is trusted for it"
		if r.Formula != "" {
			level = fmt.Sprintf("%.1f by %s; hardest: %s", r.Level, r.Formula, strings.Join(r.Hardest, ", "))
		}
		fmt.Fprintf(io.Out, "Reading level of %s: %s; %.1f words a sentence.\n", r.Lang, level, r.Sentence)
	}
}

// readings are how hard each language of a flow is; none of a flow that cannot be used.
func readings(flow *flows.Flow) (all []flows.Reading) {
	if flow == nil {
		return nil
	}
	for _, lang := range flow.Languages() {
		all = append(all, flow.Reading(lang))
	}
	return all
}

func printJSON(io stdio, v any) error {
	e := json.NewEncoder(io.Out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// checkReport is what --json prints.
type checkReport struct {
	Errors   int             `json:"errors"`
	Warnings int             `json:"warnings"`
	Problems []checkProblem  `json:"problems"`
	Reading  []readingReport `json:"reading"`
}

type checkProblem struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Code   string `json:"code"`
	Level  string `json:"level"`
	What   string `json:"what"`
	Mend   string `json:"mend"`
}

type readingReport struct {
	Language string   `json:"language"`
	Formula  string   `json:"formula,omitempty"`
	Level    *float64 `json:"level,omitempty"`
	Sentence float64  `json:"words_per_sentence"`
	Hardest  []string `json:"hardest,omitempty"`
}

func checked(flow *flows.Flow, problems []flows.Problem) checkReport {
	r := checkReport{Problems: []checkProblem{}, Reading: []readingReport{}}
	for _, p := range problems {
		r.Problems = append(r.Problems, checkProblem{p.File, p.Line, p.Column, p.Code, levelOf(p), p.What, p.Mend})
	}
	r.Errors = len(flows.Errors(problems))
	r.Warnings = len(problems) - r.Errors
	for _, l := range readings(flow) {
		of := readingReport{Language: l.Lang, Formula: l.Formula, Sentence: l.Sentence, Hardest: l.Hardest}
		if l.Formula != "" {
			of.Level = &l.Level
		}
		r.Reading = append(r.Reading, of)
	}
	return r
}

func levelOf(p flows.Problem) string {
	if p.Warning {
		return "warning"
	}
	return "error"
}

// What SARIF 2.1.0 has of a check.
// Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

// sarifOf puts problems into SARIF, their files as they are found from where the command
// runs.
func sarifOf(dir string, problems []flows.Problem) sarifLog {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver.Name = "hearthline flow check"
	index := map[string]int{}
	for i, r := range flows.Rules() {
		index[r.Code] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{r.Code, sarifText{r.What}})
	}
	for _, p := range problems {
		at := sarifPhysical{sarifArtifact{uriOf(dir, p.File)}, sarifRegion{p.Line, p.Column}}
		run.Results = append(run.Results, sarifResult{
			RuleID: p.Code, RuleIndex: index[p.Code], Level: levelOf(p), Message: sarifText{p.What + "; " + p.Mend},
			Locations: []sarifLocation{{at}},
		})
	}
	return sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

// uriOf is a flow's file as a URI: relative, unless its folder was given in full.
func uriOf(dir, file string) string {
	u := url.URL{Path: path.Join(filepath.ToSlash(dir), file)}
	if path.IsAbs(u.Path) {
		u.Scheme = "file"
	}
	return u.String()
}
