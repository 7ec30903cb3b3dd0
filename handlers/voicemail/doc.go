// Package voicemail brings home what callers say to the carrier's recorder.
//
// A recording is the carrier's until it is fetched. It is sealed here under a key of
// its own, and the carrier is told to forget it: within five minutes, and until it
// has. One that cannot be fetched in that time is forgotten all the same, and staff
// are told that there was one. What a program began that was killed, another goes on
// with: all that they share is in Postgres.
package voicemail
