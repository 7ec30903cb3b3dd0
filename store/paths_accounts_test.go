package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

var accountPaths = []writePath{
	{name: "Invite to the desk", covers: "Accounts.Invite", once: true, before: withGroups, do: func(ctx context.Context, p *paths) error {
		_, err := p.accounts.Invite(ctx, p.id, staffAct, store.Invited{Email: "ada@example.org", Name: "Ada", Role: store.RoleCoordinator, Groups: p.groups[:1], Lang: "en"})
		return err
	}},
	{name: "SetRole", covers: "Accounts.SetRole", before: withAccount, do: func(ctx context.Context, p *paths) error {
		return p.accounts.SetRole(ctx, p.id, staffAct, p.row, store.RoleViewer)
	}},
	{name: "SetGroups", covers: "Accounts.SetGroups", before: withAccount, do: func(ctx context.Context, p *paths) error {
		return p.accounts.SetGroups(ctx, p.id, staffAct, p.row, p.groups[1:])
	}},
	{name: "AddGroup", covers: "Accounts.AddGroup", before: withAccount, do: func(ctx context.Context, p *paths) error {
		return p.accounts.AddGroup(ctx, p.id, p.row, p.groups[1])
	}},
	{name: "Disable", covers: "Accounts.Disable", before: withAccount, do: func(ctx context.Context, p *paths) error {
		return p.accounts.Disable(ctx, p.id, staffAct, p.row)
	}},
	{name: "SetPhone", covers: "Accounts.SetPhone", before: withAccount, do: func(ctx context.Context, p *paths) error {
		return p.accounts.SetPhone(ctx, p.id, staffAct, p.row, p.bea, hazelPIN)
	}},
	{name: "PutSession", covers: "Accounts.PutSession", before: withAccount, do: func(ctx context.Context, p *paths) error {
		return p.accounts.PutSession(ctx, p.id, store.DeskSession{
			Hash: []byte("32 bytes that name a session, so"), Account: p.row, Agent: "Firefox", Data: []byte("{}"), MadeAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour),
		}, nil)
	}},
	{name: "EndSessions", covers: "Accounts.EndSessions", before: withAccount, do: func(ctx context.Context, p *paths) error {
		return p.accounts.EndSessions(ctx, p.id, staffAct, p.row, nil)
	}},
	{name: "SignInByPhone", covers: "Accounts.SignInByPhone", web: true, before: withAccount, do: func(ctx context.Context, p *paths) error {
		_, ok, err := p.accounts.SignInByPhone(ctx, store.PhoneSignIn{Event: p.came, Caller: p.ann, Verified: true, PIN: hazelPIN})
		return toldIf(err, ok)
	}},
	{name: "SignInByPhone with a wrong PIN", covers: "Accounts.SignInByPhone", web: true, before: withAccount, do: func(ctx context.Context, p *paths) error {
		_, ok, err := p.accounts.SignInByPhone(ctx, store.PhoneSignIn{Event: p.came, Handle: "482105", PIN: "000000"})
		return toldIf(err, !ok)
	}},
}

var staffAct = store.By{Actor: "Grace", Event: "form", At: noon}

// withAccount is Ada, who coordinates the first group, and signs in from ann's number.
func withAccount(t *testing.T, p *paths) {
	t.Helper()
	withGroups(t, p)
	p.row = activeAccount(t, p.accounts, p.id, "Ada", store.RoleCoordinator, p.groups[0])
	if err := p.accounts.SetPhone(t.Context(), p.id, store.By{Actor: "Ada", At: noon}, p.row, p.ann, hazelPIN); err != nil {
		t.Fatal(err)
	}
	do(t, p.look, `UPDATE account SET number_proven = true WHERE number IS NOT NULL`)
}

// activeAccount makes an account that signs in with a passkey, and returns its id.
func activeAccount(t *testing.T, a *store.Accounts, line, name string, role store.Role, groups ...string) string {
	t.Helper()
	token := must(a.Invite(t.Context(), line, store.By{Actor: "test", At: noon}, store.Invited{Email: name + "@example.org", Name: name, Role: role, Groups: groups, Lang: "en"}))
	account, _, err := a.Join(t.Context(), line, store.Joining{Token: token, Lang: "en", At: noon, Passkey: &store.Passkey{Mark: store.PasskeyMark([]byte(name)), Name: "Phone", Credential: []byte("{}")}})
	if err != nil {
		t.Fatal(err)
	}
	return account.ID
}

func TestAccountsByPhone(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	withAccount(t, p)
	ada, err := p.accounts.Get(t.Context(), p.id, p.row)
	if err != nil {
		t.Fatal(err)
	}
	event := func(sid string) store.Event { return store.Event{Line: p.id, SID: sid, At: noon} }
	for name, c := range map[string]struct {
		in store.PhoneSignIn
		ok bool
	}{
		"handle":                 {store.PhoneSignIn{Event: event("1"), Handle: ada.Handle, PIN: hazelPIN}, true},
		"own number":             {store.PhoneSignIn{Event: event("2"), Caller: p.ann, PIN: hazelPIN}, true},
		"another's number":       {store.PhoneSignIn{Event: event("3"), Caller: p.bea, PIN: hazelPIN}, false},
		"handle of nobody":       {store.PhoneSignIn{Event: event("4"), Handle: "999999", PIN: hazelPIN}, false},
		"wrong PIN":              {store.PhoneSignIn{Event: event("5"), Handle: ada.Handle, PIN: "123456"}, false},
		"no PIN":                 {store.PhoneSignIn{Event: event("6"), Handle: ada.Handle}, false},
		"number of who is not":   {store.PhoneSignIn{Event: event("7"), PIN: hazelPIN}, false},
		"another's, with handle": {store.PhoneSignIn{Event: event("8"), Handle: ada.Handle, Caller: p.bea, PIN: hazelPIN}, true},
	} {
		for range 2 { // the carrier tells an event twice
			who, ok, err := p.accounts.SignInByPhone(t.Context(), c.in)
			if err != nil || ok != c.ok || ok && who.ID != ada.ID {
				t.Errorf("%s: signed in: %t, %v", name, ok, err)
			}
		}
	}
	found, ok, err := p.accounts.ByNumber(t.Context(), p.id, p.ann)
	if err != nil || !ok || found.ID != ada.ID {
		t.Errorf("by number: %t, %v", ok, err)
	}
	if _, ok, err := p.accounts.ByNumber(t.Context(), p.id, vault.Number{}); err != nil || ok {
		t.Errorf("by no number: %t, %v", ok, err)
	}
	if n, err := p.accounts.NumberOf(t.Context(), p.id, ada.ID); err != nil || !n.Equal(p.ann) {
		t.Errorf("the number is another one: %v", err)
	}
	if err := p.accounts.Disable(t.Context(), p.id, store.By{Actor: "Grace", At: noon}, ada.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := p.accounts.SignInByPhone(t.Context(), store.PhoneSignIn{Event: event("9"), Handle: ada.Handle, PIN: hazelPIN}); err != nil || ok {
		t.Errorf("who is disabled signed in: %t, %v", ok, err)
	}
	if _, ok, err := p.accounts.ByNumber(t.Context(), p.id, p.ann); err != nil || ok {
		t.Errorf("who is disabled is found: %t, %v", ok, err)
	}
}

// After ten wrong PINs in a day a handle takes none, and its owner's own phone does.
func TestHandlesAreTriedTenTimes(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	withAccount(t, p)
	ada := must(p.accounts.Get(t.Context(), p.id, p.row))
	at := noon
	for range 12 {
		at = at.Add(20 * time.Minute)
		if _, ok, err := p.accounts.SignInByPhone(t.Context(), store.PhoneSignIn{Event: store.Event{Line: p.id, At: at}, Handle: ada.Handle, PIN: "000000"}); ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	in := store.PhoneSignIn{Event: store.Event{Line: p.id, At: at}, Handle: ada.Handle, PIN: hazelPIN}
	if _, ok, err := p.accounts.SignInByPhone(t.Context(), in); ok || err != nil {
		t.Errorf("after too many attempts: %t, %v", ok, err)
	}
	in.Caller, in.Verified = p.ann, true
	if _, ok, err := p.accounts.SignInByPhone(t.Context(), in); !ok || err != nil {
		t.Errorf("from their own phone: %t, %v", ok, err)
	}
}

// A link to join anew, and disabling, leave nothing with which somebody signed in before:
// neither a telephone's PIN nor a key.
func TestNoKeyOutlivesALinkOrDisabling(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	withAccount(t, p)
	by := store.By{Actor: "Grace", At: noon}
	token := must(p.accounts.Relink(t.Context(), p.id, by, p.row, store.LinkJoin))
	ada, _, err := p.accounts.Join(t.Context(), p.id, store.Joining{Token: token, Lang: "en", At: noon, Passkey: &store.Passkey{Mark: store.PasskeyMark([]byte("new")), Name: "New", Credential: []byte("{}")}})
	if err != nil || ada.HasNumber || ada.HasPIN || ada.Passkeys != 1 {
		t.Errorf("after a new link: %+v, %v", ada, err)
	}
	if err := p.accounts.SetPhone(t.Context(), p.id, by, p.row, p.ann, hazelPIN); err != nil {
		t.Fatal(err)
	}
	if err := p.accounts.Delete(t.Context(), p.id, by, p.row); !errors.Is(err, store.ErrNotDisabled) {
		t.Errorf("an account in use is deleted: %v", err)
	}
	if err := p.accounts.Disable(t.Context(), p.id, by, p.row); err != nil {
		t.Fatal(err)
	}
	ada = must(p.accounts.Get(t.Context(), p.id, p.row))
	if ada.HasNumber || ada.HasPIN || ada.HasPassword || ada.HasTOTP || ada.Passkeys+ada.Codes != 0 {
		t.Errorf("after disabling: %+v", ada)
	}
	if err := p.accounts.Enable(t.Context(), p.id, by, p.row); err != nil {
		t.Fatal(err)
	}
	if ada = must(p.accounts.Get(t.Context(), p.id, p.row)); ada.State != store.AccountInvited {
		t.Errorf("an account with no key is %s", ada.State)
	}
	if err := p.accounts.Disable(t.Context(), p.id, by, p.row); err != nil {
		t.Fatal(err)
	}
	if err := p.accounts.Delete(t.Context(), p.id, by, p.row); err != nil {
		t.Fatal(err)
	}
	if _, err := p.accounts.Get(t.Context(), p.id, p.row); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a deleted account is there: %v", err)
	}
	if named := must(p.db.Column(t.Context(), `SELECT detail FROM audit WHERE act = 'account.delete'`)); len(named) != 1 || named[0] != "Ada" {
		t.Errorf("the log says %q of it", named)
	}
}

// A number counts once somebody has signed in from it whom the carriers vouch for, and
// for one account.
func TestANumberCountsOnceItIsProven(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	by := store.By{Actor: "Grace", At: noon}
	var ids []string
	for _, name := range []string{"Ada", "Bea"} {
		id := activeAccount(t, p.accounts, p.id, name, store.RoleCoordinator)
		if err := p.accounts.SetPhone(t.Context(), p.id, by, id, p.ann, hazelPIN); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	counts := func() string {
		t.Helper()
		who, ok, err := p.accounts.ByNumber(t.Context(), p.id, p.ann)
		if err != nil || ok != !must(p.accounts.NumberOf(t.Context(), p.id, ids[1])).IsZero() {
			t.Errorf("it counts by number: %t, %v", ok, err)
		}
		return who.ID
	}
	for _, c := range []struct {
		who      int
		verified bool
		want     string
	}{{1, false, ""}, {1, true, ids[1]}, {0, true, ids[1]}} {
		handle := must(p.accounts.Get(t.Context(), p.id, ids[c.who])).Handle
		if _, ok, err := p.accounts.SignInByPhone(t.Context(), store.PhoneSignIn{
			Event: store.Event{Line: p.id, At: noon}, Handle: handle, Caller: p.ann, Verified: c.verified, PIN: hazelPIN,
		}); !ok || err != nil {
			t.Errorf("signed in: %t, %v", ok, err)
		}
		if got := counts(); got != c.want {
			t.Errorf("after %+v it is %q's", c, got)
		}
	}
	if err := p.accounts.SetPhone(t.Context(), p.id, by, ids[1], p.bea, ""); err != nil {
		t.Fatal(err)
	}
	if n := must(p.accounts.NumberOf(t.Context(), p.id, ids[1])); !n.IsZero() {
		t.Error("another number counts at once")
	}
}

// A PIN of staff takes ten wrong attempts in a day, whichever day begins meanwhile, and
// twenty in thirty days.
func TestStaffPINsAreFrozenAfterTwenty(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	withAccount(t, p)
	ada := must(p.accounts.Get(t.Context(), p.id, p.row))
	at := time.Date(2026, 3, 10, 23, 0, 0, 0, time.UTC)
	took := func(pin string) bool {
		t.Helper()
		_, ok, err := p.accounts.SignInByPhone(t.Context(), store.PhoneSignIn{Event: store.Event{Line: p.id, At: at}, Handle: ada.Handle, PIN: pin})
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	for range 10 {
		took("000000")
		at = at.Add(5 * time.Minute)
	}
	at = at.Add(30 * time.Minute) // the next day
	if took(hazelPIN) {
		t.Error("a new day has given ten more attempts")
	}
	for range 30 {
		at = at.Add(10 * time.Hour)
		took("000000")
	}
	if took(hazelPIN) {
		t.Error("the PIN is taken after more than twenty wrong attempts")
	}
	if at = at.Add(31 * 24 * time.Hour); !took(hazelPIN) {
		t.Error("the PIN is not taken a month after")
	}
}

func TestAnAccountIsRungTenTimesADay(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	for i := range 11 {
		if err := p.accounts.MayRing(t.Context(), p.id, "ada", noon); errors.Is(err, store.ErrTooOften) != (i == 10) {
			t.Errorf("ring %d: %v", i, err)
		}
	}
}

// Who shares an address with somebody else's attempts is not shut out in a browser in
// which they have signed in, nor when they have ended their other sessions there.
func TestAKnownBrowserHasItsOwnBudget(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	id := activeAccount(t, p.accounts, p.id, "Ada", store.RoleOwner)
	const address, device = "198.51.100.7", "a token of the browser"
	if err := p.accounts.KnowDevice(t.Context(), p.id, id, device, noon); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := p.accounts.Try(t.Context(), p.id, address, noon); err != nil {
			t.Fatal(err)
		}
	}
	here := []byte("32 bytes that name a session, so")
	for _, c := range []struct {
		but  []byte
		want error
	}{{here, store.ErrNotFound}, {nil, store.ErrTooOften}} {
		if err := p.accounts.EndSessions(t.Context(), p.id, store.By{Actor: "Ada", At: noon}, id, c.but); err != nil {
			t.Fatal(err)
		}
		in := store.DeskSignIn{Line: p.id, Email: "Ada@example.org", Password: "wrong", Address: address, Device: device, At: noon}
		if _, err := p.accounts.SignIn(t.Context(), in); !errors.Is(err, c.want) {
			t.Errorf("sessions ended but %q: %v", c.but, err)
		}
	}
}

// A start makes the link of a first run with the rights of who serves, and the desk uses
// it up with its own.
func TestTheFirstOwnerTakesNoOtherRights(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	p := newPaths(t, dsn)
	now := func() time.Time { return noon }
	serve := store.NewAccounts(openURL(t, login(t, dsn, "", "hearthline_web", "hearthline_jobs")), p.keys, now)
	desk := store.NewAccounts(openURL(t, login(t, dsn, "", "hearthline_console")), p.keys, now)
	token, err := serve.FirstLink(t.Context(), p.id)
	if err != nil {
		t.Fatal(err)
	}
	if texts(t, p.look, `SELECT encode(hash, 'escape') FROM first_link`)[0] == token {
		t.Error("the token is in the database")
	}
	scope := store.Within(t.Context(), store.Scope{Line: p.id})
	if first, err := desk.IsFirst(scope, p.id, token); err != nil || !first {
		t.Errorf("the desk knows the link: %t, %v", first, err)
	}
	if _, err := desk.BeginFirst(scope, p.id, token, store.Invited{Email: "ada@example.org", Name: "Ada", Lang: "en"}); err != nil {
		t.Error(err)
	}
	if n := count(t, p.look, `SELECT count(*) FROM first_link`); n != 0 {
		t.Errorf("%d links are left", n)
	}
	if token, err := serve.FirstLink(t.Context(), p.id); err != nil || token != "" {
		t.Errorf("a link beside an owner: %t, %v", token != "", err)
	}
}
