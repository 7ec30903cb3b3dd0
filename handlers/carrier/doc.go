// Package carrier is the only package that knows Twilio: the TwiML it runs, the
// signatures on the requests it makes, the REST calls it takes and the errors it
// gives back.
//
//   - A [Response] is what a call does next. Its verbs are typed so that what
//     Twilio would refuse or silently misread does not compile, and it is
//     encoded the same way every time.
//   - A [Guard] lets a request through only when Twilio signed it for this
//     deployment, and hands it on as a [Webhook], which cannot print what it
//     carries.
//   - A [Client] acts on calls and conferences, sends texts, and deletes what
//     Twilio keeps of both. Its errors are an [Error] each, with a [Class] that
//     says what to do about it.
//   - What became of a text or a call is told by callbacks, whose address says by a
//     [SentToken] what they are about and whose body is read as [Progress]; and,
//     when an answer was lost, by the lists of what was made of late
//     ([Client.TextsSince], [Client.CallsSince]).
//
// What Twilio is told is opaque: no topic, group or person is named in a URL, a
// room or a label. Nothing here can ask for a recording.
package carrier
