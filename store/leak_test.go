package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/cluster"
	"github.com/hearthline/hearthline/store/storetest"
)

// safeLog is a log that Postgres and the test may use at once.
type safeLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// spellings are the ways in which a secret of digits could turn up.
func spellings(digits string) []string {
	spaced := strings.Join(strings.Split(digits, ""), "\x00") // UTF-16
	return []string{
		digits, spaced,
		hex.EncodeToString([]byte(digits)), strings.ToUpper(hex.EncodeToString([]byte(digits))),
		base64.StdEncoding.EncodeToString([]byte(digits))[:10],
		base64.StdEncoding.EncodeToString([]byte("+1" + digits))[:10],
	}
}

// The server logs every statement and every parameter here, which no
// deployment does: what is not in this log was never sent.
func TestNoNumberReachesPostgres(t *testing.T) {
	t.Parallel()
	dump, err := findPgDump()
	if err != nil {
		t.Fatal(err)
	}
	log := &safeLog{}
	c, err := cluster.Start(t.Context(), cluster.Options{Log: log, Settings: map[string]string{
		"log_statement": "all", "log_parameter_max_length": "-1", "log_parameter_max_length_on_error": "-1",
		"log_error_verbosity": "verbose", "log_min_error_statement": "debug5",
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Stop() }()
	url, k := c.URL("postgres"), storetest.Keyring(t)
	db := openURL(t, url)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := ensureLine(t, db, k)
	for range 2 {
		if _, err := db.ImportGroups(t.Context(), k, id, sampleGroups(t)); err != nil {
			t.Fatal(err)
		}
	}
	feed, _ := store.ParseMeetingGuide("feed.json", strings.NewReader(`[{"name": "Circle, call (301) 555-0161", "slug": "circle", "day": 1,
		"time": "19:00", "conference_phone": "+1+13015550162,,864297531#,,97531*2468#", "conference_phone_notes": "PIN 97531", "notes": "3015550161",
		"contact_1_phone": "+13015550161", "location": "Hall 301.555.0161"},
		{"name": "Hall circle", "slug": "hall", "day": 1, "time": "19:00", "location": "Hall, 3015550161", "city": "Bowie"},
		{"name": "Third circle", "slug": "ann-3015550161", "day": 1, "time": "19:00", "location": "Hall"}]`), guideOptions)
	if feed.Name = "feed"; len(feed.Groups) != 2 {
		t.Fatalf("%d groups", len(feed.Groups))
	}
	for range 2 {
		if _, err := db.ImportFeed(t.Context(), k, id, feed); err != nil {
			t.Fatal(err)
		}
	}
	broken := sampleGroups(t)
	broken[2].Capacity = 1
	if _, err := db.ImportGroups(t.Context(), k, id, broken); err == nil {
		t.Fatal("the table took what it must refuse")
	}
	if err := watch(t, db, k, t.TempDir()).Load(t.Context()); err != nil {
		t.Fatal(err)
	}

	// A canary shows that a number which is sent would be found in both.
	const canary = "2025550188"
	if _, err := raw(t, url).ExecContext(t.Context(), `UPDATE groups SET place = $1 WHERE code = '604183'`, canary); err != nil {
		t.Fatal(err)
	}
	dumped, err := exec.CommandContext(t.Context(), dump, "--inserts", "--dbname", url).Output()
	if err != nil {
		t.Fatal(err)
	}
	logged := log.String()
	if !strings.Contains(logged, canary) || !bytes.Contains(dumped, []byte(canary)) {
		t.Fatalf("the canary is not found: in the log %t, in the dump %t",
			strings.Contains(logged, canary), bytes.Contains(dumped, []byte(canary)))
	}
	for _, secret := range []string{
		"2025550100", "5005550101", "2025550143", "2025550144", "2155550123", "3015550161", "3015550162", // numbers
		"73914626", "58203917", "2619403", ",,4821#", "864297531", "97531*2468", // PINs and the bridges' keys
	} {
		for _, s := range spellings(secret) {
			if strings.Contains(logged, s) {
				t.Errorf("the server's log holds %q, a spelling of %s", s, secret)
			}
			if bytes.Contains(dumped, []byte(s)) {
				t.Errorf("the dump holds %q, a spelling of %s", s, secret)
			}
		}
	}
}

func findPgDump() (string, error) { return store.FindPgDump() }
