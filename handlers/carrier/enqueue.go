package carrier

// Enqueue has the call wait in a queue, which is made by who comes first, until REST
// sends it elsewhere. WaitURL is asked for again whenever its document runs out, and
// may gather keys.
// Source: https://www.twilio.com/docs/voice/twiml/enqueue
type Enqueue struct {
	Name    string // opaque, at most 64 characters
	Action  string // where the call goes on that leaves the queue by itself
	Method  Method
	WaitURL string
}
