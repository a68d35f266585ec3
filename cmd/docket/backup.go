package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/backup"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

const backupLong = `Writes the register and the objects into FOLDER, and the keys into FOLDER/keys or where --keys says, each a new
folder. Server and worker go on working. It takes the environment of the worker (DOCKET_REGISTER_URL, DOCKET_MASTER_KEY,
DOCKET_OBJECTS_URL, DOCKET_INSTALLATION), or the local stack's without one.

A person is forgotten by destroying their key. So keep the newest keys only, apart from the rest, and delete older ones: an
older backup is restored with the newest keys. The master key is in neither; keep it by itself (docs/backup.md).`

// backupCommand makes the commands that save the register.
func (v *verbs) backupCommand() *cobra.Command {
	var state, keys string
	cmd := &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Save the register, its keys and its objects into a new folder, while the product works",
		Long:  backupLong,
		Args:  told(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return v.at(state).saveBackup(cmd, args[0], keys)
		},
	}
	addStateFlag(cmd, &state)
	cmd.Flags().StringVar(&keys, "keys", "", "new folder for the keys, instead of keys inside FOLDER")
	cmd.AddCommand(v.backupVerifyCommand())
	return cmd
}

func addStateFlag(cmd *cobra.Command, state *string) {
	cmd.Flags().StringVar(state, "state", "", "work on the local stack in this folder, whatever the environment says")
}

func (v *verbs) backupVerifyCommand() *cobra.Command {
	var state, keys string
	var previous []string
	cmd := &cobra.Command{
		Use:   "verify FOLDER",
		Short: "Check every file of a backup, its seal and its audit logs; needs the master key and nothing else",
		Args:  told(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return v.at(state).verifyBackup(cmd, args[0], keys, previous)
		},
	}
	addStateFlag(cmd, &state)
	addBackupKeyFlags(cmd, &keys, &previous)
	return cmd
}

func addBackupKeyFlags(cmd *cobra.Command, keys *string, previous *[]string) {
	cmd.Flags().StringVar(keys, "keys", "", "folder of the keys, or of a newer backup with keys in it, instead of keys inside FOLDER")
	cmd.Flags().StringArrayVar(previous, "previous-master", nil, "an older master key that the backup was made under (may be given again)")
}

// at has the commands work on the local stack of a folder; "" leaves it to the environment.
func (v *verbs) at(state string) *verbs {
	if state == "" {
		return v
	}
	there := *v
	there.getenv = func(name string) string {
		if name == "DOCKET_STATE" {
			return state
		}
		return v.getenv(name)
	}
	there.settings = func() (settings, error) { return settings{}, nil }
	return &there
}

// backupSettings are those of the environment, and without any those of the local stack.
func (v *verbs) backupSettings(errs io.Writer) (settings, error) {
	s, err := v.settings()
	if err != nil || s.Register != "" || s.Owner != "" || s.Master != "" {
		return s, err
	}
	if s, err = v.localRegister(s); err != nil {
		return s, err
	}
	_, err = fmt.Fprintf(errs, "Using the local stack in %s.\n", v.stateFolder())
	return s, errors.Join(err, s.onLocalStack(v.stateFolder()))
}

// onLocalStack fills in what the local stack has besides the register.
func (s *settings) onLocalStack(dir string) error {
	a, err := local.ReadAddresses(dir)
	if err != nil {
		return err
	}
	s.Objects, s.Temporal, s.Namespace, s.Installation = objectsURL(a.Objects), a.Temporal, a.Namespace, localInstallation
	s.Owner, _, err = registerURLs(a.PostgresAdminDSN, "")
	return err
}

func (v *verbs) saveBackup(cmd *cobra.Command, folder, keys string) error {
	ctx := cmd.Context()
	s, err := v.backupSettings(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	source, done, err := v.openSource(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	saved, err := source.Save(ctx, folder, keys)
	if err != nil {
		return err
	}
	if keys == "" {
		keys = filepath.Join(folder, "keys")
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "Saved in %s: %s\nThe keys are in %s: keep them apart from the backup, and delete older keys.\nThe master key (%s) is in neither; without it nothing of this can be read.\n",
		folder, contentsOf(saved), keys, s.Master)
	return err
}

// contentsOf says what is in a backup.
func contentsOf(m backup.Manifest) string {
	text := fmt.Sprintf("%s, %s, %s, %s with %s, schema %d, as of %s",
		several(int(m.Counts.Tenants), "tenant"), several(int(m.Counts.Cases), "case"), several(int(m.Counts.Events), "audit event"),
		several(int(m.Counts.Objects), "object"), several(int(m.Counts.Bytes), "byte"), m.Schema, m.Taken.Format("2006-01-02 15:04:05 MST"))
	if m.Counts.Vanished > 0 {
		text += fmt.Sprintf("; %s went away while they were saved, because the work goes on", several(int(m.Counts.Vanished), "object"))
	}
	return text
}

// openSource opens what is saved, as the worker would.
func (v *verbs) openSource(ctx context.Context, s settings) (source backup.Source, done func(), err error) {
	if s.Register == "" || s.Master == "" || s.Objects == "" {
		return source, nil, errors.New("DOCKET_REGISTER_URL, DOCKET_MASTER_KEY and DOCKET_OBJECTS_URL are all needed: a backup takes the environment of the worker (docs/configuration.md)")
	}
	p := &product{settings: s, clock: v.clock}
	if p.master, err = openMaster(ctx, s.Master); err != nil {
		return source, nil, err
	}
	if p.objects, err = openObjects(s.Objects); err != nil {
		return source, nil, err
	}
	if err = p.objects.Ping(ctx); err != nil {
		return source, nil, err
	}
	p.db, err = storage.Open(ctx, s.Register, storage.Options{Master: p.master, Clock: p.clock, MaxConnections: 2})
	if err != nil {
		return source, nil, fmt.Errorf("open the register: %w", err)
	}
	if err = p.openSigner(ctx); err != nil {
		p.db.Close()
		return source, nil, err
	}
	return backup.Source{
		DB: p.db, Objects: p.objects, Master: p.master, Signer: p.signer, Installation: s.Installation, Product: buildID(),
		Leave: relay.Archived, Actor: casework.System("backup"),
	}, p.db.Close, nil
}

func openObjects(address string) (*objects.Store, error) {
	config, err := objectsConfig(address)
	if err != nil {
		return nil, err
	}
	return objects.Open(config)
}

func (v *verbs) verifyBackup(cmd *cobra.Command, folder, keysFolder string, previous []string) error {
	s, err := v.masterOnly(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	master, err := openMaster(cmd.Context(), s.Master, previous...)
	if err != nil {
		return err
	}
	register, keys, err := openBackup(folder, keysFolder, master)
	if err != nil {
		return err
	}
	if err := register.Check(); err != nil {
		return err
	}
	said := "The keys are not with it: name them with --keys to have them checked."
	if keys != nil {
		if err := errors.Join(register.Fit(keys), keys.Check()); err != nil {
			return err
		}
		said = "Its keys are whole too, as of " + keys.Taken.Format("2006-01-02 15:04:05 MST") + "."
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "The backup in %s is as it was written: %s.\nThe audit log of %s verifies.\n%s\n",
		folder, contentsOf(register.Manifest), several(len(register.Logs), "tenant"), said)
	return err
}

// masterOnly is for what needs the master key alone: that of the environment, or the local stack's.
func (v *verbs) masterOnly(errs io.Writer) (settings, error) {
	s, err := v.settings()
	if err != nil || s.Master != "" {
		return s, err
	}
	return v.backupSettings(errs)
}

// openBackup opens a backup and, if they are anywhere, its keys.
func openBackup(folder, keysFolder string, master *seal.Master) (register, keys *backup.Folder, err error) {
	if register, err = backup.OpenRegister(folder, master); err != nil {
		return nil, nil, err
	}
	if keysFolder == "" {
		if keysFolder = backup.KeysOf(folder); keysFolder == "" {
			return register, nil, nil
		}
	}
	keys, err = backup.OpenKeys(keysFolder, master)
	return register, keys, err
}
