package main

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
)

// who is how a caller is shown to the line.
type who struct{ name, from, verified string }

// everyKind is every kind of caller that there is: the same number as a member's
// own call, as one whose carrier does not vouch for it, and numbers that are
// nobody's or none at all.
func everyKind(member, stranger string) []who {
	return []who{
		{"a member", member, "TN-Validation-Passed-A"}, {"a member whose carrier does not vouch", member, ""}, {"a spoofed member", member, "TN-Validation-Failed-C"},
		{"a stranger", stranger, "TN-Validation-Passed-A"}, {"withheld on a keypad", "+266696687", ""}, {"withheld in a word", "Anonymous", ""}, {"withheld", "", ""},
	}
}

// alikeKeys are what everybody hears the same: the greeting and each menu, what
// is asked for, and what is wrong. The member has no quick join.
var alikeKeys = map[string]string{
	"the greeting": "", "a menu": "3", "privacy": "4", "a key for members": "5", "a wrong code": "1 111111", "a code": "1 482105", "the list": "2",
	"the way to enrol": "1 836254 3 1", "signing in": "4 2", "a wrong PIN": wrongPIN, "a wrong member number": "4 2 2 111222 555123",
}

const wrongPIN = "4 2 1 555123"

// hooks calls the line by its webhooks, without a carrier between.
type hooks struct {
	s     *stage
	t     testing.TB
	calls int
}

// call presses keys, one webhook each, and returns the documents, the greeting
// first, and how long each took.
func (h *hooks) call(w who, keys string) (documents []string, took []time.Duration) {
	h.t.Helper()
	h.calls++
	form := url.Values{
		"CallSid": {fmt.Sprintf("CA%032x", h.calls)}, "AccountSid": {demoAccount}, "From": {w.from}, "To": {lineNumber},
		"CallStatus": {"in-progress"}, "Direction": {"inbound"}, "ApiVersion": {"2010-04-01"},
	}
	if w.verified != "" {
		form.Set("StirVerstat", w.verified)
	}
	target := phone.VoicePath
	for i, key := range append([]string{""}, strings.Fields(keys)...) {
		if i > 0 {
			form.Set("Digits", key)
		}
		began := time.Now()
		document := h.send(target, form)
		documents, took = append(documents, document), append(took, time.Since(began))
		_, action, ok := strings.Cut(document, `action="`+h.s.config.publicURL)
		if !ok {
			break // nothing more is asked
		}
		action, _, _ = strings.Cut(action, `"`)
		target, _, _ = strings.Cut(html.UnescapeString(action), "#")
	}
	return documents, took
}

func (h *hooks) send(target string, form url.Values) string {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, "http://"+*h.s.route.Load()+target, strings.NewReader(form.Encode()))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", emulator.Sign(demoToken, h.s.config.publicURL+target, form))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		h.t.Errorf("answered with %d, %v", answer.StatusCode, err)
	}
	return string(body)
}

// sealedIn is the state in an address, which is bound to its call.
var sealedIn = regexp.MustCompile(`([?&;]s=)([A-Za-z0-9_-]+)`)

// masked is a document but for what is sealed in it, of which only the length is
// compared.
func masked(document string) string {
	return sealedIn.ReplaceAllStringFunc(document, func(s string) string {
		name, token, _ := strings.Cut(s, "=")
		return fmt.Sprint(name, "=", len(token))
	})
}

// alike returns what is not answered alike, of every kind of caller and keys.
func (h *hooks) alike(kinds []who, keys map[string]string) []string {
	h.t.Helper()
	var faults []string
	for _, what := range slices.Sorted(maps.Keys(keys)) {
		var first []string
		for i, kind := range kinds {
			documents, _ := h.call(kind, keys[what])
			if len(documents) != len(strings.Fields(keys[what]))+1 {
				h.t.Errorf("%s: the call ends before its end", what)
			}
			for j := range documents {
				documents[j] = masked(documents[j])
			}
			if i == 0 {
				first = documents
			} else if !slices.Equal(first, documents) {
				faults = append(faults, kind.name+", "+what)
			}
		}
	}
	return faults
}

// enrol makes a number a member's, in a group and with a PIN.
func (s *stage) enrol(e164 string) {
	s.t.Helper()
	_, err := s.replica.app.members.Enrol(s.t.Context(), store.Enrolment{
		Event: store.Event{Line: s.replica.app.line, SID: "CA" + e164, At: s.clock.Now()}, Number: number(s.t, e164),
		Group: s.replica.app.groups(s.replica.app.line)[0], PIN: ownPIN, Confirmed: true, Consent: flows.Consent{Wording: "enrol", Channel: flows.ByText},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestEverybodyHearsTheSame(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.enrol(ida)
	h := &hooks{s: s, t: t}
	for _, fault := range h.alike(everyKind(ida, sam), alikeKeys) {
		t.Errorf("who calls as %s hears something else than a member", fault)
	}
}

// Who calls from where the clocks are others is asked one thing more, member or not.
func TestEverybodyOfElsewhereHearsTheSame(t *testing.T) {
	t.Parallel()
	const member, stranger = "+13105550143", "+13235550167"
	s := newStage(t)
	s.enrol(member)
	h := &hooks{s: s, t: t}
	enrols := map[string]string{"the way to enrol": "1 836254 3 1 1 739146", "with a zone": "1 836254 3 1 2 9 1 739146"}
	for _, fault := range h.alike(everyKind(member, stranger)[:4], enrols) {
		t.Errorf("who calls as %s hears something else than a member", fault)
	}
}

// A program that greets members by one word more.
func TestAProgramThatKnowsItsMembersIsNoticed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	program, err := url.Parse("http://" + *s.route.Load())
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(program)
	pass.ModifyResponse = func(answer *http.Response) error {
		body, err := io.ReadAll(answer.Body)
		if answer.Request.Header.Get("Known") != "" {
			body = bytes.Replace(body, []byte("Main menu."), []byte("Main menu, Ida."), 1)
		}
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return err
	}
	mutant := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if strings.Contains(string(body), "TN-Validation-Passed-A") && strings.Contains(string(body), url.QueryEscape(ida)) {
			r.Header.Set("Known", "yes")
		}
		pass.ServeHTTP(rw, r)
	}))
	t.Cleanup(mutant.Close)
	address := strings.TrimPrefix(mutant.URL, "http://")
	s.route.Store(&address)
	h := &hooks{s: s, t: t}
	if got := h.alike(everyKind(ida, sam), map[string]string{"the greeting": ""}); len(got) != len(everyKind(ida, sam))-1 {
		t.Errorf("greeted otherwise: %q", got)
	}
	for tokens, same := range map[[2]string]bool{{"AAAA", "BBBB"}: true, {"AAAA", "AAAAA"}: false} {
		document := func(token string) string { return `<Gather action="/x?s=` + token + `#rc=1">Hello</Gather>` }
		if got := masked(document(tokens[0])) == masked(document(tokens[1])); got != same {
			t.Errorf("documents with %q are taken for the same: %v", tokens, got)
		}
	}
}
