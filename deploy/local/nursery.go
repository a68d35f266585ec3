package local

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// nursery starts child processes that can't outlive this one. The kernel sends the parent-death signal when the *thread*
// that forked a child ends, so all forks happen on one thread that is kept until close.
type nursery struct {
	work  chan func()
	close func()
}

func newNursery() *nursery {
	n := &nursery{work: make(chan func())}
	n.close = sync.OnceFunc(func() { close(n.work) })
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		for do := range n.work {
			do()
		}
	}()
	return n
}

// command is a program to run. Its environment is only what is listed: nothing of ours leaks into the servers.
type command struct {
	path string
	args []string
	env  []string
	dir  string
	// user drops the process to that account; nil keeps ours.
	user *syscall.Credential
}

func (n *nursery) start(c command, output *os.File) (*exec.Cmd, error) {
	cmd := exec.Command(c.path, c.args...) //nolint:gosec,noctx // programs found in the folders the caller named; a part outlives the call that starts it
	cmd.Dir = c.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir, "LANG=C.UTF-8", "TZ=UTC"}, c.env...)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Pdeathsig:  syscall.SIGKILL,
		Setpgid:    true, // Ctrl-C in the terminal reaches us alone, and we stop the parts in order
		Credential: c.user,
	}
	started := make(chan error, 1)
	n.work <- func() { started <- cmd.Start() }
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.path, err)
	}
	return cmd, nil
}
