package store

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestDialDoesNotPrintItself(t *testing.T) {
	d, err := ParseDial("+12155550123,,48213705#")
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(map[string]any{"d": d})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("dial", "bridge", d, "in", struct{ D Dial }{d})
	hidden := struct{ d Dial }{d}
	for _, printed := range []string{
		fmt.Sprintf("%v %+v %#v %s %x %q", d, d, d, d, d, d), fmt.Sprintf("%v %+v %#v", hidden, &hidden, hidden), string(out), log.String(),
	} {
		if strings.Contains(printed, "48213705") || strings.Contains(printed, "5550123") {
			t.Errorf("printed %s", printed)
		}
	}
	if d.Keys() != ",,48213705#" || d.Number().IsZero() || d.IsZero() {
		t.Error("the dial string is not what was read")
	}
}

func TestParseDialRefuses(t *testing.T) {
	for _, s := range []string{"", "2155550123", "+12155550123 4821", "+12155550123,,48x", "+1,4821", "+12155550123w4821", "+12155550123;4821"} {
		if d, err := ParseDial(s); err == nil || !d.IsZero() || s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("%q: %v", s, err)
		}
	}
}
