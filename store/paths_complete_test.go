package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryWritePathIsSwept finds the exported functions that open a transaction
// for writing, themselves or by what they call, and misses those that no write
// path covers. It goes by names, so that it may ask for one too many.
func TestEveryWritePathIsSwept(t *testing.T) {
	t.Parallel()
	covered := maps.Clone(notPaths)
	for _, p := range writePaths {
		for name := range strings.FieldsSeq(p.covers) {
			covered[name] = p.name
		}
	}
	found := writers(t)
	if len(found) < 5 {
		t.Fatalf("only %v write: the search does not work", found)
	}
	for _, name := range found {
		if _, ok := covered[name]; !ok {
			t.Errorf("%s writes and is in no write path: add one, or say in notPaths why not", name)
		}
	}
	for name := range covered {
		if !slices.Contains(found, name) {
			t.Errorf("%s is covered, and does not write", name)
		}
	}
}

// writers are the exported functions and methods that reach inTx.
func writers(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]map[string]bool{} // by caller
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			if calls[f.Name.Name] == nil {
				calls[f.Name.Name] = map[string]bool{}
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					calls[f.Name.Name][callee(call)] = true
				}
				return true
			})
		}
	}
	reach := map[string]bool{"inTx": true}
	for grown := true; grown; {
		grown = false
		for caller, called := range calls {
			for name := range called {
				if reach[name] && !reach[caller] {
					reach[caller], grown = true, true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(reach)), func(name string) bool { return !ast.IsExported(name) })
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
