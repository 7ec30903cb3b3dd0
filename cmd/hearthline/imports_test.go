package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const modulePath = "github.com/hearthline/hearthline"

// arrows says what of ours each package may import. A package that is not here
// may not exist. An arrow to flows is one to flows/schedule too, since the types
// of flows are made of schedule's.
var arrows = map[string][]string{
	"flows":                  {"flows/schedule"},
	"flows/explore":          {"flows"},                // walks all that a caller can do
	"flows/flowstest":        {"flows", "flows/lines"}, // for tests
	"flows/lines":            {"flows"},
	"flows/schedule":         nil,
	"flows/sound":            nil,
	"store":                  {"flows", "store/migrations", "store/vault"},
	"store/cluster":          nil,
	"store/leakscan":         nil, // for tests
	"store/migrations":       nil,
	"store/storetest":        {"store", "store/cluster", "store/vault"},
	"store/vault":            nil,
	"handlers":               {"handlers/carrier", "handlers/console", "handlers/ops", "handlers/phone"},
	"handlers/carrier":       {"flows", "store/vault"},
	"handlers/browsertest":   nil, // opens pages for tests
	"handlers/console":       {"flows", "store", "store/vault", "handlers/doctor", "handlers/rooms", "handlers/rooms/session", "handlers/studio"},
	"handlers/doctor":        {"flows", "store", "store/vault", "handlers/carrier"},                // whether the line can be reached, and how its numbers are set up
	"handlers/studio":        {"flows", "flows/sound", "store"},                                    // prompts in people's voices
	"handlers/voicemail":     {"flows", "flows/sound", "store", "store/vault", "handlers/carrier"}, // messages that callers leave
	"handlers/emulator":      nil,
	"handlers/ops":           {"store"},
	"handlers/outbox":        {"flows", "store", "store/vault", "handlers/carrier"},
	"handlers/phone":         {"flows", "flows/sound", "store", "store/vault", "handlers/carrier", "handlers/rooms", "handlers/rooms/session"},
	"handlers/rooms":         {"flows", "store", "store/vault", "handlers/carrier", "handlers/rooms/session"},
	"handlers/rooms/session": nil, // what a session is: pure
	"handlers/simulator":     {"handlers/emulator"},
	"handlers/sweep":         {"flows", "store", "store/vault", "handlers/carrier"},
}

// wiring may import everything of ours, and is imported by nothing.
const wiring = "cmd/hearthline"

// homes says which folder alone, with what lies below it, may import a package
// that is not ours, with what lies below that.
var homes = map[string]string{
	"database/sql":                "store",
	"github.com/jmoiron/sqlx":     "store",
	"github.com/lib/pq":           "store",
	"github.com/labstack/echo":    "handlers",
	"github.com/twilio/twilio-go": "handlers/carrier",
}

// Package flows and what lies below it decide; they leave it to others to wait,
// to read and write, and to look at a clock. What is always the same may be worked out once
// and kept. What is for tests alone may wait.
var (
	forTests = []string{"flows/flowstest"}
	impure   = []string{"context", "database/sql", "log", "net", "os", "sync/atomic"}
	keeps    = []string{"Map", "OnceValue"}
	clocks   = []string{"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}
)

// topLevel is what the tree's root holds, but for dot-files and what git
// ignores.
var topLevel = []string{
	"LICENSE", "Makefile", "README.md", "cmd", "deploy", "flows", "go.mod", "go.sum", "handlers", "store",
}

func TestImports(t *testing.T) {
	t.Parallel()
	wrong, err := wrongImports(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

func TestTopLevel(t *testing.T) {
	t.Parallel()
	wrong, err := wrongTopLevel(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

// wrongImports parses every Go file of the module, whatever its build tags, and
// returns what breaks the rules above. Tests may import what they like, but for
// the emulator's, which would else measure us by ourselves.
func wrongImports(tree fs.FS) ([]string, error) {
	var wrong []string
	seen := map[string]bool{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		dir := path.Dir(name)
		test := strings.HasSuffix(name, "_test.go")
		if path.Ext(name) != ".go" || test && dir != "handlers/emulator" {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if _, known := arrows[dir]; !known && dir != wiring && !seen[dir] {
			wrong = append(wrong, dir+" is no package of the design")
		}
		seen[dir] = true
		for _, fault := range fileFaults(dir, file) {
			wrong = append(wrong, name+" "+fault)
		}
		return nil
	})
	return wrong, err
}

// fileFaults says what is wrong with one file of the package in dir.
func fileFaults(dir string, file *ast.File) []string {
	var faults []string
	pure := under(dir, "flows") && !slices.Contains(forTests, dir)
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return []string{err.Error()}
		}
		if ours, ok := strings.CutPrefix(name, modulePath+"/"); ok && !mayImport(dir, ours) {
			faults = append(faults, "imports "+ours)
		}
		for library, home := range homes {
			if under(name, library) && !under(dir, home) {
				faults = append(faults, fmt.Sprintf("imports %s, which only %s may", name, home))
			}
		}
		if pure && slices.ContainsFunc(impure, func(p string) bool { return under(name, p) }) {
			faults = append(faults, fmt.Sprintf("imports %s, and flows are pure", name))
		}
	}
	if pure {
		faults = append(faults, impureFaults(file)...)
	}
	return faults
}

// impureFaults finds a look at a clock, and what waits for another.
func impureFaults(file *ast.File) []string {
	var faults []string
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := s.X.(*ast.Ident)
		switch {
		case ok && x.Name == "time" && slices.Contains(clocks, s.Sel.Name):
			faults = append(faults, fmt.Sprintf("calls time.%s, and flows are given the time", s.Sel.Name))
		case ok && x.Name == "sync" && !slices.Contains(keeps, s.Sel.Name):
			faults = append(faults, fmt.Sprintf("waits by sync.%s, and flows are pure", s.Sel.Name))
		}
		return true
	})
	return faults
}

// mayImport reports whether there is an arrow between two of our packages.
func mayImport(from, to string) bool {
	if from == wiring {
		return true
	}
	may := arrows[from]
	return slices.Contains(may, to) || to == "flows/schedule" && slices.Contains(may, "flows")
}

// under reports whether a path is root or lies below it.
func under(name, root string) bool { return name == root || strings.HasPrefix(name, root+"/") }

// wrongTopLevel compares the tree's root with topLevel.
func wrongTopLevel(tree fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(tree, ".gitignore")
	if err != nil {
		return nil, err
	}
	ignored := strings.Fields(string(text))
	var wrong, found []string
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || slices.Contains(ignored, "/"+name) || slices.Contains(ignored, "/"+name+"/") {
			continue
		}
		found = append(found, name)
		if !slices.Contains(topLevel, name) {
			wrong = append(wrong, name+" has no place at the top")
		}
	}
	for _, name := range topLevel {
		if !slices.Contains(found, name) {
			wrong = append(wrong, name+" is missing at the top")
		}
	}
	return wrong, nil
}

// TestPlantedImports holds the checker to finding what is wrong, and nothing
// else.
func TestPlantedImports(t *testing.T) {
	t.Parallel()
	ours := func(name string) string { return strconv.Quote(modulePath + "/" + name) }
	tests := map[string]struct{ file, imports, code, want string }{
		"an arrow":                      {"handlers/carrier/a.go", ours("flows"), "", ""},
		"an arrow's types":              {"handlers/rooms/a.go", ours("flows/schedule"), "", ""},
		"no arrow":                      {"handlers/carrier/a.go", ours("store"), "", "handlers/carrier/a.go imports store"},
		"an arrow turned round":         {"flows/a.go", ours("handlers/phone"), "", "flows/a.go imports handlers/phone"},
		"a sibling":                     {"handlers/simulator/a.go", ours("handlers/phone"), "", "handlers/simulator/a.go imports handlers/phone"},
		"a leaf that imports":           {"store/vault/a.go", ours("flows"), "", "store/vault/a.go imports flows"},
		"wiring":                        {"cmd/hearthline/a.go", ours("handlers/emulator"), "", ""},
		"wiring imported":               {"store/a.go", ours("cmd/hearthline"), "", "store/a.go imports cmd/hearthline"},
		"a package of no design":        {"handlers/util/a.go", `"fmt"`, "", "handlers/util is no package of the design"},
		"behind a build tag":            {"store/vault/a_plan9.go", ours("flows"), "", "store/vault/a_plan9.go imports flows"},
		"a test":                        {"handlers/phone/a_test.go", ours("handlers/emulator"), "", ""},
		"the emulator's test":           {"handlers/emulator/a_test.go", ours("handlers/carrier"), "", "handlers/emulator/a_test.go imports handlers/carrier"},
		"a library at home":             {"store/storetest/a.go", `"github.com/lib/pq"`, "", ""},
		"SQL elsewhere":                 {"handlers/phone/a.go", `"github.com/jmoiron/sqlx"`, "", "handlers/phone/a.go imports github.com/jmoiron/sqlx, which only store may"},
		"a library's package":           {"handlers/phone/a.go", `"github.com/twilio/twilio-go/client"`, "", "handlers/phone/a.go imports github.com/twilio/twilio-go/client, which only handlers/carrier may"},
		"a library's major version":     {"cmd/hearthline/a.go", `"github.com/labstack/echo/v4"`, "", "cmd/hearthline/a.go imports github.com/labstack/echo/v4, which only handlers may"},
		"a library of a like name":      {"handlers/phone/a.go", `"github.com/lib/pqueue"`, "", ""},
		"a flow that waits":             {"flows/lines/a.go", `"net/http"`, "", "flows/lines/a.go imports net/http, and flows are pure"},
		"a flow that looks at a clock":  {"flows/a.go", `"time"`, "var start = time.Now()", "flows/a.go calls time.Now, and flows are given the time"},
		"a flow that waits for another": {"flows/a.go", `"sync"`, "var shared sync.Mutex", "flows/a.go waits by sync.Mutex, and flows are pure"},
		"a flow that keeps":             {"flows/a.go", `"sync"`, "var kept sync.Map", ""},
		"a flow that counts in hours":   {"flows/a.go", `"time"`, "const life = 12 * time.Hour", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := fmt.Sprintf("package p\n\nimport %s\n\n%s\n", test.imports, test.code)
			wrong, err := wrongImports(fstest.MapFS{
				test.file:           {Data: []byte(source)},
				"bin/testdata/a.go": {Data: []byte("no Go at all")},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(wrong, "; "); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func TestPlantedTopLevel(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{".gitignore": {Data: []byte("/bin/\n/notes\n")}, "bin/hearthline": {}, "notes": {}, ".ci/run": {}, "docs/a.md": {}}
	for _, name := range topLevel[1:] {
		tree[name] = &fstest.MapFile{}
	}
	wrong, err := wrongTopLevel(tree)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(wrong, "; "), "docs has no place at the top; LICENSE is missing at the top"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
}
