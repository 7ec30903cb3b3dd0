package console

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// templates are the pages by name: each is the layout, the parts, and its own file.
type templates map[string]*template.Template

// readTemplates reads templates/layout.html, templates/part_*.html and a page from
// each other file there.
func readTemplates(files fs.FS) (templates, error) {
	base, err := template.ParseFS(files, "templates/layout.html", "templates/part_*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	all := templates{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || strings.HasPrefix(name, "part_") {
			continue
		}
		own, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if all[name], err = own.ParseFS(files, file); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t templates) draw(w io.Writer, name string, v view) error {
	page, ok := t[name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	return page.ExecuteTemplate(w, "layout", v)
}

// part draws a part of a page alone.
func (t templates) part(w io.Writer, name, part string, v view) error {
	page, ok := t[name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	return page.ExecuteTemplate(w, part, v)
}

// asset is a static file.
type asset struct {
	kind, hash string
	content    []byte
}

var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// letters write a hash without digits, of which some in a row would be taken for a
// telephone number by whoever looks for one in a page.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyzABCDEF")

func readAssets(files fs.FS) (map[string]asset, error) {
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		return nil, err
	}
	all := map[string]asset{}
	for _, e := range entries {
		content, err := fs.ReadFile(files, "static/"+e.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(content)
		all[e.Name()] = asset{kind: kinds[path.Ext(e.Name())], hash: letters.EncodeToString(sum[:10]), content: content}
	}
	return all, nil
}

// serveAsset answers with a file that never changes: its address does.
func (d *Pages) serveAsset(c echo.Context) error {
	a := d.assets[path.Base(c.Path())]
	c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return c.Blob(http.StatusOK, a.kind, a.content)
}
