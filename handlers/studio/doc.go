// Package studio has callers hear prompts in somebody's voice.
//
// A recording takes the place of words only while they are the words that were spoken:
// once the text is another, or has a value in it, the carrier's voice says it again. It is
// played only if this program has its sound at hand, so that nobody waits for Postgres,
// nor hears silence where a file is missing; what it has is kept in a folder as well, and
// serves a start without Postgres. The sounds hold no secret: whoever dials hears them.
// Their address is their hash, which anybody may keep for ever.
package studio
