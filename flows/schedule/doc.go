// Package schedule says when groups meet: recurring wall times in an IANA
// zone, the occurrences they give, the doors of those occurrences, and all of
// it in words that can be spoken or texted.
//
// A meeting is kept as people agree on it: a wall time, a zone and a
// recurrence rule (RFC 5545 §3.3.10). The rule is expanded in floating wall
// time and only then placed on the world's clock, so that a change of clocks
// never moves "seven in the evening". A wall time that does not exist, because
// clocks go forward over it, moves forward by as much as the clocks do (02:30
// is held at 03:30); a wall time that comes twice is its first coming.
//
// Everything here is a pure function of its arguments and of the zone database
// that Go finds: package main embeds time/tzdata, so that there is one. All
// values may be used by many goroutines at once as long as nobody writes them.
package schedule
