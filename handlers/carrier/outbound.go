package carrier

import (
	"time"

	"github.com/hearthline/hearthline/store/vault"
)

// Message is a text to send.
// Source: https://www.twilio.com/docs/messaging/api/message-resource
type Message struct {
	From, To vault.Number
	// Service is the messaging service to send through instead of From, "" for
	// none.
	Service        string
	Body           string
	StatusCallback string
	// ValidFor is how long the carrier may try, in whole seconds up to 10 h; 0
	// leaves it to them.
	ValidFor time.Duration
}

// Ring is a call to place.
// Source: https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
type Ring struct {
	From, To vault.Number
	URL      string // asked for a document once somebody answers
	// Timeout is how long it rings, at most 10 minutes; TimeLimit how long the
	// call may last, at most 4 hours. Both in whole seconds; 0 is Twilio's own,
	// a minute and 4 hours.
	Timeout, TimeLimit time.Duration
	// DetectMachine holds the document until it is known whether a person
	// answered, which [Webhook.AnsweredByHuman] then tells.
	DetectMachine bool
	// StatusCallback is told of the call's end, and before that, if TellAnswer, of its
	// being answered: by a machine too.
	StatusCallback string
	TellAnswer     bool
}

// Record is what the carrier keeps of a call or text: what a sweep needs of it,
// and neither side's number.
type Record struct {
	SID       string
	Over      bool      // it has come to its end, and may be deleted
	Ended     time.Time // zero while it is not over, or if Twilio does not say
	Inbound   bool      // to one of our numbers
	Media     int       // files that came with a text
	OfAccount bool      // placed or sent by us through REST
}
