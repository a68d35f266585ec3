package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/deploy/local"
)

// closeWithin bounds the stop of the whole stack.
const closeWithin = 45 * time.Second

const upLong = `Starts PostgreSQL, Temporal with its web page, MinIO and a mail catcher on 127.0.0.1, and Docket's server and worker on
them, and keeps them running until Ctrl-C. Addresses and credentials are written to stack.json in the state folder; a later start finds its data there again.

With a command after --, the servers alone run, as long as the command does, and its exit status is passed on. The command
finds the state folder in DOCKET_TEST_STACK, and a MariaDB and a MongoDB (FerretDB) to try connectors on. With --company, Docket and a sample company whose people can sign in run beside
it too; product.json in the state folder has Docket's port and the password.

A server that runs elsewhere is used instead when its address is in the environment: DOCKET_DATABASE_URL,
DOCKET_TEMPORAL_ADDRESS, DOCKET_TEMPORAL_UI, DOCKET_OBJECTS_URL, DOCKET_SMTP_ADDRESS.`

func newUpCommand() *cobra.Command {
	var opts local.Options
	var company bool
	cmd := &cobra.Command{
		Use:   "up [flags] [-- command [argument...]]",
		Short: "Start the local stack (PostgreSQL, Temporal, MinIO, a mail catcher) and Docket on it",
		Long:  upLong,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flagsFromEnvironment(cmd); err != nil {
				return err
			}
			opts.External = externalServers()
			out := newNarrator(cmd.OutOrStdout())
			opts.MariaDB = opts.MariaDB || company || len(args) > 0
			opts.MongoDB = opts.MongoDB || len(args) > 0 && !company
			if company {
				return runUpWithProduct(cmd.Context(), out, opts, withCompany(out, args))
			}
			if len(args) > 0 {
				return runUp(cmd.Context(), out, opts, runBeside(args))
			}
			return runUpWithProduct(cmd.Context(), out, opts, stay)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.Dir, "state", ".docket", "state folder (DOCKET_STATE)")
	flags.StringVar(&opts.Programs, "servers", "", "folder of the server programs; default: servers beside the docket binary (DOCKET_SERVERS)")
	flags.StringVar(&opts.CodecEndpoint, "codec-endpoint", "", "URL under which Temporal's web page decrypts payloads (DOCKET_CODEC_ENDPOINT)")
	flags.BoolVar(&opts.Fresh, "fresh", false, "delete what an earlier stack left in the state folder first (DOCKET_FRESH)")
	flags.BoolVar(&opts.NoSync, "no-sync", false, "let PostgreSQL and FerretDB skip fsync, for tests (DOCKET_NO_SYNC)")
	flags.BoolVar(&opts.MariaDB, "mariadb", false, "start MariaDB too, as with a command or the company (DOCKET_MARIADB)")
	flags.BoolVar(&opts.MongoDB, "mongodb", false, "start FerretDB too, which speaks MongoDB's protocol, as with a command (DOCKET_MONGODB)")
	flags.BoolVar(&company, "company", false, "run Docket with the sample company and accounts for each role, beside a command too (DOCKET_COMPANY)")
	for _, port := range []struct {
		name  string
		value *int
	}{
		{"postgres", &opts.Ports.Postgres}, {"temporal", &opts.Ports.Temporal}, {"temporal-ui", &opts.Ports.TemporalUI},
		{"objects", &opts.Ports.Objects}, {"smtp", &opts.Ports.SMTP}, {"mail", &opts.Ports.Mail}, {"mariadb", &opts.Ports.MariaDB}, {"mongodb", &opts.Ports.MongoDB},
	} {
		flags.IntVar(port.value, port.name+"-port", 0, "fixed port; 0 chooses one and remembers it ("+variable(port.name+"-port")+")")
	}
	return cmd
}

// runUp starts the stack, shows where it is, hands over to after and stops the stack when that returns.
func runUp(ctx context.Context, out *narrator, opts local.Options, after func(context.Context, *local.Stack) error) error {
	opts.Progress = out.event
	out.say("Starting the local stack in %s", opts.Dir)
	stack, err := local.Start(ctx, opts)
	if err != nil {
		return err
	}
	out.addresses(stack)
	err = after(ctx, stack)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // Ctrl-C is how it is meant to end, whatever it interrupted
	}
	out.say("Stopping the local stack")
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	return errors.Join(err, stack.Close(closing))
}

// stay keeps the stack running until the user ends it.
func stay(ctx context.Context, _ *local.Stack, _ *product) error {
	<-ctx.Done()
	return nil
}

// withCompany makes the sample company, says who can sign in, and runs the command beside, or stays when there is none.
func withCompany(out *narrator, args []string) onProduct {
	return func(ctx context.Context, stack *local.Stack, p *product) error {
		c, err := p.sampleCompany(ctx, stack)
		if err != nil {
			return err
		}
		if len(args) > 0 {
			return runBeside(args)(ctx, stack)
		}
		sayAccounts(out, c.people)
		return stay(ctx, stack, p)
	}
}

func externalServers() local.External {
	return local.External{
		DatabaseURL:     os.Getenv("DOCKET_DATABASE_URL"),
		TemporalAddress: os.Getenv("DOCKET_TEMPORAL_ADDRESS"),
		TemporalUI:      os.Getenv("DOCKET_TEMPORAL_UI"),
		ObjectsURL:      os.Getenv("DOCKET_OBJECTS_URL"),
		SMTPAddress:     os.Getenv("DOCKET_SMTP_ADDRESS"),
	}
}

// flagsFromEnvironment gives every flag that was not set the value of its variable, if there is one.
func flagsFromEnvironment(cmd *cobra.Command) error {
	var failed error
	eachUnsetFlag(cmd, func(name string) {
		value := os.Getenv(variable(name))
		if value == "" || failed != nil {
			return
		}
		if err := cmd.Flags().Set(name, value); err != nil {
			failed = fmt.Errorf("%s: %w", variable(name), err)
		}
	})
	return failed
}
