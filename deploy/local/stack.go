package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// Stack is a set of running servers.
type Stack struct {
	opts    Options
	state   state
	lock    *os.File
	ports   *reservation
	nursery *nursery
	parts   map[PartName]*Part
	further []*Part         // in the order they were added
	closing context.Context // ends when the stack closes; bounds restarts
	cancel  context.CancelFunc
}

// Start starts every part that is not external and returns when all of them serve. The servers go on after ctx has
// ended, until Close. On an error nothing is left running.
func Start(ctx context.Context, opts Options) (*Stack, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(filepath.Join(opts.Dir, string(MariaDB))); err == nil && !opts.Fresh {
		opts.MariaDB = true // what an earlier start put into it is still wanted
	}
	if _, err := os.Lstat(filepath.Join(opts.Dir, string(MongoDB))); err == nil && !opts.Fresh {
		opts.MongoDB = true // likewise
	}
	s, err := open(ctx, opts)
	if err != nil {
		return nil, err
	}
	if err := s.startAll(ctx); err != nil {
		return nil, errors.Join(err, s.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// open takes the state folder and decides where everything will be, without starting anything.
func open(ctx context.Context, opts Options) (*Stack, error) {
	// The database's account must get through the state folder; what is private in it is closed by itself.
	if err := os.MkdirAll(opts.Dir, 0o711); err != nil { //nolint:gosec // see above
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	held, err := lock(opts.Dir)
	if err != nil {
		return nil, err
	}
	ports := &reservation{}
	st, err := settle(ctx, opts, ports)
	if err != nil {
		return nil, errors.Join(err, ports.release(), unlock(held))
	}
	s := &Stack{opts: opts, state: st, lock: held, ports: ports, nursery: newNursery()}
	s.closing, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.assemble()
	return s, nil
}

// settle readies the state folder, which is locked, and writes down where everything will be.
func settle(ctx context.Context, opts Options, ports *reservation) (state, error) {
	if opts.Fresh {
		if err := wipe(opts.Dir); err != nil {
			return state{}, err
		}
	}
	if err := os.MkdirAll(filepath.Join(opts.Dir, "logs"), 0o700); err != nil {
		return state{}, fmt.Errorf("make the folder of the logs: %w", err)
	}
	st, err := loadState(opts.Dir)
	if err != nil {
		return state{}, err
	}
	if err := st.place(ctx, opts, ports); err != nil {
		return state{}, err
	}
	return st, st.write(opts.Dir)
}

// startAll starts PostgreSQL and then the rest at once; Temporal is the only one that needs it.
func (s *Stack) startAll(ctx context.Context) error {
	if err := s.parts[Postgres].Start(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, name := range []PartName{Temporal, TemporalUI, Objects, Mail, MariaDB, MongoDB} {
		if part, ok := s.parts[name]; ok {
			group.Go(func() error { return part.Start(ctx) })
		}
	}
	return group.Wait()
}

// Close stops every part, the further ones first and PostgreSQL last, and gives the state folder back.
func (s *Stack) Close(ctx context.Context) error {
	s.cancel()
	err := stopAll(ctx, s.further)
	var servers []*Part
	for name, part := range s.parts {
		if name != Postgres && !part.External() {
			servers = append(servers, part)
		}
	}
	err = errors.Join(err, stopAll(ctx, servers))
	if part := s.parts[Postgres]; !part.External() {
		err = errors.Join(err, part.Stop(ctx))
	}
	s.nursery.close()
	return errors.Join(err, s.ports.release(), unlock(s.lock))
}

func stopAll(ctx context.Context, parts []*Part) error {
	var group errgroup.Group
	for _, part := range parts {
		group.Go(func() error { return part.Stop(ctx) })
	}
	return group.Wait()
}

// Part returns a part by name, or nil when the stack has none of that name, as the page of an external Temporal.
func (s *Stack) Part(name PartName) *Part { return s.parts[name] }

// Addresses say where the parts are reached.
func (s *Stack) Addresses() Addresses { return s.state.Addresses }

// Dir is the state folder.
func (s *Stack) Dir() string { return s.opts.Dir }

func logPath(dir string, part PartName) string {
	return filepath.Join(dir, "logs", string(part)+".log")
}
