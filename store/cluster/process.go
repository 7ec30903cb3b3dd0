package cluster

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// readyLine is how Postgres says in its log that it accepts connections.
const readyLine = "database system is ready to accept connections"

// stopGrace is how long a shutdown may take before the next, harsher one.
const stopGrace = 20 * time.Second

// tailLines is how many lines of a process's log a failure quotes.
const tailLines = 12

// process is one of Postgres's programs, run to its end by a goroutine of its own.
type process struct {
	cmd    *exec.Cmd
	output *os.File      // the reading end of its log
	ready  chan struct{} // closed at readyLine
	exited chan struct{} // closed when it and all its children have gone; guards the fields below
	tail   []string
	status error // as of exec.Cmd.Wait
}

// launch starts a program as home's account and returns once it runs.
func launch(path string, args []string, h *home, log io.Writer) (*process, error) {
	reading, writing, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = h.folders[0].path
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.Stdout, cmd.Stderr = writing, writing
	cmd.ExtraFiles = h.locks()
	cmd.SysProcAttr = h.who.attributes()
	p := &process{cmd: cmd, output: reading, ready: make(chan struct{}), exited: make(chan struct{})}

	started := make(chan error)
	go func() {
		// The parent-death signal comes when the thread that forked ends, not the
		// program: the thread is kept to this goroutine, and this goroutine to the
		// life of the process. After that it is given back, for it would end with a
		// goroutine that keeps it, and with it whatever others started from it so.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		_ = writing.Close()
		started <- err
		if err == nil {
			p.attend(log)
		}
	}()
	if err := <-started; err != nil {
		return nil, errors.Join(err, reading.Close())
	}
	return p, nil
}

// attend copies the log until the last process that can write to it has gone,
// then takes the exit status.
func (p *process) attend(log io.Writer) {
	defer close(p.exited)
	ready := p.ready
	lines := bufio.NewReader(p.output)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			_, _ = io.WriteString(log, line)
			p.tail = append(p.tail[max(0, len(p.tail)-tailLines+1):], line)
		}
		if ready != nil && strings.Contains(line, readyLine) {
			close(ready)
			ready = nil
		}
		if err != nil {
			break
		}
	}
	_ = p.output.Close()
	p.status = p.cmd.Wait()
}

// log returns the end of what a process that has exited logged.
func (p *process) log() string { return strings.Join(p.tail, "") }

// end makes the process exit and waits until it has, with its children: by a
// fast shutdown, by an immediate one if that takes longer than stopGrace, by
// force if that does as well. It returns an error unless the process went in
// good order.
func (p *process) end() error {
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		timer := time.NewTimer(stopGrace)
		select {
		case <-p.exited:
			timer.Stop()
			return p.status
		case <-timer.C:
		}
	}
	<-p.exited
	return p.status
}
