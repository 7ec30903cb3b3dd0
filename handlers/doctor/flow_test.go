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

// Whoever runs a line far from where 911 is dialled is asked about it until they say.
func TestEmergency(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		countries string
		said      string
		state     State
		says      string
	}{
		{"US,CA", "", OK, "911"},
		{"GB,US", "", OK, "911"},
		{"GB,IE", "", Warn, "dial 911, and nobody said whether that helps in GB, IE."},
		{"GB", "999", OK, "dial 999."},
		{"MX", "911", OK, "dial 911."},
	} {
		d := New(Options{Countries: strings.Split(tt.countries, ","), Said: func() Said { return Said{Emergency: tt.said} }})
		if f := d.flow()[0]; f.Check != "flow.emergency" || f.State != tt.state || !strings.Contains(f.Says("en"), tt.says) {
			t.Errorf("%s, %q: %s %s", tt.countries, tt.said, f.State, f.Says("en"))
		}
	}
}
