package console

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is Go code in which acts are looked for: what carries one is followed from the
// field Act of store.AuditEntry to whoever calls the functions that fill it: one of that
// name and as many arguments.
type source struct {
	t     *testing.T
	files map[string][]*ast.File // by folder
	sinks map[string]int         // functions, as folder, name and arguments: which of their parameters is an act
	acts  map[string]bool
}

func actsInSource(t *testing.T) []string {
	t.Helper()
	s := source{t: t, files: map[string][]*ast.File{}, sinks: map[string]int{}, acts: map[string]bool{}}
	for _, root := range []string{"../../store", "../../handlers", "../../cmd"} {
		if err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			s.files[filepath.Dir(path)] = append(s.files[filepath.Dir(path)], file)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for before := -1; before != len(s.sinks); {
		before = len(s.sinks)
		for dir, files := range s.files {
			for _, file := range files {
				for _, d := range file.Decls {
					if fn, ok := d.(*ast.FuncDecl); ok {
						s.look(dir, fn)
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(s.acts))
}

// look finds the acts that a function enters.
func (s *source) look(dir string, fn *ast.FuncDecl) {
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			entries := []ast.Expr{n}
			if many, ok := n.Type.(*ast.ArrayType); ok && named(many.Elt) == "AuditEntry" {
				entries = n.Elts
			} else if named(n.Type) != "AuditEntry" {
				return true
			}
			for _, e := range entries {
				for _, field := range e.(*ast.CompositeLit).Elts {
					if kv, ok := field.(*ast.KeyValueExpr); ok && named(kv.Key) == "Act" {
						s.carries(dir, fn, kv.Value)
					}
				}
			}
		case *ast.CallExpr:
			name := fmt.Sprint(named(n.Fun), " ", len(n.Args))
			at, ok := s.sinks[dir+"."+name]
			if !ok && ast.IsExported(name) {
				at, ok = s.sinks[name]
			}
			if ok {
				s.carries(dir, fn, n.Args[at])
			}
		}
		return true
	})
}

// carries follows an expression that is an act.
func (s *source) carries(dir string, fn *ast.FuncDecl, x ast.Expr) {
	switch x := x.(type) {
	case *ast.BasicLit:
		act, err := strconv.Unquote(x.Value)
		if err != nil {
			s.t.Fatal(err)
		}
		s.acts[act] = true
	case *ast.IndexExpr:
		s.carries(dir, fn, x.X)
	case *ast.CompositeLit:
		for _, e := range x.Elts {
			s.carries(dir, fn, e.(*ast.KeyValueExpr).Value)
		}
	case *ast.BinaryExpr:
		prefix, err := strconv.Unquote(x.X.(*ast.BasicLit).Value)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, end := range s.ends(prefix) {
			s.acts[prefix+end] = true
		}
	case *ast.Ident:
		s.follow(dir, fn, x.Name)
	default:
		s.t.Errorf("%s: %s enters an act that this test cannot follow: %T", dir, fn.Name.Name, x)
	}
}

// follow finds what a name stands for: a parameter, what it was given in the function,
// or what the package declares.
func (s *source) follow(dir string, fn *ast.FuncDecl, name string) {
	var params []string
	for _, p := range fn.Type.Params.List {
		for _, n := range p.Names {
			params = append(params, n.Name)
		}
	}
	if at := slices.Index(params, name); at >= 0 {
		for _, n := range []int{len(params), len(params) - 1} { // the last may be any number, or none
			if _, variadic := fn.Type.Params.List[len(fn.Type.Params.List)-1].Type.(*ast.Ellipsis); n < len(params) && !variadic {
				continue
			}
			called := fmt.Sprint(fn.Name.Name, " ", n)
			s.sinks[dir+"."+called] = at
			if fn.Name.IsExported() {
				s.sinks[called] = at
			}
		}
		return
	}
	found := false
	see := func(n ast.Node) bool {
		var names, values []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			names, values = n.Lhs, n.Rhs
		case *ast.ValueSpec:
			for _, id := range n.Names {
				names = append(names, id)
			}
			values = n.Values
		}
		for i, value := range values {
			if named(names[i]) == name {
				found = true
				s.carries(dir, fn, value)
			}
		}
		return true
	}
	ast.Inspect(fn, see)
	for _, file := range s.files[dir] {
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.GenDecl); ok && !found {
				ast.Inspect(decl, see)
			}
		}
	}
	if !found {
		s.t.Errorf("%s: %s enters an act %q that this test cannot follow", dir, fn.Name.Name, name)
	}
}

// ends are what acts with a prefix end in, where it is put together.
func (s *source) ends(prefix string) (all []string) {
	collect := func(dir string, take func(ast.Node)) {
		for _, file := range s.files[filepath.FromSlash("../../"+dir)] {
			ast.Inspect(file, func(n ast.Node) bool { take(n); return true })
		}
	}
	constants := func(dir, kind string, but ...string) {
		collect(dir, func(n ast.Node) {
			if v, ok := n.(*ast.ValueSpec); ok && named(v.Type) == kind && !slices.Contains(but, v.Names[0].Name) {
				end, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				all = append(all, end)
			}
		})
	}
	switch prefix {
	case "session.": // every verb but those that change nothing for others
		var own []string
		collect("handlers/rooms", func(n ast.Node) {
			if fn, ok := n.(*ast.FuncDecl); ok && fn.Name.Name == "ofOneself" {
				ast.Inspect(fn, func(n ast.Node) bool {
					if x, ok := n.(*ast.SelectorExpr); ok {
						own = append(own, x.Sel.Name)
					}
					return true
				})
			}
		})
		constants("handlers/rooms/session", "Verb", own...)
	case "account.":
		constants("store", "Link")
	case "group.":
		collect("store", func(n ast.Node) {
			if kv, ok := n.(*ast.KeyValueExpr); ok && named(kv.Key) == "verb" {
				if end, ok := kv.Value.(*ast.BasicLit); ok {
					word, _ := strconv.Unquote(end.Value)
					all = append(all, word)
				}
			}
		})
	default:
		s.t.Errorf("acts that begin with %q are put together where this test does not look", prefix)
	}
	return all
}

// named is the last part of a name: "entry" of by.entry.
func named(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}
