package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// keysetMode is the mode of a keyset file: its owner reads it, nobody writes it.
const keysetMode fs.FileMode = 0o400

// keysetLimit is how large a keyset file may be, in bytes. One key takes some 300.
const keysetLimit = 1 << 20

// KeysetError says what is wrong with a keyset file and how to mend it. It quotes
// nothing of what is in the file.
type KeysetError struct {
	Path string // as given
	What string // "it is missing"
	Mend string // "run `hearthline keys init`"
	Err  error  // the cause, where the system gave one
}

// Error returns path, fault and mend in one line.
func (e *KeysetError) Error() string {
	return fmt.Sprintf("keyset %s: %s: %s", e.Path, e.What, e.Mend)
}

// Unwrap returns the cause: [fs.ErrNotExist], [fs.ErrExist] and [fs.ErrPermission]
// are found in it.
func (e *KeysetError) Unwrap() error { return e.Err }

// File is a keyset file.
type File struct {
	Path       string
	Passphrase Passphrase // wraps it; the zero one does not
}

// Create is [File.Create] of a file that no passphrase wraps.
func Create(path string) (*Keyring, error) { return File{Path: path}.Create() }

// Load is [File.Load] of a file that no passphrase wraps.
func Load(path string) (*Keyring, error) { return File{Path: path}.Load() }

// Create makes fresh keys and writes them to the file, mode 0400. It never
// overwrites one, and a crash leaves either no file or a whole one. Its errors are
// *[KeysetError].
func (f File) Create() (*Keyring, error) {
	d, err := newDocument()
	var data []byte
	if err == nil {
		data, err = f.encode(d)
	}
	if err != nil {
		return nil, &KeysetError{Path: f.Path, What: "the keys could not be made", Mend: "try again", Err: err}
	}
	switch err := writeNew(f.Path, data); {
	case errors.Is(err, fs.ErrExist):
		return nil, &KeysetError{f.Path, "it exists already, and keys are never overwritten",
			"keep it, or choose another path", err}
	case err != nil:
		return nil, &KeysetError{f.Path, "it could not be written (" + reason(err) + ")",
			"make sure that its folder exists and can be written to", err}
	}
	return f.Load()
}

// encode is the file's text.
func (f File) encode(d document) ([]byte, error) {
	var content any = d
	if !f.Passphrase.IsZero() {
		e, err := wrap(d, f.Passphrase)
		if err != nil {
			return nil, err
		}
		content = e
	}
	data, err := json.MarshalIndent(content, "", "  ")
	return append(data, '\n'), err
}

// writeNew writes a whole new file or none, and does not return before the disk
// has it.
func writeNew(path string, data []byte) error {
	temp, err := writeTemp(filepath.Dir(path), data, nil)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	// A link, unlike a rename, fails where there is a file.
	if err := os.Link(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// replace puts data in the place of a file, as its owner's, and does not return
// before the disk has it.
func replace(path string, data []byte) error {
	path, err := filepath.EvalSymlinks(path) // the file, not a link to it
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	// What a crash left behind holds keys that should be gone.
	left, err := filepath.Glob(filepath.Join(dir, tempPattern))
	if err != nil {
		return err
	}
	for _, l := range left {
		if err := os.Remove(l); err != nil {
			return err
		}
	}
	before, err := os.Stat(path)
	if err != nil {
		return err
	}
	temp, err := writeTemp(dir, data, before)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(dir)
}

const tempPattern = ".hearthline-keyset-*"

// writeTemp writes a file that waits for its name, and belongs to the owner of
// like, if there is one.
func writeTemp(dir string, data []byte, like fs.FileInfo) (string, error) {
	temp, err := os.CreateTemp(dir, tempPattern)
	if err != nil {
		return "", err
	}
	_, writeErr := temp.Write(data)
	if err := errors.Join(writeErr, temp.Chmod(keysetMode), giveTo(temp, like), temp.Sync(), temp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(temp.Name()))
	}
	return temp.Name(), nil
}

// giveTo lets temp belong to whom like belongs: root may rotate what a service
// reads.
func giveTo(temp *os.File, like fs.FileInfo) error {
	if like == nil {
		return nil
	}
	owner, ok := like.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return nil
	}
	return temp.Chown(int(owner.Uid), int(owner.Gid))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Load reads the file, which must be readable by its owner alone. Its errors are
// *[KeysetError]. A file that is not wrapped is read whether or not there is a
// passphrase.
func (f File) Load() (*Keyring, error) {
	all, info, err := f.readKeys()
	if err != nil {
		return nil, err
	}
	return newKeyring(all, &source{file: f, seen: info}), nil
}

// Wrapped reports whether a passphrase wraps the file. Its errors are
// *[KeysetError].
func (f File) Wrapped() (bool, error) {
	data, _, err := f.bytes()
	if err != nil {
		return false, err
	}
	var e envelope
	return json.Unmarshal(data, &e) == nil && e.Wrapped.Ciphertext != nil, nil
}

// readKeys makes the keys of the file, and says which file it was.
func (f File) readKeys() (*keys, fs.FileInfo, error) {
	d, info, err := f.read()
	if err != nil {
		return nil, nil, err
	}
	all, err := d.keys()
	if err != nil {
		return nil, nil, f.damaged(err)
	}
	return all, info, nil
}

func (f File) read() (document, fs.FileInfo, error) {
	data, info, err := f.bytes()
	if err != nil {
		return document{}, nil, err
	}
	d, err := parse(data, f.Passphrase)
	if err != nil {
		return document{}, nil, f.damaged(err)
	}
	return d, info, nil
}

func (f File) bytes() ([]byte, fs.FileInfo, error) {
	file, err := os.Open(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, &KeysetError{f.Path, "it is missing",
			"run `hearthline keys init`, or set HEARTHLINE_KEYSET_FILE to where it is", err}
	case err != nil:
		return nil, nil, unreadable(f.Path, err)
	}
	defer file.Close()
	info, err := checkFile(f.Path, file)
	if err != nil {
		return nil, nil, err
	}
	data, err := io.ReadAll(io.LimitReader(file, keysetLimit))
	if err != nil {
		return nil, nil, unreadable(f.Path, err)
	}
	return data, info, nil
}

// damaged is the error for a fault of the document.
func (f File) damaged(err error) error {
	mend := "put back the copy that you keep of it; what was sealed with these keys cannot be opened with new ones"
	if its := (fault{}); errors.As(err, &its) && its.mend != "" {
		mend = its.mend
	}
	return &KeysetError{f.Path, err.Error(), mend, err}
}

// checkFile refuses what is no file, and a file that others can read or that is
// open to writing.
func checkFile(path string, file *os.File) (fs.FileInfo, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &KeysetError{Path: path, What: "it is not a file", Mend: "set HEARTHLINE_KEYSET_FILE to the keyset file"}
	}
	if mode := info.Mode().Perm(); mode&^keysetMode != 0 {
		return nil, &KeysetError{Path: path,
			What: fmt.Sprintf("its mode is %#o, so that it can be written to, or read by others than its owner", mode),
			Mend: fmt.Sprintf("run `chmod %#o %s`", keysetMode, path)}
	}
	return info, nil
}

func unreadable(path string, err error) error {
	return &KeysetError{path, "it cannot be read (" + reason(err) + ")",
		fmt.Sprintf("it must belong to the account that runs hearthline (user %d) and have mode %#o", os.Geteuid(), keysetMode), err}
}

// reason returns the system's own words, without the path, which is in the
// message already and may be that of a temporary file.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	}
	return err.Error()
}
