package carrier

// Leave takes a call out of the queue whose wait document it stands in. The call
// goes on at the queue's Action.
// Source: https://www.twilio.com/docs/voice/twiml/leave
type Leave struct{}

func (Leave) verb(e *encoder) { e.raw("<Leave/>") }

// QueueResult is how a call came out of an [Enqueue].
type QueueResult string

// The results that matter: by [Leave]; because the call is over; and because REST sent
// it elsewhere, in which case what is answered is not played.
const (
	QueueLeft       QueueResult = "leave"
	QueueHungUp     QueueResult = "hangup"
	QueueRedirected QueueResult = "redirected"
)

// QueueResult is how the [Enqueue] before this request ended, "" when none did.
func (w Webhook) QueueResult() QueueResult { return QueueResult(w.Param("QueueResult")) }
