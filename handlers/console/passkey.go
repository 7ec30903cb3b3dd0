package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// newPasskeys asks for keys of the host of publicURL, which know who is before them. It
// is nil where that host is an IP address, to which no browser binds a passkey (Web
// Authentication, section 5.1.3: the effective domain is a domain).
func newPasskeys(publicURL string) (*webauthn.WebAuthn, error) {
	at, err := url.Parse(publicURL)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(at.Hostname()); err == nil {
		return nil, nil
	}
	return webauthn.New(&webauthn.Config{
		RPID: at.Hostname(), RPDisplayName: "Hearthline", RPOrigins: []string{at.Scheme + "://" + at.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
		AttestationPreference: protocol.PreferNoAttestation,
	})
}

// TakesPasskeys says whether the desk's address is one that passkeys can be of.
func (p *page) TakesPasskeys() bool { return p.desk.passkeys != nil }

// keyHolder is an account as the web authentication library sees one.
type keyHolder struct {
	account     store.Account
	credentials []webauthn.Credential
}

func (h keyHolder) WebAuthnID() []byte                         { return []byte(h.account.ID) }
func (h keyHolder) WebAuthnName() string                       { return h.account.Email }
func (h keyHolder) WebAuthnDisplayName() string                { return h.account.Name }
func (h keyHolder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

func (p *page) keyHolder(account store.Account) (keyHolder, error) {
	h := keyHolder{account: account}
	keys, err := p.desk.Accounts.Passkeys(p.ctx(), p.line, account.ID)
	if err != nil {
		return h, err
	}
	for _, k := range keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Credential, &c); err != nil {
			return h, fmt.Errorf("passkey: %w", err)
		}
		h.credentials = append(h.credentials, c)
	}
	return h, nil
}

// ask sends what a browser needs to ask for a passkey, and keeps the challenge.
func (p *page) ask(options any, challenge *webauthn.SessionData, err error) error {
	if err != nil {
		return err
	}
	kept, err := json.Marshal(challenge)
	if err != nil {
		return err
	}
	p.desk.sessions.Put(p.ctx(), ofChallenge, string(kept))
	if err := p.desk.sessions.save(p.Context); err != nil {
		return err
	}
	return p.JSON(http.StatusOK, options)
}

// challenge is what was kept of asking, which is answered once.
func (p *page) challenge() (webauthn.SessionData, error) {
	var s webauthn.SessionData
	if !p.TakesPasskeys() {
		return s, errNoChallenge
	}
	kept := p.desk.sessions.PopString(p.ctx(), ofChallenge)
	if kept == "" {
		return s, errNoChallenge
	}
	if err := p.desk.sessions.save(p.Context); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(kept), &s)
}

var errNoChallenge = echo.NewHTTPError(http.StatusBadRequest)

// newKey is the passkey that a browser has made for an account; ok is false when it
// has not.
func (p *page) newKey(account store.Account) (key store.Passkey, ok bool, err error) {
	challenge, err := p.challenge()
	if err != nil {
		return key, false, err
	}
	answer, err := protocol.ParseCredentialCreationResponseBody(strings.NewReader(p.FormValue("credential")))
	if err != nil {
		return key, false, nil
	}
	holder, err := p.keyHolder(account)
	if err != nil {
		return key, false, err
	}
	credential, err := p.desk.passkeys.CreateCredential(holder, challenge, answer)
	if err != nil {
		return key, false, nil
	}
	kept, err := json.Marshal(credential)
	name := strings.TrimSpace(p.FormValue("name"))
	if name == "" || len(name) > 100 {
		name = agent(p.Request().UserAgent())
	}
	return store.Passkey{Mark: store.PasskeyMark(credential.ID), Name: name, Credential: kept}, true, err
}

// usedKey is the account whose passkey a browser has shown; ok is false for none of
// ours.
func (p *page) usedKey() (account store.Account, key store.Passkey, ok bool, err error) {
	challenge, err := p.challenge()
	if err != nil {
		return account, key, false, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBody(strings.NewReader(p.FormValue("credential")))
	if err != nil {
		return account, key, false, nil
	}
	whose := func(_, handle []byte) (webauthn.User, error) {
		if account, err = p.desk.Accounts.Get(p.ctx(), p.line, string(handle)); err != nil {
			return nil, err
		}
		return p.keyHolder(account)
	}
	_, credential, err := p.desk.passkeys.ValidatePasskeyLogin(whose, challenge, answer)
	if err != nil || credential.Authenticator.CloneWarning {
		return account, key, false, nil
	}
	kept, err := json.Marshal(credential)
	return account, store.Passkey{Mark: store.PasskeyMark(credential.ID), Credential: kept}, true, err
}

// exclude has a browser make no second key where it has one.
func exclude(h keyHolder) webauthn.RegistrationOption {
	var known []protocol.CredentialDescriptor
	for c := range slices.Values(h.credentials) {
		known = append(known, c.Descriptor())
	}
	return webauthn.WithExclusions(known)
}
