//go:build torture

package outbox

// Hit is told of each point at which the program may be killed, as it is reached.
var Hit = func(point string) {}

func hit(point string) { Hit(point) }
