package cluster_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store/cluster"
)

// ownerDir is the environment variable that makes the test binary a program
// that starts a cluster below the folder it names, and stops it when its
// standard input ends.
const ownerDir = "CLUSTER_TEST_OWNER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerDir); dir != "" {
		if err := own(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// own says on standard output as whom Postgres runs, then waits.
func own(dir string) error {
	c, err := cluster.Start(context.Background(), cluster.Options{Dir: dir})
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		return err
	}
	if err := db.Ping(); err != nil {
		return err
	}
	fmt.Println("running")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return c.Stop()
}

// owner runs the test binary as such a program, under uid.
func owner(t *testing.T, dir string, uid uint32) (cmd *exec.Cmd, stdin io.Closer) {
	t.Helper()
	// The go command's folder for test binaries is closed to other users.
	binary := filepath.Join(openDir(t), "owner")
	raw, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	// A process that another test starts meanwhile would inherit the open file, which
	// then is too busy to be run.
	syscall.ForkLock.RLock()
	err = os.WriteFile(binary, raw, 0o755)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, binary)
	cmd.Env = append(os.Environ(), ownerDir+"="+dir)
	if uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	stdin, err = cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	if line != "running\n" {
		rest, _ := io.ReadAll(stdout)
		t.Fatalf("%s%s", line, rest)
	}
	return cmd, stdin
}

// A program that is killed takes its Postgres with it, and the next cluster in
// the same place clears up the files.
func TestKilledProgram(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	cmd, _ := owner(t, dir, 0)
	homes, err := filepath.Glob(filepath.Join(dir, "hearthline-pg-*"))
	if err != nil || len(homes) != 1 {
		t.Fatalf("homes %v (%v), want one", homes, err)
	}
	other := start(t, cluster.Options{Dir: dir})
	if _, err := os.Stat(filepath.Join(homes[0], "data")); err != nil {
		t.Errorf("another cluster in the same place removed the files of a living one: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the program ended by itself")
	}
	awaitUnlocked(t, homes[0])
	for _, p := range inhabitants(t, homes[0]) {
		t.Errorf("process %s outlived its program", p)
	}
	if err := other.Stop(); err != nil {
		t.Error(err)
	}
	if err := start(t, cluster.Options{Dir: dir}).Stop(); err != nil {
		t.Error(err)
	}
	assertEmpty(t, dir)
}

// awaitUnlocked waits until no process holds the lock of home, which the program
// and every process of its Postgres inherit.
func awaitUnlocked(t *testing.T, home string) {
	t.Helper()
	file, err := os.Open(home)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unlocked := make(chan error, 1)
	go func() { unlocked <- syscall.Flock(int(file.Fd()), syscall.LOCK_EX) }()
	select {
	case err := <-unlocked:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		t.Fatalf("processes of the cluster still run: %s", strings.Join(inhabitants(t, home), ", "))
	}
}

func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("the other tests run as an ordinary user already")
	}
	const nobody = 65534
	dir := openDir(t)
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	cmd, stdin := owner(t, dir, nobody)
	for _, p := range inhabitants(t, dir) {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if uid := info.Sys().(*syscall.Stat_t).Uid; uid != nobody {
			t.Errorf("process %s runs as %d, want %d", p, uid, nobody)
		}
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	assertEmpty(t, dir)
}

// A Postgres that died by itself is reported at Stop, which still waits for its
// children and clears up.
func TestKilledPostgres(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	c := start(t, cluster.Options{Dir: dir})
	pidFiles, err := filepath.Glob(filepath.Join(dir, "*", "data", "postmaster.pid"))
	if err != nil || len(pidFiles) != 1 {
		t.Fatalf("pid files %v (%v), want one", pidFiles, err)
	}
	content, err := os.ReadFile(pidFiles[0])
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(content), &pid); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Stop says %v of a Postgres that was killed", err)
	}
	assertEmpty(t, dir)
}
