// Package sweep has the carrier forget. Twilio keeps every call and text with
// both numbers, for months: its log is the one list of who called that we cannot
// seal. Nothing is stored per call to delete it by. Finished records are listed by
// date, counted by hour, and deleted.
package sweep
