package console

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

const underTheRole = "TestPagesUnderTheConsolesRole"

// underRole is a database, and how the desk connects to it: as serve may, with the
// rights of the console's role alone.
func underRole(t *testing.T) (db, desk *store.DB) {
	t.Helper()
	if strings.HasPrefix(t.Name(), underTheRole+"/") {
		return storetest.NewConsole(t)
	}
	db = storetest.New(t)
	return db, db
}

// TestPagesUnderTheConsolesRole has each page be drawn with no more than that role's
// rights, and held to the scope of who is signed in (ASVS 8.4.1, 13.2.2).
func TestPagesUnderTheConsolesRole(t *testing.T) {
	for _, s := range gallery() {
		if !s.full {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.see(t, "en")
		})
	}
}
