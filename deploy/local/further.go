package local

import (
	"context"
)

// Further is a program that runs beside a stack's servers, as Docket's own server and worker do in measurements.
type Further struct {
	Path string
	Args []string
	// Env is the whole environment, but for PATH, HOME, LANG and TZ.
	Env []string
	// Serves tells whether the program serves; it is asked again and again. Nil takes a started program for one that does.
	Serves func(context.Context) error
}

// Add gives the stack a further part, which is not started yet. Its log is in the state folder under its name; it is
// stopped with the stack, before the servers it leans on. Add is for whoever started the stack, not for several goroutines.
func (s *Stack) Add(name PartName, f Further) *Part {
	part := s.part(name, false, further{Further: f, dir: s.opts.Dir})
	s.further = append(s.further, part)
	return part
}

// NewAddress reserves a free port of this machine for the stack and gives it as host:port.
func (s *Stack) NewAddress(ctx context.Context) (string, error) {
	port, err := newPort(ctx, s.ports)
	return address(port), err
}

// AnswersAt is a Serves for programs with a page that answers 200 when all is well.
func AnswersAt(url string) func(context.Context) error {
	return func(ctx context.Context) error { return probePage(ctx, url) }
}

// further is a Further as a part runs it.
type further struct {
	Further
	dir string
}

func (f further) prepare(context.Context) error { return nil }

func (f further) command() command {
	return command{path: f.Path, args: f.Args, env: f.Env, dir: f.dir}
}

func (f further) probe(ctx context.Context) error {
	if f.Serves == nil {
		return nil
	}
	return f.Serves(ctx)
}

func (f further) furnish(context.Context) error { return nil }
