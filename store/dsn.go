package store

import (
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/lib/pq"
)

const (
	applicationName = "hearthline"
	connectTimeout  = 5 * time.Second
)

// dsn is a checked connection string: as lib/pq's configuration, and as text
// for its Listener, which takes no configuration.
type dsn struct {
	config pq.Config
	text   string
}

// parseDSN reads the connection string that the variable named variable holds.
// No error repeats any of it, since it may hold a password.
//
// The server's certificate is always checked, unless the connection stays on
// this machine: lib/pq's default (require) encrypts to whoever answers.
func parseDSN(variable, text string) (dsn, error) {
	config, err := pq.NewConfig(text)
	if err != nil {
		return dsn{}, fmt.Errorf("%s is not a Postgres connection string; write it as "+
			"postgres://user:password@host:5432/database?sslmode=verify-full", variable)
	}
	mode, err := sslMode(config)
	if err != nil {
		return dsn{}, fmt.Errorf("%s: %w", variable, err)
	}
	config.SSLMode = mode
	config.BinaryParameters = true
	config.ApplicationName = applicationName
	if config.ConnectTimeout <= 0 {
		config.ConnectTimeout = connectTimeout
	}
	text, err = withParameters(text, [][2]string{
		{"sslmode", string(mode)},
		{"binary_parameters", "yes"},
		{"application_name", applicationName},
		{"connect_timeout", fmt.Sprint(int(config.ConnectTimeout.Seconds()))},
	})
	if err != nil {
		return dsn{}, fmt.Errorf("%s is not a Postgres connection string", variable)
	}
	return dsn{config: config, text: text}, nil
}

func sslMode(c pq.Config) (pq.SSLMode, error) {
	hosts := append([]pq.ConfigMultihost{{Host: c.Host, Hostaddr: c.Hostaddr}}, c.Multi...)
	local, sockets := true, true
	for _, h := range hosts {
		local = local && isLocal(h)
		sockets = sockets && isSocket(h)
	}
	switch {
	case sockets:
		return pq.SSLModeDisable, nil
	case local && c.SSLMode == "":
		return pq.SSLModePrefer, nil
	case local || c.SSLMode == pq.SSLModeVerifyFull:
		return c.SSLMode, nil
	case c.SSLMode == "":
		return pq.SSLModeVerifyFull, nil
	}
	return "", fmt.Errorf("sslmode=%s does not check whose server answers; "+
		"write sslmode=verify-full (with sslrootcert=FILE or sslrootcert=system), or connect by a unix socket or loopback", c.SSLMode)
}

func isSocket(h pq.ConfigMultihost) bool {
	return !h.Hostaddr.IsValid() && (filepath.IsAbs(h.Host) || strings.HasPrefix(h.Host, "@"))
}

func isLocal(h pq.ConfigMultihost) bool {
	if h.Hostaddr.IsValid() {
		return h.Hostaddr.IsLoopback()
	}
	if isSocket(h) || h.Host == "" || h.Host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(h.Host, "[]")) // a URL brackets IPv6
	return err == nil && addr.IsLoopback()
}

// withParameters sets parameters in either form of connection string. In the
// key=value form the last value of a key wins.
func withParameters(text string, parameters [][2]string) (string, error) {
	if !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
		for _, p := range parameters {
			text += " " + p[0] + "='" + p[1] + "'"
		}
		return strings.TrimSpace(text), nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return "", err
	}
	q := u.Query()
	for _, p := range parameters {
		q.Set(p[0], p[1])
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
