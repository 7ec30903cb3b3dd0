package carrier

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"

	"github.com/hearthline/hearthline/store/vault"
)

var numberSID = regexp.MustCompile(`^PN[0-9a-fA-F]{32}$`)

// Field is a setting of a number, by the name that it is changed by.
type Field string

// The settings of a number that decide where its calls and texts go.
const (
	VoiceURL             Field = "VoiceUrl"
	VoiceMethod          Field = "VoiceMethod"
	VoiceFallbackURL     Field = "VoiceFallbackUrl"
	VoiceFallbackMethod  Field = "VoiceFallbackMethod"
	StatusCallback       Field = "StatusCallback"
	StatusCallbackMethod Field = "StatusCallbackMethod"
	SMSURL               Field = "SmsUrl"
	SMSMethod            Field = "SmsMethod"
	VoiceApplication     Field = "VoiceApplicationSid" // set, Twilio passes VoiceURL by
	Trunk                Field = "TrunkSid"            // the same
	SMSApplication       Field = "SmsApplicationSid"   // set, Twilio passes SMSURL by
)

// fieldNames are the names by which they are read.
var fieldNames = map[Field]string{
	VoiceURL: "voice_url", VoiceMethod: "voice_method", VoiceFallbackURL: "voice_fallback_url", VoiceFallbackMethod: "voice_fallback_method",
	StatusCallback: "status_callback", StatusCallbackMethod: "status_callback_method", SMSURL: "sms_url", SMSMethod: "sms_method",
	VoiceApplication: "voice_application_sid", Trunk: "trunk_sid", SMSApplication: "sms_application_sid",
}

// Setup is how a number of the account is set up.
type Setup struct {
	SID          string
	Number       vault.Number
	Voice, Texts bool // what it can do
	// Fields are its settings; one that is not set is "".
	Fields map[Field]string
}

// Setups reads how every number of the account is set up. It asks for all of them,
// so that no number stands in an address.
// Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#read-multiple-incomingphonenumber-resources
func (c *Client) Setups(ctx context.Context) ([]Setup, error) {
	var all []Setup
	type page struct {
		Numbers []json.RawMessage `json:"incoming_phone_numbers"`
		Next    *string           `json:"next_page_uri"`
	}
	const op = "list numbers"
	var bad error
	err := askPages(ctx, c, op, c.account("/IncomingPhoneNumbers"), url.Values{}, func(p page) string {
		for _, raw := range p.Numbers {
			s, err := readSetup(raw)
			if err != nil {
				bad = &Error{Op: op, Class: Temporary}
			}
			all = append(all, s)
		}
		return deref(p.Next)
	})
	if err != nil {
		return nil, err
	}
	return all, bad
}

func readSetup(raw []byte) (Setup, error) {
	var known struct {
		SID          string `json:"sid"`
		Number       string `json:"phone_number"`
		Capabilities struct{ Voice, SMS bool }
	}
	if err := json.Unmarshal(raw, &known); err != nil {
		return Setup{}, err
	}
	var named map[string]any
	if err := json.Unmarshal(raw, &named); err != nil {
		return Setup{}, err
	}
	s := Setup{SID: known.SID, Number: ParseCaller(known.Number).Number, Voice: known.Capabilities.Voice, Texts: known.Capabilities.SMS, Fields: map[Field]string{}}
	for field, name := range fieldNames {
		s.Fields[field], _ = named[name].(string) // null is not set
	}
	return s, nil
}

// SetUp changes settings of a number, those in fields alone; "" takes one away.
// Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#update-an-incomingphonenumber-resource
func (c *Client) SetUp(ctx context.Context, sid string, fields map[Field]string) error {
	const op = "set number up"
	values := url.Values{}
	for field, value := range fields {
		if fieldNames[field] == "" {
			return malformed(op)
		}
		values.Set(string(field), value)
	}
	if !numberSID.MatchString(sid) || len(values) == 0 {
		return malformed(op)
	}
	return c.ask(ctx, op, http.MethodPost, c.account("/IncomingPhoneNumbers/"+sid), values, nil)
}
