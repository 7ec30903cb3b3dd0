package phone_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// circle is a room that has begun.
func circle() *scripted {
	return &scripted{
		way:  rooms.Way{Conference: carrier.Conference{Name: "room", StartOnEnter: true, MaxParticipants: 10}},
		seen: &flows.Session{Seat: 1, Here: 3, Mode: "open", Hosted: true, Minutes: 40},
		open: flows.State{Group: "", Lang: "en"},
	}
}

// entered goes by the code of an open group to its room, and returns the way in
// and where the caller goes on after it.
func (c *calls) entered() (twiml, at string) {
	c.t.Helper()
	at = publicURL + "/twilio/voice"
	for _, digits := range []string{"", "1", "482105"} {
		at = next(c.t, c.post(at, "Digits", digits))
	}
	twiml = c.agrees(at)
	return twiml, next(c.t, twiml)
}

// agrees agrees to the rules, and hears to the end what one is called in the room.
func (c *calls) agrees(at string) string {
	c.t.Helper()
	return c.post(next(c.t, c.post(at, "Digits", "1")), "Digits", "")
}

// attribute is that of a document's first element that has it.
func attribute(t testing.TB, twiml, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(twiml, name+`="`)
	if !ok {
		t.Fatalf("no %s in %s", name, twiml)
	}
	value, _, _ := strings.Cut(rest, `"`)
	value, _, _ = strings.Cut(value, "#")
	return strings.ReplaceAll(value, "&amp;", "&")
}

func TestWhoWaitsForTheHostIsTold(t *testing.T) {
	t.Parallel()
	r := circle()
	r.way.Conference.StartOnEnter = false
	c := newCalls(t, func(c *calls) { c.rooms = r })
	twiml, _ := c.entered()
	at := attribute(t, twiml, "waitUrl")
	first := c.post(at)
	again := c.post(next(t, first))
	want := func(prompt string) string {
		return c.flow.Say(flows.View{Now: evening, Directory: c.snaps.snap.Directory, Session: r.seen}, flows.State{Lang: "en"}, prompt).Text()
	}
	for got, prompt := range map[string]string{first: flows.WaitingHost, again: "waiting_host_again"} {
		if !strings.Contains(unescaped(got), want(prompt)) || strings.Contains(got, "<Gather") {
			t.Errorf("%s is told as %s", prompt, got)
		}
	}
}

// Who hears nobody is told why, by what is known when they do.
func TestWhoHearsNobodyIsToldWhy(t *testing.T) {
	t.Parallel()
	for want, seen := range map[string]*flows.Session{
		flows.Alone:   {Here: 1},
		"left_alone":  {Here: 1, Company: true},
		"pairs_apart": {Here: 4, Company: true, Paired: true, Host: true},
	} {
		r := circle()
		r.seen = seen
		c := newCalls(t, func(c *calls) { c.rooms = r })
		twiml, _ := c.entered()
		words := c.flow.Say(flows.View{Now: evening, Directory: c.snaps.snap.Directory, Session: seen}, flows.State{Lang: "en"}, want).Text()
		if got := c.post(attribute(t, twiml, "waitUrl")); !strings.Contains(unescaped(got), words) {
			t.Errorf("%s is told as %s", want, got)
		}
	}
}

// Who comes back from a side room is told so before they are heard.
func TestWhoComesBackIsToldSo(t *testing.T) {
	t.Parallel()
	r := circle()
	r.way.Back = true
	c := newCalls(t, func(c *calls) { c.rooms = r })
	twiml, _ := c.entered()
	words := c.flow.Say(flows.View{Now: evening, Directory: c.snaps.snap.Directory}, flows.State{Lang: "en"}, "back_with_all").Text()
	if said, in, _ := strings.Cut(unescaped(twiml), "<Dial"); !strings.Contains(said, words) || !strings.Contains(in, "<Conference") {
		t.Errorf("the way in is %s", twiml)
	}
}

// The room is told of who wishes to hear everything more slowly.
func TestTheRoomIsToldHowFastToSpeak(t *testing.T) {
	t.Parallel()
	for slow, keys := range map[bool][]string{false: {""}, true: {"", "0", "4"}} {
		r := circle()
		c := newCalls(t, func(c *calls) { c.rooms = r })
		at := publicURL + "/twilio/voice"
		for _, digits := range append(keys, "*", "1", "482105", "1") {
			at = next(t, c.post(at, "Digits", digits))
		}
		if len(r.callers) != 1 || r.callers[0].Slow != slow {
			t.Errorf("who asked for it is %t, and the room is told of %+v", slow, r.callers)
		}
	}
}

func unescaped(twiml string) string {
	return strings.NewReplacer("&#39;", "'", "&apos;", "'", "&#34;", `"`, "&quot;", `"`, "&amp;", "&").Replace(twiml)
}

// At the door a key leads out of the queue; being let in by REST does nothing more.
func TestTheQueueAtTheDoor(t *testing.T) {
	t.Parallel()
	r := circle()
	c := newCalls(t, func(c *calls) { c.rooms = r })
	r.way = rooms.Way{Queue: &carrier.Enqueue{Name: "door"}}
	at := publicURL + "/twilio/voice"
	for _, digits := range []string{"", "1", "482105"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	if twiml := c.agrees(at); !strings.Contains(twiml, ">door</Enqueue>") {
		t.Fatalf("the way to the door is %s", twiml)
	}
	leg := r.legs[0]
	sent := *r.seen
	sent.Sent = true
	not := r.seen
	r.seen = &sent
	if heard, words := c.post(leg.QueueURL), c.flow.Say(flows.View{Now: evening, Directory: c.snaps.snap.Directory}, flows.State{Lang: "en"}, "waiting_sent").Text(); !strings.Contains(unescaped(heard), words) {
		t.Errorf("who was sent to wait hears %s", heard)
	}
	r.seen = not
	queue, _, _ := strings.Cut(leg.QueueURL, "#")
	twiml := c.post(queue)
	if !strings.Contains(twiml, "<Gather") || !strings.Contains(twiml, "<Say") {
		t.Errorf("at the door is heard %s", twiml)
	}
	if again := c.post(next(t, twiml), "Digits", ""); !strings.Contains(again, "<Gather") {
		t.Errorf("and again %s", again)
	}
	if out := c.post(next(t, twiml), "Digits", "*"); !strings.Contains(out, "<Leave/>") {
		t.Errorf("a key leads to %s", out)
	}
	action, _, _ := strings.Cut(leg.Action, "#")
	before := len(r.log)
	if in := c.post(action, "QueueResult", "redirected"); strings.Contains(in, "<Say") || strings.Contains(in, "<Enqueue") || len(r.log) != before {
		t.Errorf("who was let in is answered with %s after %v", in, r.log)
	}
	// The session is told of who went by a key, before they hear anything else.
	if menu := c.send(action, "key=0", "QueueResult", "leave").Body.String(); !slices.Equal(r.log[before:], []string{"stepped false"}) || !strings.Contains(menu, "<Gather") {
		t.Errorf("who left by a key is answered with %s after %v", menu, r.log[before:])
	}
}

// A call that ends in a room is told to the session, and is asked nothing more.
func TestAHangUpIsTold(t *testing.T) {
	t.Parallel()
	r := circle()
	c := newCalls(t, func(c *calls) { c.rooms = r })
	_, at := c.entered()
	twiml := c.post(at, "CallStatus", "completed", "DialCallStatus", "answered")
	if !strings.Contains(twiml, "<Hangup") || !slices.Equal(r.log, []string{"enter", "stepped true"}) {
		t.Errorf("a call that is over is answered with %s after %v", twiml, r.log)
	}
}

// Whoever is moved twice within a second must not have one label for both ways in.
func TestEachWayInHasALabelOfItsOwn(t *testing.T) {
	t.Parallel()
	r := circle()
	now := evening
	c := newCalls(t, func(c *calls) { c.rooms, c.now = r, func() time.Time { return now } })
	r.open.Group = c.snaps.snap.Directory.Groups()[0].ID
	_, _ = c.entered()
	for range 5 {
		now = now.Add(150 * time.Millisecond)
		if twiml := c.post(publicURL + rooms.RejoinPath + "?r=x"); !strings.Contains(twiml, "<Conference") {
			t.Fatalf("who is moved finds %s", twiml)
		}
	}
	seen := map[int]bool{}
	for _, l := range r.legs {
		if seen[l.Turn] {
			t.Errorf("turn %d is used twice", l.Turn)
		}
		seen[l.Turn] = true
	}
	if len(r.legs) != 6 {
		t.Errorf("%d ways in", len(r.legs))
	}
}

// Who may not go in any more hears why, and nobody is sent round in a circle.
func TestARoomThatClosesOnTheWay(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		closed        int
		stepped, want string
	}{
		{1, "ended", "over"},
		{1, "removed", "removed"},
		{1, "unknown", "left"},
		{100, "room", flows.OneMoment}, // it says so, and lets nobody in
	} {
		r := circle()
		r.closed, r.stepped = x.closed, x.stepped
		c := newCalls(t, func(c *calls) { c.rooms = r })
		at := publicURL + "/twilio/voice"
		for _, digits := range []string{"", "1", "482105"} {
			at = next(t, c.post(at, "Digits", digits))
		}
		words := c.flow.Say(flows.View{Now: evening, Directory: c.snaps.snap.Directory}, flows.State{Lang: "en"}, x.want).Text()
		if got := c.agrees(at); !strings.Contains(unescaped(got), words) || len(r.legs) > 3 {
			t.Errorf("after %d ways in is heard %s", len(r.legs), got)
		}
	}
}

// In a room our troubles hang nobody up, also a call that we placed.
func TestATroubledRoomHangsNobodyUp(t *testing.T) {
	t.Parallel()
	c := newCalls(t, func(c *calls) { c.snaps.snap = nil })
	for _, path := range []string{"/twilio/wait", "/twilio/queue"} {
		for _, direction := range []string{"inbound", "outbound-api"} {
			got := c.post(publicURL+path+"?s=x&a=9", "Direction", direction, "From", lineTo)
			if strings.Contains(got, "<Hangup") || !strings.Contains(got, "<Redirect") {
				t.Errorf("%s, %s: %s", path, direction, got)
			}
		}
	}
}

// said posts to the address of a note as the carrier does for a whole room: it tells
// neither a call nor a number.
func (c *calls) said(address string) string {
	c.t.Helper()
	form := url.Values{"AccountSid": {account}, "ConferenceSid": {"CF00000000000000000000000000000001"}, "FriendlyName": {"room"}}
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", emulator.Sign(authToken, publicURL+r.URL.RequestURI(), form))
	w := httptest.NewRecorder()
	if c.web.ServeHTTP(w, r); w.Code != http.StatusOK {
		c.t.Fatalf("a note is answered with %d", w.Code)
	}
	return w.Body.String()
}

func TestNotes(t *testing.T) {
	t.Parallel()
	r := circle()
	r.seen.Alias, r.seen.About = "Blue Heron", "Quiet River"
	c := newCalls(t, func(c *calls) { c.rooms = r })
	r.voice = rooms.Voice{Line: "line", Lang: "en", Prompt: "next_is", About: 4}
	if got := c.said(rooms.NotePath + "?n=1"); !strings.Contains(got, "Quiet River") || strings.Contains(got, "Blue Heron") {
		t.Errorf("whose turn it is is told as %s", got)
	}
	if got := c.said(rooms.NotePath + "?n=1"); strings.Contains(got, "<prosody") {
		t.Errorf("to who never asked for it is spoken slowly: %s", got)
	}
	r.voice.Slow = true
	if got := c.said(rooms.NotePath + "?n=1"); !strings.Contains(got, `<prosody rate="80%">`) {
		t.Errorf("to who hears everything slowly it is told as %s", got)
	}
	r.voice = rooms.Voice{Line: "line", Lang: "en", Prompt: "chime"}
	if got := c.said(rooms.NotePath + "?n=1"); !strings.Contains(got, "<Play>https://line.example.org/twilio/sound/chime.wav</Play>") || strings.Contains(got, "<Say") {
		t.Errorf("a chime is %s", got)
	}
}

// In a room nobody hears of our troubles.
func TestANoteThatFailsIsSilent(t *testing.T) {
	t.Parallel()
	r := circle()
	c := newCalls(t, func(c *calls) { c.rooms = r })
	silent := func(what, address string) {
		t.Helper()
		if got := c.said(address); !strings.Contains(got, "<Response></Response>") {
			t.Errorf("%s: %s", what, got)
		}
	}
	silent("a token of nobody's", rooms.NotePath)
	r.voice = rooms.Voice{Line: "another", Lang: "en", Prompt: "ten_left"}
	silent("a line that is gone", rooms.NotePath+"?n=1")
	r.voice.Line, r.seen = "line", nil
	silent("a session that cannot be read", rooms.NotePath+"?n=1")
	r.seen, r.voice.Prompt = &flows.Session{}, "no such prompt"
	silent("a prompt that is gone", rooms.NotePath+"?n=1")
}

func TestARingsEndIsTakenIn(t *testing.T) {
	t.Parallel()
	r := circle()
	c := newCalls(t, func(c *calls) { c.rooms = r })
	form := url.Values{"AccountSid": {account}, "CallSid": {callSID}, "CallStatus": {"no-answer"}, "Direction": {"outbound-api"}}
	q := httptest.NewRequest(http.MethodPost, rooms.RungPath+"?n=7", strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("X-Twilio-Signature", emulator.Sign(authToken, publicURL+q.URL.RequestURI(), form))
	w := httptest.NewRecorder()
	if c.web.ServeHTTP(w, q); w.Code != http.StatusNoContent || !slices.Contains(r.log, "rung 7") {
		t.Errorf("answered with %d after %v", w.Code, r.log)
	}
}

// Without Postgres a star leads to the menu, whose keys say that they cannot do it
// now, and back into the room.
func TestAStarWithoutPostgres(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	_, at := c.entered()
	menu := c.post(at, "DialCallStatus", "answered")
	if !strings.Contains(menu, "/twilio/sound/tone.wav") || !strings.Contains(menu, "<Gather") {
		t.Fatalf("star leads to %s", menu)
	}
	not := c.flow.Say(flows.View{Now: evening, Directory: c.snaps.snap.Directory}, flows.State{Lang: "en"}, "not_done").Text()
	if got := c.post(next(t, menu), "Digits", "6"); !strings.Contains(unescaped(got), not) || !strings.Contains(got, "<Conference muted=\"false\"") {
		t.Errorf("a key leads to %s", got)
	}
}

// The carrier may ask twice for one turn: what it asks of the session is one thing.
func TestARepeatedTurnIsOneRequest(t *testing.T) {
	t.Parallel()
	r := circle()
	r.stepped, r.came = "menu", session.On
	c := newCalls(t, func(c *calls) { c.rooms = r })
	_, at := c.entered()
	menu := next(t, c.post(at, "DialCallStatus", "answered"))
	first := c.post(menu, "Digits", "6")
	if again := c.post(menu, "Digits", "6"); again != first {
		t.Errorf("the same key is answered with %s, then with %s", first, again)
	}
	c.post(next(t, c.post(next(t, first), "DialCallStatus", "answered")), "Digits", "6") // another turn
	if len(r.asked) != 3 || r.asked[0] != r.asked[1] || r.asked[2].ID == r.asked[0].ID {
		t.Errorf("asked is %+v", r.asked)
	}
}

// A caller who is moved brings along what they went in with; another call's is of no
// use, and neither is what is no state.
func TestACookieIsOfItsOwnCall(t *testing.T) {
	t.Parallel()
	r := circle()
	c := newCalls(t, func(c *calls) { c.rooms = r })
	at := publicURL + "/twilio/voice"
	for _, digits := range []string{"", "9", "1", "482105", "1"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	at = next(t, c.post(at, "Digits", "1"))
	cookies := c.send(at, "", "Digits", "").Result().Cookies()
	if len(cookies) != 1 || cookies[0].Path != "/" || !cookies[0].Secure || !cookies[0].HttpOnly {
		t.Fatalf("the cookies are %v", cookies)
	}
	g, _ := c.snaps.snap.Directory.ByCode("482105")
	r.open.Group = g.ID
	brought := cookies[0].Name + "=" + cookies[0].Value
	for _, x := range []struct{ cookies, call, lang string }{
		{brought, callSID, "es"},
		{brought, "CA00000000000000000000000000000009", "en"},
		{"", callSID, "en"},
		{"state=AAAA; key=7", callSID, "en"},
	} {
		twiml := c.send(publicURL+rooms.RejoinPath+"?r=x", x.cookies, "CallSid", x.call).Body.String()
		heard := c.post(attribute(t, twiml, "waitUrl"), "CallSid", x.call)
		if got := strings.Contains(heard, `language="es-US"`); got != (x.lang == "es") {
			t.Errorf("with %.20q %s hears %s", x.cookies, x.call, heard)
		}
	}
}

func FuzzCookies(f *testing.F) {
	for _, seed := range []string{"", "key=*", "key=#; key=1", "state=x", "state=\x00", "key=12; state=", "=;=", "state=A; state=B"} {
		f.Add(seed, "leave")
	}
	c := newCalls(f)
	r := circle()
	r.stepped = "menu"
	moved := newCalls(f, func(c *calls) { c.rooms = r })
	_, at := c.entered()
	f.Fuzz(func(t *testing.T, cookies, result string) {
		c, moved := *c, *moved
		c.t, moved.t = t, t
		for _, send := range []func() *httptest.ResponseRecorder{
			func() *httptest.ResponseRecorder { return c.send(at, cookies, "QueueResult", result) },
			func() *httptest.ResponseRecorder { return moved.send(publicURL+rooms.RejoinPath+"?r=x", cookies) },
		} {
			if got := send().Body.String(); !strings.HasPrefix(got, "<?xml") || xml.Unmarshal([]byte(got), new(struct{})) != nil {
				t.Errorf("%q is answered by %q", cookies, got)
			}
		}
	})
}

// A key about a person's microphone does what was said of it: it opens one that is
// closed, and closes one that is open.
func TestTheKeyForAMicrophone(t *testing.T) {
	t.Parallel()
	r := circle()
	r.came = session.On
	r.seen.Host, r.seen.People = true, []flows.Person{{ID: "2", Alias: "Quiet Brook", Muted: true}, {ID: "3", Alias: "Warm Stone"}}
	c := newCalls(t, func(c *calls) { c.rooms = r })
	_, at := c.entered()
	r.stepped = "menu"
	star := next(t, c.post(at, "DialCallStatus", "answered"))
	pick := next(t, c.post(next(t, c.post(star, "Digits", "#")), "Digits", "6"))
	for key, want := range map[string]session.Verb{"1": session.UnmuteSeat, "2": session.MuteSeat} {
		r.asked = nil
		c.post(next(t, c.post(pick, "Digits", key)), "Digits", "1")
		if len(r.asked) != 1 || r.asked[0].Verb != want {
			t.Errorf("%s asks for %+v", key, r.asked)
		}
	}
}
