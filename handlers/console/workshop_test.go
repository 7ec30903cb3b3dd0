package console

import (
	"errors"
	"maps"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// slow is a desk on which each version takes until it is let go; begun has one entry for
// each that is being compiled.
func slow(t *testing.T) (d *desk, begun chan struct{}, letGo chan struct{}) {
	t.Helper()
	d = newRig(t).as(store.RoleCoordinator, griefCode)
	compile := d.pages.Versions.Compile
	begun, letGo = make(chan struct{}, 100), make(chan struct{})
	d.pages.Versions.Compile = func(b flows.Bundle) (*flows.Flow, []flows.Problem) {
		begun <- struct{}{}
		<-letGo
		return compile(b)
	}
	return d, begun, letGo
}

// few is a version with little in it, another for each number.
func few(n int) flows.Bundle { return flows.Bundle{"main.yaml": "# " + strconv.Itoa(n) + "\n"} }

type gotten struct {
	status int
	body   string
}

// Whoever asks for drawings and versions in parallel has one compiled at a time; what is
// over the bound is refused at once, in words, and what is asked for again is there.
func TestOneVersionIsCompiledAtATime(t *testing.T) {
	t.Parallel()
	d, begun, letGo := slow(t)
	d.pages.workshop.patience, d.pages.workshop.each = time.Hour, mostAtWork // one account is everybody here
	d.who.Lang = "es"
	paths := make([]string, mostAtWork+1)
	for i := range paths {
		paths[i] = d.keep(few(i)) + []string{"/diagram.svg", "/map", ""}[i%3]
	}
	answers := make(chan gotten, len(paths))
	for _, path := range paths {
		go func() {
			status, body := d.get(path)
			answers <- gotten{status, body}
		}()
	}
	over := <-answers // the others wait
	if over.status != http.StatusServiceUnavailable {
		t.Fatalf("answered %d", over.status)
	}
	contains(t, over.body, "La mesa está ocupada", "Probar otra vez")
	for _, fault := range pageFaults(t, over.body, "es") {
		t.Error(fault)
	}
	if <-begun; len(begun) > 0 {
		t.Error("more than one is compiled at a time")
	}
	close(letGo)
	for range mostAtWork {
		if got := <-answers; got.status != http.StatusOK {
			t.Errorf("who waited was answered %d", got.status)
		}
	}
}

// Whoever asks for many versions at once has two places, and others get in.
func TestOneAccountHasTwoPlaces(t *testing.T) {
	t.Parallel()
	w := newWorkshop()
	leave, err := w.enter(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan error)
	go func() {
		leave, err := w.enter(t.Context(), "ada")
		if err == nil {
			leave()
		}
		second <- err
	}()
	for len(w.places) < mostOfOne {
		runtime.Gosched()
	}
	if _, err := w.enter(t.Context(), "ada"); !errors.Is(err, errBusy) {
		t.Errorf("a third one: %v", err)
	}
	other := make(chan error)
	go func() {
		leave, err := w.enter(t.Context(), "bo")
		if err == nil {
			leave()
		}
		other <- err
	}()
	for len(w.places) <= mostOfOne {
		runtime.Gosched()
	}
	leave()
	if err := errors.Join(<-second, <-other); err != nil || len(w.has) > 0 || len(w.places) > 0 {
		t.Errorf("after all: %v, %v", err, w.has)
	}
}

// Nobody waits for others' versions longer than a moment, and what is held needs no wait.
func TestNobodyWaitsLongForOthersVersions(t *testing.T) {
	t.Parallel()
	d, begun, letGo := slow(t)
	held := d.keep(few(0)) + "/map"
	go func() { letGo <- struct{}{} }()
	if status, _ := d.get(held); status != http.StatusOK {
		t.Fatalf("answered %d", status)
	}
	<-begun
	d.pages.workshop.patience = time.Millisecond
	paths := []string{d.keep(few(1)) + "/diagram.svg", d.keep(few(2)) + "/diagram.svg"}
	first := make(chan int)
	go func() {
		status, _ := d.get(paths[0])
		first <- status
	}()
	<-begun
	for _, path := range []string{paths[1], paths[0]} {
		if status, body := d.get(path); status != http.StatusServiceUnavailable {
			t.Errorf("who waits was answered %d %.100s", status, body)
		}
	}
	if status, _ := d.get(held); status != http.StatusOK {
		t.Errorf("what is compiled already was answered %d", status)
	}
	close(letGo)
	if status := <-first; status != http.StatusOK {
		t.Errorf("who was first was answered %d", status)
	}
	d.pages.workshop.patience = longestWait
	if status, _ := d.get(paths[1]); status != http.StatusOK {
		t.Errorf("asked again: answered %d", status)
	}
}

// The last few versions and their drawings are held; more are not.
func TestADrawingIsHeld(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	var compiled atomic.Int32
	compile := d.pages.Versions.Compile
	d.pages.Versions.Compile = func(b flows.Bundle) (*flows.Flow, []flows.Problem) {
		compiled.Add(1)
		return compile(b)
	}
	one, other := d.keep(few(-1)), d.keep(few(-2))
	drawn := map[string]string{}
	for range 2 {
		for _, path := range []string{one + "/diagram.svg", other + "/diagram.svg", one + "/map", other + "/map", one, other} {
			status, body := d.get(path)
			if status != http.StatusOK {
				t.Fatalf("answered %d", status)
			}
			if was := drawn[path]; path == one+"/diagram.svg" && was != "" && was != body {
				t.Error("it is drawn otherwise the second time")
			}
			drawn[path] = body
		}
	}
	if n := compiled.Load(); n != 2 {
		t.Errorf("two versions were compiled %d times", n)
	}
	again := d.pages.workshop.drawings(one)
	d.get(one + "/diagram.svg")
	if now := d.pages.workshop.drawings(one); len(again) != 1 || !maps.Equal(again, now) {
		t.Error("it was drawn again")
	}
	d.who.Lang = "es"
	if _, body := d.get(one + "/map"); body == drawn[one+"/map"] {
		t.Error("the drawing is in another's language")
	}
	for i := range mostCompiled {
		d.get(d.keep(few(i)))
	}
	if n := len(d.pages.workshop.last); n != mostCompiled {
		t.Errorf("%d versions are held", n)
	}
	before := compiled.Load()
	if d.get(one); compiled.Load() != before+1 {
		t.Error("the one that nobody looked at is held")
	}
}

// drawings are those that are held of the version at a path.
func (w *workshop) drawings(path string) map[string]*drawing {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range w.last {
		if flowsPath+"/"+one.hash == path {
			return maps.Clone(one.drawings)
		}
	}
	return nil
}
