// Package session is what a live session is and what becomes of it: who sits
// where, whose microphone is open, whose turn it is, who waits at the door. It is
// pure: every method is given the time, and what has to be asked of the carrier is
// returned as an [Act]. Whoever keeps a [Session] does so under a lock, one change
// after the other; the same changes give the same session.
package session
