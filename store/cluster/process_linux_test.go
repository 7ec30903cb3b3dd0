package cluster

import (
	"io"
	"os"
	"testing"
)

// A thread that ended with a process of Postgres would take with it whatever another
// package had started from that thread to die with its parent.
func TestTheThreadThatStartedAProcessOutlivesIt(t *testing.T) {
	h := &home{who: account{uid: uint32(os.Getuid()), gid: uint32(os.Getgid())}, folders: []folder{{path: t.TempDir()}}}
	seen := map[string]bool{}
	for range 5 {
		p, err := launch("/bin/sleep", []string{"600"}, h, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		for id := range threads(t) {
			seen[id] = true
		}
		_ = p.end() // by a signal, which is its status
	}
	left := threads(t)
	for id := range seen {
		if !left[id] {
			t.Errorf("thread %s has ended", id)
		}
	}
}

// threads are the threads of this program.
func threads(t *testing.T) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, e := range entries {
		ids[e.Name()] = true
	}
	return ids
}
