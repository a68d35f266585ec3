// Faults runs Docket under faults: the storm, in which every server is killed again and again while people ask for their
// data, and scenarios with one fault each. What it promises and how it looks is in docs/faults.md. Exit status 1 says that
// a promise was broken.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are what the command line says.
type options struct {
	docket   string
	requests int
	storm    time.Duration
	seed     uint64
	only     string
	out      io.Writer
}

// scenario is one kind of fault with its promises. It gives what was broken; an error says that it could not be tried.
type scenario struct {
	name string
	run  func(context.Context, options) ([]violation, error)
}

func scenarios() []scenario {
	return []scenario{
		{"storm", storm}, {"upgrade", upgrade}, {"objects-full", objectsFull}, {"register-full", registerFull},
		{"slow-system", slowSystem}, {"huge-value", hugeValue}, {"erasures", erasures},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, readOptions()); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // the signals end with the process
	}
}

func readOptions() options {
	o := options{out: os.Stdout}
	minutes := 0.0
	flag.StringVar(&o.docket, "docket", "bin/docket", "the built program, with the servers in the folder beside it")
	flag.IntVar(&o.requests, "requests", 50, "how many requests are in flight")
	flag.Float64Var(&minutes, "minutes", 3, "how long the storm lasts")
	flag.Uint64Var(&o.seed, "seed", 0, "seed of all chance; 0 takes one from the clock")
	flag.StringVar(&o.only, "only", "", "names of scenarios, with commas; empty runs all: "+strings.Join(names(), ", "))
	flag.Parse()
	o.storm = time.Duration(minutes * float64(time.Minute))
	if o.seed == 0 {
		o.seed = uint64(time.Now().Unix())
	}
	return o
}

func names() (all []string) {
	for _, s := range scenarios() {
		all = append(all, s.name)
	}
	return all
}

// errBroken says that a promise was broken; which one is in the report.
var errBroken = errors.New("a promise was broken; see above")

func run(ctx context.Context, o options) error {
	chosen := names()
	if o.only != "" {
		chosen = strings.Split(o.only, ",")
	}
	for _, name := range chosen {
		if !slices.Contains(names(), name) {
			return fmt.Errorf("there is no scenario %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	broken := false
	var untried []string
	for _, s := range scenarios() {
		if !slices.Contains(chosen, s.name) {
			continue
		}
		found, err := s.run(ctx, o)
		if errors.Is(err, errUntried) {
			_, _ = fmt.Fprintf(o.out, "%s: NOT TRIED: %v\n\n", s.name, err)
			untried = append(untried, s.name)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		broken = broken || len(found) > 0
		tell(o.out, s.name, found)
	}
	if broken {
		return errBroken
	}
	if len(untried) > 0 {
		return fmt.Errorf("no promise was broken, but %s could not be tried here; see above", strings.Join(untried, ", "))
	}
	return nil
}
