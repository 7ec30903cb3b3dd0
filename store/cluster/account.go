package cluster

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// nobody is the account of last resort, by the number it has on every Linux.
const nobody = 65534

// account is whom Postgres runs as. Postgres refuses to run as root.
type account struct {
	uid, gid uint32
	// switched is true when it is another account than our own, which takes root.
	switched bool
}

// runAs returns our own account or, for root, that of the system's postgres
// user, or nobody.
func runAs() (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{uid: uint32(uid), gid: uint32(os.Getegid())}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return account{uid: nobody, gid: nobody, switched: true}, nil
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("look up the user postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("look up the user postgres: %w", err)
	}
	return account{uid: uint32(uid), gid: uint32(gid), switched: true}, nil
}

// attributes are how a process of the account is started: it dies with us, and
// it stays out of our terminal's process group, so that an interrupt typed
// there reaches us alone and we stop it in order.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(attr)
	if a.switched {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// canReach reports whether the account may pass through dir and every folder
// above it, by their mode bits.
func (a account) canReach(dir string) bool {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	for {
		info, err := os.Stat(dir)
		if err != nil || !a.canEnter(info) {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// canEnter reports whether the account may pass through one folder.
func (a account) canEnter(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	switch mode := info.Mode().Perm(); {
	case stat.Uid == a.uid:
		return mode&0o100 != 0
	case stat.Gid == a.gid:
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}

// owns reports whether info is a folder of the account.
func (a account) owns(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.IsDir() && stat.Uid == a.uid
}
