//go:build !torture

package outbox

// hit marks a point at which the program may be killed: with the build tag torture
// a test does so. Without it there is nothing here.
func hit(string) {}
