package vault

import (
	"os"
	"testing"
)

// The package's own tests hash at the full cost, also under the race detector.
func TestMain(m *testing.M) {
	thinned = 1
	os.Exit(m.Run())
}
