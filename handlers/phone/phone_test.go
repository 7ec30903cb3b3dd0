package phone_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	account   = "AC00000000000000000000000000000001"
	authToken = "00000000000000000000000000000001"
	publicURL = "https://line.example.org"
	lineTo    = "+12025550100"
	callSID   = "CA00000000000000000000000000000001"
)

var evening = time.Date(2026, 11, 24, 23, 5, 30, 0, time.UTC)

// calls is a phone edge that has no database behind it: whatever it does, it
// does from memory.
type calls struct {
	t         testing.TB
	web       *echo.Echo
	keys      *vault.Keyring
	snaps     directory
	flow      *flows.Flow
	rooms     phone.Rooms
	dialogues phone.Dialogues
	members   phone.Members
	caps      phone.Caps
	now       func() time.Time
	spending  *phone.Spending
	sent      phone.Callbacks
	log       *strings.Builder
}

// boundless are caps that no test meets by accident: its clock stands still.
var boundless = phone.Caps{SenderDay: 1e6, LineMinute: 1e6, LineHour: 1e6, HelpMinute: 1e6, HelpHour: 1e6, HelpSenderDay: 1e6}

// directory answers for one line, or, when nil, for none.
type directory struct{ snap *store.Snapshot }

func (d directory) For(vault.Number) (*store.Snapshot, bool) { return d.snap, d.snap != nil }

func (d directory) Line(id string) (*store.Snapshot, bool) {
	return d.snap, d.snap != nil && d.snap.Directory.Line.ID == id
}

// noDialogues is a Postgres that is out of reach.
type noDialogues struct{}

func (noDialogues) Answer(context.Context, store.Text, func([]byte) store.Answer) (string, error) {
	return "", store.ErrUnreachable
}

// noArchive is an archive that cannot be read.
type noArchive struct{}

var errNoArchive = errors.New("no archive")

func (noArchive) Load(context.Context, string, string) ([]byte, error) { return nil, errNoArchive }

func newCalls(t testing.TB, change ...func(*calls)) *calls {
	t.Helper()
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	flow := flowstest.BuiltIn()
	groups, err := lines.Sample(evening, "America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	line := flows.Line{
		ID: "line", Name: "The support line", Zone: "America/New_York",
		Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
	}
	c := &calls{t: t, keys: keys, flow: flow, dialogues: noDialogues{}, members: phone.Away{}, caps: boundless, now: func() time.Time { return evening }, log: &strings.Builder{}, snaps: directory{&store.Snapshot{Directory: flows.NewDirectory(line, groups, evening)}}}
	log := slog.New(slog.NewTextHandler(c.log, nil))
	c.rooms = withoutPostgres(keys, func() time.Time { return c.now() }, log)
	for _, f := range change {
		f(c)
	}
	now := func() time.Time { return c.now() }
	c.spending = phone.NewSpending(now, c.caps, log)
	crisis, err := vault.ParseNumber("+18005550199")
	if err != nil {
		t.Fatal(err)
	}
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: publicURL, AccountSID: account, AuthTokens: []string{authToken}})
	if err != nil {
		t.Fatal(err)
	}
	c.web = echo.New()
	phone.New(phone.Options{
		PublicURL: publicURL, Crisis: func(string) vault.Number { return crisis }, Keys: keys, Directories: c.snaps, Flows: phone.NewShelf(flow, noArchive{}),
		Rooms: c.rooms, Attempts: phone.NewAttempts(now), Dialogues: c.dialogues, Echoes: phone.NewEchoes(now),
		Members: c.members, Spending: c.spending, Sent: c.sent, Erased: func() {}, Countries: []string{"US", "CA"}, Now: now, Log: log,
	}).Mount(c.web, guard.Middleware)
	return c
}

// post sends a signed webhook and returns the TwiML.
func (c *calls) post(address string, params ...string) string {
	c.t.Helper()
	return c.send(address, "", params...).Body.String()
}

// send sends a signed webhook with what the carrier keeps in cookies.
func (c *calls) send(address, cookies string, params ...string) *httptest.ResponseRecorder {
	c.t.Helper()
	form := url.Values{
		"CallSid": {callSID}, "AccountSid": {account}, "From": {"+12125550143"}, "To": {lineTo},
		"CallStatus": {"in-progress"}, "Direction": {"inbound"}, "ApiVersion": {"2010-04-01"},
	}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, strings.TrimPrefix(address, publicURL), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", emulator.Sign(authToken, publicURL+r.URL.RequestURI(), form))
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	w := httptest.NewRecorder()
	c.web.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		c.t.Fatalf("a webhook is answered with %d", w.Code)
	}
	return w
}

// next is where a document sends the caller's answer.
func next(t testing.TB, twiml string) string {
	t.Helper()
	for _, mark := range []string{`action="`, `<Redirect method="POST">`} {
		if _, rest, ok := strings.Cut(twiml, mark); ok {
			address, _, _ := strings.Cut(rest, string(map[bool]byte{true: '"', false: '<'}[strings.HasSuffix(mark, `"`)]))
			address, _, _ = strings.Cut(address, "#") // for the carrier alone
			return strings.ReplaceAll(address, "&amp;", "&")
		}
	}
	t.Fatalf("nothing follows %s", twiml)
	return ""
}

func TestACallNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	at := publicURL + phone.VoicePath
	for _, digits := range []string{"", "3", "1", "*", "1", "482105"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	if twiml := c.post(at, "Digits", "1"); !strings.Contains(twiml, "<Conference") {
		t.Errorf("the caller is not let in: %s", twiml)
	}
	if strings.Contains(c.log.String(), "level=ERROR") {
		t.Errorf("the log says: %s", c.log)
	}
}

// What design.md §7 wants of the way into a room.
func TestTheRoomsAttributes(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	at := publicURL + phone.VoicePath
	for _, digits := range []string{"", "1", "482105"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	twiml := c.post(at, "Digits", "1")
	for _, want := range []string{
		`hangupOnStar="true"`, `action="https://line.example.org/twilio/voice?s=`, `beep="false"`, `record="do-not-record"`,
		`endConferenceOnExit="false"`, `startConferenceOnEnter="true"`, `waitUrl="https://line.example.org/twilio/wait?s=`, `muted="false"`,
		`maxParticipants="20"`, `participantLabel="`, `statusCallback="https://line.example.org/twilio/room?r=`,
		`statusCallbackEvent="start end join leave mute hold"`,
	} {
		if !strings.Contains(twiml, want) {
			t.Errorf("%s is missing in %s", want, twiml)
		}
	}
}

// panics is a service of rooms that fails in the worst way, with a number in
// what it says.
type panics struct{ phone.Rooms }

func (panics) Admit(context.Context, *flows.Flow, flows.View, string, rooms.Caller) string {
	panic("+12125550143")
}

func TestAFailureIsCoveredAndAskedAgain(t *testing.T) {
	t.Parallel()
	c := newCalls(t, func(c *calls) { c.rooms = panics{} })
	at := publicURL + phone.VoicePath
	for _, digits := range []string{"", "9", "1", "482105", "1"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	twiml := c.post(at, "Digits", "1")
	if !strings.Contains(twiml, "Un momento, por favor.") || strings.Contains(twiml, "Hangup") {
		t.Fatalf("a failure is answered by %s", twiml)
	}
	// The carrier follows the redirect: the caller hears the rules again.
	again := next(t, twiml)
	if asked := c.post(again); !strings.Contains(asked, "Lo que se dice aquí se queda aquí.") {
		t.Errorf("asked again, the caller hears %s", asked)
	}
	if strings.Contains(c.log.String(), "2125550143") {
		t.Error("the log holds a number")
	}
}

// The carrier tells once how a Dial ended: asked again, it must not dial anew.
func TestWhatEndedIsRememberedWhenWeFailToAnswer(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	at := publicURL + phone.VoicePath
	for _, digits := range []string{"", "0", "1"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	if twiml := c.post(at + "&a=1&d=failed"); !strings.Contains(twiml, "We could not reach them.") {
		t.Errorf("asked again after a call that failed, the caller hears %s", twiml)
	}
}

func TestFailingAgainAndAgainEndsWithTheCrisisLine(t *testing.T) {
	t.Parallel()
	c := newCalls(t, func(c *calls) { c.rooms = panics{} })
	at := publicURL + phone.VoicePath
	for _, digits := range []string{"", "1", "482105"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	twiml := c.post(at+"&a=3", "Digits", "1")
	if !strings.Contains(twiml, "dial 9, 8, 8") || !strings.Contains(twiml, "<Hangup") {
		t.Errorf("the last answer is %s", twiml)
	}
}

func TestWithoutADirectoryBothLanguagesAreSpoken(t *testing.T) {
	t.Parallel()
	c := newCalls(t, func(c *calls) { c.snaps.snap = nil })
	twiml := c.post(publicURL + phone.VoicePath)
	if !strings.Contains(twiml, "Please call again") || !strings.Contains(twiml, "Por favor, llame de nuevo") {
		t.Errorf("without a directory the caller hears %s", twiml)
	}
}

func TestWhoIsAloneIsToldAndAfterTenMinutesOffered(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	at := publicURL + phone.VoicePath
	for _, digits := range []string{"", "1", "482105"} {
		at = next(t, c.post(at, "Digits", digits))
	}
	_, rest, _ := strings.Cut(c.post(at, "Digits", "1"), `waitUrl="`)
	at, _, _ = strings.Cut(rest, "#")
	var told []string
	for range 22 {
		twiml := c.post(strings.ReplaceAll(at, "&amp;", "&"))
		switch {
		case strings.Contains(twiml, "You are the first one here."):
			told = append(told, "first")
		case strings.Contains(twiml, "You are still the only one here."):
			told = append(told, "still")
		case strings.Contains(twiml, "Nobody else has come so far."):
			told = append(told, "offer")
		}
		at = next(t, twiml)
	}
	if got := strings.Join(told, " "); got != "first"+strings.Repeat(" still", 19)+" offer still" {
		t.Errorf("who is alone is told: %s", got)
	}
}

// step is one menu turn, with its state opened and sealed, and without HTTP.
func step(t testing.TB) func() {
	t.Helper()
	c := newCalls(t)
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	view := flows.View{Now: evening, Directory: c.snaps.snap.Directory}
	seal := func(s flows.State) string {
		plain, err := s.AppendBinary(make([]byte, 0, 256))
		if err != nil {
			t.Fatal(err)
		}
		return keys.SealToken("turn", plain, []byte(callSID))
	}
	sealed := seal(flows.Turn(c.flow, view, flows.State{}, flows.Input{Event: flows.Started}).State)
	return func() {
		plain, err := keys.OpenToken("turn", sealed, []byte(callSID))
		if err != nil {
			t.Fatal(err)
		}
		var s flows.State
		if err := s.UnmarshalBinary(plain); err != nil {
			t.Fatal(err)
		}
		seal(flows.Turn(c.flow, view, s, flows.Input{Event: flows.Pressed, Keys: "#"}).State)
	}
}

func TestAStepAllocatesLittle(t *testing.T) {
	if n := testing.AllocsPerRun(100, step(t)); n > 60 {
		t.Errorf("a step makes %.0f allocations; 60 are granted", n)
	}
}

// BenchmarkStep is granted 20 µs.
func BenchmarkStep(b *testing.B) {
	do := step(b)
	b.ReportAllocs()
	for b.Loop() {
		do()
	}
}

// A call that we placed may be answered by anybody: not even our faults may
// tell whose it is.
func TestACallThatWePlacedApologisesToNobody(t *testing.T) {
	t.Parallel()
	c := newCalls(t, func(c *calls) { c.snaps = directory{} })
	for _, again := range []string{"", "&a=1", "&a=3"} {
		got := c.post(publicURL+phone.VoicePath+"?c=x"+again, "Direction", "outbound-api", "From", lineTo, "To", "+12125550143", "AnsweredBy", "human")
		if strings.Contains(got, "<Say") || strings.Contains(got, "<Gather") {
			t.Errorf("it says %s", got)
		}
		if over := strings.Contains(got, "<Hangup"); over != (again == "&a=3") {
			t.Errorf("after %q: %s", again, got)
		}
	}
}

// Nor may a token that cannot be opened any more, of a program before this one.
func TestACallThatWePlacedIsNeverGreeted(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	for _, query := range []string{"", "?s=AAAA", "?c=AAAA", "?c=AAAA&s=AAAA"} {
		for _, who := range []string{"human", "machine_start", "unknown"} {
			got := c.post(publicURL+phone.VoicePath+query, "Direction", "outbound-api", "From", lineTo, "To", "+12125550143", "AnsweredBy", who)
			if !strings.Contains(got, "<Response><Hangup/></Response>") {
				t.Errorf("%q and %s: %s", query, who, got)
			}
		}
	}
}

// An answer whose question cannot be read is not taken for another's: OK to
// FORGET ME must not confirm anything.
func TestAnAnswerWithoutItsQuestionDoesNothing(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	if got := c.texts("OK"); !strings.Contains(got, "try again") && !strings.Contains(got, "later") && !strings.Contains(got, "minutes") {
		t.Errorf("OK is answered by %s", got)
	}
}
