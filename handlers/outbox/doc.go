// Package outbox sends what the line sends by itself, and is the one place where
// anything leaves but the answer to a call or a text.
//
// It plans reminders as they fall due, claims rows, opens whom they go to, and makes
// one request for each. Twilio knows no repeated request for one, and a second text
// is a second buzz on a phone that may be watched. So a request is made again only
// upon proof that nothing came of it:
//
//   - the carrier's answer, if it says so ([answered]);
//   - what it tells later, at an address that names the row and the attempt and shows
//     neither ([Outbox.Heard]);
//   - its list of what it was asked, read when no request can be under way any more
//     ([Outbox.Resolve]).
//
// A row of which nobody can tell for ten minutes is given up. See
// [store.SendState.Leads] for a row's life. All that replicas must agree on is in
// Postgres: who has a row, what a number, a sender and a line may send, and whether
// a line must stop. A program may be killed at any point: with the build tag torture
// a test does so at each, and a model of the protocol tries every order of events.
package outbox
