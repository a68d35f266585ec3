package local

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// program is what one kind of server does at each step of its life.
type program interface {
	// prepare makes what must be there before the process starts. It is repeated at every start.
	prepare(ctx context.Context) error
	command() command
	// probe tells whether the server serves; it is asked again and again.
	probe(ctx context.Context) error
	// furnish makes what must be in the running server before others use it. It is repeated at every start.
	furnish(ctx context.Context) error
}

// Part is one server of a stack.
type Part struct {
	name     PartName
	program  program
	external bool
	stopWith syscall.Signal
	logPath  string
	nursery  *nursery
	opts     Options
	closing  context.Context // ends when the stack closes; bounds restarts

	mu   sync.Mutex // held while the part changes
	proc *process   // nil while it is down
}

// Name is the part's name.
func (p *Part) Name() PartName { return p.name }

// External tells that the server runs elsewhere; then Stop and Kill are refused.
func (p *Part) External() bool { return p.external }

// PID is the process id, or 0 while the part is down or external.
func (p *Part) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return 0
	}
	return p.proc.cmd.Process.Pid
}

// Start starts the server and returns when it serves. Starting a part that runs does nothing. When the server does not
// come up, it is down again afterwards and the error shows the end of its log.
func (p *Part) Start(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.start(ctx)
}

func (p *Part) start(ctx context.Context) error {
	if p.proc != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if p.external {
		return p.check(ctx)
	}
	p.report(Preparing, "", nil)
	if err := p.program.prepare(ctx); err != nil {
		return fmt.Errorf("prepare %s: %w", p.name, err)
	}
	began := time.Now()
	p.report(Starting, "", nil)
	proc, err := launch(p.nursery, p.program.command(), p.logPath)
	if err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	if err := p.await(ctx, proc); err != nil {
		proc.kill()
		return fmt.Errorf("%s did not come up: %w%s", p.name, err, proc.tail())
	}
	p.proc = proc
	go p.watch(proc)
	p.report(Ready, time.Since(began).Round(10*time.Millisecond).String(), nil)
	return nil
}

// Stop asks the server to end in good order and returns when it is gone.
func (p *Part) Stop(ctx context.Context) error {
	return p.end(func(proc *process) error { return proc.stop(ctx, p.stopWith) })
}

// Kill is kill -9; it returns when the process is gone. The part stays down until Start.
func (p *Part) Kill() error {
	return p.end(func(proc *process) error {
		proc.kill()
		return nil
	})
}

func (p *Part) end(how func(*process) error) error {
	if p.external {
		return fmt.Errorf("%s is external: it is not ours to stop", p.name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return nil
	}
	proc := p.proc
	p.proc = nil // tells watch that this end was wanted
	if err := how(proc); err != nil {
		return fmt.Errorf("stop %s: %w", p.name, err)
	}
	p.report(Stopped, "", nil)
	return nil
}

func (p *Part) report(phase Phase, detail string, err error) {
	p.opts.Log.Info("stack part", zap.String("part", string(p.name)), zap.String("phase", string(phase)), zap.Error(err))
	p.opts.Progress(Event{Part: p.name, Phase: phase, Detail: detail, Err: err})
}
