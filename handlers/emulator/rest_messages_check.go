package emulator

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxPictures is how many MediaUrl a message may have.
const maxPictures = 10

// maxValidity is the longest ValidityPeriod, in seconds.
const maxValidity = 36000

// checkContent checks what does not depend on the sender.
func checkContent(q *restCall) *restError {
	pictures := q.form["MediaUrl"]
	notURL := func(s string) bool { return !goodURL(s) }
	seconds := 0
	switch {
	case q.str("To") == "":
		return badParameter(21604, "A 'To' phone number is required.")
	case q.str("Body") == "" && len(pictures) == 0:
		return badParameter(21602, "Message body is required.")
	case tooLong(q.str("Body")):
		return badParameter(21617, "The concatenated message body exceeds the 1600 character limit")
	case !canBeTexted(q.str("To")):
		return badParameter(21211, "Invalid 'To' Phone Number: %s", masked(q.str("To")))
	case len(pictures) > maxPictures:
		return badParameter(21623, "Number of media files exceeds allowed limit")
	case slices.ContainsFunc(pictures, notURL):
		return badParameter(21620, "Invalid media URL(s)")
	case q.str("StatusCallback") != "" && notURL(strings.SplitN(q.str("StatusCallback"), "#", 2)[0]):
		return badParameter(21609, "The 'StatusCallback' URL is not a valid URL.")
	case q.given("ValidityPeriod") && !number10(q.str("ValidityPeriod"), 1, maxValidity, &seconds):
		return badParameter(20001, "ValidityPeriod is from 1 to %d", maxValidity)
	case q.given("RiskCheck") && q.str("RiskCheck") != "enable" && q.str("RiskCheck") != "disable":
		return badParameter(20001, "RiskCheck is enable or disable")
	}
	return nil
}

// checkSender returns the number a message is sent from, and the service it
// goes through, if any.
func (e *Emulator) checkSender(q *restCall) (string, *MessagingService, *restError) {
	from, sid := q.str("From"), q.str("MessagingServiceSid")
	s := e.service(sid)
	switch {
	case from == "" && sid == "":
		return "", nil, badParameter(21603, "A 'From' phone number is required.")
	case sid != "" && s == nil:
		return "", nil, badParameter(21701, "The Messaging Service does not exist")
	case sid != "" && len(s.Numbers) == 0:
		return "", nil, badParameter(21704, "The Messaging Service contains no phone numbers.")
	case sid != "" && from == "":
		from = e.sticky(s, q.str("To"))
	case sid != "" && !slices.Contains(s.Numbers, from):
		return "", nil, badParameter(21712, "The 'From' number is not in the Messaging Service.")
	case !isE164(from):
		return "", nil, badParameter(21212, "The 'From' number %s is not a valid phone number, shortcode, or alphanumeric sender ID.", masked(from))
	case e.number(from) == nil:
		return "", nil, badParameter(21606, "The 'From' phone number provided (%s) is not a valid message-capable Twilio phone number for this destination.", masked(from))
	}
	if from == q.str("To") {
		return "", nil, badParameter(21266, "'To' and 'From' number cannot be the same")
	}
	return from, s, nil
}

// sticky returns the number of a service that last wrote with a phone, which
// Twilio prefers, else its first.
func (e *Emulator) sticky(s *MessagingService, phone string) string {
	for _, m := range slices.Backward(e.phone(phone).texts) {
		ours := m.from
		if m.direction == inbound {
			ours = m.to
		}
		if slices.Contains(s.Numbers, ours) && e.bySID[m.sid] != nil {
			return ours
		}
	}
	return s.Numbers[0]
}

// The soonest and latest SendAt. See
// https://www.twilio.com/docs/api/errors/35114.
const (
	soonest = 300 * time.Second
	latest  = 35 * 24 * time.Hour
)

// schedule returns how long until a message is to be sent, 0 for at once.
func (e *Emulator) schedule(q *restCall) (time.Duration, *restError) {
	if !q.given("ScheduleType") && !q.given("SendAt") {
		return 0, nil
	}
	at, err := time.Parse(time.RFC3339, q.str("SendAt"))
	wait := at.Sub(e.clock.Now())
	switch {
	case q.str("ScheduleType") != "fixed":
		return 0, badParameter(20001, "ScheduleType is fixed")
	case q.str("MessagingServiceSid") == "":
		return 0, badParameter(35118, "MessagingServiceSid is required to schedule a message")
	case q.str("SendAt") == "":
		return 0, badParameter(35111, "SendAt is required to schedule a message")
	case err != nil, wait < soonest, wait > latest:
		return 0, badParameter(35114, "SendAt is from 300 seconds to 35 days in the future, as ISO 8601")
	}
	return wait, nil
}

// canBeTexted reports whether a number could be a phone's: in North America a
// ten-digit one whose area code and exchange begin with 2 to 9.
func canBeTexted(number string) bool {
	national, american := strings.CutPrefix(number, "+1")
	return isE164(number) && (!american || len(national) == 10 && national[0] >= '2' && national[3] >= '2')
}

// masked hides the end of a number as Twilio's error messages do.
func masked(number string) string {
	if utf8.RuneCountInString(number) <= 4 {
		return "XXXX"
	}
	return string([]rune(number)[:utf8.RuneCountInString(number)-4]) + "XXXX"
}
