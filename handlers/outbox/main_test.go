package outbox_test

import (
	"os"
	"testing"

	"github.com/hearthline/hearthline/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
