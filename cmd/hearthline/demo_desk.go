package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// demoStaff are who signs in to the demo's desk; the first is the owner, as whom its
// button signs in.
var demoStaff = []struct {
	name  string
	role  store.Role
	codes []string
}{
	{"Ada", store.RoleOwner, nil},
	{"Grace", store.RoleCoordinator, []string{"482105", circleCode}},
	{"Rose", store.RoleFacilitator, []string{circleCode}},
}

// The owner's own phone is one of the page's, so that the desk can be tried by phone and
// the line can ring whoever sits at it.
const (
	ownerPhone = "+12025550173"
	ownerName  = "Cora" // whose it is on the page
	ownerPIN   = "61935274"
)

// demoApplicants are numbers of who waits to be let into the circle of approval, and
// demoMembers of who is in a group. The first applicant let coordinators call them, and
// has one of the page's phones; the others' numbers are kept for fiction.
var (
	demoApplicants = []string{"+12025550175", "+12025550152", "+12025550153"}
	demoMembers    = []string{"+12025550154", "+12025550155", "+12025550156", "+12025550157", "+12025550158", "+12025550159"}
)

// seedDesk gives the desk people who sign in, and people to look after.
func (d *demo) seedDesk(ctx context.Context) error {
	c := d.app.config
	keys, err := c.keyset().Load()
	if err != nil {
		return err
	}
	db, err := c.openDB(ctx, d.clock.Now)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	line, err := db.FirstLine(ctx)
	if err != nil {
		return err
	}
	groups, err := db.Groups(ctx, line.ID)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, g := range groups {
		ids[g.Code] = g.ID
	}
	if err := d.hire(ctx, db, keys, line.ID, ids); err != nil {
		return err
	}
	if err := d.hearDrafts(ctx, db, keys, line.ID); err != nil || d.bare {
		return err
	}
	enrolled := store.NewMembers(db, keys)
	for i, text := range slices.Concat(demoApplicants, demoMembers) {
		group := ids[approvalCode]
		if i >= len(demoApplicants) {
			group = ids["482105"]
		}
		if err := d.enrol(ctx, enrolled, line, text, group, i); err != nil {
			return err
		}
	}
	p := past{db: db, keys: keys, line: line, groups: ids, now: d.clock.Now()}
	if err := errors.Join(d.givePhone(ctx, db, keys, line.ID), p.seed(ctx)); err != nil {
		return err
	}
	audit := store.NewAudit(db, keys)
	return db.SaveSettings(ctx, audit, line.ID, store.By{Actor: demoStaff[0].name, At: d.clock.Now()}, func(s *store.Settings) { s.FirstRun = store.FirstRunDone })
}

// hearDrafts has the owner's phone hear the draft of the flow.
func (d *demo) hearDrafts(ctx context.Context, db *store.DB, keys *vault.Keyring, line string) error {
	n, err := vault.ParseNumber(ownerPhone)
	if err != nil {
		return err
	}
	return store.NewFlowVersions(db, keys, store.NewFlowArchive(db, "")).AddTester(ctx, line, store.By{Actor: demoStaff[0].name, At: d.clock.Now()}, n)
}

// givePhone makes a phone of the page the owner's own, which has called to prove it.
func (d *demo) givePhone(ctx context.Context, db *store.DB, keys *vault.Keyring, line string) error {
	accounts, now := store.NewAccounts(db, keys, d.clock.Now), d.clock.Now()
	all, err := accounts.List(ctx, line)
	if err != nil {
		return err
	}
	n, err := vault.ParseNumber(ownerPhone)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Name != demoStaff[0].name {
			continue
		}
		if err := accounts.SetPhone(ctx, line, store.By{Actor: a.Name, At: now}, a.ID, n, ownerPIN); err != nil {
			return err
		}
	}
	_, ok, err := accounts.SignInByPhone(ctx, store.PhoneSignIn{
		Event: store.Event{Line: line, SID: "CA" + strings.Repeat("0", 32), At: now}, PIN: ownerPIN, Caller: n, Verified: true,
	})
	if err == nil && !ok {
		err = errors.New("the demo's owner cannot sign in by phone")
	}
	return err
}

// hire makes the accounts. Nobody learns what would sign them in: the demo's button does.
func (d *demo) hire(ctx context.Context, db *store.DB, keys *vault.Keyring, line string, ids map[string]string) error {
	accounts, now := store.NewAccounts(db, keys, d.clock.Now), d.clock.Now()
	hired := demoStaff
	if d.bare {
		hired = hired[:1]
	}
	for _, s := range hired {
		var groups []string
		for _, code := range s.codes {
			groups = append(groups, ids[code])
		}
		token, err := accounts.Invite(ctx, line, store.By{Actor: "demo", At: now}, store.Invited{
			Email: s.name + "@example.org", Name: s.name, Role: s.role, Groups: groups,
		})
		if err != nil {
			return err
		}
		joining, err := joinsWith(s.role, s.name, now)
		if err != nil {
			return err
		}
		joining.Token = token
		if _, _, err := accounts.Join(ctx, line, joining); err != nil {
			return err
		}
	}
	return nil
}

// joinsWith is what somebody chooses to sign in with: an owner a password and codes,
// others a passkey, for which nothing is hashed while a newcomer waits.
func joinsWith(role store.Role, name string, now time.Time) (store.Joining, error) {
	if role != store.RoleOwner {
		return store.Joining{At: now, Passkey: &store.Passkey{Mark: store.PasskeyMark([]byte(rand.Text())), Name: "Phone", Credential: []byte("{}")}}, nil
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Hearthline", AccountName: name})
	if err != nil {
		return store.Joining{}, err
	}
	code, err := totp.GenerateCode(key.Secret(), now)
	return store.Joining{Password: rand.Text(), Secret: key.Secret(), Code: code, At: now}, err
}

// enrol has somebody ask to be in a group, by text.
func (d *demo) enrol(ctx context.Context, m *store.Members, line flows.Line, number, group string, nth int) error {
	n, err := vault.ParseNumber(number)
	if err != nil {
		return err
	}
	event := store.Event{Line: line.ID, SID: fmt.Sprintf("SM%032d", nth), At: d.clock.Now()}
	_, err = m.Enrol(ctx, store.Enrolment{
		Event: event, Number: n, Group: group, Confirmed: true, MayCall: nth == 0,
		Preferences: flows.Preferences{Channel: flows.ByText, Language: line.Languages[0], Zone: line.Zone},
		Consent:     flows.Consent{Wording: "demo", Channel: flows.ByText},
	})
	return err
}

// approvalCode is the demo's group that a coordinator lets people into.
const (
	approvalCode = "593287"
	approvalFile = `groups:
  - code: "` + approvalCode + `"
    name: {en: After a long illness, es: Después de una larga enfermedad}
    discreet_name: Monday call
    topics: [grief]
    languages: [en]
    access: approval
    capacity: 8
    reminders: [24h, 15m]
    meetings:
      - {start: "%s", rrule: "FREQ=WEEKLY", minutes: 60}
`
	approvalIn = 26 * time.Hour
)

// address is what a browser on this machine calls the demo: by a name, which passkeys
// need.
func address(web string) string {
	host, port, err := net.SplitHostPort(web)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsLoopback() {
		return "http://localhost:" + port
	}
	return "http://" + web
}
