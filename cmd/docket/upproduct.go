package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/deploy/local"
)

// onProduct is what is done while the product runs on a stack.
type onProduct func(context.Context, *local.Stack, *product) error

// runUpWithProduct starts the stack and the product on it. The product's port is chosen first, because Temporal's page has
// to be told where payloads are decrypted.
func runUpWithProduct(ctx context.Context, out *narrator, opts local.Options, do onProduct) error {
	kept, err := chooseProduct(ctx, opts.Dir, opts.Fresh)
	if err != nil {
		return err
	}
	if opts.CodecEndpoint == "" {
		opts.CodecEndpoint = kept.address() + "/codec"
	}
	opts.Restart = true
	return runUp(ctx, out, opts, runProduct(out, kept, do))
}

// runProduct runs server and worker on the stack, in this process, while do lasts.
func runProduct(out *narrator, kept localProduct, do onProduct) func(context.Context, *local.Stack) error {
	return func(ctx context.Context, stack *local.Stack) error {
		s, err := prepareLocal(ctx, stack, kept)
		if err != nil {
			return err
		}
		log, err := fileLog(filepath.Join(stack.Dir(), "logs", "docket.log"))
		if err != nil {
			return err
		}
		p, err := openProduct(ctx, s, log)
		if err != nil {
			return err
		}
		defer p.close()
		return p.runWith(ctx, out, stack, do)
	}
}

func (p *product) runWith(ctx context.Context, out *narrator, stack *local.Stack, do onProduct) error {
	ctx, stop := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.serve(ctx) })
	group.Go(func() error { return p.work(ctx) })
	group.Go(func() error {
		defer stop()
		if err := p.answers(ctx); err != nil {
			return err
		}
		if err := p.keptNewsletter(ctx, stack); err != nil {
			return err
		}
		out.say("  %-12s ready\n\n  Docket        %s\n", "docket", p.settings.PublicURL)
		return do(ctx, stack, p)
	})
	return group.Wait()
}

// answers waits until the server takes requests.
func (p *product) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if healthy(ctx, p.settings.PublicURL+"/healthz") {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server did not answer at %s; its log is in the state folder", p.settings.PublicURL)
		case <-p.clock.After(50 * time.Millisecond):
		}
	}
}

// fileLog makes a log that goes to a file, so that the terminal stays readable.
func fileLog(path string) (*zap.Logger, error) {
	config := logConfig()
	config.OutputPaths, config.ErrorOutputPaths = []string{path}, []string{path}
	log, err := config.Build()
	if err != nil {
		return nil, fmt.Errorf("open the log %s: %w", path, err)
	}
	return log, nil
}
