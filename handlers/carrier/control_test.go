package carrier

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store/vault"
)

func testInvitation(t *testing.T) Invitation {
	return Invitation{
		Conference: Conference{
			Name: "abcdefgh", StartOnEnter: true, WaitURL: Some(testPublic + "/wait?r=y"), WaitMethod: POST, Label: "l1",
			StatusCallback: testPublic + "/room?r=y", StatusCallbackEvents: []ConferenceEvent{EventStart, EventLeave},
		},
		From: number(t, testLine), To: number(t, testPerson), Timeout: 25 * time.Second, TimeLimit: time.Hour,
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	c, form := sent(t, http.StatusCreated, `{"call_sid": "`+testCall+`"}`)
	sid, err := c.Invite(t.Context(), testInvitation(t))
	if err != nil || sid != testCall {
		t.Errorf("Invite = %q, %v", sid, err)
	}
	want := url.Values{
		"From": {testLine}, "To": {testPerson}, "Label": {"l1"}, "Timeout": {"25"}, "TimeLimit": {"3600"},
		"Beep": {"false"}, "Muted": {"false"}, "StartConferenceOnEnter": {"true"}, "EndConferenceOnExit": {"false"},
		"WaitUrl": {testPublic + "/wait?r=y"}, "WaitMethod": {"POST"},
		"ConferenceStatusCallback": {testPublic + "/room?r=y"}, "ConferenceStatusCallbackEvent": {"start", "leave"},
	}
	if diff := cmp.Diff(want, *form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
}

// What the answer to a mute says counts, and its being done if it says nothing.
func TestMuteSays(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"call_sid": "` + testCall + `", "muted": false}`: false,
		`{"call_sid": "` + testCall + `", "muted": true}`:  true,
		`{}`: true, ``: true, `<html>`: true,
	} {
		c, _ := sent(t, http.StatusOK, body)
		if p, err := c.Mute(t.Context(), testConference, testCall, true); err != nil || p.Muted != want || p.CallSID != testCall {
			t.Errorf("%s: %+v, %v", body, p, err)
		}
	}
}

func TestConferenceNamed(t *testing.T) {
	t.Parallel()
	const other = "CF00000000000000000000000000000009"
	for body, want := range map[string]string{
		`{"conferences": []}`: "",
		`{"conferences": [{"sid": "` + other + `", "status": "completed"}, {"sid": "` + testConference + `", "status": "init"}]}`: testConference,
		`{"conferences": [{"sid": "../..", "status": "in-progress"}]}`:                                                            "",
	} {
		c, _ := sent(t, http.StatusOK, body)
		if got, err := c.ConferenceNamed(t.Context(), "abcdefgh"); err != nil || got != want {
			t.Errorf("%s: %q, %v", body, got, err)
		}
	}
}

// A SID goes into a path, and so has to be one before anything is sent.
func TestWhatIsNeverControlled(t *testing.T) {
	t.Parallel()
	c := newClient(t, ClientOptions{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, io.EOF
	})})
	nobody := func(change func(*Invitation)) func(context.Context) error {
		i := testInvitation(t)
		change(&i)
		return func(ctx context.Context) error { _, err := c.Invite(ctx, i); return err }
	}
	for name, do := range map[string]func(context.Context) error{
		"mute in none":       func(ctx context.Context) error { _, err := c.Mute(ctx, "", testCall, true); return err },
		"mute nobody":        func(ctx context.Context) error { _, err := c.Mute(ctx, testConference, "../x", true); return err },
		"announce to a path": func(ctx context.Context) error { return c.Announce(ctx, testConference, "../x", testPublic) },
		"announce nothing":   func(ctx context.Context) error { return c.Announce(ctx, testConference, "", "") },
		"announce in none":   func(ctx context.Context) error { return c.Announce(ctx, "CF1", "", testPublic) },
		"end none":           func(ctx context.Context) error { return c.EndConference(ctx, "abcdefgh") },
		"hang up nobody":     func(ctx context.Context) error { return c.Hangup(ctx, "CA1") },
		"find no name":       func(ctx context.Context) error { _, err := c.ConferenceNamed(ctx, ""); return err },
		"invite to none":     nobody(func(i *Invitation) { i.Conference.Name = "" }),
		"invite nobody":      nobody(func(i *Invitation) { i.To = vault.Number{} }),
		"invite from nobody": nobody(func(i *Invitation) { i.From = vault.Number{} }),
		"invite for a day":   nobody(func(i *Invitation) { i.TimeLimit = 24 * time.Hour }),
		"let it ring":        nobody(func(i *Invitation) { i.Timeout = time.Hour }),
	} {
		if err := do(t.Context()); ClassOf(err) != Ours {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// theirs is an emulator, whose line answers by the document at /voice, and a server
// of documents by path.
func theirs(t *testing.T, documents map[string]Response) (twilio *emulator.Emulator, c *Client, address string) {
	t.Helper()
	twilio = emulator.New(emulator.Options{AccountSID: testAccount, AuthToken: testToken, Clock: emulator.NewVirtualClock(testDay)})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := documents[r.URL.Path].Encode()
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", ContentType)
		_, _ = w.Write(body)
	}))
	api := httptest.NewServer(twilio)
	t.Cleanup(web.Close)
	t.Cleanup(api.Close)
	t.Cleanup(func() {
		for _, p := range twilio.Problems() {
			t.Errorf("problem %d: %s", p.Code, p.What)
		}
	})
	twilio.AddNumber(emulator.Number{E164: testLine, VoiceURL: web.URL + "/voice"})
	return twilio, newClient(t, ClientOptions{APIURL: api.URL}), web.URL
}

// A room is held at a Twilio that knows nothing of this package.
func TestControlAgainstTheEmulator(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	twilio, c, address := theirs(t, map[string]Response{
		"/voice": {Dial{Action: "/left", To: Conference{Name: "abcdefgh", StartOnEnter: true, WaitURL: Some("")}}, Hangup{}},
		"/left":  {Say{Parts: []Part{Text("Goodbye.")}}},
		"/note":  {Say{Parts: []Part{Text("It is your turn.")}}},
		"/door":  {Say{Parts: []Part{Text("You are first.")}}, Pause{Length: time.Minute}},
		"/queue": {Enqueue{Name: "waiting", Action: "/left", Method: POST, WaitURL: "/door"}},
	})
	room := func() emulator.Room { return twilio.Rooms()[0] }
	if sid, err := c.ConferenceNamed(ctx, "abcdefgh"); sid != "" || err != nil {
		t.Fatalf("before anybody came: %q, %v", sid, err)
	}
	one := twilio.Phone(testPerson).Call(testLine)
	two := twilio.Phone("+12025550144").Call(testLine)
	conference, err := c.ConferenceNamed(ctx, "abcdefgh")
	if err != nil || conference != room().SID {
		t.Fatalf("the room is %q, %v", conference, err)
	}

	p, err := c.Mute(ctx, conference, one.SID(), true)
	if err != nil || !p.Muted || p.CallSID != one.SID() || !room().Participants[0].Muted {
		t.Errorf("muted: %+v, %v", p, err)
	}
	if p, err = c.Mute(ctx, conference, one.SID(), false); err != nil || p.Muted {
		t.Errorf("unmuted: %+v, %v", p, err)
	}
	if err := c.Announce(ctx, conference, one.SID(), address+"/note"); err != nil {
		t.Error(err)
	}
	twilio.Advance(10 * time.Second)
	if err := c.Announce(ctx, conference, "", address+"/note"); err != nil {
		t.Error(err)
	}
	twilio.Advance(10 * time.Second)
	if a, b := strings.Count(one.Transcript(), "your turn"), strings.Count(two.Transcript(), "your turn"); a != 2 || b != 1 {
		t.Errorf("the note was heard %d times by one and %d by the other", a, b)
	}

	i := testInvitation(t)
	i.To, i.Conference.WaitURL, i.Conference.StatusCallback = number(t, "+12025550145"), Some(""), ""
	crisis := twilio.Phone("+12025550145")
	crisis.Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second})
	sid, err := c.Invite(ctx, i)
	twilio.Advance(2 * time.Second)
	if n := len(room().Participants); err != nil || n != 3 || room().Participants[2].CallSID != sid {
		t.Fatalf("invited %q, %v: %d are in", sid, err, n)
	}
	if err := c.Hangup(ctx, sid); err != nil || len(room().Participants) != 2 {
		t.Errorf("hung up, %v: %d are in", err, len(room().Participants))
	}
	if err := c.Hangup(ctx, sid); ClassOf(err) != Gone {
		t.Errorf("hung up again: %v", err)
	}
	if two.Hangup(); len(room().Participants) != 1 {
		t.Errorf("after a hang-up %d are in", len(room().Participants))
	}
	if _, err := c.Mute(ctx, conference, two.SID(), true); ClassOf(err) != Gone {
		t.Errorf("muted who has left: %v", err)
	}
	if err := c.EndConference(ctx, conference); err != nil || len(twilio.Rooms()) != 0 {
		t.Errorf("ended, %v: %d rooms", err, len(twilio.Rooms()))
	}
	if err := c.Announce(ctx, conference, "", address+"/note"); ClassOf(err) != Gone {
		t.Errorf("announced to an ended room: %v", err)
	}

	waits := twilio.Phone("+12025550146").Call(testLine)
	if err := c.Redirect(ctx, waits.SID(), address+"/queue"); err != nil {
		t.Fatal(err)
	}
	twilio.Advance(2 * time.Minute)
	if n := strings.Count(waits.Transcript(), "You are first"); n < 2 {
		t.Errorf("who waits was told so %d times:\n%s", n, waits.Transcript())
	}
	err = c.Redirect(ctx, waits.SID(), address+"/voice")
	twilio.Settle()
	if err != nil || len(twilio.Rooms()) != 1 {
		t.Errorf("let in, %v: %d rooms", err, len(twilio.Rooms()))
	}
}
