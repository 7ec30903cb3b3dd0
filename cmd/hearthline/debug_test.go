package main

import (
	"net/http"
	"testing"
)

// What is for whoever runs the server is not served to the public (ASVS 13.4.2, 13.4.5).
func TestNothingIsThereToDebug(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/debug/requests", "/.env", "/.git/config", "/console/static/"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.replica.app.listener.Addr().String()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}
