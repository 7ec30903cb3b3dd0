package doctor

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

func TestFlow(t *testing.T) {
	t.Parallel()
	var bad []string
	d := New(Options{
		PublicURL: "https://line.example.org", Said: func() Said { return Said{} }, Voice: func(string) flows.Voice { return flows.Voice{} },
		Unusable: func() []string { return bad },
	})
	if last, _ := d.Last(); len(last) != 0 {
		t.Errorf("before anybody has looked: %+v", last)
	}
	if all := d.CheckOffline(); all[len(all)-1].Check != "flow.heard" || all[len(all)-1].State != OK {
		t.Errorf("%+v", all)
	}
	bad = []string{"0f9e8d7c6b5a", ""}
	last, at := d.Last()
	if len(last) != 2 || last[0].State != Warn || !at.IsZero() || !strings.Contains(last[0].Says("en"), "0f9e8d7c6b5a") || last[1].Case != "folder" {
		t.Errorf("%+v", last)
	}
}
