package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/seal"
)

// masterKeyVariable names the environment variable with the URI of the master key.
const masterKeyVariable = "DOCKET_MASTER_KEY"

// KeyStore is where wrapped keys are kept. Each Replace locks what it hands out, stores what it gets back and records the
// rotation in the audit log, in one transaction; when replace fails, nothing changes.
type KeyStore interface {
	// TenantIDs lists the tenants that have keys.
	TenantIDs(ctx context.Context) ([]string, error)
	// ReplaceTenantKeys replaces a tenant's wrapped keys.
	ReplaceTenantKeys(ctx context.Context, tenantID string, replace func(wrapped []byte) ([]byte, error)) error
	// ReplaceKeys replaces up to limit of the keys that a tenant's key wraps, those after the cursor ("" to begin), and
	// gives the cursor to go on with, "" at the end.
	ReplaceKeys(ctx context.Context, tenantID, after string, limit int, replace ReplaceKey) (next string, err error)
	// InstallationKeys lists the names of the installation's own keys.
	InstallationKeys(ctx context.Context) ([]string, error)
	// ReplaceInstallationKey replaces one of them.
	ReplaceInstallationKey(ctx context.Context, name string, replace func(wrapped []byte) ([]byte, error)) error
}

// ReplaceKey gives the new wrapped form of one subject's, system's or stream's key.
type ReplaceKey = func(kind seal.KeyKind, id string, wrapped []byte) ([]byte, error)

type openKeyStore func(ctx context.Context) (store KeyStore, done func(), err error)

// newKeysCommand makes the commands over keys. Without a register only those that need none are there.
func newKeysCommand(open openKeyStore) *cobra.Command {
	keys := &cobra.Command{Use: "keys", Short: "Make and rotate encryption keys"}
	keys.AddCommand(newKeysCreateCommand())
	if open != nil {
		keys.AddCommand(newKeysRotateCommand(open), newKeysPruneCommand(open))
	}
	return keys
}

func newKeysCreateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "create FILE",
		Short: "Make a new master key file that only its owner can read; an existing file is never overwritten",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := seal.CreateMasterFile(args[0]); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Made a master key in %s. Back it up apart from the database: without it nothing that is sealed can be read.\n", args[0])
			return nil
		},
	}
}

func newKeysRotateCommand(open openKeyStore) *cobra.Command {
	rotate := &cobra.Command{Use: "rotate", Short: "Replace a key while everything stays readable"}
	rotate.AddCommand(newRotateMasterCommand(open), newRotateCodecCommand(open), newRotateTenantCommand(open))
	return rotate
}

func newRotateMasterCommand(open openKeyStore) *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "master --from URI --to URI",
		Short: "Wrap every tenant's keys and the installation's keys under a new master key; safe to run again",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withRotation(cmd, open, to, []string{from}, (*rotation).rewrapMaster)
		},
	}
	cmd.Flags().StringVar(&from, "from", os.Getenv(masterKeyVariable), "the master key in use")
	cmd.Flags().StringVar(&to, "to", "", "the master key to change to")
	_ = cmd.MarkFlagRequired("to")
	return cmd
}

func newRotateCodecCommand(open openKeyStore) *cobra.Command {
	var master string
	cmd := &cobra.Command{
		Use:   "codec",
		Short: "Add a new key for workflow payloads; running workflows stay readable",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withRotation(cmd, open, master, nil, (*rotation).codec)
		},
	}
	addMasterFlag(cmd, &master)
	return cmd
}

func newRotateTenantCommand(open openKeyStore) *cobra.Command {
	var master string
	cmd := &cobra.Command{
		Use:   "tenant [ID…]",
		Short: "Add a new wrapping key to tenants (all when none is named) and rewrap the keys below it",
		RunE: func(cmd *cobra.Command, ids []string) error {
			return withRotation(cmd, open, master, nil, func(r *rotation) error { return r.eachTenant(ids, r.tenant) })
		},
	}
	addMasterFlag(cmd, &master)
	return cmd
}

func newKeysPruneCommand(open openKeyStore) *cobra.Command {
	var master string
	cmd := &cobra.Command{
		Use:   "prune [ID…]",
		Short: "Drop tenants' older wrapping keys, once every process was restarted after a rotation",
		RunE: func(cmd *cobra.Command, ids []string) error {
			return withRotation(cmd, open, master, nil, func(r *rotation) error { return r.eachTenant(ids, r.prune) })
		},
	}
	addMasterFlag(cmd, &master)
	return cmd
}

func addMasterFlag(cmd *cobra.Command, master *string) {
	cmd.Flags().StringVar(master, "master", os.Getenv(masterKeyVariable), "the master key in use, by default $"+masterKeyVariable)
}
