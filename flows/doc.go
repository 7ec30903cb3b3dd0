// Package flows holds the conversation: what a caller hears and what a key
// does. It is pure. A flow file with its prompt catalogues compiles to a
// [Flow]; one turn is a total, deterministic function
//
//	Turn(flow, View, State, Input) -> Outcome
//
// of what can be said (View), where this call is (State) and what the caller
// did (Input). There is no context, no I/O and no clock: the View carries the
// time. The edges render an Outcome (as TwiML, as text on a terminal) and keep
// the State.
//
// What a flow wants of the world beyond the View it asks for by name: a node
// `do: session.admit` ends the turn with a [Request], the edge runs it, and
// the turn goes on with one of the outcomes that the function declares in the
// table of functions.go. An option of a menu may ask in the same way whether
// its key means anything to this caller; if not, it is a wrong key like any.
package flows
