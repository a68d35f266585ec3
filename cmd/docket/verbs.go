package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// verbs makes the commands that speak to a server, and holds what they take from outside.
type verbs struct {
	clock  clockwork.Clock
	getenv func(string) string
	// settings are the product's own, for commands that open the register.
	settings func() (settings, error)
	// zone is the one that times are shown in where no request says another.
	zone *time.Location
	// asks says that somebody sits at standard input and can be asked.
	asks bool
}

// newVerbs takes everything from the process.
func newVerbs() *verbs {
	info, err := os.Stdin.Stat()
	return &verbs{
		clock: clockwork.NewRealClock(), getenv: os.Getenv, settings: readSettings, zone: time.Local,
		asks: err == nil && info.Mode()&os.ModeCharDevice != 0,
	}
}

// addVerbs adds every command that speaks to a server, and the ones that make the first tenant and key.
func addVerbs(root *cobra.Command, v *verbs) {
	root.AddCommand(v.requestCommand(), v.taskCommand(), v.boardCommand(), v.systemCommand(), v.datasetCommand(), v.erasureCommand(), v.holdCommand(), v.limitCommand(), v.consentCommand(), v.correctionCommand(), v.appealCommand(), v.decisionCommand(), v.transmissionCommand(), v.inquiryCommand(),
		v.requesterCommand(), v.mailCommand())
	root.AddCommand(v.apiKeyCommand(), v.staffCommand(), v.tenantCommand(), v.accountCommand(), v.backupCommand(), v.restoreCommand())
	for _, cmd := range root.Commands() {
		if cmd.Name() == "audit" {
			cmd.AddCommand(v.auditCommands()...)
		}
	}
}

// session is one run of a command: its connection, what goes in and what comes out.
type session struct {
	*client.Client
	*verbs
	in   io.Reader
	out  io.Writer
	errs io.Writer
	json bool
	// once is the idempotency key of what the command changes; empty for commands that need none.
	once string
	// texted says that a text was read from standard input, which is empty after that.
	texted bool
}

// onceFlag names the flag of the idempotency key.
const onceFlag = "idempotency-key"

// work is what a command does with its arguments.
type work func(ctx context.Context, s *session, args []string) error

// online makes a command that speaks to a server.
func (v *verbs) online(use, short string, args cobra.PositionalArgs, do work) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: told(args)}
	addJSONFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := v.open(cmd)
		if err != nil {
			return err
		}
		return s.explained(do(cmd.Context(), s, args))
	}
	return cmd
}

// changing makes an online command that changes something once per idempotency key.
func (v *verbs) changing(use, short string, args cobra.PositionalArgs, do work) *cobra.Command {
	cmd := v.online(use, short, args, do)
	cmd.Flags().String(onceFlag, "", "send an earlier run of this very command again under its key: what was done is not done twice")
	return cmd
}

func addJSONFlag(cmd *cobra.Command) {
	cmd.Flags().Bool("json", false, "print JSON with the field names of the API")
}

// open connects by the environment.
func (v *verbs) open(cmd *cobra.Command) (*session, error) {
	s := v.session(cmd)
	var err error
	s.Client, err = v.connect(s.errs)
	return s, err
}

// session is a run without a connection.
func (v *verbs) session(cmd *cobra.Command) *session {
	s := &session{verbs: v, in: cmd.InOrStdin(), out: cmd.OutOrStdout(), errs: cmd.ErrOrStderr()}
	s.json, _ = cmd.Flags().GetBool("json")
	if flag := cmd.Flags().Lookup(onceFlag); flag != nil {
		if s.once = flag.Value.String(); s.once == "" {
			s.once = client.NewIdempotencyKey()
		}
	}
	return s
}

// told adds to a wrong number of arguments what they should be.
func told(args cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if err := args(cmd, given); err != nil {
			return fmt.Errorf("expected %s; what was given has %s", cmd.UseLine(), several(len(given), "argument"))
		}
		return nil
	}
}

// group is a command that only holds others. A name that is none of them is an error, which cobra tells of at the top only.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return fmt.Errorf("%s has no such command; %s --help lists them", cmd.CommandPath(), cmd.CommandPath())
	}
	cmd.AddCommand(commands...)
	return cmd
}
