package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/backup"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/workflows/contract"
)

const restoreLong = `Brings a backup back into an empty register, an empty bucket and a Temporal that runs nothing of ours, and has every case
go on that was open. It checks all of the backup before it writes anything. A restore that broke off is gone on with by
running the same command again.

It needs DOCKET_REGISTER_OWNER_URL, DOCKET_MASTER_KEY, DOCKET_OBJECTS_URL and, to be sure that no workflow runs,
DOCKET_TEMPORAL_ADDRESS and DOCKET_TEMPORAL_NAMESPACE; or the local stack, whose master.key has to be in its folder. Server
and worker are started afterwards.

With --keys the keys of a newer backup decide: what was forgotten since stays forgotten (docs/backup.md).`

func (v *verbs) restoreCommand() *cobra.Command {
	var state, keys string
	var previous []string
	cmd := &cobra.Command{
		Use:   "restore FOLDER",
		Short: "Bring a backup back into empty servers, and have every open case go on",
		Long:  restoreLong,
		Args:  told(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return v.at(state).restore(cmd, args[0], keys, previous)
		},
	}
	addStateFlag(cmd, &state)
	addBackupKeyFlags(cmd, &keys, &previous)
	return cmd
}

func (v *verbs) restore(cmd *cobra.Command, folder, keysFolder string, previous []string) error {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	s, err := v.restoreSettings(ctx, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	master, err := openMaster(ctx, s.Master, previous...)
	if err != nil {
		return err
	}
	register, keys, err := openBackup(folder, keysFolder, master)
	if err != nil {
		return err
	}
	if keys == nil {
		return fmt.Errorf("the keys are not in %s: name the newest ones with --keys", folder)
	}
	target := backup.Target{Actor: casework.System("restore"), OwnerDSN: s.Owner, Now: v.clock.Now, Say: func(step string) {
		_, _ = fmt.Fprintln(out, step) // a reader who has gone cannot be told
	}}
	if target.Objects, err = openObjects(s.Objects); err != nil {
		return err
	}
	if err := v.idle(ctx, s, cmd.ErrOrStderr()); err != nil {
		return err
	}
	restored, err := target.Restore(ctx, register, keys)
	if err != nil {
		return err
	}
	return sayRestored(out, register, keys, restored, v.startHint(s))
}

func sayRestored(out io.Writer, register, keys *backup.Folder, r backup.Restored, next string) error {
	text := fmt.Sprintf("Restored: %s.\n", contentsOf(register.Manifest))
	text += fmt.Sprintf("Cases that are open, owe something or are not tidied up: %d. Each gets its workflow as soon as a worker runs.\n", r.Cases)
	if keys.Taken.After(register.Taken) {
		text += fmt.Sprintf("The keys are as of %s. Destroyed since, and so here: the keys of %s, %s, %s and %s.\n", keys.Taken.Format("2006-01-02 15:04:05 MST"),
			several(int(r.Subjects), "person"), several(int(r.Runs), "collection"), several(int(r.Packages), "package"), several(int(r.Documents), "document"))
	}
	if r.Lacking > 0 {
		text += fmt.Sprintf("Objects that the register names and the backup lacks: %d. They went away while it was made.\n", r.Lacking)
	}
	if r.Runs+r.Lacking > 0 {
		text += "A case whose collected data is gone goes back to its reviewer, who has it collected again.\n"
	}
	_, err := fmt.Fprint(out, text+next+"\n")
	return err
}

// startHint says what comes next.
func (v *verbs) startHint(s settings) string {
	if s.Installation == localInstallation {
		return "Now start the product with 'docket up --state " + v.stateFolder() + "'."
	}
	return "Now make the login of server and worker, if it is new (docs/configuration.md), and start them."
}

// restoreSettings are those of the environment, or of the local stack, where the register's database is made as well.
func (v *verbs) restoreSettings(ctx context.Context, errs io.Writer) (settings, error) {
	s, err := v.settings()
	if err != nil {
		return s, err
	}
	if s.Owner == "" && s.Register == "" && s.Master == "" {
		return v.restoreLocally(ctx, errs)
	}
	if s.Owner == "" || s.Master == "" || s.Objects == "" {
		return s, errors.New("DOCKET_REGISTER_OWNER_URL, DOCKET_MASTER_KEY and DOCKET_OBJECTS_URL are all needed: a restore makes the schema, so it takes the owner's login (docs/configuration.md)")
	}
	return s, nil
}

func (v *verbs) restoreLocally(ctx context.Context, errs io.Writer) (s settings, err error) {
	dir := v.stateFolder()
	master, err := filepath.Abs(filepath.Join(dir, "master.key"))
	if err != nil {
		return s, fmt.Errorf("find the master key: %w", err)
	}
	if _, err := os.Stat(master); err != nil {
		return s, fmt.Errorf("put the master key that the backup was made under into %s first, or set DOCKET_REGISTER_OWNER_URL, DOCKET_MASTER_KEY and DOCKET_OBJECTS_URL to restore elsewhere: %w", master, err)
	}
	s.Master = "file://" + master
	if !local.Running(dir) {
		return s, fmt.Errorf("no local stack runs in %s: start its servers alone with 'docket up --state %s -- docket restore FOLDER --state %s'", dir, dir, dir)
	}
	if err := s.onLocalStack(dir); err != nil {
		return s, err
	}
	a, err := local.ReadAddresses(dir)
	if err != nil {
		return s, err
	}
	_, err = fmt.Fprintf(errs, "Using the local stack in %s.\n", dir)
	return s, errors.Join(err, makeDatabase(ctx, a.PostgresAdminDSN))
}

// temporalTime bounds the question to Temporal.
const temporalTime = 10 * time.Second

// idle makes sure, as far as Temporal can be asked, that it runs no workflow of ours: it would go on beside the new ones.
func (v *verbs) idle(ctx context.Context, s settings, errs io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, temporalTime)
	defer cancel()
	running, err := runningWorkflows(ctx, s)
	if err != nil {
		_, said := fmt.Fprintf(errs, "Temporal at %s could not be asked whether it runs workflows (%s). Make sure that it runs none of this installation before a worker is started.\n", s.Temporal, err.Error())
		return said
	}
	if running > 0 {
		return fmt.Errorf("temporal runs %d workflows in the namespace %s: restore into a new namespace (DOCKET_TEMPORAL_NAMESPACE), or end those of the installation that was lost first", running, s.Namespace)
	}
	return nil
}

// runningWorkflows counts them; a namespace that is not there runs none.
func runningWorkflows(ctx context.Context, s settings) (int64, error) {
	c, err := client.DialContext(ctx, client.Options{HostPort: s.Temporal, Namespace: s.Namespace, Logger: temporalLog{zap.NewNop()}})
	if err != nil {
		return 0, err
	}
	defer c.Close()
	count, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{
		Namespace: s.Namespace, Query: "ExecutionStatus = 'Running' AND TaskQueue = '" + contract.TaskQueue + "'",
	})
	var none *serviceerror.NamespaceNotFound
	if errors.As(err, &none) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return count.GetCount(), nil
}
