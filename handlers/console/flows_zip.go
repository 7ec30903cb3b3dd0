package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"

	"github.com/hearthline/hearthline/flows"
)

// folder sends the files of a version, for who writes it on.
func (p *page) folder() error {
	one, err := p.versionOf(p.Param("version"))
	if err != nil {
		return err
	}
	packed, err := zipped(one.Bundle)
	if err != nil {
		return err
	}
	p.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=\"flow-%s.zip\"", one.Brief()))
	return p.Blob(http.StatusOK, "application/zip", packed)
}

// zipped is a bundle as a ZIP of its files, without times: the same files are the same
// bytes.
func zipped(b flows.Bundle) ([]byte, error) {
	var out bytes.Buffer
	packed := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if !fs.ValidPath(name) {
			continue // a folder has no such file, and whoever unpacks it should not get one
		}
		file, err := packed.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
		if _, err := file.Write([]byte(b[name])); err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := packed.Close(); err != nil {
		return nil, fmt.Errorf("pack a flow: %w", err)
	}
	return out.Bytes(), nil
}
