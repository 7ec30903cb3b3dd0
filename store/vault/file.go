package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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

// Create makes fresh keys and writes them to path, mode 0400. It never overwrites
// a file, and a crash leaves either no file or a whole one. Its errors are
// *[KeysetError].
func Create(path string) (*Keyring, error) {
	d, err := newDocument()
	if err != nil {
		return nil, &KeysetError{Path: path, What: "the keys could not be made", Mend: "try again", Err: err}
	}
	k, err := newKeyring(d)
	if err != nil {
		return nil, &KeysetError{Path: path, What: err.Error(), Mend: "try again", Err: err}
	}
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, &KeysetError{Path: path, What: "the keys could not be written down", Mend: "try again", Err: err}
	}
	switch err := writeNew(path, append(data, '\n')); {
	case errors.Is(err, fs.ErrExist):
		return nil, &KeysetError{path, "it exists already, and keys are never overwritten",
			"keep it, or choose another path", err}
	case err != nil:
		return nil, &KeysetError{path, "it could not be written (" + reason(err) + ")",
			"make sure that its folder exists and can be written to", err}
	}
	return k, nil
}

// writeNew writes a whole new file or none, and does not return before the disk
// has it.
func writeNew(path string, data []byte) error {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, ".hearthline-keyset-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, writeErr := temp.Write(data)
	if err := errors.Join(writeErr, temp.Chmod(keysetMode), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, fails where there is a file.
	if err := os.Link(temp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Load reads the keyset at path, which must be readable by its owner alone. Its
// errors are *[KeysetError].
func Load(path string) (*Keyring, error) {
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &KeysetError{path, "it is missing",
			"run `hearthline keys init`, or set HEARTHLINE_KEYSET_FILE to where it is", err}
	case err != nil:
		return nil, unreadable(path, err)
	}
	defer file.Close()
	if err := checkFile(path, file); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(file, keysetLimit))
	if err != nil {
		return nil, unreadable(path, err)
	}
	k, err := parse(data)
	if err != nil {
		return nil, &KeysetError{path, err.Error(),
			"put back the copy that you keep of it; what was sealed with these keys cannot be opened with new ones", err}
	}
	return k, nil
}

// checkFile refuses what is no file, and a file that others can read or that is
// open to writing.
func checkFile(path string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return &KeysetError{Path: path, What: "it is not a file", Mend: "set HEARTHLINE_KEYSET_FILE to the keyset file"}
	}
	if mode := info.Mode().Perm(); mode&^keysetMode != 0 {
		return &KeysetError{Path: path,
			What: fmt.Sprintf("its mode is %#o, so that it can be written to, or read by others than its owner", mode),
			Mend: fmt.Sprintf("run `chmod %#o %s`", keysetMode, path)}
	}
	return nil
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
