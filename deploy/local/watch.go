package local

import (
	"errors"
	"fmt"
	"time"
)

// A server that ended by itself is started again this often, with this pause, before it is left down: what it needs may be down as
// well, and on its way back.
const (
	restarts     = 150
	restartPause = 2 * time.Second
)

// watch reports a server that ended on its own and, when asked to, brings it back.
func (p *Part) watch(proc *process) {
	<-proc.done
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc != proc {
		return
	}
	p.proc = nil
	p.report(Died, "", fmt.Errorf("%s: %w%s", p.name, endOf(proc), proc.tail()))
	if !p.opts.Restart || p.closing.Err() != nil {
		return
	}
	if err := p.bringBack(); err != nil {
		p.report(Died, "", fmt.Errorf("bring %s back: %w; it stays down: end this and start it again", p.name, err))
	}
}

// bringBack tries a few times: what ended the server may need a moment to pass.
func (p *Part) bringBack() error {
	pause := time.NewTicker(restartPause)
	defer pause.Stop()
	var err error
	for range restarts {
		if err = p.start(p.closing); err == nil {
			return nil
		}
		select {
		case <-p.closing.Done():
			return p.closing.Err()
		case <-pause.C:
		}
	}
	return err
}

func endOf(proc *process) error {
	if proc.err == nil {
		return errors.New("exit status 0")
	}
	return proc.err
}
