package local

import (
	"context"
	"fmt"
	"time"
)

const (
	// readyWithin bounds how long a part may take to serve, on a slow machine with cold caches.
	readyWithin = 2 * time.Minute
	probeEvery  = 100 * time.Millisecond
	probeTime   = 5 * time.Second
)

// check is a start of a server that is not ours: it must answer, and gets the namespace or bucket it lacks.
func (p *Part) check(ctx context.Context) error {
	probe, cancel := context.WithTimeout(ctx, 2*probeTime)
	defer cancel()
	if err := p.program.probe(probe); err != nil {
		return fmt.Errorf("the external %s does not answer: %w", p.name, err)
	}
	if err := p.program.furnish(ctx); err != nil {
		return fmt.Errorf("set up the external %s: %w", p.name, err)
	}
	p.report(Ready, "external", nil)
	return nil
}

// await returns when the server serves and is furnished, or why it never will.
func (p *Part) await(ctx context.Context, proc *process) error {
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	for {
		err := p.probeOnce(ctx)
		if err == nil {
			return p.program.furnish(ctx)
		}
		select {
		case <-proc.done:
			return fmt.Errorf("it ended: %w", endOf(proc))
		case <-ctx.Done():
			return fmt.Errorf("not ready in time, last: %w", err)
		case <-ticker.C:
		}
	}
}

func (p *Part) probeOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	return p.program.probe(ctx)
}
