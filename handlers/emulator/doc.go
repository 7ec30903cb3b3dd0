// Package emulator is a strict local Twilio: its REST API, its signed
// webhooks, its TwiML, its conferences, and telephones to ring it with.
//
// It speaks HTTP both ways, so that the program under test is the program
// that ships: point the REST client at the [Emulator] (an http.Handler), give
// it the address of the program's webhooks with [Emulator.AddNumber], and
// pick up a [Phone].
//
// Time is a [Clock]. On a virtual clock nothing happens by itself: a test
// calls [Emulator.Advance], timers fire in order, and every webhook that a
// timer, a key or a REST request caused is answered before the next thing
// happens, one after another. On a real clock the same code runs with
// webhooks side by side.
//
// What Twilio would refuse or warn about is a [Problem] with Twilio's own
// code; a test that ends with no problems has said nothing that Twilio would
// not have understood. Where Twilio's behaviour is not documented, the choice
// made here stands in the comment of the code that makes it.
//
// What goes wrong is scripted: a [Fault] befalls requests one way or the other, and
// [Emulator.Fates] says how texts and calls fare. Both can be left to chance, which
// is drawn by [Options].Seed, so that a bad day can be had again.
//
// [Emulator.Kept] is everything that Twilio would know, for tests of what the
// program tells it and of what it has deleted. Whatever would record, transcribe
// or stream a conversation is refused, and a Problem that says so.
//
// Verbs and nouns: Say (with SSML), Play, Pause, Gather (dtmf and speech),
// Redirect, Hangup, Reject, Leave, Dial with Number and Conference, and
// Enqueue are played, and Message with Body and Media and Redirect answer a
// text. Everything else that Twilio knows (Record, Start,
// Connect, Pay, Sip, Client, Queue and so on) is refused: a Problem, and the
// caller hears the application error. Durations of speech are estimates, at
// 150 words a minute.
package emulator
