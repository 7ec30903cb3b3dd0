package doctor

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// TestVoicesOfALanguage holds what is found of a language's voice, by its tag, name and locale.
func TestVoicesOfALanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lang, voice, locale, want string }{
		{"en", "Polly.Joanna-Neural", "en-US", "good"},
		{"fr", "Polly.Gabrielle-Neural", "fr-CA", "good"},
		{"pt-BR", "Polly.Camila-Neural", "pt-BR", "good"},
		{"zh-Hans", "Polly.Zhiyu-Neural", "cmn-CN", "good"},
		{"zh-Hans", "Google.cmn-CN-Standard-A", "cmn-CN", "good"},
		{"ht", "Polly.Gabrielle-Neural", "fr-CA", "good borrowed"},
		{"ht", "Polly.Joanna-Neural", "en-US", "missing"},
		{"fr", "Polly.Camila-Neural", "fr-CA", "unknown"},
		{"pt-BR", "", "", "missing"},
	} {
		d := New(Options{
			Voice: func(string) flows.Voice { return flows.Voice{Name: tt.voice, Locale: tt.locale} },
			Said:  func() Said { return Said{Languages: []string{tt.lang}} },
		})
		var got []string
		for _, f := range d.voices() {
			got = append(got, f.Case)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s by %s in %s is %q, want %s", tt.lang, tt.voice, tt.locale, got, tt.want)
		}
	}
}

// TestApologies: a line that is down says the crisis number in each language that the
// line can have.
func TestApologies(t *testing.T) {
	t.Parallel()
	crisis, err := vault.ParseNumber("+18002738255")
	if err != nil {
		t.Fatal(err)
	}
	langs := schedule.Languages()
	d := New(Options{
		PublicURL: "https://line.example", VoicePath: "/twilio/voice",
		Voice: func(string) flows.Voice { return flows.Voice{Name: "Polly.Joanna", Locale: "en-US"} },
		Said:  func() Said { return Said{Crisis: crisis, CrisisName: "988", Languages: langs} },
	})
	address, err := url.Parse(d.Fallback())
	if err != nil {
		t.Fatal(err)
	}
	document := address.Query().Get("Twiml")
	if n := strings.Count(document, "9 8 8"); n != len(langs) {
		t.Errorf("the crisis line is said %d times in %d languages:\n%s", n, len(langs), document)
	}
	if n := len(d.Fallback()); n > longestAddress {
		t.Errorf("the address has %d characters", n)
	}
}

// longestAddress is what every server and client takes.
const longestAddress = 2000
