package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// What follows are the 42 items that the desk is held to, numbered as in deploy/asvs.md
// and named by the section of OWASP ASVS 5.0.

// signedInCookie is the cookie of a browser that has just signed in.
func signedInCookie(t *testing.T) (*browser, somebody, *http.Cookie) {
	t.Helper()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	b := r.browser()
	b.signsIn(ada)
	return b, ada, b.cookies[sessionCookie]
}

func TestASVS_01_3_3_1_CookiesAreOfTheHostAlone(t *testing.T) {
	t.Parallel()
	b, ada, c := signedInCookie(t)
	for _, c := range []*http.Cookie{c, b.cookies[deviceCookie]} {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || c.Path != "/" || c.Domain != "" {
			t.Errorf("the cookie is %v", c)
		}
		if !c.HttpOnly { // (2)
			t.Errorf("a script can read %s", c.Name)
		}
		if c.SameSite != http.SameSiteStrictMode { // (3)
			t.Errorf("%s goes along from other sites", c.Name)
		}
	}
	// (4): 128 bits and more, of which a hash is stored.
	if len(c.Value) < 32 {
		t.Errorf("the token has %d characters", len(c.Value))
	}
	all, err := b.accounts().SessionsOf(b.ctx(), b.line, ada.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	if !bytes.Equal(all[0].Hash, hashOf(c.Value)) || bytes.Contains(all[0].Hash, []byte(c.Value)) {
		t.Error("what is stored of the token is not its hash")
	}
}

func TestASVS_02_3_3_4_NoScriptReadsACookie(t *testing.T) {
	t.Parallel()
	if !cookie("a", "b", 0).HttpOnly {
		t.Error("a script can read cookies")
	}
}

func TestASVS_03_3_3_2_NoOtherSiteSendsACookie(t *testing.T) {
	t.Parallel()
	if cookie("a", "b", 0).SameSite != http.SameSiteStrictMode {
		t.Error("other sites' links and forms send cookies")
	}
}

func TestASVS_04_7_2_3_TokensAreRandomAndStoredHashed(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	seen := map[string]bool{}
	for range 3 {
		b := r.browser()
		b.do(http.MethodPost, "/console/sign-in/passkey/begin", url.Values{}) // begins a session
		token := b.cookies[sessionCookie].Value
		if len(token) < 43 || seen[token] { // 256 bits in base64
			t.Errorf("a token of %d characters, seen before: %t", len(token), seen[token])
		}
		seen[token] = true
		if _, err := r.accounts().Session(r.ctx(), r.line, []byte(token)); err == nil {
			t.Error("the token itself is stored")
		}
		if _, err := r.accounts().Session(r.ctx(), r.line, hashOf(token)); err != nil {
			t.Error(err)
		}
	}
}

func TestASVS_05_7_2_4_SigningInAndProvingMakeANewToken(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	b := r.browser()
	b.do(http.MethodPost, "/console/sign-in/passkey/begin", url.Values{})
	planted := b.cookies[sessionCookie].Value
	b.signsIn(ada)
	first := b.cookies[sessionCookie].Value
	if first == planted {
		t.Error("a token from before signing in stays in use")
	}
	if code, _ := b.post("/console/again", url.Values{"password": {ada.password}, "to": {"/console/me"}}); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	if b.cookies[sessionCookie].Value == first {
		t.Error("a proof makes no new token")
	}
	for _, old := range []string{planted, first} {
		thief := b.another()
		thief.cookies[sessionCookie] = &http.Cookie{Name: sessionCookie, Value: old}
		if thief.isIn() {
			t.Error("the token from before is still good")
		}
	}
}

func TestASVS_06_7_4_1_SigningOutEndsTheSessionAtTheServer(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	b := r.browser()
	b.begins(r.key("Ada", store.RoleOwner))
	kept := *b.cookies[sessionCookie]
	if code, _ := b.post("/console/sign-out", nil); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	b.cookies[sessionCookie] = &kept
	if b.isIn() {
		t.Error("the token is good after signing out")
	}
}

func TestASVS_07_7_4_2_DisablingEndsEverySession(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	r.key("Ada", store.RoleOwner)
	bea := r.key("Bea", store.RoleCoordinator)
	b := r.browser()
	b.begins(bea)
	if !b.isIn() {
		t.Fatal("she is not signed in")
	}
	if err := r.accounts().Disable(r.ctx(), r.line, store.By{Actor: "Ada", At: r.time()}, bea.ID); err != nil {
		t.Fatal(err)
	}
	if b.isIn() { // the very next request
		t.Error("who is disabled is still signed in")
	}
}

// A form whose sender was slow has nobody be signed in again who was signed out since.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.account("Ada", store.RoleOwner)
	b := r.browser()
	b.signsIn(ada)
	_, body := b.get("/console/again")
	form := url.Values{"password": {ada.password}, "to": {"/console/me"}, "token": {tokenField.FindStringSubmatch(body)[1]}}.Encode()
	half, rest := form[:len(form)/2], form[len(form)/2:]
	slow, send := io.Pipe()
	request, err := http.NewRequestWithContext(r.ctx(), http.MethodPost, b.url+"/console/again", slow)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.AddCookie(&http.Cookie{Name: sessionCookie, Value: b.cookies[sessionCookie].Value})
	ended := make(chan error, 1)
	go func() {
		_, err := io.WriteString(send, half)
		if err == nil {
			err = r.accounts().EndSessions(r.ctx(), r.line, store.By{Actor: "Ada", At: r.time()}, ada.ID, nil)
		}
		if err == nil {
			_, err = io.WriteString(send, rest)
		}
		ended <- errors.Join(err, send.Close())
	}()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	all, err := r.accounts().SessionsOf(r.ctx(), r.line, ada.ID)
	if err != nil || len(all) != 0 {
		t.Errorf("%d sessions after all were ended, %v", len(all), err)
	}
}

// What was read of a session before it ended is not written after.
func TestAnEndedSessionIsNotWritten(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.key("Ada", store.RoleOwner)
	r.session(ada, "Firefox")
	old, err := r.accounts().Session(r.ctx(), r.line, hashOf("Firefox"))
	if err != nil {
		t.Fatal(err)
	}
	renewed := old
	renewed.Hash = hashOf("another token")
	if err := r.accounts().PutSession(r.ctx(), r.line, renewed, old.Hash); err != nil {
		t.Fatal(err)
	}
	if err := r.accounts().EndSessions(r.ctx(), r.line, store.By{Actor: "Ada", At: r.time()}, ada.ID, nil); err != nil {
		t.Fatal(err)
	}
	for _, s := range []store.DeskSession{old, renewed} {
		if err := r.accounts().PutSession(r.ctx(), r.line, s, renewed.Hash); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an ended session was written: %v", err)
		}
	}
}

func TestFormsAreShortAndOfOneKind(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).nobody()
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		kind       string
		size, want int
	}{
		{form, longestForm, http.StatusUnprocessableEntity}, {form, longestForm + 1, http.StatusRequestEntityTooLarge},
		{"multipart/form-data; boundary=x", 100, http.StatusUnsupportedMediaType}, {"", 100, http.StatusUnsupportedMediaType},
	} {
		body := "email=" + strings.Repeat("x", c.size-len("email="))
		request, err := http.NewRequestWithContext(d.ctx(), http.MethodPost, d.url+"/console/sign-in", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", c.kind)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != c.want {
			t.Errorf("%q of %d bytes: %d", c.kind, c.size, answer.StatusCode)
		}
	}
}

func TestASVS_08_7_3_1_IdleSessionsEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		idle    time.Duration
		holding bool
		in      bool
	}{
		"14 minutes":                  {14 * time.Minute, false, true},
		"15 minutes":                  {15 * time.Minute, false, false},
		"15 minutes, while holding":   {15 * time.Minute, true, true},
		"59 minutes, while holding":   {59 * time.Minute, true, true},
		"60 minutes, holding or not":  {60 * time.Minute, true, false},
		"one request every 10 for 40": {0, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newEmptyRig(t)
			b := r.browser()
			b.pages.Holding = func(context.Context, string) bool { return c.holding }
			b.begins(r.key("Ada", store.RoleOwner))
			if c.idle == 0 {
				for range 4 {
					r.pass(10 * time.Minute)
					b.get("/console/me")
				}
			}
			r.pass(c.idle)
			if status, to := b.get("/console/me"); (status == http.StatusOK) != c.in || !c.in && to != "/console/sign-in?done=gate.out_idle" {
				t.Errorf("answered %d %.100s", status, to)
			}
		})
	}
}

func TestASVS_09_7_3_2_SessionsEndAfterEightHours(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	b := r.browser()
	b.begins(r.key("Ada", store.RoleOwner))
	for range 47 {
		r.pass(10 * time.Minute)
		if !b.isIn() {
			t.Fatal("signed out before its time")
		}
	}
	r.pass(10 * time.Minute)
	if b.isIn() {
		t.Error("signed in for more than 8 hours")
	}
}

func TestASVS_10_7_5_2_OnesOwnSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.key("Ada", store.RoleViewer)
	b, other := r.browser(), r.browser()
	b.begins(ada)
	other.begins(ada)
	_, body := b.get("/console/me")
	key := regexpFirst(t, `/console/me/sessions/([0-9a-f]{64})/end`, body)
	if code, _ := b.post("/console/me/sessions/"+key+"/end", nil); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	if other.isIn() || !b.isIn() {
		t.Error("the other session was not ended, or this one was")
	}
}

func TestASVS_11_7_4_5_AnOwnerEndsSessions(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada, bea := r.key("Ada", store.RoleOwner), r.key("Bea", store.RoleCoordinator)
	b, hers := r.browser(), r.browser()
	b.begins(ada)
	hers.begins(bea)
	if code, _ := b.post("/console/people/"+bea.ID+"/sessions/end", nil); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	if hers.isIn() || !b.isIn() {
		t.Error("her session was not ended, or the owner's was")
	}
}

func TestASVS_12_7_1_2_TwoSessionsAtOnce(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	ada := r.key("Ada", store.RoleOwner)
	var all []*browser
	for range 3 {
		b := r.browser()
		b.begins(ada)
		all = append(all, b)
		r.pass(time.Minute)
	}
	if all[0].isIn() || !all[1].isIn() || !all[2].isIn() {
		t.Error("the first of three sessions goes on, or a later one ended")
	}
}

// The line rings no number that is its own, costs more than others or is in a country
// that it does not serve.
func TestStaffNumbersAreOnesThatAreRung(t *testing.T) {
	t.Parallel()
	d := newRig(t).asOwner()
	for number, want := range map[string]int{
		lineNumber: http.StatusUnprocessableEntity, "+19005550111": http.StatusUnprocessableEntity, "+2399012345": http.StatusUnprocessableEntity,
		crisisNumber: http.StatusUnprocessableEntity, "+12125550177": http.StatusSeeOther,
	} {
		if code, to := d.post("/console/me/phone", url.Values{"number": {number}, "pin": {"58203917"}}); code != want {
			t.Errorf("%s: %d %.80s", number, code, to)
		}
	}
	if code, _ := d.post("/console/me/phone", url.Values{"pin": {"58203917046"}}); code != http.StatusUnprocessableEntity {
		t.Error("a PIN that cannot be keyed in is taken")
	}
}

// Whom callers in need are connected to, and with which PIN somebody signs in, changes
// upon a proof that is five minutes old at most.
func TestNumbersAndPINsChangeUponAProof(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.key("Ada", store.RoleOwner)
	settings := url.Values{"name": {"The line"}, "zone": {"UTC"}, "languages": {"en"}, "greets": {"en"}, "crisis_name": {"988"}}
	with := func(field, value string) url.Values {
		form := url.Values{}
		for k, v := range settings {
			form[k] = v
		}
		form.Set(field, value)
		return form
	}
	d := r.as(store.RoleOwner)
	for i := range 2 {
		old := r.time().Sub(d.who.Proven) > provenFor
		for name, form := range map[string]url.Values{
			"number": with("crisis", fmt.Sprintf("+1212555018%d", i)), "name": with("crisis_name", fmt.Sprintf("Another line %d", i)),
			"number to dial in danger": with("emergency", fmt.Sprintf("11%d", i)),
		} {
			code, _ := d.post("/console/settings", form)
			if (code == http.StatusUnprocessableEntity) != old {
				t.Errorf("the crisis line's %s, proof old %t: %d", name, old, code)
			}
		}
		_, body := d.post("/console/groups/"+r.groupID(griefCode)+"/edit", url.Values{"alias": {"Fern"}, "phone": {"+12125550199"}, "pin": {"58203917"}, "person": {""}, "bridge": {"+13015550161"}})
		if got := strings.Count(body, "Prove first that it is you"); (got == 3) != old {
			t.Errorf("proof old %t: %d fields of the group ask for one", old, got)
		}
		r.pass(provenFor + time.Second)
	}
	d.who.Proven = r.time()
	for _, number := range []string{lineNumber, "+19005550111", "+2399012345"} {
		if code, _ := d.post("/console/settings", with("crisis", number)); code != http.StatusUnprocessableEntity {
			t.Errorf("the crisis line's number is %s: %d", number, code)
		}
	}
}

// A stream ends as soon as its reader is signed out.
func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser()
	ada := r.key("Ada", store.RoleOwner)
	b.begins(ada)
	ctx, cancel := context.WithTimeout(r.ctx(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/console/groups/"+r.groupID(griefCode)+"/live/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "text/event-stream")
	request.AddCookie(&http.Cookie{Name: sessionCookie, Value: b.cookies[sessionCookie].Value})
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if err := r.accounts().EndSessions(r.ctx(), r.line, store.By{Actor: "Ada", At: r.time()}, ada.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, answer.Body); err != nil { // it would go on until ctx ends
		t.Error(err)
	}
}
