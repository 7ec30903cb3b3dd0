package carrier

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// limited is a connection that keeps its last deadline.
type limited struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (l *limited) SetReadDeadline(until time.Time) error {
	l.until = until
	return nil
}

// What was refused is read to its end by the server, which must not take longer than
// what is read here: a stranger has no connection to hold.
func TestOnlyWhatIsAdmittedHasNoDeadline(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request *http.Request
		kept    bool
	}{
		"admitted":        {signed("/twilio/voice", inbound()), false},
		"not signed":      {httptest.NewRequest(http.MethodPost, "/twilio/voice", http.NoBody), true},
		"signed wrongly":  {post("/twilio/voice", inbound(), sign(oldToken, testPublic, inbound())), true},
		"of another kind": {httptest.NewRequest(http.MethodGet, "/twilio/voice", http.NoBody), true},
	} {
		l := &limited{ResponseRecorder: httptest.NewRecorder()}
		e := echo.New()
		e.Any("/*", func(c echo.Context) error { return c.NoContent(http.StatusOK) }, newGuard(t, testPublic, t.Output()).Middleware)
		before := time.Now()
		e.ServeHTTP(l, c.request)
		if kept := !l.until.IsZero(); kept != c.kept || kept && l.until.Sub(before) > time.Minute {
			t.Errorf("%s: answered %d, read until %s", name, l.Code, l.until)
		}
	}
}
