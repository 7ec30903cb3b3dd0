package carrier

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// telling are the words for everything that records, transcribes or streams what
// is said, or that tells Twilio a name.
var telling = regexp.MustCompile(`(?i)record|transcri|stream|siprec|friendlyname|callername|displayname|callreason`)

// source parses the package without its tests, and without some files.
func source(t *testing.T, but ...string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) == 0 {
		t.Fatal("no source: ", err)
	}
	var all []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || slices.Contains(but, name) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// What takes a message down is in a file of its own, and is one verb, which stands in
// no Dial. Beside it, the only thing about recording that the encoder can write, and
// that any type of the package can say, is do-not-record.
func TestNothingElseCanAskForARecording(t *testing.T) {
	t.Parallel()
	var written, named []string
	for _, f := range source(t, "record.go") {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if n.Kind == token.STRING && telling.MatchString(n.Value) {
					written = append(written, n.Value)
				}
			case *ast.Ident:
				if telling.MatchString(n.Name) {
					named = append(named, n.Name)
				}
			}
			return true
		})
	}
	slices.Sort(written)
	// The room's name is read from a webhook, where Twilio tells it back; a messaging
	// service has to have a name, which is always the same.
	if diff := cmp.Diff([]string{`"FriendlyName"`, `"FriendlyName"`, `"do-not-record"`, `"do-not-record"`, `"record"`, `"record"`}, written); diff != "" {
		t.Errorf("strings about recording or names (-want +got):\n%s", diff)
	}
	// These are the records that Twilio keeps and a sweep deletes, and the name by
	// which a room is asked for: Twilio has it from the room itself.
	ours := []string{"Record", "recordOfCall", "recordOfText", "SetFriendlyName"}
	for _, name := range named {
		if !slices.Contains(ours, name) {
			t.Errorf("an identifier %s", name)
		}
	}
}

// What we set of a REST request is a short list, none of which records or names.
func TestParametersThatAreSet(t *testing.T) {
	t.Parallel()
	want := []string{
		"SetAccountSid", "SetAnnounceMethod", "SetAnnounceUrl", "SetBeep", "SetBody", "SetConferenceStatusCallback", "SetConferenceStatusCallbackEvent",
		"SetDateSentAfter", "SetDateSentBefore", "SetEndConferenceOnExit", "SetFriendlyName", "SetFrom", "SetLabel", "SetMachineDetection",
		"SetMachineDetectionTimeout", "SetMessagingServiceSid", "SetMethod", "SetMuted", "SetPageSize", "SetReadDeadline", "SetStartConferenceOnEnter",
		"SetStartTimeAfter", "SetStartTimeBefore", "SetStatus", "SetStatusCallback", "SetStatusCallbackEvent", "SetTimeLimit", "SetTimeout", "SetTo", "SetUrl",
		"SetValidityPeriod", "SetWaitMethod", "SetWaitUrl",
	}
	var got []string
	for _, f := range source(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "Set") && s.Sel.Name != "Set" {
				got = append(got, s.Sel.Name)
			}
			if lit, ok := n.(*ast.CompositeLit); ok {
				// A literal could set what the setters cannot.
				if s, ok := lit.Type.(*ast.SelectorExpr); ok && strings.HasSuffix(s.Sel.Name, "Params") {
					t.Errorf("a literal of %s", s.Sel.Name)
				}
			}
			return true
		})
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("setters (-want +got):\n%s", diff)
	}
}

var (
	recordAttribute = regexp.MustCompile(`\s(record[A-Za-z]*)="([^"]*)"`)
	connecting      = regexp.MustCompile(`<(Dial|Conference)\s[^>]*>`)
)

// Every field of every verb that connects people, filled with what would ask for a
// recording if anything could: each Dial and each Conference still says not to.
func TestEveryConnectionSaysNotToRecord(t *testing.T) {
	t.Parallel()
	const hostile = `record-from-answer" record="record-from-start`
	targets := []Target{Plain{}, Number{}, Conference{}}
	for _, target := range targets {
		filled := reflect.New(reflect.TypeOf(target)).Elem()
		fill(filled, hostile)
		dial := reflect.New(reflect.TypeOf(Dial{})).Elem()
		fill(dial, hostile)
		d := dial.Interface().(Dial)
		d.CallerID, d.To = number(t, testLine), withNumber(t, filled).Interface().(Target)
		doc, err := Response{d}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		tags := connecting.FindAllString(string(doc), -1)
		if len(tags) == 0 {
			t.Errorf("%T: no Dial in %s", target, doc)
		}
		for _, tag := range tags {
			attributes := recordAttribute.FindAllStringSubmatch(tag, -1)
			if len(attributes) != 1 || attributes[0][1] != "record" || attributes[0][2] != "do-not-record" {
				t.Errorf("%T: %s", target, tag)
			}
		}
	}
}

// fill puts s into every string of a struct, true and 2 into the rest.
func fill(v reflect.Value, s string) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case f.Type() == reflect.TypeOf(Opt{}):
			f.Set(reflect.ValueOf(Some(s)))
		case f.Kind() == reflect.String:
			f.SetString(s)
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		case f.CanInt():
			f.SetInt(2)
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.String:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			f.Index(0).SetString(s)
		}
	}
}

func withNumber(t *testing.T, v reflect.Value) reflect.Value {
	t.Helper()
	if f := v.FieldByName("Number"); f.IsValid() {
		f.Set(reflect.ValueOf(number(t, testPerson)))
	}
	return v
}
