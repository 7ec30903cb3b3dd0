// Package outbox sends what the line sends by itself, and is the one place where
// anything leaves but the answer to a call or a text.
//
// A row of the outbox is claimed, its recipient opened, and one request made for
// it. Twilio knows no repeated request for one, so that a request of which nobody
// can tell is never made again; see [store.SendState.Leads] for a row's life. All
// that replicas must agree on is in Postgres: who has a row, what a number and a
// line got, and whether a line must stop.
package outbox
