package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/privacy-docket/docket/client"
)

// How the requests of an upgrade are spread: so many wait for the upgrade before each step, and so many come in meanwhile.
const (
	waitingPerStep = 4
	comingIn       = 12
	comeEvery      = 2 * time.Second
	// oldOnNew is how long the processes of the previous build go on under the new schema.
	oldOnNew = 10 * time.Second
)

// upgrade replaces the previous build by this one while requests of every phase wait and others come in: the register is
// migrated first, with the old processes running, then worker and server are replaced. All requests end, those that the
// previous build began included.
func upgrade(ctx context.Context, o options) (found []violation, err error) {
	commit, why, err := previous(ctx)
	if err != nil {
		return nil, err
	}
	subject, err := git(ctx, "log", "-1", "--format=%h %s", commit)
	if err != nil {
		return nil, err
	}
	between, err := git(ctx, "rev-list", "--count", commit+"..HEAD")
	if err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintf(o.out, "upgrade: from %s, %s commits back (%s)\n", subject, between, why)
	program, err := newSwitch(ctx, o.docket, commit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(program.dir)) }()
	newer := o.docket
	o.docket = program.link()
	s, err := newScene(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.end(o.out, found, err)) }()
	u := &upgrading{scene: s, options: o, program: program, newer: newer, done: make(chan struct{})}
	if err := u.play(ctx); err != nil {
		return nil, err
	}
	e, err := s.gather(ctx, u.journeys, nil)
	if err != nil {
		return nil, err
	}
	u.report(e)
	return judge(e), nil
}

// switching is a program that is replaced as packages are: its name stays, what it leads to changes.
type switching struct{ dir string }

func newSwitch(ctx context.Context, docket, commit string) (*switching, error) {
	dir, err := os.MkdirTemp("", "docket-builds-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the builds: %w", err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // the database's account must get through
		return nil, fmt.Errorf("open the folder of the builds: %w", err)
	}
	s := &switching{dir: dir}
	servers, err := filepath.Abs(filepath.Join(filepath.Dir(docket), "servers"))
	if err != nil {
		return nil, fmt.Errorf("find the servers: %w", err)
	}
	before := filepath.Join(dir, "previous")
	return s, errors.Join(os.Symlink(servers, filepath.Join(dir, "servers")), buildPrevious(ctx, commit, before), s.to(before))
}

func (s *switching) link() string { return filepath.Join(s.dir, "docket") }

func (s *switching) to(program string) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return fmt.Errorf("find the build: %w", err)
	}
	if err := os.Symlink(program, s.link()+".new"); err != nil {
		return fmt.Errorf("switch to the build: %w", err)
	}
	if err := os.Rename(s.link()+".new", s.link()); err != nil {
		return fmt.Errorf("switch to the build: %w", err)
	}
	return nil
}

// upgrading is an upgrade under way.
type upgrading struct {
	*scene
	options
	program  *switching
	newer    string
	done     chan struct{} // closed when only the new build runs
	journeys []*journey
}

func (u *upgrading) play(ctx context.Context) error {
	walking, stop := context.WithTimeout(ctx, drainTime)
	defer stop()
	var group sync.WaitGroup
	for i := range 3*waitingPerStep + comingIn {
		j, err := newJourney(u.scene, i, u.people[i], u.before(i))
		if err != nil {
			return err
		}
		u.journeys = append(u.journeys, j)
		group.Go(func() { j.err = j.walk(walking) })
	}
	failed := u.replace(walking)
	close(u.done)
	group.Wait()
	return failed
}

// before holds some requests at each step until the upgrade is over, and has the rest come in one by one.
func (u *upgrading) before(n int) func(context.Context, int) bool {
	held := 1 + n/waitingPerStep
	return func(ctx context.Context, step int) bool {
		switch {
		case n >= 3*waitingPerStep && step == 0:
			return pause(ctx, time.Duration(n-3*waitingPerStep)*comeEvery)
		case n < 3*waitingPerStep && step == held:
			select {
			case <-u.done:
				return true
			case <-ctx.Done():
				return false
			}
		}
		return pause(ctx, 0)
	}
}

// replace waits until requests stand at every step, and puts the new build in the place of the old one.
func (u *upgrading) replace(ctx context.Context) error {
	if err := u.awaitEveryPhase(ctx); err != nil {
		return err
	}
	if err := u.program.to(u.newer); err != nil {
		return err
	}
	if _, err := u.Run(ctx, "migrate"); err != nil {
		return fmt.Errorf("migrate with the old processes running: %w", err)
	}
	pause(ctx, oldOnNew)
	for _, part := range []interface {
		Stop(context.Context) error
		Start(context.Context) error
	}{u.worker, u.server.Part} {
		if err := errors.Join(part.Stop(ctx), part.Start(ctx)); err != nil {
			return fmt.Errorf("replace a process: %w", err)
		}
	}
	return nil
}

// awaitEveryPhase waits until the requests that are held stand where they are held, and says so.
func (u *upgrading) awaitEveryPhase(ctx context.Context) error {
	want := []string{"verifying", "reviewing", "closed"}
	return until(ctx, "requests in every phase", func(ctx context.Context) (bool, error) {
		list, err := u.staff.ListRequests(ctx, client.Requests{}, client.Paging{Limit: client.PageSize})
		if err != nil {
			return false, err
		}
		states := map[string]int{}
		for _, line := range list.Items {
			states[line.State]++
		}
		for _, state := range want {
			if states[state] < waitingPerStep {
				return false, nil
			}
		}
		_, _ = fmt.Fprintf(u.out, "  when the new build came, requests were %s\n", counted(states))
		return true, nil
	})
}

func counted(states map[string]int) string {
	var out []string
	for state, n := range states {
		out = append(out, fmt.Sprintf("%s: %d", state, n))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (u *upgrading) report(e *evidence) {
	ended := 0
	for _, j := range u.journeys {
		if j.err == nil {
			ended++
		}
	}
	_, _ = fmt.Fprintf(u.out, "  %d requests filed, %d fetched their package; %d letters, %d of them a second time\n", len(u.journeys), ended, len(e.letters), repeats(e))
}
