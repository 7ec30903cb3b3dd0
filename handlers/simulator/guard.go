package simulator

import (
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// policy lets a page load its own script, style, stream and the recordings that the line
// plays, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guard sets the headers of every answer and refuses what another site sends:
// a form posted from elsewhere, and a name that another site made point here
// (DNS rebinding). This machine and addresses written as numbers are let in,
// so that the page works through a container's port and on a home network.
func (p *Pages) guard(next echo.HandlerFunc) echo.HandlerFunc {
	crossOrigin := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		if !local(c.Request().Host) {
			return echo.NewHTTPError(http.StatusForbidden,
				"the phones page is for this machine only: open it as http://localhost, or by an IP address")
		}
		if err := crossOrigin.Check(c.Request()); err != nil {
			return echo.NewHTTPError(http.StatusForbidden, "the phones answer their own page only: reload it and try again")
		}
		return next(c)
	}
}

// local reports whether a Host header names this machine or an IP address.
func local(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil
}
