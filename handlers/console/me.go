package console

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
	"rsc.io/qr"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// myself is the page about who is signed in.
type myself struct {
	Account  store.Account
	Passkeys []store.Passkey
	Sessions []shownSession
}

// shownSession is a browser in which somebody is signed in.
type shownSession struct {
	Key   string // hex; names it
	Agent string
	Since time.Time
	Seen  time.Time
	Here  bool
}

// myPage is one's own account.
func (p *page) myPage() error {
	form, err := p.myself()
	if err != nil {
		return err
	}
	return p.show("me", "gate.me", form)
}

func (p *page) myself() (myself, error) {
	account, err := p.me()
	if err != nil {
		return myself{}, err
	}
	form := myself{Account: account}
	if form.Passkeys, err = p.desk.Accounts.Passkeys(p.ctx(), p.line, account.ID); err != nil {
		return form, err
	}
	form.Sessions, err = p.sessionsOf(account.ID)
	return form, err
}

func (p *page) sessionsOf(account string) ([]shownSession, error) {
	all, err := p.desk.Accounts.SessionsOf(p.ctx(), p.line, account)
	if err != nil {
		return nil, err
	}
	var shown []shownSession
	for _, s := range all {
		shown = append(shown, shownSession{Key: hex.EncodeToString(s.Hash), Agent: s.Agent, Since: s.MadeAt, Seen: s.SeenAt, Here: slices.Equal(s.Hash, p.sessionHash())})
	}
	return shown, nil
}

// sessionHash names the session of the request.
func (p *page) sessionHash() []byte {
	if s := stored(p.ctx()); s != nil {
		return s.Hash
	}
	return nil
}

func (p *page) renameMe() error {
	name, lang := strings.TrimSpace(p.FormValue("name")), p.FormValue("lang")
	if name == "" || len(name) > 200 || !slices.Contains(languages, lang) {
		form, err := p.myself()
		if err != nil {
			return err
		}
		form.Account.Name = name
		return p.wrong("me", "gate.me", map[string]string{"name": "gate.name_missing"}, form)
	}
	if err := p.desk.Accounts.SetName(p.ctx(), p.line, p.by(), p.who.Account, name, lang); err != nil {
		return err
	}
	return p.done("/console/me", "gate.saved")
}

// app is what an app that makes codes scans or is told.
type app struct {
	Secret string
	Image  template.URL
}

// Spaced is the secret as somebody types it in.
func (a app) Spaced() string {
	return strings.TrimSpace(regexp.MustCompile(`.{4}`).ReplaceAllString(a.Secret, "$0 "))
}

// app is the secret that the browser's session keeps while an app is being set up.
func (p *page) app(account store.Account) (app, error) {
	secret := p.desk.sessions.GetString(p.ctx(), ofSecret)
	if secret == "" {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Hearthline", AccountName: "-"})
		if err != nil {
			return app{}, err
		}
		secret = key.Secret()
		p.desk.sessions.Put(p.ctx(), ofSecret, secret)
		if err := p.desk.sessions.save(p.Context); err != nil {
			return app{}, err
		}
	}
	at := url.URL{Scheme: "otpauth", Host: "totp", Path: "/Hearthline:" + account.Email, RawQuery: url.Values{"secret": {secret}, "issuer": {"Hearthline"}}.Encode()}
	image, err := qr.Encode(at.String(), qr.M)
	if err != nil {
		return app{}, err
	}
	image.Scale = 5
	return app{Secret: secret, Image: template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(image.PNG()))}, nil
}

// steps is the page on which a password and an app are set up.
type steps struct {
	Account store.Account
	app
}

func (p *page) mySteps() error {
	form, err := p.steps()
	if err != nil {
		return err
	}
	return p.show("steps", "gate.steps", form)
}

func (p *page) steps() (steps, error) {
	account, err := p.me()
	if err != nil {
		return steps{}, err
	}
	made, err := p.app(account)
	return steps{Account: account, app: made}, err
}

func (p *page) setMySteps() error {
	form, err := p.steps()
	if err != nil {
		return err
	}
	password := p.FormValue("password")
	if fault := p.passwordFault(password, form.Account); fault != "" {
		return p.wrong("steps", "gate.steps", map[string]string{"password": fault}, form)
	}
	codes, err := p.desk.Accounts.SetUp(p.ctx(), p.line, p.by(), p.who.Account, password, form.Secret, p.FormValue("code"), p.sessionHash())
	if errors.Is(err, store.ErrCodeWrong) {
		return p.wrong("steps", "gate.steps", map[string]string{"code": "gate.code_wrong"}, form)
	}
	if err != nil {
		return err
	}
	p.desk.sessions.Remove(p.ctx(), ofSecret)
	p.note("two_steps.set", p.who.Account)
	return p.showCodes(codes)
}

// setMyPassword changes a password; the app stays.
func (p *page) setMyPassword() error {
	form, err := p.myself()
	if err != nil {
		return err
	}
	if !form.Account.HasTOTP {
		return p.done("/console/me/steps", "")
	}
	password := p.FormValue("password")
	if fault := p.passwordFault(password, form.Account); fault != "" {
		return p.wrong("me", "gate.me", map[string]string{"password": fault}, form)
	}
	if err := p.desk.Accounts.SetPassword(p.ctx(), p.line, p.by(), p.who.Account, password, p.sessionHash()); err != nil {
		return err
	}
	p.note("password.set", p.who.Account)
	return p.done("/console/me", "gate.password_set")
}

// showCodes leads to the page that shows recovery codes once. A form sent twice makes
// them once, and its copy has none.
func (p *page) showCodes(codes []string) error {
	if len(codes) == 0 {
		return p.done("/console/me/codes", "")
	}
	p.desk.sessions.Put(p.ctx(), ofCodes, strings.Join(codes, " "))
	if err := p.desk.sessions.save(p.Context); err != nil {
		return err
	}
	return p.done("/console/me/codes", "")
}

// myCodes shows new recovery codes, once, or offers to make some.
func (p *page) myCodes() error {
	account, err := p.me()
	if err != nil {
		return err
	}
	form := struct {
		Left int
		New  []string
	}{Left: account.Codes}
	if kept := p.desk.sessions.PopString(p.ctx(), ofCodes); kept != "" {
		for code := range strings.FieldsSeq(kept) {
			form.New = append(form.New, spaced(code))
		}
		if err := p.desk.sessions.save(p.Context); err != nil {
			return err
		}
	}
	return p.show("codes", "gate.codes", form)
}

// spaced is a recovery code as it is read: in fours and fives.
func spaced(code string) string {
	return strings.TrimSpace(regexp.MustCompile(`.{5}`).ReplaceAllString(code, "$0 "))
}

func (p *page) makeMyCodes() error {
	codes, err := p.desk.Accounts.NewCodes(p.ctx(), p.line, p.by(), p.who.Account)
	if err != nil {
		return err
	}
	p.note("recovery_codes.made", p.who.Account)
	return p.showCodes(codes)
}

func (p *page) askForMyKey() error {
	if !p.TakesPasskeys() {
		return missing
	}
	account, err := p.me()
	if err != nil {
		return err
	}
	holder, err := p.keyHolder(account)
	if err != nil {
		return err
	}
	options, challenge, err := p.desk.passkeys.BeginRegistration(holder, exclude(holder))
	return p.ask(options, challenge, err)
}

func (p *page) addMyKey() error {
	form, err := p.myself()
	if err != nil {
		return err
	}
	key, ok, err := p.newKey(form.Account)
	if err != nil {
		return err
	}
	if !ok {
		return p.wrong("me", "gate.me", map[string]string{"passkey": "gate.key_refused"}, form)
	}
	if err := p.desk.Accounts.AddPasskey(p.ctx(), p.line, p.by(), p.who.Account, key); err != nil {
		return err
	}
	p.note("passkey.added", p.who.Account)
	return p.done("/console/me", "gate.key_added")
}

func (p *page) removeMyKey() error {
	err := p.desk.Accounts.RemovePasskey(p.ctx(), p.line, p.by(), p.who.Account, p.Param("passkey"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return missing
	case errors.Is(err, store.ErrLastKey):
		form, err := p.myself()
		if err != nil {
			return err
		}
		return p.wrong("me", "gate.me", map[string]string{"passkey": "gate.last_key"}, form)
	case err != nil:
		return err
	}
	p.note("passkey.removed", p.who.Account)
	return p.done("/console/me", "gate.key_removed")
}

// pin is what can be keyed in, as the line takes it: four digits are soon guessed.
var pin = regexp.MustCompile(`^[0-9]{6,10}$`)

// setMyPhone takes a number and a PIN, which no page shows again.
func (p *page) setMyPhone() error {
	form, err := p.myself()
	if err != nil {
		return err
	}
	faults := map[string]string{}
	var number vault.Number
	if typed := p.FormValue("number"); strings.TrimSpace(typed) != "" || !form.Account.HasNumber {
		if number, err = vault.ParseNumber(typed); err != nil {
			faults["number"] = "gate.number_wrong"
		} else if faults["number"], err = p.ringable(number); err != nil {
			return err
		}
	}
	if faults["number"] == "" {
		delete(faults, "number")
	}
	digits := p.FormValue("pin")
	if (digits != "" || !form.Account.HasPIN) && !pin.MatchString(digits) || isRun(digits) {
		faults["pin"] = "gate.pin_wrong"
	}
	if len(faults) > 0 {
		return p.wrong("me", "gate.me", faults, form)
	}
	if err := p.desk.Accounts.SetPhone(p.ctx(), p.line, p.by(), p.who.Account, number, digits); err != nil {
		return err
	}
	p.note("phone.set", p.who.Account)
	return p.done("/console/me", "gate.phone_set")
}

// ringable is what keeps the line from ringing a number, "" for nothing: it is ours, or
// in a country or a range that is not called.
func (p *page) ringable(n vault.Number) (fault string, err error) {
	ours, err := p.desk.Setup.DB.IsOurs(p.ctx(), p.desk.Keys, p.line, n)
	if err != nil {
		return "", err
	}
	if ours || p.desk.MayAsk != nil && !p.desk.MayAsk(n) {
		return "gate.number_not_rung", nil
	}
	return "", nil
}

// isRun says whether digits are all alike or count up or down.
func isRun(digits string) bool {
	if digits == "" {
		return false
	}
	alike, up, down := true, true, true
	for i := 1; i < len(digits); i++ {
		step := int(digits[i]) - int(digits[i-1])
		alike, up, down = alike && step == 0, up && step == 1, down && step == -1
	}
	return alike || up || down
}

func (p *page) clearMyPhone() error {
	if err := p.desk.Accounts.ClearPhone(p.ctx(), p.line, p.by(), p.who.Account); err != nil {
		return err
	}
	return p.done("/console/me", "gate.phone_cleared")
}

func (p *page) endMySession() error {
	return p.endSessionOf(p.who.Account, "/console/me")
}

func (p *page) endSessionOf(account, back string) error {
	hash, err := hex.DecodeString(p.Param("session"))
	if err != nil {
		return missing
	}
	if err := p.desk.Accounts.EndSessionOf(p.ctx(), p.line, p.by(), account, hash); err != nil {
		return gone(err)
	}
	return p.done(back, "gate.session_ended")
}

func (p *page) endMySessions() error {
	if err := p.desk.Accounts.EndSessions(p.ctx(), p.line, p.by(), p.who.Account, p.sessionHash()); err != nil {
		return err
	}
	return p.done("/console/me", "gate.sessions_ended")
}

// gone is missing for what is not there.
func gone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	return err
}

// SeenAgo says how long ago a browser was used.
func (p *page) SeenAgo(t time.Time) (string, error) {
	minutes := int(p.now.Sub(t) / time.Minute)
	if minutes < 60 {
		return p.N("gate.minutes_ago", max(minutes, 1))
	}
	return p.N("gate.hours_ago", minutes/60)
}

// Base is the path of the page.
func (myself) Base() string { return "/console/me" }
