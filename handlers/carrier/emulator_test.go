package carrier

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// What is sent, placed, listed and deleted here happens at a Twilio that knows
// nothing of this package; at the end it has nothing left.
func TestAgainstTheEmulator(t *testing.T) {
	t.Parallel()
	carrier := emulator.New(emulator.Options{AccountSID: testAccount, AuthToken: testToken, Clock: emulator.NewVirtualClock(testDay)})
	server := httptest.NewServer(carrier)
	t.Cleanup(server.Close)
	carrier.AddNumber(emulator.Number{E164: testLine})
	c := newClient(t, ClientOptions{APIURL: server.URL})
	person := carrier.Phone(testPerson)
	person.Behave(emulator.Behaviour{Kind: emulator.Busy})

	text := testText(t)
	text.StatusCallback = ""
	for range textsAtOnce + 1 {
		if _, err := c.Send(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	ring := testRing(t)
	ring.StatusCallback = ""
	call, err := c.Place(t.Context(), ring)
	if err != nil {
		t.Fatal(err)
	}
	sid, err := c.Send(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.DeleteMessage(t.Context(), sid); ClassOf(err) != Temporary {
		t.Errorf("deleting a text on its way: %v", err)
	}
	carrier.Advance(time.Minute)
	picture := person.Text(testLine, "look", emulator.Picture("", "image/jpeg"), emulator.Picture("", "image/png"))
	if err := c.DeleteMedia(t.Context(), picture.SID()); err != nil {
		t.Error(err)
	}

	var texts, calls []Record
	if err := c.Messages(t.Context(), testDay, collect(&texts)); err != nil {
		t.Fatal(err)
	}
	if err := c.Calls(t.Context(), testDay, collect(&calls)); err != nil {
		t.Fatal(err)
	}
	for _, day := range []time.Time{testDay.AddDate(0, 0, -1), testDay.AddDate(0, 0, 1)} {
		if err := c.Messages(t.Context(), day, func(Record) error { t.Error("a text of another day"); return nil }); err != nil {
			t.Error(err)
		}
	}
	if len(texts) != textsAtOnce+3 || !slices.Contains(texts, Record{SID: picture.SID(), Over: true, Ended: testDay.Add(time.Minute).UTC(), Inbound: true, Media: 2}) {
		t.Errorf("%d texts: %+v", len(texts), texts)
	}
	if len(calls) != 1 || calls[0] != (Record{SID: call, Over: true, Ended: testDay.UTC(), OfAccount: true}) {
		t.Errorf("calls: %+v", calls)
	}
	for _, r := range texts {
		if err := c.DeleteMessage(t.Context(), r.SID); err != nil || !r.Over {
			t.Errorf("%+v: %v", r, err)
		}
	}
	for range 2 {
		if err := c.DeleteCall(t.Context(), call); err != nil {
			t.Error(err)
		}
	}
	kept := carrier.Kept()
	if len(kept.Calls)+len(kept.Texts) > 0 {
		t.Errorf("kept: %+v and %+v", kept.Calls, kept.Texts)
	}
	for _, trace := range kept.Traces() {
		if strings.Contains(trace.What, testPerson) || strings.Contains(trace.What, testText(t).Body) {
			t.Errorf("%s holds what was deleted", trace.Where)
		}
	}
	for _, p := range carrier.Problems() {
		t.Errorf("problem %d: %s", p.Code, p.What)
	}
}

// What Twilio lists of late is what it did, also when it never said so.
func TestListsOfLateAgainstTheEmulator(t *testing.T) {
	t.Parallel()
	clock := emulator.NewVirtualClock(testDay)
	twilio := emulator.New(emulator.Options{AccountSID: testAccount, AuthToken: testToken, Clock: clock})
	server := httptest.NewServer(twilio)
	t.Cleanup(server.Close)
	twilio.AddNumber(emulator.Number{E164: testLine})
	c := newClient(t, ClientOptions{APIURL: server.URL})
	text, ring := testText(t), testRing(t)
	text.StatusCallback, ring.StatusCallback = "", ""

	_, err := c.Send(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	twilio.Advance(time.Hour)
	twilio.Phone(testPerson).Text(testLine, "hello")
	twilio.Inject(emulator.Fault{On: emulator.OnREST, Match: "POST", Times: 2, LoseReply: true, Status: http.StatusServiceUnavailable})
	if _, err := c.Send(t.Context(), text); ClassOf(err) != Unknown {
		t.Errorf("sent, and not told so: %v", err)
	}
	if _, err := c.Place(t.Context(), ring); ClassOf(err) != Unknown {
		t.Errorf("placed, and not told so: %v", err)
	}
	twilio.Inject(emulator.Fault{On: emulator.OnREST, Match: "POST", Times: 1, Status: http.StatusInternalServerError})
	if _, err := c.Send(t.Context(), text); ClassOf(err) != Unknown {
		t.Errorf("not sent, and not told so: %v", err)
	}
	for range textsAtOnce {
		if _, err := c.Send(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	texts, err := c.TextsSince(t.Context(), clock.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	calls, err := c.CallsSince(t.Context(), clock.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) != textsAtOnce+1 || len(calls) != 1 {
		t.Errorf("%d texts and %d calls are listed", len(texts), len(calls))
	}
	for _, l := range append(texts, calls...) {
		if !l.To.Equal(text.To) || !l.From.Equal(text.From) || !l.At.Equal(clock.Now()) {
			t.Errorf("listed at %v, wanted at %v, to the person from the line", l.At, clock.Now())
		}
	}
}
