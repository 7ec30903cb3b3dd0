package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"

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
		if !unpacks(name) {
			continue // whoever unpacks it should not get such a file, and no flow that is read from a folder has it
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

// unpacks says whether a file can be made anywhere from its name, on Windows too, inside of
// the folder that it is unpacked into.
func unpacks(name string) bool {
	if !fs.ValidPath(name) || strings.ContainsAny(name, `<>:"\|?*`) || strings.ContainsFunc(name, unicode.IsControl) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
		return strings.TrimRight(part, ". ") != part || deviceName.MatchString(part)
	})
}

// deviceName is what Windows calls its devices, whatever ending it has.
var deviceName = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)`)
