package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Standing is what stands of the account.
type Standing struct {
	Status  string // "" is active; suspended and closed accounts take no calls
	Trial   bool
	Balance string // in dollars; "" is that of a subaccount, which has none
}

// Stand changes what stands of the account. At first it is a full one with money.
func (e *Emulator) Stand(s Standing) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.Status == "" {
		s.Status = "active"
	}
	e.standing = s
}

// NumberSetup returns how a number of the account is set up.
func (e *Emulator) NumberSetup(e164 string) (Number, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := e.number(e164)
	if n == nil {
		return Number{}, false
	}
	return n.Number, true
}

// MessagingServices returns the account's messaging services.
func (e *Emulator) MessagingServices() []MessagingService {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []MessagingService
	for _, s := range e.services {
		all = append(all, *s)
	}
	return all
}

// products are the operations of Twilio's hosts besides the first.
func products() []route {
	const services = "/v1/Services"
	return []route{
		{"GET " + services, pages, 200, (*Emulator).listServices},
		{"POST " + services, "FriendlyName UseInboundWebhookOnNumber", 201, (*Emulator).createService},
		{"POST " + services + "/{service}", "UseInboundWebhookOnNumber", 200, (*Emulator).updateService},
		{"DELETE " + services + "/{service}", "", 204, (*Emulator).deleteService},
		{"GET " + services + "/{service}/PhoneNumbers", pages, 200, (*Emulator).listServiceNumbers},
		{"POST " + services + "/{service}/PhoneNumbers", "PhoneNumberSid", 201, (*Emulator).addServiceNumber},
		{"DELETE " + services + "/{service}/PhoneNumbers/{number}", "", 204, (*Emulator).removeServiceNumber},
		{"GET " + services + "/{service}/Compliance/Usa2p", pages, 200, (*Emulator).listCampaigns},
		{"GET /v1/Tollfree/Verifications", "TollfreePhoneNumberSid" + pages, 200, (*Emulator).listVerifications},
		{"GET /v1/Alerts", "StartDate" + pages, 200, (*Emulator).listAlerts},
	}
}

// hostOf is which of Twilio's hosts has a path.
func hostOf(path string) string {
	switch {
	case strings.HasPrefix(path, "/v1/Alerts"):
		return "monitor.twilio.com"
	case strings.HasPrefix(path, "/v1/"):
		return "messaging.twilio.com"
	}
	return "api.twilio.com"
}

// metaPage is [page] as the newer products write it.
func metaPage[T any](q *restCall, key string, all []T, show func(T) map[string]any) (any, *restError) {
	older, bad := page(q, key, all, show)
	if bad != nil {
		return nil, bad
	}
	p := older.(map[string]any) // what page makes
	next := p["next_page_uri"]
	if s, ok := next.(string); ok {
		next = "https://" + hostOf(q.r.URL.Path) + strings.Replace(s, ".json?", "?", 1)
	}
	return map[string]any{key: p[key], "meta": map[string]any{"key": key, "page": p["page"], "page_size": p["page_size"], "next_page_url": next, "previous_page_url": nil}}, nil
}

func (e *Emulator) fetchAccount(*restCall) (any, *restError) {
	kind := "Full"
	if e.standing.Trial {
		kind = "Trial"
	}
	return map[string]any{"sid": e.account, "status": e.standing.Status, "type": kind, "friendly_name": "", "uri": "/" + apiVersion + "/Accounts/" + e.account + ".json"}, nil
}

func (e *Emulator) fetchBalance(q *restCall) (any, *restError) {
	if e.standing.Balance == "" {
		return nil, notFound(q.r.URL.Path)
	}
	return map[string]any{"account_sid": e.account, "balance": e.standing.Balance, "currency": "USD"}, nil
}

// listAlerts is the debugger: problems of calls and texts, newest first. What a
// program asked wrongly of the REST API is not in it.
func (e *Emulator) listAlerts(q *restCall) (any, *restError) {
	since := time.Time{}
	if q.given("StartDate") {
		t, err := time.Parse(time.RFC3339, q.str("StartDate"))
		if err != nil {
			return nil, badParameter(20001, "StartDate is not an ISO 8601 time")
		}
		since = t
	}
	var all []Problem
	for _, p := range slices.Backward(e.problems) {
		if p.Code/1000 != 20 && !p.At.Before(since) {
			all = append(all, p)
		}
	}
	return metaPage(q, "alerts", all, func(p Problem) map[string]any {
		return map[string]any{"error_code": strconv.Itoa(p.Code), "log_level": "error", "date_generated": p.At.UTC().Format(time.RFC3339), "alert_text": p.What, "account_sid": e.account}
	})
}

// twimlet is Twilio's own service that answers with the TwiML in its address.
// Source: https://www.twilio.com/labs/twimlets/echo
func twimlet(u *url.URL) (answer, bool) {
	if u.Host != "twimlets.com" || u.Path != "/echo" {
		return answer{}, false
	}
	return answer{status: http.StatusOK, media: "text/xml", body: []byte(u.Query().Get("Twiml")), at: u}, true
}
