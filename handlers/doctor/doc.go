// Package doctor says whether a line can be reached and what keeps it from being:
// its public address, the account and its numbers at the carrier, texting, voices,
// and what went wrong of late. It also enters a line's addresses at the carrier, and
// takes them back.
//
// What it finds are [Finding] values, each a sentence and what to do about it, in the
// languages of the desk. The terminal, the desk and the first run show the same ones.
// None holds a telephone number, a SID or a token.
package doctor
