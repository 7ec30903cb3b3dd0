package store

import (
	"strings"
	"testing"

	"github.com/lib/pq"
)

func TestSSLModeIsVerifiedUnlessOnThisMachine(t *testing.T) {
	for _, c := range []struct {
		dsn  string
		want pq.SSLMode // "": refused
	}{
		{"postgres://u:secret@db.example.org/h", "verify-full"},
		{"postgres://u:secret@db.example.org/h?sslmode=verify-full", "verify-full"},
		{"postgres://u:secret@db.example.org/h?sslmode=verify-ca", ""},
		{"postgres://u:secret@db.example.org/h?sslmode=require", ""},
		{"postgres://u:secret@db.example.org/h?sslmode=prefer", ""},
		{"postgres://u:secret@db.example.org/h?sslmode=disable", ""},
		{"postgres://u:secret@192.0.2.7/h?sslmode=disable", ""},
		{"host=db.example.org user=u password=secret sslmode=disable", ""},
		{"host=db.example.org user=u password=secret", "verify-full"},
		{"host=127.0.0.1,db.example.org user=u sslmode=disable password=secret", ""},
		{"host=localhost hostaddr=192.0.2.7 user=u sslmode=disable password=secret", ""},
		{"postgres://u:secret@localhost/h", "prefer"},
		{"postgres://u:secret@127.0.0.1/h?sslmode=disable", "disable"},
		{"postgres://u:secret@[::1]/h?sslmode=require", "require"},
		{"postgres:///h?host=/run/postgresql&user=u", "disable"},
		{"host=/run/postgresql user=u dbname=h sslmode=verify-full", "disable"},
	} {
		d, err := parseDSN("DATABASE_URL", c.dsn)
		if c.want == "" {
			if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "verify-full") {
				t.Errorf("%s: error %v", c.dsn, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.dsn, err)
			continue
		}
		// What the Listener is given says the same as the pool's configuration.
		text, err := pq.NewConfig(d.text)
		if err != nil {
			t.Errorf("%s: %v", c.dsn, err)
			continue
		}
		for name, config := range map[string]pq.Config{"pool": d.config, "listener": text} {
			if config.SSLMode != c.want || !config.BinaryParameters || config.ApplicationName != applicationName || config.ConnectTimeout != connectTimeout {
				t.Errorf("%s: %s: sslmode %s, binary_parameters %t, application %s, timeout %s", c.dsn, name,
					config.SSLMode, config.BinaryParameters, config.ApplicationName, config.ConnectTimeout)
			}
		}
	}
}

func TestBrokenConnectionStringsAreNotRepeated(t *testing.T) {
	for _, dsn := range []string{"postgres://u:sec%ret@host/h", "postgres://u:secret@host:port/h", "password=secret port=x", "secret"} {
		_, err := parseDSN("DATABASE_URL", dsn)
		if err == nil || strings.Contains(err.Error(), "sec") || !strings.Contains(err.Error(), "DATABASE_URL") {
			t.Errorf("%s: error %v", dsn, err)
		}
	}
}

func TestSnakeCase(t *testing.T) {
	for field, column := range map[string]string{
		"LineID": "line_id", "PINHash": "pin_hash", "Name": "name", "BridgeNumber": "bridge_number", "ID": "id",
	} {
		if got := snakeCase(field); got != column {
			t.Errorf("%s: %s, want %s", field, got, column)
		}
	}
}
