package rooms

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

func TestReportOf(t *testing.T) {
	t.Parallel()
	for class, want := range map[carrier.Class]session.Report{
		carrier.Gone: session.Missing, carrier.Temporary: session.Failed, carrier.Throttled: session.Failed, carrier.Unknown: session.Failed,
		carrier.Ours: session.Refused, carrier.Permanent: session.Refused, carrier.Filtered: session.Refused,
	} {
		if got := reportOf(fmt.Errorf("act: %w", &carrier.Error{Class: class})); got != want {
			t.Errorf("%s: %s, want %s", class, got, want)
		}
	}
	if reportOf(nil) != session.Accepted || reportOf(errNoFacilitator) != session.Refused {
		t.Error("what went well, or never will, is told otherwise")
	}
	// A second ring would be a second buzz on a watched phone.
	if unlessUnknown(&carrier.Error{Class: carrier.Unknown}) != nil || unlessUnknown(&carrier.Error{Class: carrier.Throttled}) == nil || unlessUnknown(nil) != nil {
		t.Error("a ring that may have been placed is placed again, or one that was not is not")
	}
}

// At most five conferences are listed in a second, the one first that has waited
// longest; one that is asked for again keeps its turn.
func TestListsArePaced(t *testing.T) {
	t.Parallel()
	var l lates
	now := time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)
	for n := range 12 {
		l.add(late{id: store.SessionID{Line: "line", Mark: []byte{byte(n)}}, act: session.Act{ID: n}})
	}
	l.add(late{id: store.SessionID{Line: "line", Mark: []byte{0}}, act: session.Act{ID: 100}})
	l.add(late{id: store.SessionID{Line: "line", Mark: []byte{0}}, act: session.Act{ID: 101, Place: session.Side}})
	var got []int
	took := func(at time.Time) (n int) {
		for {
			one, ok := l.next(at)
			if !ok {
				return n
			}
			n++
			got = append(got, one.act.ID)
		}
	}
	for i, want := range []int{5, 1, 1, 3, 3, 0} {
		at := now.Add([]time.Duration{0, 200 * time.Millisecond, 400 * time.Millisecond, time.Second, 10 * time.Minute, 11 * time.Minute}[i])
		if n := took(at); n != want {
			t.Errorf("at %v %d are listed, want %d", at, n, want)
		}
	}
	if diff := cmp.Diff([]int{100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 101}, got); diff != "" {
		t.Errorf("in order (-want +got):\n%s", diff)
	}
	if l.waiting() {
		t.Error("one still waits")
	}
}

func TestSeenBy(t *testing.T) {
	t.Parallel()
	f := flowstest.BuiltIn()
	st := session.Status{
		Mode: session.Circle, Left: 61 * time.Second, Speaker: 2, Order: []int{3}, Queue: []int{9}, Silent: []int{3}, Key: "4821", Locked: true,
		People: []session.Person{
			{Seat: 1, Alias: "Rose", Role: session.Facilitator, Present: true},
			{Seat: 2, Number: 4, Role: session.Participant, Present: true, Muted: true, Hand: 1},
			{Seat: 3, Number: 5, Role: session.Participant, Present: true, Place: session.Side},
			{Seat: 4, Number: 6, Role: session.Participant, Present: true, Place: session.Waiting},
			{Seat: 5, Number: 7, Role: session.Participant},
			{Seat: 6, Number: 8, Role: session.Participant, Present: true, Place: session.Out},
		},
	}
	two, three, four := f.Alias("es", 4), f.Alias("es", 5), f.Alias("es", 6)
	people := []flows.Person{{ID: "1", Alias: "Rose", Host: true}, {ID: "2", Alias: two, Muted: true}, {ID: "3", Alias: three}, {ID: "4", Alias: four, Waiting: true}}
	want := &flows.Session{
		Seat: 1, Alias: "Rose", Host: true, Mode: "circle", Speaker: two, Queue: []string{three}, Here: 3, Waiting: 1, Minutes: 2,
		Locked: true, Hosted: true, People: people, Silent: []string{three}, Key: "4821",
	}
	if diff := cmp.Diff(want, seenBy(f, st, 1, session.Facilitator, "es")); diff != "" {
		t.Errorf("by a facilitator (-want +got):\n%s", diff)
	}
	st.Silent, st.Key = nil, ""
	want = &flows.Session{
		Seat: 2, Alias: two, Muted: true, Hand: 1, Mine: true, Mode: "circle", Speaker: two, Queue: []string{three}, Here: 3, Waiting: 1,
		Minutes: 2, Locked: true, Hosted: true,
	}
	if diff := cmp.Diff(want, seenBy(f, st, 2, session.Participant, "es")); diff != "" {
		t.Errorf("by a participant (-want +got):\n%s", diff)
	}
	if all := seenBy(f, st, 0, session.Participant, "es"); all.Host || len(all.People) != 4 || all.Mine {
		t.Errorf("by nobody in particular: %+v", all)
	}
}

// hook is a webhook with those parameters, as a guard lets it through.
func hook(t testing.TB, params url.Values) carrier.Webhook {
	t.Helper()
	const account, token, base = "AC00000000000000000000000000000001", "0123456789abcdef0123456789abcdef", "https://line.example.org"
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: base, AccountSID: account, AuthTokens: []string{token}})
	if err != nil {
		t.Fatal(err)
	}
	params.Set("AccountSid", account)
	r := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(params.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", signature(token, base+"/x", params))
	var w carrier.Webhook
	e := echo.New()
	e.POST("/x", func(c echo.Context) error {
		w, _ = carrier.WebhookOf(c)
		return nil
	}, guard.Middleware)
	e.ServeHTTP(httptest.NewRecorder(), r)
	return w
}

func TestEventOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 19, 0, 5, 0, time.UTC)
	leave := url.Values{
		"StatusCallbackEvent": {"participant-leave"}, "ConferenceSid": {"CF1"}, "CallSid": {"CA1"}, "ParticipantLabel": {"l1"},
		"SequenceNumber": {"7"}, "Timestamp": {at.Format(time.RFC1123Z)}, "Muted": {"true"}, "ParticipantCallStatus": {"completed"},
	}
	got := eventOf(hook(t, leave), session.Side)
	got.At = got.At.UTC()
	want := session.Event{Kind: session.Left, Place: session.Side, Conference: "CF1", Sequence: 7, Call: "CA1", Label: "l1", Muted: true, HungUp: true, At: at}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a leave (-want +got):\n%s", diff)
	}
	for name, params := range map[string]url.Values{
		"a hold":       {"StatusCallbackEvent": {"participant-hold"}, "SequenceNumber": {"8"}},
		"nothing":      {},
		"no number":    {"SequenceNumber": {"-x"}, "Timestamp": {"yesterday"}},
		"one stepping": {"ParticipantCallStatus": {"in-progress"}},
	} {
		if e := eventOf(hook(t, params), session.Main); e.Kind != "" || e.HungUp || !e.At.IsZero() {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// The tokens of addresses open for what they were made for alone.
func TestTokens(t *testing.T) {
	t.Parallel()
	s, r := newService(t), room{Line: "line", Group: "group", Lang: "es", Name: "abc", Place: session.Side}
	address, err := s.address(NotePath, notePurpose, note{Room: r, ID: 3, Lang: "en", Call: "CA1", Prompt: "your_turn", About: 2, Number: 5})
	if err != nil {
		t.Fatal(err)
	}
	query := queryOf(t, address)
	v, err := s.Voice(t.Context(), query)
	if want := (Voice{Line: "line", Group: "group", Lang: "en", Call: "CA1", Prompt: "your_turn", About: 2, Number: 5, room: "abc"}); err != nil || v != want {
		t.Errorf("%+v, %v", v, err)
	}
	if _, _, err := s.Open(query); err == nil {
		t.Error("a note's address opens a room")
	}
	other, err := s.address(NotePath, notePurpose, note{Room: r, ID: 4, Lang: "en", Call: "CA1", Prompt: "your_turn", About: 2, Number: 5})
	if err != nil || other == address {
		t.Errorf("two notes have one address: %v", err)
	}
	for _, secret := range []string{"group", "abc", "CA1", "your_turn"} {
		if strings.Contains(address, secret) {
			t.Errorf("the address holds %q", secret)
		}
	}
	if s.nameOf("abc", session.Main) != "abc" || s.nameOf("abc", session.Side) == s.nameOf("abc", session.Waiting) || strings.Contains(s.nameOf("abc", session.Side), "abc") {
		t.Error("places are not told apart, or not opaque")
	}
}

func newService(t testing.TB) *Service {
	t.Helper()
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Keys: keys, PublicURL: "https://line.example.org"})
}

func queryOf(t testing.TB, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// What comes in the query of an address, or in a conference's event, is read or
// refused.
func FuzzAddresses(f *testing.F) {
	s := newService(f)
	address, err := s.address(NotePath, notePurpose, note{Prompt: "chime"})
	if err != nil {
		f.Fatal(err)
	}
	real := queryOf(f, address).Get(tokenKey)
	f.Add(real, "7", "Tue, 24 Nov 2026 19:00:05 +0000", "participant-join")
	f.Add("", "", "", "")
	f.Fuzz(func(t *testing.T, token, sequence, at, event string) {
		query := url.Values{tokenKey: {token}}
		if _, err := s.Voice(t.Context(), query); (err == nil) != (token == real) {
			t.Errorf("a note's address: %v", err)
		}
		if _, _, err := s.Open(query); err == nil {
			t.Error("a room's address is one that was never made")
		}
		if !printable(sequence + at + event) {
			return
		}
		e := eventOf(hook(t, url.Values{"SequenceNumber": {sequence}, "Timestamp": {at}, "StatusCallbackEvent": {event}}), session.Main)
		if e.Kind != events[event] {
			t.Errorf("the event %q is %q", event, e.Kind)
		}
	})
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// What was asked for and cannot be done is refused, not asked for for ever.
func TestUnknownAct(t *testing.T) {
	t.Parallel()
	if err := newService(t).do(t.Context(), session.Occurrence{}, errand{Act: session.Act{Kind: "dance"}}); !errors.Is(err, errAct) {
		t.Error(err)
	}
}

// signature signs as the carrier does.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
func signature(token, address string, params url.Values) string {
	text := address
	for _, name := range slices.Sorted(maps.Keys(params)) {
		text += name + params.Get(name)
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
