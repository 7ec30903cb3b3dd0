package carrier

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store/vault"
)

func TestParseCaller(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"+12025550143", "+15005550006", "+442079460000", "+8613800138000"} {
		if got := ParseCaller(from).Number.Reveal(vault.ForDial); got != from {
			t.Errorf("ParseCaller(%q) reveals %q", from, got)
		}
	}
}

func TestParseCallerWithheld(t *testing.T) {
	t.Parallel()
	spellings := []string{
		"266696687", "7378742833", "2562533", "8656696", "86282452253", // ANONYMOUS RESTRICTED BLOCKED UNKNOWN UNAVAILABLE
		"862825", "7748433", // UNAVAIL PRIVATE
	}
	shapes := []string{
		"", " ", "+", "+1", "+0", "1", "911", "988", "+911", "+988", "12345", "+12345", "55512",
		"anonymous", "ANONYMOUS", "Anonymous", "Restricted", "restricted", "unavailable", "unknown", "private", "blocked", "+anonymous",
		"client:alice", "client:+12025550143", "sip:alice@example.org", "sip:+12025550143@example.org", "sips:x@example.org", "whatsapp:+12025550143",
		"2025550143", "12025550143", " +12025550143", "+12025550143 ", "+1 202 555 0143", "+1-202-555-0143", "(202) 555-0143",
		"+1202555014", "+120255501433", "+02025550143", "+1202555014x", "+12025550143;ext=2", "tel:+12025550143", "++12025550143",
		"+1234567890123456", "+\u0661\u0662\u0660\u0662\u0665\u0665\u0665\u0660\u0661\u0664\u0663", "\x00", "+12025550143\x00",
	}
	for _, s := range spellings {
		shapes = append(shapes, s, "+"+s, "1"+s, "+1"+s)
	}
	for _, from := range shapes {
		c := ParseCaller(from)
		if !c.Withheld() || !c.Number.IsZero() {
			t.Errorf("ParseCaller(%q) is a number", from)
		}
	}
}

func FuzzParseCaller(f *testing.F) {
	for _, s := range []string{"+12025550143", "+266696687", "anonymous", "", "sip:a@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, from string) {
		c := ParseCaller(from)
		if c.Withheld() {
			return
		}
		e164 := c.Number.Reveal(vault.ForDial)
		if !isE164(from) || !isE164(e164) || e164[:2] != from[:2] {
			t.Errorf("ParseCaller(%q) is %q", from, e164)
		}
	})
}

func TestCallerCannotPrintItself(t *testing.T) {
	t.Parallel()
	c := struct{ c Caller }{ParseCaller("+12025550143")}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if s := fmt.Sprintf(verb, c); strings.Contains(s, "5550143") || strings.Contains(s, fmt.Sprintf("%x", "5550143")) {
			t.Errorf("%s prints %s", verb, s)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	for e164, want := range map[string]string{
		"+12025550143":  "(202) 555-0143",
		"+525555550143": "+525555550143",
		"+4930901820":   "+4930901820",
	} {
		if got := Written(ParseCaller(e164).Number); got != want {
			t.Errorf("%s is written %q, want %q", e164, got, want)
		}
	}
}
