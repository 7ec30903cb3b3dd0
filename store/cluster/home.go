package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// folderPrefix begins the name of every folder a cluster makes, once it is locked.
const folderPrefix = "hearthline-pg-"

// socketLimit is how long the path of a unix socket may be: sun_path is 108
// bytes, its closing NUL included (unix(7)).
const socketLimit = 107

// home is where a cluster lives.
type home struct {
	who       account
	data      string // Postgres's data directory, inside the first folder
	socketDir string // the first folder, or a second one where its path is too long
	folders   []folder
}

// folder is a directory, mode 0700 and owned by the account that runs Postgres,
// that is locked for as long as we or any process of Postgres live.
type folder struct {
	path string
	lock *os.File
}

// makeHome makes the folders of a cluster below base, or below a temporary
// folder where who cannot reach base.
func makeHome(base string, who account, log io.Writer) (*home, error) {
	if base == "" {
		base = os.TempDir()
	}
	if err := os.MkdirAll(base, 0o700); err != nil {
		return nil, err
	}
	base, err := filepath.Abs(base)
	if err != nil {
		return nil, err
	}
	if !who.canReach(base) {
		temp := temporary(who)
		_, _ = fmt.Fprintf(log, "postgres runs as user %d, who cannot reach %s: its files go below %s\n",
			who.uid, base, temp)
		base = temp
	}
	h := &home{who: who}
	if err := h.settle(base); err != nil {
		return nil, errors.Join(err, h.remove())
	}
	return h, nil
}

// settle makes the folders and says where data and socket go.
func (h *home) settle(base string) error {
	dir, err := h.add(base)
	if err != nil {
		return err
	}
	h.data = filepath.Join(dir, "data")
	if h.socketDir = dir; fitsSocket(dir) {
		return nil
	}
	if h.socketDir, err = h.add(temporary(h.who)); err != nil {
		return err
	}
	if !fitsSocket(h.socketDir) {
		return fmt.Errorf("the path of a unix socket must fit in %d bytes:"+
			" set TMPDIR to a folder with a shorter name", socketLimit)
	}
	return nil
}

// add claims one more folder, and removes those beside it that clusters left
// behind when their program was killed.
func (h *home) add(base string) (string, error) {
	sweep(base, h.who)
	f, err := claim(base, h.who)
	if err != nil {
		return "", err
	}
	h.folders = append(h.folders, f)
	return f.path, nil
}

// remove deletes the folders and gives up their locks. No process of the cluster
// may be left. It is fine to remove a home twice.
func (h *home) remove() error {
	var errs []error
	for _, f := range h.folders {
		errs = append(errs, os.RemoveAll(f.path), f.lock.Close())
	}
	h.folders = nil
	return errors.Join(errs...)
}

// locks are the open locks, for Postgres to inherit.
func (h *home) locks() []*os.File {
	var files []*os.File
	for _, f := range h.folders {
		files = append(files, f.lock)
	}
	return files
}

// claim makes a folder below base for who. It gets its lasting name only once it
// is locked, so that another program's sweep never takes it for abandoned.
func claim(base string, who account) (folder, error) {
	raw, err := os.MkdirTemp(base, "."+folderPrefix)
	if err != nil {
		return folder{}, err
	}
	f := folder{path: filepath.Join(base, strings.TrimPrefix(filepath.Base(raw), "."))}
	if who.switched {
		err = os.Chown(raw, int(who.uid), int(who.gid))
	}
	if err == nil {
		f.lock, err = lock(raw)
	}
	if err == nil {
		err = os.Rename(raw, f.path)
	}
	if err != nil {
		return folder{}, errors.Join(err, os.RemoveAll(raw))
	}
	return f, nil
}

// lock opens and locks a directory, and fails at once if somebody else holds it.
// The lock belongs to the open file, and so to every process that inherits it.
func lock(dir string) (*os.File, error) {
	file, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: dir, Err: err}, file.Close())
	}
	return file, nil
}

// sweep removes the folders of who below base that nobody holds. What it cannot
// remove it leaves: it is a courtesy, and the next start tries again.
func sweep(base string, who account) {
	dirs, err := filepath.Glob(filepath.Join(base, folderPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		if err != nil || !who.owns(info) {
			continue
		}
		if file, err := lock(dir); err == nil {
			_ = os.RemoveAll(dir)
			_ = file.Close()
		}
	}
}

// temporary returns os.TempDir(), or /tmp where who cannot reach that.
func temporary(who account) string {
	if dir := os.TempDir(); who.canReach(dir) {
		return dir
	}
	return "/tmp"
}

// fitsSocket reports whether Postgres can make its socket in dir.
func fitsSocket(dir string) bool { return len(dir)+len("/.s.PGSQL.")+len(port) <= socketLimit }
