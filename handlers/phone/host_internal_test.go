package phone

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
)

// refusing is a service of rooms that lets nobody in.
type refusing struct{ Rooms }

func (refusing) Admit(flows.View, string) string { return "gone" }

// Whatever a flow may ask of the edge, the edge has, and answers as declared.
func TestEveryHostFunctionIsThere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)
	line := flows.Line{ID: "line", Zone: "America/New_York", Languages: []string{"en"}, CodeLength: 6}
	c := New(Options{Rooms: refusing{}, Attempts: NewAttempts(func() time.Time { return now }), Members: Away{}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	host := c.host(t.Context(), call{view: flows.View{Now: now, Directory: flows.NewDirectory(line, nil, now)}})
	for _, name := range flows.HostFunctions() {
		if got := host(flows.Request{Function: name}).Result; !slices.Contains(flows.Outcomes(name), got) {
			t.Errorf("%s came to %q", name, got)
		}
	}
}
