package simulator

import (
	"os"
	"testing"

	"github.com/hearthline/hearthline/handlers/browsertest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	browsertest.Close()
	os.Exit(code)
}
