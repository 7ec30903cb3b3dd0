package cluster

import "syscall"

// dieWithParent asks the kernel for a fast shutdown of the process when the
// thread that started it ends, which is when we die, since launch keeps that
// thread. See prctl(2), PR_SET_PDEATHSIG.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
