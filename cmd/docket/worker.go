package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"go.temporal.io/sdk/worker"
	"go.uber.org/zap"
)

// stopWithin is how long activities under way may take to end when the worker is stopped.
const stopWithin = 15 * time.Second

// garbage is how much of it may gather, in percent of what is in use, unless GOGC says otherwise: little is in use, and
// collecting it half as often is worth the memory.
const garbage = 200

func newWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "worker",
		Short: "Run workflows, activities and the relay that follows each commit; any number of workers may run",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withProduct(cmd, func(ctx context.Context, p *product) error { return p.work(ctx) })
		},
	}
}

// withProduct opens the product by the environment, shows what is in force and hands it over.
func withProduct(cmd *cobra.Command, do func(context.Context, *product) error) error {
	s, err := readSettings()
	if err != nil {
		return err
	}
	log, err := newLog()
	if err != nil {
		return err
	}
	s.show(cmd.ErrOrStderr())
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	p, err := openProduct(cmd.Context(), s, log)
	if err != nil {
		return err
	}
	defer p.close()
	return do(cmd.Context(), p)
}

// runWorker starts a worker, waiting for Temporal as long as it takes, and stops it when the context ends. A worker that
// could not start says so for ever, so each try is made with a new one.
func runWorker(ctx context.Context, fresh func() worker.Worker, clock clockwork.Clock, log *zap.Logger) error {
	var w worker.Worker
	for {
		w = fresh()
		err := w.Start()
		if err == nil {
			break
		}
		log.Warn("worker waits for Temporal", zap.Error(err))
		select {
		case <-ctx.Done():
			return nil
		case <-clock.After(2 * time.Second):
		}
	}
	<-ctx.Done()
	w.Stop()
	return nil
}

// buildID names the code that runs, as the version control knows it.
func buildID() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, dirty := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	return fmt.Sprintf("%.12s%s", revision, dirty)
}
