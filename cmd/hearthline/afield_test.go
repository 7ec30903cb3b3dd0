package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	cora    = "+12125550171" // a coordinator
	hazel   = "+12125550172" // a facilitator
	juniper = "+12125550173" // another
	deskPIN = "58203917"
)

// coordinator gives somebody an account, with a phone to sign in by.
func (s *stage) coordinator(name, e164 string, role store.Role) (c caller, handle string) {
	s.t.Helper()
	app := s.replica.app
	accounts, line, ctx := store.NewAccounts(app.db, app.keys, s.clock.Now), app.line, s.t.Context()
	if _, err := accounts.Invite(ctx, line, store.By{Actor: "test", At: s.clock.Now()}, store.Invited{Email: name + "@example.org", Name: name, Role: role}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := open(s.t, s.config.databaseURL).ExecContext(ctx, `UPDATE account SET state = 'active'`); err != nil {
		s.t.Fatal(err)
	}
	who, err := accounts.ByEmail(ctx, line, name+"@example.org")
	if err == nil {
		err = accounts.SetPhone(ctx, line, store.By{Actor: name, At: s.clock.Now()}, who.ID, number(s.t, e164), deskPIN)
	}
	if err == nil {
		_, err = open(s.t, s.config.databaseURL).ExecContext(ctx, `UPDATE account SET number_proven = true WHERE number IS NOT NULL`)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.caller(e164), who.Handle
}

// orderCode is how an order is to be confirmed.
var orderCode = regexp.MustCompile(`OK ([1-9][0-9]{3})`)

// held by Hazel and Juniper.
func ledByTwo(o *stageOptions) {
	o.change = func(groups []store.Group) []store.Group {
		for i := range groups {
			if groups[i].Code == "836254" {
				for _, f := range []struct{ alias, number, pin string }{{"Hazel", hazel, "73914626"}, {"Juniper", juniper, "26194038"}} {
					n, _ := vault.ParseNumber(f.number)
					groups[i].Facilitators = append(groups[i].Facilitators, store.Facilitator{Alias: f.alias, Number: n}.WithPIN(f.pin))
				}
			}
		}
		return groups
	}
}

func TestACoordinatorOrdersByText(t *testing.T) {
	t.Parallel()
	s := newStage(t, ledByTwo)
	c, _ := s.coordinator("cora", cora, store.RoleOwner)
	mallory := s.caller(sam)
	var thread strings.Builder
	say := func(who caller, body string) string {
		got := who.says(body)
		thread.WriteString("> " + orderCode.ReplaceAllString(body, "OK ####") + "\n" + orderCode.ReplaceAllString(got, "OK ####") + "\n")
		return got
	}
	confirm := func(body string) string {
		got := say(c, body)
		code := orderCode.FindString(got)
		if code == "" {
			t.Fatalf("%q is not read back: %q", body, got)
		}
		if stranger := mallory.says(code); strings.Contains(stranger, "Done") {
			t.Errorf("another phone's %q: %q", code, stranger)
		}
		return say(c, code)
	}
	for _, body := range []string{"STATUS", "LIVE", "SKIP 111111", "OK 4821"} {
		say(c, body)
	}
	for _, body := range []string{"MOVE 836254 thu 8pm", "SKIP 482105", "NEW cedar tue 7pm grief"} {
		if got := confirm(body); !strings.HasPrefix(got, "Done.") {
			t.Errorf("%s: %q", body, got)
		}
	}
	opened := regexp.MustCompile(`code of Cedar is ([1-9][0-9]{5})`).FindStringSubmatch(thread.String())
	if opened == nil {
		t.Fatalf("no code is told:\n%s", thread.String())
	}
	s.golden("afield_texts", strings.ReplaceAll(thread.String(), opened[1], "######"))
	mention(t, s.types("", "group", "list"), opened[1], "Cedar", "1 cancelled")
	acts := strings.Join(s.column(open(t, s.config.databaseURL), `SELECT actor || ' ' || act || ' ' || detail FROM audit ORDER BY seq`), "\n")
	mention(t, acts, "cora group.move group 836254", "cora group.skip group 482105", "cora group.add "+opened[1])
	if found := leaks(s.sinks(), cora); len(found) > 0 {
		t.Errorf("the coordinator's number is in %s", strings.Join(found, ", "))
	}
	s.strict()
}

func TestACoordinatorWorksByPhone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, handle := s.coordinator("cora", cora, store.RoleOwner)
	call := c.dials("7", "1", deskPIN, "1", "1", "2", "1", "3", "*", "7", "4", "1", "1", "3", "730", "2", "1")
	call.Hangup()
	said := call.Transcript()
	mention(t, said, "Caring for someone will not meet", "Done. It does not meet then.", "Its code is")
	s.golden("afield_call", undrawn(said))
	mention(t, s.types("", "group", "list"), "1 cancelled")
	// From any other phone, by the digits.
	other := s.caller(sam)
	other.dials("7", "1", deskPIN).Hangup()
	if heard(other.Phone, "Your desk.") {
		t.Error("another phone is the coordinator's")
	}
	other.dials("7", "2", handle, deskPIN).Hangup()
	if !heard(other.Phone, "Your desk.") {
		t.Error("who has the digits and the PIN is not let in")
	}
	s.strict()
}

// coverText is how a facilitator is asked.
var coverText = regexp.MustCompile(`^Can you lead the call today 10:05 pm ET instead\? YES ([1-9][0-9]{2}) takes it, NO ([1-9][0-9]{2}) does not\.$`)

// another is a code that is not this one.
func another(code string) string {
	if code == "100" {
		return "101"
	}
	return "100"
}

func TestFacilitatorsAreAskedToCover(t *testing.T) {
	t.Parallel()
	s := newStage(t, ledByTwo)
	mention(t, s.types("", "group", "cover", "836254"), "2 facilitators are asked by text who can hold today 10:05 pm ET.")
	s.sendDue()
	h, j, stranger := s.caller(hazel), s.caller(juniper), s.caller(sam)
	var codes []string
	for _, c := range []caller{h, j} {
		texts := c.Texts()
		asked := coverText.FindStringSubmatch(texts[len(texts)-1].Body)
		if len(texts) != 1 || asked == nil || asked[1] != asked[2] {
			t.Fatalf("asked by %+v", texts)
		}
		codes = append(codes, asked[1])
	}
	// Without the digits, or with another's, nobody takes it, and who was asked is told
	// what anybody is.
	for _, body := range []string{"YES 99", "ok", "no", "Yes please", "NO 1000"} {
		if got, want := h.says(body), stranger.says(body); undrawn(got) != undrawn(want) {
			t.Errorf("%q is answered %q, and a stranger's %q", body, got, want)
		}
	}
	if got := h.says("YES"); got != "YES" { // the carrier answers it, and we do not
		t.Errorf("YES is answered %q", got)
	}
	if taken := s.column(open(t, s.config.databaseURL), `SELECT act FROM audit WHERE act LIKE 'cover.%'`); len(taken) != 0 {
		t.Errorf("without digits: %v", taken)
	}
	mention(t, h.says("yes "+codes[0]), "You hold it.")
	s.sendDue()
	if texts := j.Texts(); texts[len(texts)-1].Body != "The call today 10:05 pm ET is covered. Thank you!" {
		t.Errorf("the other is told %+v", texts)
	}
	mention(t, j.says("OK "+codes[1]), "Somebody else was first")
	mention(t, stranger.says("YES "+codes[1]), "nothing open with that number")
	for range 3 {
		mention(t, j.says("NO "+another(codes[1])), "nothing open with that number")
		s.carrier.Advance(11 * time.Minute) // past the loop breaker
	}
	mention(t, j.says("NO "+codes[1]), "nothing open with that number")
	mention(t, s.types("", "group", "cover", "836254", "--json"), `"asked": 2`)
	s.fails(exitUsage, "", "group", "cover", "836254", "--date", "thursday")
	s.fails(exitFailed, "", "group", "cover", "482105")
	s.strict()
}

func TestACoordinatorOfNoGroupOrdersNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, _ := s.coordinator("cora", cora, store.RoleCoordinator)
	if got := c.says("SKIP 836254"); got != "That is not the code of a group of yours." {
		t.Errorf("answered %q", got)
	}
	if got := s.caller(sam).says("SKIP 836254"); !strings.HasPrefix(got, "Caring for someone meets") {
		t.Errorf("anybody else is answered %q", got)
	}
}
