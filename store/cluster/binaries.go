package cluster

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNotInstalled says that no Postgres was found on this machine.
//
//lint:ignore ST1005 Postgres is a name
var ErrNotInstalled = errors.New("Postgres is not installed: run `apt-get install postgresql`" +
	" (or your system's equivalent), or set PG_BIN to the folder that holds initdb and postgres")

// systemBinaries is where Debian and its kin keep each major version's programs.
const systemBinaries = "/usr/lib/postgresql/*/bin"

// binaries are the two programs a cluster needs, as absolute paths.
type binaries struct{ initdb, postgres string }

// findBinaries looks in $PG_BIN, which must hold them if it is set, then in the
// folders that match pattern (newest version first), where pg_config points, and
// in $PATH.
func findBinaries(pattern string) (binaries, error) {
	if dir := os.Getenv("PG_BIN"); dir != "" {
		if b, ok := binariesIn(dir); ok {
			return b, nil
		}
		return binaries{}, fmt.Errorf("PG_BIN is %s, which does not hold initdb and postgres:"+
			" set it to the folder that does, or unset it", dir)
	}
	for _, dir := range append(installed(pattern), configured()...) {
		if b, ok := binariesIn(dir); ok {
			return b, nil
		}
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if b, ok := binariesIn(filepath.Dir(path)); ok {
			return b, nil
		}
	}
	return binaries{}, ErrNotInstalled
}

// binariesIn returns the programs of dir, if both are there.
func binariesIn(dir string) (binaries, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, false
	}
	b := binaries{initdb: filepath.Join(dir, "initdb"), postgres: filepath.Join(dir, "postgres")}
	for _, program := range []string{b.initdb, b.postgres} {
		if _, err := exec.LookPath(program); err != nil {
			return binaries{}, false
		}
	}
	return b, true
}

// installed returns the folders that match pattern, the newest version first:
// as numbers, so that 15 is newer than 9.
func installed(pattern string) []string {
	dirs, err := filepath.Glob(pattern)
	if err != nil {
		return nil
	}
	version := func(dir string) float64 {
		v, err := strconv.ParseFloat(filepath.Base(filepath.Dir(dir)), 64)
		if err != nil {
			return 0
		}
		return v
	}
	slices.SortFunc(dirs, func(a, b string) int {
		return cmp.Or(cmp.Compare(version(b), version(a)), strings.Compare(a, b))
	})
	return dirs
}

// configured returns the folder that pg_config names, if there is a pg_config.
func configured() []string {
	out, err := exec.Command("pg_config", "--bindir").Output()
	if err != nil {
		return nil
	}
	return []string{strings.TrimSpace(string(out))}
}
