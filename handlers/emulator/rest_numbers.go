package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

func orPost(method string) string {
	if method == "" {
		return http.MethodPost
	}
	return method
}

func (e *Emulator) showNumber(n *number) map[string]any {
	return map[string]any{
		"sid": n.sid, "account_sid": e.account, "api_version": apiVersion, "phone_number": n.E164, "friendly_name": n.E164,
		"voice_url": n.VoiceURL, "voice_method": orPost(n.VoiceMethod), "voice_fallback_url": n.VoiceFallbackURL, "voice_fallback_method": orPost(n.VoiceFallbackMethod),
		"status_callback": n.StatusCallbackURL, "status_callback_method": orPost(n.StatusCallbackMethod),
		"sms_url": n.SMSURL, "sms_method": orPost(n.SMSMethod), "sms_fallback_url": n.SMSFallbackURL, "sms_fallback_method": orPost(n.SMSFallbackMethod),
		"voice_application_sid": orNull(n.VoiceApplicationSID), "trunk_sid": orNull(n.TrunkSID), "sms_application_sid": orNull(n.SMSApplicationSID),
		"voice_caller_id_lookup": false, "capabilities": map[string]bool{"voice": !n.NoVoice, "sms": !n.NoTexts, "mms": false, "fax": false},
		"date_created": date(n.created), "date_updated": date(n.created), "status": "in-use", "uri": e.uri("IncomingPhoneNumbers/" + n.sid),
	}
}

func (e *Emulator) listNumbers(q *restCall) (any, *restError) {
	var all []*number
	for _, n := range e.numbers {
		if want := q.str("PhoneNumber"); want == "" || want == n.E164 {
			all = append(all, n)
		}
	}
	return page(q, "incoming_phone_numbers", all, e.showNumber)
}

const updateNumberParams = "VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod StatusCallback StatusCallbackMethod SmsUrl SmsMethod SmsFallbackUrl SmsFallbackMethod VoiceApplicationSid TrunkSid SmsApplicationSid"

// updateNumber changes what is given. A fallback is refused without what it falls
// back from (21405, 21406).
func (e *Emulator) updateNumber(q *restCall) (any, *restError) {
	n := e.numberBySID(q.r.PathValue("number"))
	if n == nil {
		return nil, notFound(q.r.URL.Path)
	}
	anew := n.Number
	settings := map[string]*string{
		"VoiceUrl": &anew.VoiceURL, "VoiceFallbackUrl": &anew.VoiceFallbackURL, "StatusCallback": &anew.StatusCallbackURL, "SmsUrl": &anew.SMSURL, "SmsFallbackUrl": &anew.SMSFallbackURL,
		"VoiceMethod": &anew.VoiceMethod, "VoiceFallbackMethod": &anew.VoiceFallbackMethod, "StatusCallbackMethod": &anew.StatusCallbackMethod, "SmsMethod": &anew.SMSMethod, "SmsFallbackMethod": &anew.SMSFallbackMethod,
		"VoiceApplicationSid": &anew.VoiceApplicationSID, "TrunkSid": &anew.TrunkSID, "SmsApplicationSid": &anew.SMSApplicationSID,
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if !q.given(name) {
			continue
		}
		value := q.str(name)
		if bad := badSetting(name, value); bad != nil {
			return nil, bad
		}
		*settings[name] = value
	}
	switch {
	case anew.VoiceFallbackURL != "" && anew.VoiceURL == "":
		return nil, badParameter(21405, "Cannot set VoiceFallbackUrl without setting Url")
	case anew.SMSFallbackURL != "" && anew.SMSURL == "":
		return nil, badParameter(21406, "Cannot set SmsFallbackUrl without setting SmsUrl")
	}
	n.Number = anew
	return e.showNumber(n), nil
}

func badSetting(name, value string) *restError {
	switch {
	case strings.HasSuffix(name, "Method"):
		if value != http.MethodGet && value != http.MethodPost {
			return badParameter(21403, "%s is neither GET nor POST", name)
		}
	case strings.HasSuffix(name, "Sid"):
		if value != "" && len(value) != 34 {
			return badParameter(20001, "%s is not a SID", name)
		}
	case value != "" && !goodURL(strings.SplitN(value, "#", 2)[0]):
		return badParameter(21402, "%s is not a valid URL", name)
	}
	return nil
}

func (e *Emulator) numberBySID(sid string) *number {
	for _, n := range e.numbers {
		if n.sid == sid {
			return n
		}
	}
	return nil
}
