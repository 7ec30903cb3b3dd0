// Package leakscan finds telephone numbers in bytes, however they were written
// there: with other separators, backwards, in words, escaped, in another base,
// as an integer, or hashed without a key. It is for tests and proves the first
// promise: what it does not find in a dump, a log or a wire was not put there
// in any of the ways of [Encodings].
//
// A form of fewer than eight bytes, or of less than a number's worth of
// information, turns up by chance in megabytes of ciphertext. Some of them are
// looked for as words that stand alone (a CRC-32, base 36); others not at all:
// four-byte integers, which hold no whole number, five-byte ones, and variable
// length integers. Ten digits inside a long row of hexadecimal ones are chance as
// well: what such a row holds in clear is found by its own needle. Whoever stores such a thing stores it in a column of bytes,
// and every one of those is held to look like noise by another test.
package leakscan
