package phone

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// oneWaits is somebody who waits, in the directory of a line in New York.
type oneWaits struct {
	Directories
	number vault.Number
	wishes flows.Preferences
}

func (o oneWaits) Reach(context.Context, string, string, string) (vault.Number, flows.Preferences, error) {
	return o.number, o.wishes, nil
}

func (o oneWaits) Left(context.Context, string, string) (vault.Number, flows.Preferences, error) {
	return o.number, o.wishes, nil
}

func (oneWaits) Line(string) (*store.Snapshot, bool) {
	return &store.Snapshot{Directory: &flows.Directory{Line: flows.Line{Zone: "America/New_York"}}}, true
}

// A masked call comes when a call of ours would: on the days and at the hours that
// somebody calls safe, by the clocks of where they may be.
func TestWhenAMaskedCallMayCome(t *testing.T) {
	t.Parallel()
	f := flowstest.BuiltIn()
	const newYork, losAngeles = "+12125550143", "+13105550143"
	for name, tt := range map[string]struct {
		number string
		wishes flows.Preferences
		at     string // in UTC; New York is at five hours less, Los Angeles at eight
		want   error
	}{
		"by day":                     {newYork, flows.Preferences{}, "2026-11-24T15:00:00Z", nil},
		"at night":                   {newYork, flows.Preferences{}, "2026-11-25T01:00:00Z", ErrAtNight},
		"night where the number is":  {losAngeles, flows.Preferences{}, "2026-11-24T15:00:00Z", ErrAtNight},
		"in the zone that they said": {losAngeles, flows.Preferences{Zone: "America/New_York"}, "2026-11-24T15:00:00Z", nil},
		"not in the evening":         {newYork, flows.Preferences{Hours: flows.Evenings}, "2026-11-24T15:00:00Z", ErrAtNight},
		"not on a weekday":           {newYork, flows.Preferences{Days: flows.Weekends}, "2026-11-24T15:00:00Z", ErrAtNight},
		"late is for reminders":      {newYork, flows.Preferences{Late: true}, "2026-11-25T02:00:00Z", ErrAtNight},
		"where nobody is called":     {"+442079460143", flows.Preferences{}, "2026-11-24T15:00:00Z", store.ErrNotFound},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		n, err := vault.ParseNumber(tt.number)
		if err != nil {
			t.Fatal(err)
		}
		o := oneWaits{number: n, wishes: tt.wishes}
		c := New(Options{Directories: o, Masks: o, Flows: aside{tester: n, draft: f}, Countries: []string{"US"}, Now: func() time.Time { return at }})
		if _, _, err := c.reach(t.Context(), MaskedCall{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// aside are flows that begin no call of ours, but for a tester's.
type aside struct {
	Flows
	tester vault.Number
	draft  *flows.Flow
}

func (a aside) For(_ string, who vault.Number) *flows.Flow {
	if !a.tester.IsZero() && who.Equal(a.tester) {
		return a.draft
	}
	return &flows.Flow{}
}

// A line whose flow begins no such call rings nobody: they would hear nothing. That goes
// for what the other would hear too, whatever draft the coordinator does.
func TestAMaskedCallNeedsAFlowThatBeginsIt(t *testing.T) {
	t.Parallel()
	n, err := vault.ParseNumber("+12125550143")
	if err != nil {
		t.Fatal(err)
	}
	tester, err := vault.ParseNumber("+12125550144")
	if err != nil {
		t.Fatal(err)
	}
	o := oneWaits{number: n}
	at := time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)
	c := New(Options{Directories: o, Masks: o, Flows: aside{tester: tester, draft: flowstest.BuiltIn()}, Countries: []string{"US"}, Now: func() time.Time { return at }})
	for name, tt := range map[string]struct {
		staff vault.Number
		want  error
	}{
		"what everybody hears":             {n, ErrNoSuchCall},
		"a draft that the other hears not": {tester, ErrNoSuchCall},
		"a coordinator without a number":   {vault.Number{}, store.ErrNotFound},
	} {
		if err := c.RingMasked(t.Context(), MaskedCall{Staff: tt.staff}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// theirLine is a line that is called "line".
type theirLine struct{ Directories }

func (theirLine) Line(id string) (*store.Snapshot, bool) {
	line := flows.Line{ID: "line", Zone: "UTC", Languages: []string{"en"}, CodeLength: 6}
	return &store.Snapshot{Directory: flows.NewDirectory(line, nil, tuesday)}, id == "line"
}

// everybodys is what each of them hears.
type everybodys struct {
	Flows
	flow *flows.Flow
}

func (e everybodys) For(string, vault.Number) *flows.Flow { return e.flow }

func (e everybodys) Version(context.Context, string, string) (*flows.Flow, error) { return e.flow, nil }

// The other's leg begins at an address of ours alone, in silence; and it is taken on from
// no other call's state, nor by a key that was pressed before anything was said.
func TestTheOthersLegIsTheirs(t *testing.T) {
	t.Parallel()
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	f := flowstest.BuiltIn()
	c := New(Options{Keys: keys, PublicURL: webhookBase, Directories: theirLine{}, Flows: everybodys{flow: f}, Now: func() time.Time { return tuesday }, Log: slog.New(slog.DiscardHandler)})
	address := func(line string) string {
		a, err := c.themAddress(maskedThemPath, them{Line: line, Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(a, webhookBase+maskedThemPath+"?")
	}
	asks := flows.State{Flow: f.Hash, Hour: tuesday.Unix() / 3600, Turn: 1, Lang: "en", Node: "them_call"}
	const hangsUp, silence, question, connected = "<Hangup>", "<Pause ", "Somebody whom you agreed to hear from", "<Response></Response>"
	for name, tt := range map[string]struct{ query, digits, want string }{
		"no address":                  {"h=1", "1", hangsUp},
		"one that is forged":          {"m=AAAA&h=1", "1", hangsUp},
		"of another purpose":          {"m=" + c.tokens.seal(turnPurpose, asks, "") + "&h=1", "1", hangsUp},
		"of no line":                  {address("another") + "&h=1", "1", hangsUp},
		"who answers":                 {address("line"), "", silence},
		"a key while nothing is said": {address("line"), "1", silence},
		"who was listened to":         {address("line") + "&h=1", "", question},
		"a key that nobody asked for": {address("line") + "&h=1", "1", question},
		"another call's state":        {address("line") + "&h=1&s=" + c.tokens.seal(turnPurpose, asks, "CA2"), "1", question},
		"what waits in a room":        {address("line") + "&h=1&s=" + c.tokens.seal(waitPurpose, asks, "CA1"), "1", question},
		"their own":                   {address("line") + "&h=1&s=" + c.tokens.seal(turnPurpose, asks, "CA1"), "1", connected},
		"their own, and no":           {address("line") + "&h=1&s=" + c.tokens.seal(turnPurpose, asks, "CA1"), "9", hangsUp},
	} {
		query, err := url.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		pressed := url.Values{}
		if tt.digits != "" {
			pressed.Set("Digits", tt.digits)
		}
		asked(t, webhookBase+VoicePath, "outbound-dial", "", pressed, func(w carrier.Webhook, _ url.Values) {
			r, err := c.maskedThem(t.Context(), w, query)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			document, err := r.Encode()
			if err != nil || !strings.Contains(strings.ReplaceAll(string(document), "/>", ">"), tt.want) {
				t.Errorf("%s: %v\n%s", name, err, document)
			}
		})
	}
}
