package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryWritePathIsSwept finds the exported functions that open a transaction
// for writing, themselves or by what they call, and misses those that no write
// path covers.
func TestEveryWritePathIsSwept(t *testing.T) {
	t.Parallel()
	covered := maps.Clone(notPaths)
	for _, p := range writePaths {
		for name := range strings.FieldsSeq(p.covers) {
			covered[name] = p.name
		}
	}
	found := writers(t)
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

// writers are the exported functions and methods that reach DB.inTx, as
// "Function" and "Type.Method".
func writers(t *testing.T) []string {
	t.Helper()
	calls := usedBy(t)
	reach := map[string]bool{}
	for next := []string{"DB.inTx"}; len(next) > 0; next = next[1:] {
		if reach[next[0]] {
			continue
		}
		reach[next[0]] = true
		by := calls[next[0]]
		if len(by) == 0 && !isExported(next[0]) {
			t.Errorf("nobody is seen to call %s: it is called on a value of which another package tells the type", next[0])
		}
		next = append(next, by...)
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(reach)), func(name string) bool { return !isExported(name) })
}

// usedBy are, for each function of this package, those that mention it. Other
// packages are not looked into, and what only they tell the type of is passed over.
func usedBy(t *testing.T) map[string][]string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	nothingImported := types.Config{Error: func(error) {}}
	_, _ = nothingImported.Check("store", fset, files, &info)

	calls := map[string][]string{}
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			caller := functionName(info.Defs[f.Name].(*types.Func))
			ast.Inspect(f, func(n ast.Node) bool {
				if ident, ok := n.(*ast.Ident); ok {
					if used, ok := info.Uses[ident].(*types.Func); ok {
						calls[functionName(used)] = append(calls[functionName(used)], caller)
					}
				}
				return true
			})
		}
	}
	return calls
}

func functionName(f *types.Func) string {
	receiver := f.Signature().Recv()
	if receiver == nil {
		return f.Name()
	}
	of := receiver.Type()
	if pointer, ok := of.(*types.Pointer); ok {
		of = pointer.Elem()
	}
	return types.TypeString(of, func(*types.Package) string { return "" }) + "." + f.Name()
}

func isExported(name string) bool {
	return ast.IsExported(name) && ast.IsExported(name[strings.LastIndex(name, ".")+1:])
}
