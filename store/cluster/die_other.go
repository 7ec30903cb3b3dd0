//go:build unix && !linux

package cluster

import "syscall"

// dieWithParent can do nothing here: only Linux has a parent-death signal, so
// elsewhere a cluster outlives a program that is killed without warning.
func dieWithParent(*syscall.SysProcAttr) {}
