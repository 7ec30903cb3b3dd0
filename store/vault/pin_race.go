//go:build race

package vault

// The race detector looks at each word of the memory that argon2id goes through, which
// takes a hundred times as long, and most of what all tests take together. A build with
// it is for tests alone.
func init() { thinned = 32 }
