package carrier

import "unicode/utf8"

// maxQueueName is the most characters of a queue's name.
const maxQueueName = 64

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

func (v Enqueue) verb(e *encoder) {
	if n := utf8.RuneCountInString(v.Name); n == 0 || n > maxQueueName {
		e.fail("enqueue: a name of %d characters is not 1 to %d", n, maxQueueName)
	}
	e.raw("<Enqueue")
	e.some("action", v.Action)
	e.some("method", string(v.Method))
	e.some("waitUrl", v.WaitURL)
	e.raw(">")
	e.escape(v.Name)
	e.raw("</Enqueue>")
}
