package console

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

func regexpFirst(t *testing.T, pattern, in string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(in)
	if m == nil {
		t.Fatalf("nothing is like %s", pattern)
	}
	return m[1]
}

func TestASVS_13_6_2_1_PasswordsAreLongAndOtherwiseFree(t *testing.T) {
	t.Parallel()
	for password, fault := range map[string]string{
		"fourteen chars":                        "gate.password_short",
		"fifteen letters":                       "",
		"ñandúes y chigüi":                      "", // characters, not bytes
		"otter lamp violet tuesdays":            "", // no capital, no digit
		strings.Repeat("otter lamp violet ", 4): "gate.password_common",
		"a b c d e f g h i j k l m n o p q r s t u v w x y z and on and on to 64": "",
		strings.Repeat("x y", 500): "gate.password_long",
	} {
		if got := passwordFault(password); got != fault {
			t.Errorf("%.20q: %q, not %q", password, got, fault)
		}
	}
	k := newEmptyRig(t).keys
	long := strings.Repeat("a", 80)
	hash, err := k.HashPassword(t.Context(), long+"b")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := k.CheckPassword(t.Context(), hash, long+"c"); err != nil || ok {
		t.Error("what follows the 80th character does not count", err)
	}
}

func TestASVS_14_6_2_12_BreachedPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	if n := len(commonPasswords) / 4; n < 100_000 {
		t.Errorf("the list has %d passwords", n)
	}
	for _, password := range []string{"123456", "password", "qwertyuiop", "1q2w3e4r5t6y7u8i", "PASSWORD", "michael"} {
		if !isCommon(password) {
			t.Errorf("%s is not on the list", password)
		}
	}
	for _, password := range []string{"!!qwertyuiop2026!!", "passwordpassword", "aaaaaaaaaaaaaaaaaaaa"} {
		if passwordFault(password) != "gate.password_common" {
			t.Errorf("%s is taken", password)
		}
	}
}

func TestASVS_15_6_2_11_NamesAroundAreNoPasswords(t *testing.T) {
	t.Parallel()
	p := passwordFault("EveningGriefCircle2026!", "Evening grief circle")
	if p != "gate.password_near" || passwordFault("support-hearthline-1") != "gate.password_near" {
		t.Error("names of the line and its groups are taken")
	}
	if got := passwordFault("grief otters on bicycles", "Evening grief circle"); got != "" {
		t.Errorf("a name among other words: %s", got)
	}
}

func TestASVS_17_6_3_3_SecondFactorIsMandatory(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	b := r.browser()
	for _, code := range []string{"", "000000", strings.Repeat("A", 26)} {
		if status, _ := b.tries(ada, ada.password, code); status != http.StatusUnprocessableEntity || b.isIn() {
			t.Errorf("with the code %q: %d", code, status)
		}
	}
	if status, _ := b.tries(ada, ada.password, ada.code(r)); status != http.StatusSeeOther || !b.isIn() {
		t.Errorf("with a code: %d", status)
	}
}

func TestASVS_18_6_5_1_ACodeCountsOnce(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	code := ada.code(r)
	b := r.browser()
	if status, _ := b.tries(ada, "a wrong password", code); status != http.StatusUnprocessableEntity {
		t.Fatal(status)
	}
	if status, _ := b.tries(ada, ada.password, code); status != http.StatusUnprocessableEntity {
		t.Errorf("a code is taken after an attempt that failed: %d", status)
	}
	r.pass(30 * time.Second)
	b.signsIn(ada)
	if status, _ := r.browser().tries(ada, ada.password, ada.code(r)); status != http.StatusUnprocessableEntity {
		t.Errorf("a code is taken twice: %d", status)
	}
}

func TestASVS_19_6_5_5_CodesLastAMinuteAndAHalf(t *testing.T) {
	t.Parallel()
	for off, status := range map[time.Duration]int{
		30 * time.Second: http.StatusSeeOther, 60 * time.Second: http.StatusUnprocessableEntity,
		-30 * time.Second: http.StatusSeeOther, -60 * time.Second: http.StatusUnprocessableEntity,
	} {
		r := newEmptyRig(t)
		ada := r.account("Ada", store.RoleOwner)
		r.pass(5 * time.Minute)
		code := ada.code(r)
		r.pass(off)
		if got, _ := r.browser().tries(ada, ada.password, code); got != status {
			t.Errorf("%s after it was shown: %d", off, got)
		}
	}
}

func TestASVS_20_6_5_2_RecoveryCodes(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	if len(ada.codes) != 10 {
		t.Fatalf("%d codes", len(ada.codes))
	}
	for _, code := range ada.codes {
		if len(code)*5 < 112 { // base32
			t.Errorf("a code has %d bits", len(code)*5)
		}
	}
	b := r.browser()
	if status, _ := b.tries(ada, "a wrong password", ada.codes[0]); status != http.StatusUnprocessableEntity {
		t.Fatal(status)
	}
	if status, _ := b.tries(ada, ada.password, strings.ToLower(spaced(ada.codes[0]))); status != http.StatusSeeOther {
		t.Errorf("with a recovery code: %d", status)
	}
	if status, _ := r.browser().tries(ada, ada.password, ada.codes[0]); status != http.StatusUnprocessableEntity {
		t.Errorf("with the same one again: %d", status)
	}
}

func TestASVS_21_6_3_1_AttemptsAreThrottled(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	b := r.browser()
	try := func(email string) string {
		_, body := b.tries(somebody{Account: store.Account{Email: email}}, "x", "1")
		return body
	}
	for range 5 {
		if strings.Contains(try("ada@example.org"), "too many") {
			t.Fatal("refused too early")
		}
	}
	if !strings.Contains(try("ada@example.org"), "too many") {
		t.Error("a sixth attempt at an account is looked at")
	}
	// It takes longer each time.
	r.pass(15 * time.Minute)
	looked := 0
	for range 6 {
		if !strings.Contains(try("ada@example.org"), "too many") {
			looked++
		}
	}
	if looked == 0 || looked >= 5 {
		t.Errorf("%d attempts are looked at a quarter of an hour later", looked)
	}
	// And from one address, whatever is tried.
	b.from = "198.51.100.7"
	for i := range 21 {
		status, _ := b.do(http.MethodPost, "/console/sign-in/passkey/begin", url.Values{})
		if want := map[bool]int{true: http.StatusOK, false: http.StatusTooManyRequests}[i < 20]; status != want {
			t.Errorf("attempt %d from one address: %d", i+1, status)
		}
	}
	// What cannot be counted is not looked at.
	ctx, cancel := context.WithCancel(r.ctx())
	cancel()
	if _, err := r.accounts().SignIn(ctx, store.DeskSignIn{Line: r.line, Email: "ada@example.org", At: r.time()}); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("without a database: %v", err)
	}
}

func TestASVS_22_6_1_1_NobodyIsLockedOutByOthers(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	hers, attacker := r.browser(), r.browser()
	hers.signsIn(ada)
	hers.post("/console/sign-out", nil)
	attacker.from = "198.51.100.7"
	for range 6 {
		attacker.tries(ada, "x", "1")
	}
	r.pass(time.Minute)
	if _, body := attacker.tries(ada, "x", "1"); !strings.Contains(body, "too many") {
		t.Fatal("the attacker goes on")
	}
	if status, _ := hers.tries(ada, ada.password, ada.code(r)); status != http.StatusSeeOther {
		t.Errorf("from her own browser: %d", status)
	}
}

func TestASVS_23_6_3_8_NobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	nobody := somebody{Account: store.Account{Email: "bea@example.org"}}
	b := r.browser()
	shape := func(s somebody) (int, string) {
		status, body := b.tries(s, "x", "1")
		body = regexp.MustCompile(`nonce="[^"]*"|`+regexp.QuoteMeta(s.Email)).ReplaceAllString(body, "")
		return status, body
	}
	status, known := shape(ada)
	other, unknown := shape(nobody)
	if status != other || known != unknown {
		t.Errorf("answered %d and %d, alike: %t", status, other, known == unknown)
	}
	// Both hash a password, which takes 100 times as long as the rest. What else the machine
	// does makes some tries longer, and none shorter.
	least := map[string]time.Duration{}
	apart := func() bool {
		one, other := least[ada.Email], least[nobody.Email]
		return one*4 < other || other*4 < one
	}
	for round := 0; round == 0 || round < 20 && apart(); round++ {
		r.pass(24 * time.Hour)
		for _, s := range []somebody{ada, nobody} {
			began := time.Now()
			_, body := b.tries(s, "x", "1")
			if took := time.Since(began); round == 0 || took < least[s.Email] {
				least[s.Email] = took
			}
			if strings.Contains(body, "too many") {
				t.Fatal("nothing is hashed any more")
			}
		}
	}
	if apart() {
		t.Errorf("it takes %s for nobody and %s for somebody", least[nobody.Email], least[ada.Email])
	}
}

func TestASVS_24_6_4_1_LinksWorkOnceForADay(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	token := r.invite("Ada", store.RoleOwner)
	r.pass(24*time.Hour - time.Minute)
	if _, err := r.accounts().Linked(r.ctx(), r.line, token); err != nil {
		t.Error(err)
	}
	r.pass(time.Minute)
	if _, err := r.accounts().Linked(r.ctx(), r.line, token); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a day: %v", err)
	}
	again := r.invite("Bea", store.RoleOwner)
	r.join(again)
	if _, err := r.accounts().Linked(r.ctx(), r.line, again); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after it was used: %v", err)
	}
}

// Whoever invites somebody says in which language they read; that their browser has
// another changes nothing of it.
func TestALinkIsInTheLanguageOfWhoIsInvited(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	for lang, want := range map[string]string{"es": "Prepare su cuenta", "en": "Set up your account", "": "Set up your account"} {
		token, err := r.accounts().Invite(r.ctx(), r.line, store.By{Actor: "Grace", At: r.time()},
			store.Invited{Email: "ada" + lang + "@example.org", Name: "Ada", Role: store.RoleOwner, Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		b := r.browser()
		if status, to := b.do(http.MethodPost, "/console/join", url.Values{"code": {token}}); status != http.StatusSeeOther {
			t.Fatal(status, to)
		}
		if _, body := b.get("/console/join"); !strings.Contains(body, want) {
			t.Errorf("invited in %q: no %q on the page", lang, want)
		}
	}
}

func TestASVS_25_6_4_3_ALinkForAPasswordSkipsNoCode(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	token, err := r.accounts().Relink(r.ctx(), r.line, store.By{Actor: "Grace", At: r.time()}, ada.ID, store.LinkPassword)
	if err != nil {
		t.Fatal(err)
	}
	b := r.browser()
	const password = "seven brass kettles sing"
	if status, to := b.do(http.MethodPost, "/console/join", url.Values{"code": {strings.ToLower(token)}}); status != http.StatusSeeOther {
		t.Fatal(status, to)
	}
	if status, to := b.do(http.MethodPost, "/console/join/password", url.Values{"password": {password}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/console/sign-in") {
		t.Fatal(status, to)
	}
	if b.isIn() {
		t.Error("a link signs in")
	}
	if status, _ := b.tries(ada, password, "000000"); status != http.StatusUnprocessableEntity {
		t.Errorf("without a code: %d", status)
	}
	if status, _ := b.tries(ada, password, ada.code(r)); status != http.StatusSeeOther {
		t.Errorf("with a code: %d", status)
	}
}

func TestASVS_26_6_4_6_NobodySetsAnothersPassword(t *testing.T) {
	t.Parallel()
	for _, r := range routes {
		if strings.Contains(r.path, "/people") && strings.Contains(r.path, "password") {
			t.Errorf("%s sets somebody else's password", r.path)
		}
	}
	d := gateFull(t)
	_, body := d.get("/console/people/" + d.who.Account)
	if strings.Contains(body, `type="password"`) || strings.Contains(body, `name="password"`) {
		t.Error("the page about somebody asks for a password")
	}
}

func TestASVS_27_7_5_1_WhatIsNotToBeUndoneNeedsAProof(t *testing.T) {
	t.Parallel()
	must := []string{
		"/console/people/new", "/console/people/:account/role", "/console/people/:account/disable", "/console/people/:account/link",
		"/console/me/password", "/console/me/steps", "/console/me/codes", "/console/me/passkeys", "/console/me/phone",
	}
	for _, r := range routes {
		for _, path := range must {
			if r.method == post && r.path == path && r.also&fresh == 0 {
				t.Errorf("%s asks for no proof", path)
			}
		}
		// Exports and erasures of people, too.
		if strings.HasPrefix(r.path, "/console/requests/") && r.method == post && r.also&fresh == 0 && regexp.MustCompile(`export|erase|forget`).MatchString(r.path) {
			t.Errorf("%s asks for no proof", r.path)
		}
	}
	d := newEmptyRig(t).asOwner()
	for _, c := range []struct {
		after time.Duration
		to    string
	}{{5 * time.Minute, "/console/me?done=gate.phone_cleared"}, {time.Second, "/console/again?to=%2Fconsole%2Fme"}} {
		d.pass(c.after)
		if _, to := d.post("/console/me/phone/remove", nil); to != c.to {
			t.Errorf("%s later: led to %s", c.after, to)
		}
	}
	if ownPath("https://evil.example/console") != "/console" || ownPath("//evil.example") != "/console" || ownPath("/console/me") != "/console/me" {
		t.Error("a proof leads elsewhere")
	}
}

func TestASVS_28_6_3_2_ThereIsNoDefaultAccount(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	all, err := r.accounts().List(r.ctx(), r.line)
	if err != nil || len(all) != 0 {
		t.Errorf("%d accounts from the beginning, %v", len(all), err)
	}
	b := r.browser()
	if status, _ := b.do(http.MethodPost, "/console/sign-in/demo", url.Values{}); status != http.StatusNotFound {
		t.Errorf("signing in to a demo that there is not: %d", status)
	}
}

func TestASVS_41_16_3_1_SecurityEventsAreLogged(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	b := r.browser()
	b.do(http.MethodPost, "/console/sign-in", url.Values{"email": {"x@example.org\nlevel=ERROR forged"}, "password": {"secret words here"}, "code": {"1"}})
	b.signsIn(ada)
	b.post("/console/sign-out", nil)
	text := r.log.String()
	for _, event := range []string{"security=sign_in.refused", "security=sign_in ", "security=sign_out"} {
		if !strings.Contains(text, event) {
			t.Errorf("the log lacks %s", event)
		}
	}
	for _, secret := range []string{"forged", "secret words", ada.Email, ada.password} {
		if strings.Contains(text, secret) {
			t.Errorf("the log has what was typed")
		}
	}
	report, err := store.NewAudit(r.db, r.keys).Verify(r.ctx(), r.line, nil)
	if err != nil || !report.Whole() || report.Entries < 3 {
		t.Errorf("%d entries, whole: %t, %v", report.Entries, report.Whole(), err)
	}
	if !bytes.Contains([]byte(text), []byte(ada.ID)) {
		t.Error("the log does not say whose account it was")
	}
}
