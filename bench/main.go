// Command bench measures Docket beside its floors: each figure stands next to the least that the same machine, the same
// servers and the same run allow, so that it says something on any machine.
//
//	go run ./bench -docket bin/docket [-only intake,drive] [-scale 0.1]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// measure is one comparison; it takes a rig of its own, so that none disturbs another.
type measure struct {
	name string
	do   func(context.Context, *bench) error
}

var measures = []measure{
	{"intake", intake}, {"drive", drive}, {"due", due}, {"export", export}, {"verify", verify}, {"lists", lists},
	{"rest", rest}, {"scale", scale}, {"scan", scan}, {"plan", plan}, {"erase", erase}, {"answer", answer},
	{"consents", consents},
}

// bench is one run of the measurements.
type bench struct {
	docket string
	dir    string
	scale  float64
	report report
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to be undone
	}
}

func run(ctx context.Context) error {
	b := &bench{}
	var only string
	flag.StringVar(&b.docket, "docket", "bin/docket", "the built program")
	flag.StringVar(&b.dir, "dir", "", "folder for the servers' state; a temporary one that is deleted when empty")
	flag.Float64Var(&b.scale, "scale", 1, "part of the full size, to try things out: the figures are those of the full size only")
	flag.StringVar(&only, "only", "", "the measures to take, comma-separated; all when empty")
	flag.Parse()
	wanted, err := choose(only)
	if err != nil {
		return err
	}
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "docket-bench-"); err != nil {
			return fmt.Errorf("make a folder for the servers: %w", err)
		}
		defer os.RemoveAll(b.dir)  //nolint:errcheck // a temporary folder
		_ = os.Chmod(b.dir, 0o711) //nolint:gosec // the database's account must get through
	}
	b.report.machine(ctx)
	for _, m := range wanted {
		began := time.Now()
		if err := m.do(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		b.say("%s took %s in all", m.name, time.Since(began).Round(time.Second))
	}
	return b.report.print(os.Stdout)
}

func choose(only string) ([]measure, error) {
	if only == "" {
		return measures, nil
	}
	var wanted []measure
	for _, name := range strings.Split(only, ",") {
		i := slices.IndexFunc(measures, func(m measure) bool { return m.name == name })
		if i < 0 {
			return nil, errors.New("no measure is called " + name)
		}
		wanted = append(wanted, measures[i])
	}
	return wanted, nil
}

// say tells the person at the terminal what is going on.
func (b *bench) say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// size is a number of things at the scale of the run.
func (b *bench) size(full int) int { return max(1, int(float64(full)*b.scale)) }
