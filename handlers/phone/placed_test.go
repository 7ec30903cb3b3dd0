package phone_test

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/phone"
)

// took posts the first webhook of a call of ours, or with at what comes after it.
func (c *calls) took(at, by, digits string) string {
	c.t.Helper()
	return c.post(at, "Direction", "outbound-api", "From", lineTo, "To", "+12125550143", "AnsweredBy", by, "Digits", digits)
}

// Who takes a reminder of a group that needs approval is in its room after two
// keys, and before the first has heard nothing of it: without Postgres, as it is.
func TestAReminderLeadsIntoTheRoom(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	d := c.snaps.snap.Directory
	groups := d.Groups()
	at := -1
	for i, g := range groups {
		if _, live := d.Live(g.ID, evening); live && g.Place == "" && !g.Bridge && g.Host == flows.HostNone {
			at = i
		}
	}
	if at < 0 {
		t.Fatal("no group meets just now")
	}
	groups[at].Access = flows.AccessApproval
	g := groups[at]
	o, _ := d.Live(g.ID, evening)
	address, err := carrier.Placed{
		Line: "line", Row: "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70bb09", Lang: "en", Kind: "reminder", Neutral: true,
		About: flows.About{Group: g.ID, Start: o.Start.Unix() / 60, Named: true},
	}.Address(c.keys, publicURL+phone.VoicePath)
	if err != nil {
		t.Fatal(err)
	}
	address, _, _ = strings.Cut(address, "#")

	opening := c.took(address, "human", "")
	for _, tells := range []string{g.Name.In("en"), g.DiscreetName.In("en"), "support line", "group", "meeting"} {
		if tells != "" && strings.Contains(strings.ToLower(opening), strings.ToLower(tells)) {
			t.Errorf("before a key is pressed it tells of %q: %s", tells, opening)
		}
	}
	twiml := c.took(next(t, opening), "human", "1")
	if twiml = c.took(next(t, twiml), "human", "1"); !strings.Contains(twiml, "<Conference") {
		t.Errorf("two keys lead to %s", twiml)
	}
	machine := c.took(address, "machine_start", "")
	if strings.Contains(machine, "<Gather") || !strings.Contains(machine, "<Say") || !strings.Contains(machine, "<Hangup") || strings.Contains(machine, g.Name.In("en")) {
		t.Errorf("a machine hears %s", machine)
	}
	if unknown := c.took(strings.Replace(address, "c=", "c=A", 1), "machine_start", ""); !strings.Contains(unknown, "<Response><Hangup/></Response>") {
		t.Errorf("a token of nobody's leads to %s", unknown)
	}
}
