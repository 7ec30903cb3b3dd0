package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"strings"
)

// sink is one kind of thing that somebody could steal or be handed.
type sink struct {
	name   string
	pieces []piece
}

// piece is a part of a sink: text in memory, or a file.
type piece struct {
	where string
	text  []byte
	file  string
}

// sinks is everything that the program and Postgres wrote, logged or sent.
// Postgres runs on, so files that grow are taken as they are.
func (w *watch) sinks() []sink {
	w.t.Helper()
	w.do(w.open(), `CHECKPOINT`)
	told := w.told()
	data := w.text(`SHOW data_directory`)
	return []sink{
		{"pg_dump", w.dump()},
		{"pg_dump without keys", w.dump("--exclude-schema=keys")},
		{"pg_dump of keys", w.dump("--schema=keys")},
		{"data directory", w.files(data, "pg_wal", "pgsql_tmp")},
		{"write-ahead log", w.files(filepath.Join(data, "pg_wal"))},
		{"temporary files", w.files(filepath.Join(data, "base", "pgsql_tmp"))},
		{"wire to Postgres", w.wire.pieces("Postgres")},
		{"wire to the program", w.wire.pieces("the program")},
		{"Postgres's log", []piece{said(w.postgres.String())}},
		{"program's log", []piece{said(w.log.String()), said(w.printed.String())}},
		{"state folder", w.files(w.config.stateDir)},
		{"health", w.pages()},
		{"heap profile", w.profile("heap", 0, 1)},
		{"goroutines", w.profile("goroutine", 0, 1, 2)},
		{"addresses at the carrier", told.addresses},
		{"names and labels at the carrier", told.names},
		{"documents for the carrier", told.documents},
		{"parameters at the carrier", told.parameters},
		{"requests to the carrier", told.requests},
		{"texts sent", told.texts},
	}
}

// dump is a logical backup, and what its columns of bytes hold.
func (w *watch) dump(options ...string) []piece {
	w.t.Helper()
	text := pgDump(w.t, w.server, options...)
	return []piece{{text: text}, {where: "columns of bytes", text: bytesIn(text)}}
}

// pgDump runs the newest pg_dump there is: Debian's is not in PATH.
func pgDump(t interface {
	Helper()
	Fatal(...any)
}, url string, options ...string) []byte {
	t.Helper()
	program := "pg_dump"
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump"); err == nil && len(found) > 0 {
		program = found[len(found)-1]
	}
	var errs bytes.Buffer
	cmd := exec.Command(program, append(options, "--dbname", url)...)
	cmd.Stderr = &errs
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err, errs.String())
	}
	return text
}

var byteColumn = regexp.MustCompile(`\\\\x[0-9a-f]+`)

// bytesIn is what a dump's columns of bytes hold, a line each.
func bytesIn(dump []byte) []byte {
	var all []byte
	for _, code := range byteColumn.FindAll(dump, -1) {
		b, _ := hex.DecodeString(string(code[3:])) // an odd digit is left out
		all = append(append(all, b...), '\n')
	}
	return all
}

// files are those below a folder, but for what lies in folders of some names.
func (w *watch) files(root string, but ...string) []piece {
	w.t.Helper()
	var all []piece
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case os.IsNotExist(err):
			return nil
		case err != nil:
			return err
		case d.IsDir():
			for _, name := range but {
				if d.Name() == name {
					return fs.SkipDir
				}
			}
		case d.Type().IsRegular():
			where, _ := filepath.Rel(root, path)
			all = append(all, piece{where: where, file: path}, said(where))
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// healthPages are what an operator's tools may read without being anybody.
var healthPages = []string{"/healthz", "/readyz"}

// pages are the bodies and headers of those pages, and of any others.
func (w *watch) pages() []piece {
	w.t.Helper()
	var all []piece
	for _, path := range append(healthPages, w.morePages...) {
		address := path
		if strings.HasPrefix(path, "/") {
			address = "http://" + *w.route.Load() + path
		}
		r, err := http.Get(address)
		if err != nil {
			w.t.Fatal(err)
		}
		var b bytes.Buffer
		err = r.Write(&b)
		_ = r.Body.Close()
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, piece{where: path, text: b.Bytes()})
	}
	return all
}

// profile is one of the running program's profiles, in each of some forms; the
// form 0 is compressed.
func (w *watch) profile(name string, forms ...int) []piece {
	w.t.Helper()
	var all []piece
	for _, form := range forms {
		var b bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&b, form); err != nil {
			w.t.Fatal(err)
		}
		text := b.Bytes()
		if form == 0 {
			z, err := gzip.NewReader(&b)
			if err == nil {
				text, err = io.ReadAll(z)
			}
			if err != nil {
				w.t.Fatal(err)
			}
		}
		all = append(all, piece{text: text})
	}
	return all
}

// text is the one value that a query gives.
func (w *watch) text(query string, args ...any) string {
	w.t.Helper()
	var s string
	if err := w.open().QueryRowContext(w.t.Context(), query, args...).Scan(&s); err != nil {
		w.t.Fatal(err)
	}
	return s
}
