package carrier

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store/vault"
)

var sinceNoon = time.Date(2026, 11, 24, 12, 0, 0, 500, time.UTC)

func TestTextsSince(t *testing.T) {
	t.Parallel()
	text := func(sid, direction, to, at string) string {
		return fmt.Sprintf(`{"sid": %q, "direction": %q, "from": %q, "to": %q, "date_created": "Tue, 24 Nov 2026 %s +0000", "date_sent": null}`, sid, direction, testLine, to, at)
	}
	page := func(next string, items ...string) string {
		return fmt.Sprintf(`{"messages": [%s], "next_page_uri": %q}`, strings.Join(items, ", "), next)
	}
	const next = listOf + "Messages.json?PageToken="
	c, asked := pages(
		t,
		page(next+"PA1", text("SM9", "outbound-api", testPerson, "12:05:00"), text("SM8", "inbound", testLine, "12:04:00"), text("SM7", "outbound-reply", testPerson, "12:03:00")),
		page(next+"PA2", text("SM9", "outbound-api", testPerson, "12:05:00"), text("SM6", "outbound-api", "+1202555XXXX", "12:02:00"), text("SM5", "outbound-api", testPerson, "11:00:00")),
		page(next+"PA3", text("SM4", "outbound-api", "", "12:00:00"), `{"sid": "SM3", "direction": "outbound-api", "to": "`+testPerson+`", "date_created": "some day"}`),
		page(next+"PA4", text("SM2", "outbound-api", testPerson, "11:59:59"), text("SM1", "inbound", testLine, "11:00:00")),
	)
	got, err := c.TextsSince(t.Context(), sinceNoon)
	if err != nil {
		t.Fatal(err)
	}
	at := func(minute int) time.Time { return time.Date(2026, 11, 24, 12, minute, 0, 0, time.UTC) }
	from, to := number(t, testLine), number(t, testPerson)
	want := []Listed{{"SM9", from, to, at(5)}, {"SM6", from, vault.Number{}, at(2)}, {"SM4", from, vault.Number{}, at(0)}, {SID: "SM3", To: to}}
	if diff := cmp.Diff(want, got, cmp.Comparer(vault.Number.Equal)); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	wantAsked := []string{"PageSize=40", "PageSize=40&PageToken=PA1", "PageSize=40&PageToken=PA2", "PageSize=40&PageToken=PA3"}
	for i := range wantAsked {
		wantAsked[i] = "GET " + listOf + "Messages.json " + wantAsked[i]
	}
	if diff := cmp.Diff(wantAsked, *asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestCallsSince(t *testing.T) {
	t.Parallel()
	c, asked := pages(t, `{"calls": [
		{"sid": "`+testCall+`", "direction": "outbound-api", "from": "`+testLine+`", "to": "`+testPerson+`", "status": "queued", "start_time": null, "date_created": "Tue, 24 Nov 2026 12:00:00 +0000"},
		{"sid": "CA2", "direction": "outbound-dial", "to": "`+testPerson+`", "date_created": "Tue, 24 Nov 2026 12:00:00 +0000"},
		{"sid": "CA1", "direction": "inbound", "to": "`+testLine+`", "date_created": "Tue, 24 Nov 2026 12:00:00 +0000"}], "next_page_uri": null}`)
	got, err := c.CallsSince(t.Context(), sinceNoon)
	if err != nil {
		t.Fatal(err)
	}
	want := []Listed{{testCall, number(t, testLine), number(t, testPerson), sinceNoon.Truncate(time.Second)}}
	if diff := cmp.Diff(want, got, cmp.Comparer(vault.Number.Equal)); diff != "" || len(*asked) != 1 {
		t.Errorf("calls (-want +got), in %d pages:\n%s", len(*asked), diff)
	}
}

// Of a list that could not be read far enough nothing follows: none is returned.
func TestSinceReadsFarEnoughOrFails(t *testing.T) {
	t.Parallel()
	const item = `{"sid": "CA1", "direction": "outbound-api", "date_created": "Tue, 24 Nov 2026 12:00:00 +0000"}`
	endless := make([]string, 0, 200)
	for i := range cap(endless) {
		endless = append(endless, fmt.Sprintf(`{"calls": [%s], "next_page_uri": "%sCalls.json?PageToken=PA%d"}`, item, listOf, i))
	}
	for name, tt := range map[string]struct {
		bodies []string
		asked  int
	}{
		"a list without an end": {endless, mostListed/callsAtOnce + 1},
		"a page that is broken": {append(endless[:3:3], `{"calls": `), 4},
		"a page that is away":   {endless[:3], 4},
		"a way to elsewhere":    {[]string{strings.Replace(endless[0], "Calls", "Other", 1)}, 1},
	} {
		c, asked := pages(t, tt.bodies...)
		got, err := c.CallsSince(t.Context(), sinceNoon)
		if got != nil || ClassOf(err) != Temporary || len(*asked) != tt.asked {
			t.Errorf("%s: %d calls after %d pages, %v", name, len(got), len(*asked), err)
		}
	}
}
