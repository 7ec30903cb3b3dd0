package carrier

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	testRow   = "0d3f1c52-6f0e-4a57-9a44-6f6a3b1b7c01"
	testGroup = "0d3f1c52-6f0e-4a57-9a44-6f6a3b1b7c02"
)

func newKeyring(t testing.TB) *vault.Keyring {
	t.Helper()
	k, err := vault.Create(filepath.Join(t.TempDir(), "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// query reads an address as the carrier asks for it: without its fragment.
func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestPlaced(t *testing.T) {
	t.Parallel()
	k := newKeyring(t)
	about := flows.About{Row: testRow, Group: testGroup, Start: 29_930_000, Was: 29_930_060, Named: true}
	lengths, addresses := map[int]bool{}, map[string]bool{}
	for _, p := range []Placed{
		{Line: testGroup, Row: testRow, Lang: "es", Kind: "confirm"},
		{Line: testGroup, Row: testRow, Lang: "en", Kind: "recheck", Neutral: true},
		{Line: testGroup, Row: testRow, Lang: "en", Kind: "reminder", Neutral: true, About: about},
		{Line: testGroup, Row: testRow, Lang: "pt-BR", Kind: "call_me", About: flows.About{Row: testRow, Group: testGroup, Start: 1}},
		{Line: testGroup, Row: testRow, Attempt: 12, Lang: "en", Kind: "reminder", Neutral: true, About: about}, // once more
	} {
		address, err := p.Address(k, testPublic+"/twilio/voice")
		if err != nil || !strings.HasSuffix(address, Retries) {
			t.Fatalf("%s: %v", address, err)
		}
		if addresses[address] {
			t.Errorf("%+v has the address of another", p)
		}
		lengths[len(address)], addresses[address] = true, true
		outbound := newWebhook(map[string]string{"Direction": "outbound-api"})
		if got, ok := outbound.Placed(k, query(t, address)); !ok || got != p {
			t.Errorf("%+v, %t, want %+v", got, ok, p)
		}
		if got, ok := newWebhook(map[string]string{"Direction": "inbound"}).Placed(k, query(t, address)); ok {
			t.Errorf("of a call to us: %+v", got)
		}
		if got, ok := outbound.Placed(newKeyring(t), query(t, address)); ok {
			t.Errorf("with other keys: %+v", got)
		}
	}
	if len(lengths) != 1 {
		t.Errorf("the addresses' lengths tell the calls apart: %v", lengths)
	}
}

// No telephone call is told of another occurrence than its row's.
func TestPlacedAboutItsOwnRow(t *testing.T) {
	t.Parallel()
	k := newKeyring(t)
	p := Placed{Line: "l", Row: "mine", Kind: "reminder", About: flows.About{Row: "another", Group: "g"}}
	address, err := p.Address(k, testPublic)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := newWebhook(map[string]string{"Direction": "outbound-api"}).Placed(k, query(t, address))
	if !ok || got.About.Row != "mine" {
		t.Errorf("%+v, %t", got, ok)
	}
}

func TestSentToken(t *testing.T) {
	t.Parallel()
	k := newKeyring(t)
	give := SentToken{Line: testGroup, Row: testRow, Attempt: 2}
	address := give.Address(k, testPublic+"/twilio/sent")
	if !strings.HasPrefix(address, testPublic+"/twilio/sent?r=") || !strings.HasSuffix(address, "#rc=5&rp=all") || strings.Contains(address, testRow) {
		t.Fatal(address)
	}
	asked := query(t, address)
	if len(asked) != 1 {
		t.Errorf("%d parameters", len(asked))
	}
	if got, ok := (Webhook{}).SentToken(k, asked); !ok || got != give {
		t.Errorf("%+v, %t, want %+v", got, ok, give)
	}
	placed, err := Placed{Line: testGroup, Row: testRow}.Address(k, testPublic)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]url.Values{
		"nothing":            nil,
		"another key":        {"c": asked["r"]},
		"of another purpose": {"r": query(t, placed)["c"]},
		"nobody's":           {"r": query(t, SentToken{}.Address(k, testPublic))["r"]},
		"cut":                {"r": {asked.Get("r")[1:]}},
	} {
		if got, ok := (Webhook{}).SentToken(k, bad); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzSentToken(f *testing.F) {
	k := newKeyring(f)
	f.Add(k.SealToken("sent", []byte(`{"line":"l","row":"r","attempt":1}`), nil))
	f.Add(k.SealToken("sent", []byte(`{"line":1}`), nil))
	f.Add(k.SealToken("placed", []byte(`{"line":"l","row":"r"}`), nil))
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		if got, ok := (Webhook{}).SentToken(k, url.Values{"r": {token}}); ok && got != (SentToken{"l", "r", 1}) {
			t.Errorf("%q opens as %+v", token, got)
		}
		_, _ = newWebhook(map[string]string{"Direction": "outbound-api"}).Placed(k, url.Values{"c": {token}})
	})
}
