// Package vault keeps what must not be told: telephone numbers that cannot
// print themselves, and the keys that seal, open and index them.
//
// It holds three things:
//
//   - [Number], a telephone number that no formatter, logger, encoder or
//     database driver can turn into text. [Number.Reveal] is the only way out,
//     and asks what for.
//   - [Keyring], the keys of a deployment, read from a keyset [File] that lives
//     outside the database and outside its backups, wrapped by a passphrase if
//     there is one.
//   - What the keys make: sealed cells bound to their place ([Keyring.Seal]),
//     deterministic tokens bound to a call ([Keyring.SealToken]), blind indexes
//     of numbers ([Keyring.Index]), names of rooms and labels of participants,
//     and hashes of PINs.
//
// The cryptography is Tink's; its ciphertexts carry the id of their key, so that
// a keyset of several keys opens what any of them sealed. Every input is framed
// with its purpose before it reaches a key, so that no two uses of a key can be
// taken for one another.
//
// The keys for cells and indexes are rotated, in the file ([File.Add],
// [File.Promote], [File.Drop]) while programs that hold it go on: each step leaves
// a keyset that reads what the step before it made, and the other way round, and
// [Keyring.Reload] takes it over. The others are not: tokens and labels live for
// hours, a room that has begun keeps its name, and the hash of a PIN, which names
// its key, cannot be made anew without the PIN.
package vault
