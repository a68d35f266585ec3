package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/privacy-docket/docket/deploy/local"
)

// stackVariable tells the command beside the stack, and the tests it runs, where the stack's state is.
const stackVariable = "DOCKET_TEST_STACK"

// endWithin is how long the command may take to end after Ctrl-C.
const endWithin = 20 * time.Second

// runBeside runs a command while the stack is up and passes its exit status on.
func runBeside(args []string) func(context.Context, *local.Stack) error {
	return func(ctx context.Context, stack *local.Stack) error {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // the user's own command
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		cmd.Env = append(os.Environ(), stackVariable+"="+stack.Dir())
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = endWithin
		err := cmd.Run()
		var ended *exec.ExitError
		if errors.As(err, &ended) && ended.ExitCode() > 0 {
			return &exitError{status: ended.ExitCode(), err: fmt.Errorf("%s: %w", args[0], err)}
		}
		if err != nil {
			return fmt.Errorf("run %s: %w", args[0], err)
		}
		return nil
	}
}
