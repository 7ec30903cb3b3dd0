// Package session is what a live session is and what becomes of it: who sits
// where, whose microphone is open, whose turn it is, who waits at the door. It is
// pure: every method is given the time, and what has to be asked of the carrier is
// returned as an [Act]. Whoever keeps a [Session] does so under a lock, one change
// after the other; the same changes give the same session.
//
// What is desired (the place of a seat, its microphone) follows from the people, the
// mode and the time. What is observed is what callbacks, webhooks and lists have
// told. Acts are the difference, so that a lost answer is made good by asking once
// more, and a callback that is late, doubled or out of order changes nothing that a
// later one has told: each way into a room has a label of its own, and a label that
// has been left is never entered again.
//
// A change ends with [Session.Acts]. Each is done and its end reported, after which
// there may be more acts. At [Session.Wake] it is time for [Session.Tick].
package session
