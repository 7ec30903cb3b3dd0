package vault

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"sync"
)

// source is the file that a keyring came from.
type source struct {
	file File

	mu   sync.Mutex // one reload at a time
	seen fs.FileInfo
}

var errForeign = errors.New("no key in common")

// Reload takes over what the keyring's file holds, if the file was replaced since
// it was last read, and reports whether the keys changed. It is cheap when nothing
// did: call it every few seconds. On an error, a *[KeysetError], the keyring stays
// as it is, and the next call tries again. A file that has no key in common with
// the keyring is refused: it is another deployment's, or from two rotations on.
func (k *Keyring) Reload() (changed bool, err error) {
	if k.from == nil {
		return false, nil
	}
	k.from.mu.Lock()
	defer k.from.mu.Unlock()
	path := k.from.file.Path
	if info, err := os.Stat(path); err == nil && unchanged(info, k.from.seen) {
		return false, nil
	}
	next, info, err := k.from.file.readKeys()
	if err != nil {
		return false, err
	}
	now := k.keys()
	if !now.sharesWith(next) {
		return false, &KeysetError{path, "it has no key in common with the keyset in use",
			"put back the file that belongs to this database, or restart if it does", errForeign}
	}
	k.from.seen = info
	k.current.Store(next)
	return next.id != now.id, nil
}

// unchanged reports whether a file was neither replaced nor written to.
func unchanged(now, before fs.FileInfo) bool {
	return os.SameFile(now, before) && now.ModTime().Equal(before.ModTime()) && now.Size() == before.Size()
}

// sharesWith reports whether data of one keyset is of use to the other.
func (k *keys) sharesWith(other *keys) bool {
	cells := slices.ContainsFunc(k.cellIDs, func(id uint32) bool { return slices.Contains(other.cellIDs, id) })
	index := slices.ContainsFunc(k.index, func(mine prfKey) bool {
		return slices.ContainsFunc(other.index, func(its prfKey) bool { return mine.fingerprint() == its.fingerprint() })
	})
	return cells && index && k.labels[0].fingerprint() == other.labels[0].fingerprint()
}
