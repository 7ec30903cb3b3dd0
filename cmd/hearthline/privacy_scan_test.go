package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/store/leakscan"
)

// finding is a number that is where it must not be.
type finding struct{ sink, number, encoding, where string }

// scanned is what the scan of one sink gave.
type scanned struct {
	sink   string
	bytes  int64
	canary bool
	found  []finding // of other numbers; one for each number and encoding of a piece
}

// scan looks for every number in every sink, two at a time.
func (w *watch) scan(sinks []sink) []scanned {
	w.t.Helper()
	results := make([]scanned, len(sinks))
	errs := make([]error, len(sinks))
	turns := make(chan struct{}, 2)
	done := make(chan struct{})
	for i := range sinks {
		go func() {
			turns <- struct{}{}
			results[i], errs[i] = w.scanSink(sinks[i])
			<-turns
			done <- struct{}{}
		}()
	}
	for range sinks {
		<-done
	}
	for _, err := range errs {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return results
}

func (w *watch) scanSink(s sink) (scanned, error) {
	r := scanned{sink: s.name}
	for _, p := range s.pieces {
		seen := map[leakscan.Hit]bool{}
		n, err := p.scan(w.scanner, func(h leakscan.Hit) {
			h.At = 0
			switch {
			case h.Number == 0:
				r.canary = true
			case !seen[h]:
				seen[h] = true
				r.found = append(r.found, finding{s.name, w.numbers[h.Number], h.Encoding, p.where})
			}
		})
		if err != nil {
			return r, err
		}
		r.bytes += n
	}
	return r, nil
}

func (p piece) scan(s *leakscan.Scanner, each func(leakscan.Hit)) (int64, error) {
	if p.file == "" {
		s.Scan(p.text, each)
		return int64(len(p.text)), nil
	}
	file, err := os.Open(p.file)
	if os.IsNotExist(err) {
		return 0, nil // Postgres removed it since
	}
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	return s.ScanReader(file, each)
}

// sinksOf are the sinks in which each number was found.
func sinksOf(results []scanned) map[string][]string {
	all := map[string]map[string]bool{}
	for _, r := range results {
		for _, f := range r.found {
			if all[f.number] == nil {
				all[f.number] = map[string]bool{}
			}
			all[f.number][r.sink] = true
		}
	}
	by := map[string][]string{}
	for number, sinks := range all {
		by[number] = slices.Sorted(maps.Keys(sinks))
	}
	return by
}

// clean fails the test for every number that was found, and for every sink in
// which the canary was not.
func (w *watch) clean(results []scanned) {
	w.t.Helper()
	for _, r := range results {
		if !r.canary {
			w.t.Errorf("%s: the canary is not found, so nothing would be", r.sink)
		}
		for i, f := range r.found {
			if i == 5 {
				w.t.Errorf("%s: and %d more", r.sink, len(r.found)-i)
				break
			}
			w.t.Errorf("%s: a caller's number, as %s %s", r.sink, f.encoding, f.where)
		}
	}
}

// table is the scan in lines.
func (w *watch) table(results []scanned) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d numbers in %d encodings\n", len(w.numbers)-1, len(leakscan.Encodings()))
	fmt.Fprintf(&b, "%-34s %14s %8s   %s\n", "sink", "bytes", "hits", "canary")
	for _, r := range results {
		found := "found"
		if !r.canary {
			found = "NOT FOUND"
		}
		fmt.Fprintf(&b, "%-34s %14d %8d   %s\n", r.sink, r.bytes, len(r.found), found)
	}
	return b.String()
}
