package handlers

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// asked are pages that tell of errors themselves, if they are asked to.
type asked struct{ yes bool }

func (asked) Mount(*echo.Echo) {}

func (a asked) Refuse(c echo.Context, _ error) bool {
	return a.yes && c.HTML(http.StatusTeapot, "<p>a page</p>") == nil
}

// mute are pages that do not.
type mute struct{}

func (mute) Mount(*echo.Echo) {}

// Pages tell of an error themselves, and what none tells of is a line of text that
// gives nothing away; both are in the log.
func TestAnswerError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		pages []Pages
		want  string
	}{
		{"no pages", nil, "Internal Server Error\n"},
		{"pages that do not tell", []Pages{mute{}, asked{}}, "Internal Server Error\n"},
		{"a page", []Pages{mute{}, asked{yes: true}}, "<p>a page</p>"},
	} {
		var log strings.Builder
		answer := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), answer)
		answerError(slog.New(slog.NewTextHandler(io.Writer(&log), nil)), tt.pages)(errors.New("away"), c)
		if got := answer.Body.String(); got != tt.want || !strings.Contains(log.String(), "a request failed") {
			t.Errorf("%s: %q, log %q", tt.name, got, &log)
		}
	}
}
