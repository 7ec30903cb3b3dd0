package phone

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store/vault"
)

// refusing is a service of rooms that lets nobody in, and knows of no session.
type refusing struct{ Rooms }

var errRefusing = errors.New("no session")

func (refusing) Admit(context.Context, *flows.Flow, flows.View, string, rooms.Caller) string {
	return "gone"
}

func (refusing) Stepped(context.Context, flows.View, string, string, bool) string { return "unknown" }

func (refusing) Look(context.Context, *flows.Flow, flows.View, string, string, string) (*flows.Session, error) {
	return nil, errRefusing
}

func (refusing) Do(context.Context, *flows.Flow, flows.View, string, string, string, session.Request) (session.Outcome, *flows.Session, error) {
	return "", nil, errRefusing
}

func (refusing) DoByKey(context.Context, *flows.Flow, flows.View, string, string, string, session.Request) (session.Outcome, *flows.Session, bool, error) {
	return "", nil, false, errRefusing
}

func (refusing) SignIn(context.Context, flows.View, string, string, int, bool, carrier.Webhook) (string, bool, error) {
	return "", false, errRefusing
}

// Whatever a flow may ask of the edge, the edge has, and answers as declared.
func TestEveryHostFunctionIsThere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)
	line := flows.Line{ID: "line", Zone: "America/New_York", Languages: []string{"en"}, CodeLength: 6}
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := New(Options{Keys: keys, Rooms: refusing{}, Attempts: NewAttempts(func() time.Time { return now }), Members: Away{}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	for _, text := range []bool{false, true} {
		host := c.host(t.Context(), call{flow: &flows.Flow{}, view: flows.View{Now: now, Directory: flows.NewDirectory(line, nil, now), Text: text}})
		for _, name := range flows.HostFunctions() {
			if got := host(flows.Request{Function: name}).Result; !slices.Contains(flows.Outcomes(name), got) && !(text && got == refused) {
				t.Errorf("%s came to %q", name, got)
			}
		}
	}
}
