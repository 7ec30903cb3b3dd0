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
	// ValidFor is how long the carrier may try, 1 s to 10 h; 0 leaves it to them.
	ValidFor time.Duration
}

// Ring is a call to place.
// Source: https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
type Ring struct {
	From, To vault.Number
	URL      string // asked for a document once somebody answers
	// Timeout is how long it rings; TimeLimit how long the call may last.
	Timeout, TimeLimit time.Duration
	// DetectMachine holds the document until it is known whether a person
	// answered, which the webhook then tells.
	DetectMachine  bool
	StatusCallback string
}

// Record is what the carrier keeps of a call or text: what a sweep needs of it,
// and neither side's number.
type Record struct {
	SID       string
	Over      bool // it has come to its end, and may be deleted
	Ended     time.Time
	Inbound   bool
	Media     int  // files that came with a text
	OfAccount bool // placed or sent by us through REST
}
