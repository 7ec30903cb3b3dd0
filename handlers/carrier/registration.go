package carrier

import (
	"context"
	"net/http"
	"net/url"
)

// Registration is how far the phone companies' permission to text has come.
type Registration string

// The states of a registration.
const (
	Unregistered Registration = "missing"
	Pending      Registration = "pending"
	Verified     Registration = "verified"
	Refused      Registration = "failed"
)

// Campaign reads how far the campaign of a messaging service is registered, which
// texts from local numbers of the United States need.
// Source: https://www.twilio.com/docs/messaging/api/usapptoperson-resource
func (c *Client) Campaign(ctx context.Context, service string) (Registration, error) {
	const op = "read campaign"
	if !serviceSID.MatchString(service) {
		return "", malformed(op)
	}
	var answer struct {
		Compliance []struct {
			Status string `json:"campaign_status"`
		}
	}
	err := c.ask(ctx, op, http.MethodGet, messagingHost+"/v1/Services/"+service+"/Compliance/Usa2p", url.Values{}, &answer)
	if err != nil {
		return "", err
	}
	best := Unregistered
	for _, campaign := range answer.Compliance {
		best = better(best, map[string]Registration{"VERIFIED": Verified, "FAILED": Refused, "SUSPENDED": Refused}[campaign.Status])
	}
	return best, nil
}

// TollFree reads how far a toll-free number is verified.
// Source: https://www.twilio.com/docs/messaging/api/tollfree-verification-resource
func (c *Client) TollFree(ctx context.Context, number string) (Registration, error) {
	const op = "read toll-free verification"
	if !numberSID.MatchString(number) {
		return "", malformed(op)
	}
	var answer struct {
		Verifications []struct{ Status string }
	}
	err := c.ask(ctx, op, http.MethodGet, messagingHost+"/v1/Tollfree/Verifications", url.Values{"TollfreePhoneNumberSid": {number}}, &answer)
	if err != nil {
		return "", err
	}
	best := Unregistered
	for _, v := range answer.Verifications {
		best = better(best, map[string]Registration{"TWILIO_APPROVED": Verified, "TWILIO_REJECTED": Refused}[v.Status])
	}
	return best, nil
}

// better is the further of two; a state that is not known is one on the way.
func better(a, b Registration) Registration {
	rank := map[Registration]int{Unregistered: 0, Refused: 1, Pending: 2, Verified: 3}
	if b == "" {
		b = Pending
	}
	if rank[b] > rank[a] {
		return b
	}
	return a
}
