package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// fills fills in a form of a page of the desk, each field of which has to be there, and returns
// the path that it leads to.
func (d *seated) fills(page, path string, form url.Values) string {
	d.w.t.Helper()
	_, body := d.send(d.w.t.Context(), http.MethodGet, page, nil)
	for field, values := range form {
		if !strings.Contains(body, `name="`+field+`"`) {
			d.w.t.Fatalf("%s has no field %s", page, field)
		}
		if chosen := `<option value="` + values[0] + `"`; strings.Contains(body, `<select id="`+field+`"`) && !strings.Contains(body, chosen) && !strings.Contains(body, ">"+values[0]+"<") {
			d.w.t.Fatalf("%s offers no %s %q", page, field, values[0])
		}
	}
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	answer, body := d.send(d.w.t.Context(), http.MethodPost, path, form)
	to, _, _ := strings.Cut(answer.Header.Get("Location"), "?")
	if answer.StatusCode != http.StatusSeeOther {
		d.w.t.Fatalf("%s: answered %d\n%s", path, answer.StatusCode, body)
	}
	return to
}

// versionIn is the path of the version that a page of the desk is about.
func versionIn(path string) string {
	parts := strings.SplitN(path, "/", 5)
	return strings.Join(parts[:4], "/")
}

// An owner who writes no YAML builds at the desk what the example has in a file: a prayer
// line, and a second crisis line that rings when the first does not answer. A tester hears
// it, and nobody else does until it is published.
func TestThePrayerLineIsBuiltAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t, withDesk)
	const prayer, second = "+12025550142", "+12025550188"
	answers := func(number, words string) {
		s.carrier.Phone(number).Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second, Greets: words})
	}
	answers(prayer, "This is the prayer line.")
	answers(second, "This is the second crisis line.")
	s.carrier.Phone(crisisLine).Behave(emulator.Behaviour{Kind: emulator.Busy})
	d := (&watch{stage: s}).sits()

	at := "/console/flows/own"
	at = versionIn(d.fills(at+"/numbers", at+"/numbers", url.Values{"called": {"Prayer"}, "number": {"+1 202 555 0142"}}))
	at = versionIn(d.fills(at+"/numbers", at+"/numbers", url.Values{"called": {"Second crisis"}, "number": {second}}))
	at = versionIn(d.fills(at+"/steps/find?add=dial", at+"/steps/find/add", url.Values{
		"pattern": {"dial"}, "key": {"4"}, "number": {"prayer"},
		"label-en": {"call the prayer line"}, "says-en": {"The prayer line did not answer."},
		"label-es": {"llamar a la línea de oración"}, "says-es": {"La línea de oración no contestó."},
	}))
	at = versionIn(d.fills(at+"/steps/crisis_line?between=outcome+failed&add=dial", at+"/steps/crisis_line/add", url.Values{
		"pattern": {"dial"}, "way": {"outcome"}, "of": {"failed"}, "number": {"second_crisis"}, "to": {"back"},
	}))
	d.fills("/console/flows", "/console/flows/testers", url.Values{"number": {ida}})
	s.replica.app.refreshFlows(t.Context())

	c := s.finds(ida)
	if other := s.finds(sam); !prays(c) || prays(other) {
		t.Fatalf("a tester hears\n%s\nand somebody else\n%s", c.Transcript(), other.Transcript())
	}
	c.Press("4")
	s.carrier.Advance(3 * time.Second)
	if !heard(s.carrier.Phone(ida), "This is the prayer line.") {
		t.Errorf("at 4 a tester hears\n%s", c.Transcript())
	}
	c.Hangup()
	c = s.carrier.Phone(ida).Call(lineNumber)
	c.Press("0")
	c.Press("1")
	s.carrier.Advance(10 * time.Second)
	if !heard(s.carrier.Phone(ida), "This is the second crisis line.") {
		t.Errorf("where the crisis line is busy a tester hears\n%s", c.Transcript())
	}
	d.fills(at, at+"/publish", url.Values{})
	s.replica.app.refreshFlows(t.Context())
	if c := s.finds(sam); !prays(c) {
		t.Errorf("once it is published, everybody hears\n%s", c.Transcript())
	}
	s.strict()
}
