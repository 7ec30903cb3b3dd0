package carrier

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
)

var serviceSID = regexp.MustCompile(`^MG[0-9a-fA-F]{32}$`)

// serviceName is what a messaging service of ours is called at Twilio: nothing that
// says what the line is.
const serviceName = "Texts"

// Service is a messaging service: numbers that texts go out by, and that can be
// registered with the phone companies together.
type Service struct {
	SID string
	// Defers says that texts to its numbers go to each number's own address, and not
	// to the service's.
	Defers bool
	// Inbound is where they go else.
	Inbound string
}

type service struct {
	SID     string  `json:"sid"`
	Inbound *string `json:"inbound_request_url"`
	Defers  bool    `json:"use_inbound_webhook_on_number"`
}

func (s service) read() Service {
	return Service{SID: s.SID, Defers: s.Defers, Inbound: deref(s.Inbound)}
}

// Services reads the account's messaging services.
// Source: https://www.twilio.com/docs/messaging/api/service-resource
func (c *Client) Services(ctx context.Context) ([]Service, error) {
	type page struct {
		Services []service
		Meta     meta
	}
	var all []Service
	err := askPages(ctx, c, "list services", messagingHost+"/v1/Services", url.Values{}, func(p page) string {
		all = append(all, mapped(p.Services, service.read)...)
		return deref(p.Meta.Next)
	})
	return all, err
}

// MakeService makes a messaging service whose texts go to the numbers' own addresses,
// and returns its SID.
func (c *Client) MakeService(ctx context.Context) (string, error) {
	const op = "make service"
	var made service
	err := c.ask(ctx, op, http.MethodPost, messagingHost+"/v1/Services",
		url.Values{"FriendlyName": {serviceName}, "UseInboundWebhookOnNumber": {"true"}}, &made)
	if err == nil && !serviceSID.MatchString(made.SID) {
		err = &Error{Op: op, Class: Unknown}
	}
	return made.SID, err
}

// DeferTexts says whether texts to a service's numbers go to each number's own address.
func (c *Client) DeferTexts(ctx context.Context, sid string, defers bool) error {
	const op = "set service up"
	if !serviceSID.MatchString(sid) {
		return malformed(op)
	}
	return c.ask(ctx, op, http.MethodPost, messagingHost+"/v1/Services/"+sid, url.Values{"UseInboundWebhookOnNumber": {strconv.FormatBool(defers)}}, nil)
}

// DeleteService takes a messaging service away; its numbers stay in the account.
func (c *Client) DeleteService(ctx context.Context, sid string) error {
	const op = "delete service"
	if !serviceSID.MatchString(sid) {
		return malformed(op)
	}
	return gone(c.ask(ctx, op, http.MethodDelete, messagingHost+"/v1/Services/"+sid, nil, nil))
}

// ServiceNumbers reads the SIDs of the numbers in a service.
// Source: https://www.twilio.com/docs/messaging/api/phonenumber-resource
func (c *Client) ServiceNumbers(ctx context.Context, sid string) ([]string, error) {
	const op = "list numbers of a service"
	if !serviceSID.MatchString(sid) {
		return nil, malformed(op)
	}
	type number struct {
		SID string `json:"sid"`
	}
	type page struct {
		Numbers []number `json:"phone_numbers"`
		Meta    meta
	}
	var all []string
	err := askPages(ctx, c, op, messagingHost+"/v1/Services/"+sid+"/PhoneNumbers", url.Values{}, func(p page) string {
		all = append(all, mapped(p.Numbers, func(n number) string { return n.SID })...)
		return deref(p.Meta.Next)
	})
	return all, err
}

// AddToService puts a number into a service.
func (c *Client) AddToService(ctx context.Context, sid, number string) error {
	const op = "add number to a service"
	if !serviceSID.MatchString(sid) || !numberSID.MatchString(number) {
		return malformed(op)
	}
	return c.ask(ctx, op, http.MethodPost, messagingHost+"/v1/Services/"+sid+"/PhoneNumbers", url.Values{"PhoneNumberSid": {number}}, nil)
}

// TakeFromService takes a number out of a service; it stays in the account.
func (c *Client) TakeFromService(ctx context.Context, sid, number string) error {
	const op = "take number from a service"
	if !serviceSID.MatchString(sid) || !numberSID.MatchString(number) {
		return malformed(op)
	}
	return gone(c.ask(ctx, op, http.MethodDelete, messagingHost+"/v1/Services/"+sid+"/PhoneNumbers/"+number, nil, nil))
}

// gone passes over that what was to be taken away is not there.
func gone(err error) error {
	if err != nil && ClassOf(err) == Gone {
		return nil
	}
	return err
}
