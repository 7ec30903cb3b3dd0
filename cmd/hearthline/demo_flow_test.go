package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/browsertest"
)

// Whoever writes a flow beside the demo hears it from the next call on, and is shown
// what is wrong while the phones hear what they heard before.
func TestTheDemoReadsTheFlowAnew(t *testing.T) {
	dir := folder(t, "extends: built-in\n")
	write := func(main string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "main.yaml"), []byte(main), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	look := make(chan time.Time)
	d := openDemo(t, func(d *demo) { d.app.config.flowDir, d.look = dir, look })
	began := d.app.shelf.Own().Hash
	page := browsertest.Tab(t, d.app.config.publicURL+"/phones", browsertest.Desktop)
	write("extends: built-in\nnodes:\n  back: {say: back, next: heaven}\n")
	look <- time.Time{}
	browsertest.Eventually(t, page, newsOf("main.yaml:3:27: F001 error"))
	browsertest.Eventually(t, page, newsOf("is not heard"))
	if d.app.shelf.Own().Hash != began {
		t.Error("a broken flow is heard")
	}
	write("extends: built-in\nnodes:\n  main: {options: [{key: 5, remove: true}]}\n")
	look <- time.Time{}
	browsertest.Eventually(t, page, newsOf("calls begin on version"))
	if d.app.shelf.Own().Hash == began {
		t.Error("the flow that was mended is not heard")
	}
	if f, err := d.app.shelf.Version(t.Context(), d.app.deskLine(), began); err != nil || f.Hash != began {
		t.Errorf("a call that began before: %v", err)
	}
}

func newsOf(words string) string {
	return `document.querySelector("#flow").innerText.includes("` + words + `")`
}
