package vault_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/store/vault"
)

func number(t testing.TB, s string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want, country string }{
		"E.164":                     {"+12025550143", "+12025550143", "US"},
		"as dialled at home":        {"(202) 555-0143", "+12025550143", "US"},
		"with the long distance 1":  {"1-202-555-0143", "+12025550143", "US"},
		"dots and surrounding room": {"  202.555.0143\n", "+12025550143", "US"},
		"pasted from a document":    {"202\u2011555\u20110143\u202c", "+12025550143", "US"},
		"Canada":                    {"416-555-0143", "+14165550143", "CA"},
		"dialled abroad":            {"011 44 20 7946 0018", "+442079460018", "GB"},
		"the carrier's test number": {"+15005550101", "+15005550101", "US"},
		"the carrier's magic":       {"+15005550006", "+15005550006", "US"},
		"an extension is dropped":   {"+12025550143;ext=4821", "+12025550143", "US"},
		"London":                    {"+442079460018", "+442079460018", "GB"},
		"a range in nobody's table": {"+12225550143", "+12225550143", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := vault.ParseNumber(test.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := n.Reveal(vault.ForDial); got != test.want {
				t.Errorf("%q is %s, want %s", test.in, got, test.want)
			}
			if got := n.Country(); got != test.country {
				t.Errorf("%q is in %q, want %q", test.in, got, test.country)
			}
			if n.IsZero() || !n.Equal(number(t, test.want)) {
				t.Errorf("%q does not equal %s", test.in, test.want)
			}
		})
	}
}

func TestNotNumbers(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"nothing":             {"", " ", "+", "+1", "()-"},
		"short codes":         {"911", "988", "12345", "+12345", "262966"},
		"without area code":   {"555-0143", "5550143"},
		"impossible length":   {"+1202555014", "+120255501431", "+1234567890123456", "+44207946001812345"},
		"impossible shape":    {"+11025550143", "+10025550143", "+12021550143", "+12020550143", "+19995550143x"},
		"words":               {"anonymous", "Restricted", "unavailable", "unknown", "private", "1-202-KLO-0143"},
		"other addresses":     {"client:rose", "sip:+12025550143@example.org", "tel:+12025550143", "whatsapp:+12025550143"},
		"two, or keys after":  {"+12025550143,+12025550144", "+12025550143,,4821#", "+12025550143;phone-context=x", "+12025550143;ext="},
		"extension in words":  {"202-555-0143 ext. 4821", "202-555-0143 x4821"},
		"no such country":     {"+9992025550143", "+02025550143"},
		"withheld, ANONYMOUS": {"266696687", "+266696687", "+1266696687", "1266696687"},
		"withheld, others": {"7378742833", "+7378742833", "+17378742833", "2562533", "+2562533", "8656696", "+8656696",
			"86282452253", "+86282452253", "862825", "7748433", "+17748433"},
	}
	for name, inputs := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, in := range inputs {
				n, err := vault.ParseNumber(in)
				if !errors.Is(err, vault.ErrNotNumber) || !n.IsZero() {
					t.Errorf("%q is taken for %s (%v)", in, n.Reveal(vault.ForDial), err)
				}
			}
		})
	}
}

func TestReveal(t *testing.T) {
	t.Parallel()
	n := number(t, "+12025550143")
	for _, p := range []vault.Purpose{vault.ForDial, vault.ForSend, vault.ForWords} {
		if got := n.Reveal(p); got != "+12025550143" {
			t.Errorf("Reveal(%s) = %q", p, got)
		}
	}
	for _, p := range []vault.Purpose{"", "log", "Dial"} {
		if got := n.Reveal(p); got != "" {
			t.Errorf("Reveal(%q) = %q, for a purpose that there is not", p, got)
		}
	}
	var zero vault.Number
	if !zero.IsZero() || zero.Reveal(vault.ForDial) != "" || zero.Country() != "" {
		t.Error("the zero Number is a number")
	}
	if zero.Equal(n) || n.Equal(zero) || !zero.Equal(vault.Number{}) || n.Equal(number(t, "+12025550144")) {
		t.Error("Equal mistakes one number for another")
	}
}

// Every number of the home plan reads the same in each of its spellings.
func TestNationalSpellings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		area := rapid.IntRange(200, 999).Draw(t, "area")
		line := rapid.IntRange(100, 199).Draw(t, "line")
		digits := []byte{byte('0' + area/100), byte('0' + area/10%10), byte('0' + area%10), '5', '5', '5', '0',
			byte('0' + line/100), byte('0' + line/10%10), byte('0' + line%10)}
		national := string(digits)
		want := "+1" + national
		separator := rapid.SampledFrom([]string{" ", "-", ".", "/", ""}).Draw(t, "separator")
		dialled := strings.Join([]string{national[:3], national[3:6], national[6:]}, separator)
		for _, spelling := range []string{want, dialled, "1" + separator + dialled, "(" + national[:3] + ") " + national[3:]} {
			n, err := vault.ParseNumber(spelling)
			if err != nil {
				t.Fatalf("%q: %v", spelling, err)
			}
			if got := n.Reveal(vault.ForDial); got != want {
				t.Fatalf("%q is %s, want %s", spelling, got, want)
			}
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"+12025550143", "(202) 555-0143;ext=9", "anonymous", "+7378742833", "١٢٣", "\xff+1", "+1" + strings.Repeat("5", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := vault.ParseNumber(s)
		if err != nil {
			if err != vault.ErrNotNumber || !n.IsZero() {
				t.Fatalf("refusal with %v and a number %v", err, !n.IsZero())
			}
			return
		}
		e164 := n.Reveal(vault.ForDial)
		if len(e164) < 8 || len(e164) > 18 || strings.Trim(e164, "+0123456789") != "" {
			t.Fatalf("%q became %q", s, e164)
		}
		if again, err := vault.ParseNumber(e164); err != nil || !again.Equal(n) {
			t.Fatalf("%q became %q, which reads otherwise", s, e164)
		}
	})
}

func TestPremium(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"+19005550143": true, "+448715550123": true, "+12025550143": false, "+18005550143": false, "+15005550006": false,
	} {
		n, err := vault.ParseNumber(text)
		if err != nil || n.Premium() != want {
			t.Errorf("%s: premium %v, %v", text, n.Premium(), err)
		}
	}
	if (vault.Number{}).Premium() {
		t.Error("no number costs nothing")
	}
}

func TestTollFree(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"+18885550143": true, "+18005550143": true, "+12025550143": false, "+442079460143": false} {
		n, err := vault.ParseNumber(text)
		if err != nil || n.TollFree() != want {
			t.Errorf("%s: toll-free %v, %v", text, n.TollFree(), err)
		}
	}
}

func TestZones(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+12025550143": "America/New_York", "+13105550143": "America/Los_Angeles", "+14165550143": "America/Toronto",
		"+12085550143": "America/Boise America/Los_Angeles", "+442079460958": "Europe/London",
		"+18005550143": "", "+15005550006": "", // of no area
	} {
		n, err := vault.ParseNumber(number)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(n.Zones(), " "); got != want {
			t.Errorf("%s is in %q, want %q", number, got, want)
		}
	}
	if zones := (vault.Number{}).Zones(); zones != nil {
		t.Errorf("no number is in %q", zones)
	}
}
