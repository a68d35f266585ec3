package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	// stopWithin bounds a graceful stop; after it the process is killed.
	stopWithin = 15 * time.Second
	// keepLog is the size in bytes beyond which a part's log is set aside when the part starts.
	keepLog = 16 << 20
	// tailBytes is how much of a log an error shows at most.
	tailBytes = 64 << 10
	tailLines = 20
	tailWidth = 400
)

// process is one running child with its log.
type process struct {
	cmd   *exec.Cmd
	log   string        // path
	begin int64         // where in the log this process began
	done  chan struct{} // closed when it has ended
	err   error         // how it ended; read after done
}

func launch(n *nursery, c command, log string) (*process, error) {
	output, begin, err := openLog(log)
	if err != nil {
		return nil, err
	}
	defer output.Close() //nolint:errcheck // the child has its own descriptor by then
	cmd, err := n.start(c, output)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, log: log, begin: begin, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// run runs a program to its end; its error shows the end of what it wrote.
func run(ctx context.Context, n *nursery, c command, log string) error {
	p, err := launch(n, c, log)
	if err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		p.kill()
		return fmt.Errorf("run %s: %w", c.path, ctx.Err())
	}
	if p.err != nil {
		return fmt.Errorf("run %s: %w%s", c.path, p.err, p.tail())
	}
	return nil
}

// stop asks the process to end and kills it when it doesn't in time.
func (p *process) stop(ctx context.Context, ask syscall.Signal) error {
	if err := p.cmd.Process.Signal(ask); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal process %d: %w", p.cmd.Process.Pid, err)
	}
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.kill()
		return fmt.Errorf("process %d did not end when asked and was killed", p.cmd.Process.Pid)
	}
}

// kill is kill -9, and waits until the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // the only error is that it has ended already
	<-p.done
}

// tail is the end of what this process wrote, ready to be appended to an error.
func (p *process) tail() string {
	f, err := os.Open(p.log)
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // only read
	from := p.begin
	if end, err := f.Seek(0, io.SeekEnd); err == nil && end-from > tailBytes {
		from = end - tailBytes
	}
	data, err := io.ReadAll(io.NewSectionReader(f, from, tailBytes))
	if err != nil || len(data) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	for i, line := range lines {
		if len(line) > tailWidth { // the stack traces of Temporal's log run to many thousand bytes
			lines[i] = line[:tailWidth] + " …"
		}
	}
	return "\nthe end of " + p.log + ":\n  " + strings.Join(lines, "\n  ")
}

func openLog(path string) (*os.File, int64, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > keepLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, 0, fmt.Errorf("set the old log aside: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("open a log: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}
