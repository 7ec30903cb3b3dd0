package console

import (
	"testing"

	"github.com/hearthline/hearthline/store"
)

// Who opens a roster is entered: once an hour, however often they do.
func TestReadingARosterIsEntered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.as(store.RoleCoordinator, griefCode)
	for range 2 {
		if status, _ := d.get("/console/groups/" + r.groupID(griefCode) + "/roster"); status != 200 {
			t.Fatal(status)
		}
	}
	all, err := store.NewAudit(r.db, r.keys).List(r.ctx(), r.line, store.AuditFilter{Act: "roster.read"}, 10)
	if err != nil || len(all) != 1 || all[0].Detail != "group "+griefCode {
		t.Errorf("%+v, %v", all, err)
	}
}
