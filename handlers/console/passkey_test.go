package console

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/store"
)

// Somebody opens their link, makes a passkey, signs out, and signs in with it: in a
// real browser, over http://localhost, which it takes for secure.
func TestPasskeys(t *testing.T) {
	r := newEmptyRig(t)
	token := r.invite("Ada", store.RoleOwner)
	b := r.browser()
	at, err := url.Parse(b.url)
	if err != nil {
		t.Fatal(err)
	}
	home := "http://localhost:" + at.Port()
	if b.pages.passkeys, err = newPasskeys(home); err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.Tab(t, home+"/console/sign-in", browsertest.Desktop)
	browsertest.Do(t, ctx,
		webauthn.Enable(),
		chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
			}).Do(ctx)
			return err
		}),
		chromedp.Navigate(home+"/console/join#"+strings.ToLower(token)),
	)
	browsertest.Eventually(t, ctx, `document.querySelector("[data-fragment]")?.value.length > 20 && location.hash === ""`)
	browsertest.Do(t, ctx, chromedp.Click(`form[action="/console/join"] button`))
	browsertest.Do(t, ctx,
		chromedp.WaitVisible(`[data-passkey=create] button`),
		chromedp.Click(`[data-passkey=create] button`),
		chromedp.WaitVisible(`.codes li:nth-child(10)`),
	)
	r.pass(time.Minute)
	browsertest.Do(t, ctx,
		chromedp.Click(`form[action="/console/sign-out"] button`),
		chromedp.WaitVisible(`[data-passkey=get] button`),
		chromedp.Click(`[data-passkey=get] button`),
		chromedp.WaitVisible(`form[action="/console/first/name"]`), // a line that is not set up begins there
	)
	ada, err := r.accounts().List(r.ctx(), r.line)
	if err != nil || len(ada) != 1 || ada[0].Passkeys != 1 || ada[0].HasPassword || ada[0].State != store.AccountActive {
		t.Errorf("%+v %v", ada, err)
	}
}
