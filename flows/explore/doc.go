// Package explore walks everything that a caller can do in a flow, up to so many
// answers, and holds what it finds to what every flow promises: no dead end, help
// within one key, no key that is offered and does nothing, an end for who is silent,
// words in the caller's own language, and texts within their segments. It counts what
// of the flow was come to, and finds the shortest ways to what people call for.
//
// It is a caller, not a reader of flow files: it presses every key at every place, and
// knows the flow by [flows.Turn] alone. What lies outside of the flow answers in every
// way that it may: each host function each of its outcomes, each room and number each
// of its ends, on lines of several kinds: see [Worlds]. Where two ways come to the same
// state they are walked on from once, so that what grows is the number of states and
// not of ways.
package explore
