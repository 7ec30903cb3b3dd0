package phone_test

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store/vault"
)

// abroad are the countries that a flood comes from, beside the US; Jamaica is in
// our plan, and dear.
var abroad = strings.Fields("EG MA DZ NG KE ZA NL BE FR ES CH GB SE DE PE MX AR BR CL CO MY ID PH TH RU JP VN TR IN PK JM")

// mobile is the nth number of a country.
func mobile(t testing.TB, country string, n int) string {
	t.Helper()
	e164 := phonenumbers.Format(phonenumbers.GetExampleNumberForType(country, phonenumbers.MOBILE), phonenumbers.E164)
	return fmt.Sprintf("%s%04d", e164[:len(e164)-4], n)
}

// Ten thousand texts of five thousand numbers in 32 countries, in ten minutes.
func TestAFloodOfTextsIsNotAnswered(t *testing.T) {
	t.Parallel()
	now := evening
	const perMinute, perHour, help = 10, 40, 5
	c := newCalls(t, func(c *calls) {
		c.now = func() time.Time { return now }
		c.caps = phone.Caps{SenderDay: 5, LineMinute: perMinute, LineHour: perHour, HelpMinute: help, HelpHour: help, HelpSenderDay: help}
	})
	bodies := []string{"NOW", "hello", "FIND grief", "JOIN 482105", "1", "💙", "i want to die"}
	answers, inMinute, countries, answered := 0, map[int]int{}, map[string]bool{}, map[string]bool{}
	for i := range 10_000 {
		now = evening.Add(time.Duration(i) * 60 * time.Millisecond)
		sender := i / 2 // each texts twice
		from := fmt.Sprintf("+1212555%04d", sender)
		if where := sender % 32; where > 0 {
			from = mobile(t, abroad[where-1], sender)
		}
		n, err := vault.ParseNumber(from)
		if err != nil {
			t.Fatalf("%s: %v", from, err)
		}
		countries[n.Country()] = true
		if strings.Contains(c.texts(bodies[i%len(bodies)], "From", from, "MessageSid", strconv.Itoa(i)), "<Message") {
			answers++
			inMinute[i/1000]++
			answered[n.Country()] = true
		}
	}
	if len(countries) < 32 {
		t.Fatalf("the flood comes from %d countries only", len(countries))
	}
	if answers != perHour+help || len(answered) != 1 || !answered["US"] {
		t.Errorf("%d answers go to %v", answers, answered)
	}
	for minute, n := range inMinute {
		if n > perMinute+help {
			t.Errorf("%d answers in minute %d", n, minute)
		}
	}
	if n := c.spending.Drain()["line"]; n != 10_000-answers {
		t.Errorf("%d are counted as unanswered, of %d that were", n, 10_000-answers)
	}
	if n := strings.Count(c.log.String(), "ALARM"); n != 1 {
		t.Errorf("%d alarms are told", n)
	}
	if strings.Contains(c.log.String(), "2125550") {
		t.Error("the log holds a number")
	}
}

func TestAnswersComeBack(t *testing.T) {
	t.Parallel()
	now := evening
	s := phone.NewSpending(func() time.Time { return now }, phone.Caps{SenderDay: 3, LineMinute: 4, LineHour: 5, HelpMinute: 2, HelpHour: 2, HelpSenderDay: 2}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	nth := 0
	says := func(to string, help bool) bool {
		nth++
		return s.Allows(t.Context(), phone.Sent{Line: "l", To: to, Message: strconv.Itoa(nth), Help: help})
	}
	var got []bool
	for range 4 {
		got = append(got, says("ida", false)) // three for a sender
	}
	got = append(got, says("sam", false), says("ann", false)) // four in a minute
	got = append(got, says("ann", true), says("ann", true), says("ann", true))
	now = now.Add(time.Minute)
	got = append(got, says("ann", false), says("bob", false)) // five in an hour
	now = now.Add(time.Hour)
	got = append(got, says("bob", false), says("ida", false))
	now = now.Add(24 * time.Hour)
	got = append(got, says("ida", false))
	if want := []bool{true, true, true, false, true, false, true, true, false, true, false, true, false, true}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if n := s.Drain()["l"]; n != 5 {
		t.Errorf("%d are counted", n)
	}
}

func TestTheSameTextCostsOnce(t *testing.T) {
	t.Parallel()
	c := newCalls(t, func(c *calls) { c.caps.SenderDay = 1 })
	for range 5 {
		if got := c.texts("NOW"); !strings.Contains(got, "<Message") {
			t.Fatalf("a text that comes again is answered by %s", got)
		}
	}
	if got := c.texts("MENU"); strings.Contains(got, "<Message") {
		t.Errorf("one too many is answered by %s", got)
	}
	if got := c.texts("i want to die"); !strings.Contains(got, "988") {
		t.Errorf("somebody in danger is answered by %s", got)
	}
}

func TestWithoutADirectoryAnswersAreBoundedToo(t *testing.T) {
	t.Parallel()
	c := newCalls(t, func(c *calls) { c.caps.LineMinute, c.snaps.snap = 3, nil })
	answers := 0
	for i := range 10 {
		if strings.Contains(c.texts("hello", "MessageSid", strconv.Itoa(i)), "<Message") {
			answers++
		}
	}
	if answers != 3 {
		t.Errorf("%d answers", answers)
	}
}

// Whoever shows another's caller ID, and has it forgotten in between, cannot
// have that number texted without end.
func TestANumberIsAskedAFewTimesADay(t *testing.T) {
	t.Parallel()
	now := evening
	s := phone.NewSpending(func() time.Time { return now }, phone.DefaultCaps, slog.New(slog.DiscardHandler))
	asks := func(call, to string) bool { return s.Asks(phone.Sent{Line: "line", To: to, Message: call}) }
	for _, call := range []string{"1", "2", "2", "3"} { // the second comes again
		if !asks(call, "ida") {
			t.Errorf("call %s may not ask", call)
		}
	}
	if asks("4", "ida") || !asks("3", "ida") || !asks("5", "sam") {
		t.Error("the budget is not one of three calls and of one number")
	}
	now = now.Add(24 * time.Hour)
	if !asks("6", "ida") {
		t.Error("another day gives nothing")
	}
}
