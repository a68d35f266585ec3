package backup

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// Source is what is saved.
type Source struct {
	DB      *storage.DB
	Objects *objects.Store
	Master  *seal.Master
	Signer  *audit.Signer
	// Installation is the name in the audit log's origin, Product the program that saves.
	Installation string
	Product      string
	// Leave says which objects are made from the register, and so are not saved: the audit archive.
	Leave func(key string) bool
	Actor audit.Actor
}

// Save writes a backup into a new folder, with its keys inside it or in another new folder. The register is read at one
// moment and the objects after it, so that what the register names is there unless it was deleted meanwhile. The product
// works on. A backup that breaks off leaves nothing that could be taken for one.
func (s Source) Save(ctx context.Context, dir, keysInto string) (saved Manifest, err error) {
	if err := s.DB.Whole(ctx); err != nil {
		return Manifest{}, err
	}
	register, keys, err := s.begin(dir, keysInto)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, keys.discard(), register.discard()) }()
	err = s.DB.Snapshot(ctx, func(snapshot *storage.Snapshot) error { return s.saveRegister(ctx, snapshot, register, keys) })
	if err != nil {
		return Manifest{}, fmt.Errorf("save the register: %w", err)
	}
	if err := register.saveObjects(ctx, s.Objects, s.Leave); err != nil {
		return Manifest{}, fmt.Errorf("save the objects: %w", err)
	}
	if err := s.settle(ctx, register, keys); err != nil {
		return Manifest{}, err
	}
	return register.manifest, nil
}

func (s Source) begin(dir, keysInto string) (register, keys *draft, err error) {
	dir = filepath.Clean(dir)
	if err := apart(dir, keysInto); err != nil {
		return nil, nil, err
	}
	manifest := Manifest{Format: Format, Kind: kindRegister, Product: s.Product, Installation: s.Installation}
	if register, err = begin(dir, manifest); err != nil {
		return nil, nil, err
	}
	if keysInto == "" {
		keysInto = filepath.Join(register.dir, keysDir)
	}
	manifest.Kind = kindKeys
	if keys, err = begin(filepath.Clean(keysInto), manifest); err != nil {
		return nil, nil, errors.Join(err, register.discard())
	}
	return register, keys, nil
}

// apart refuses a folder of keys inside that of the backup, which gets its name only when it is whole.
func apart(dir, keysInto string) error {
	if keysInto == "" {
		return nil
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("find the backup's folder: %w", err)
	}
	keys, err := filepath.Abs(keysInto)
	if err != nil {
		return fmt.Errorf("find the folder of the keys: %w", err)
	}
	if rel, err := filepath.Rel(whole, keys); err == nil && filepath.IsLocal(rel) {
		return fmt.Errorf("%s is inside the backup: name a folder outside it, or leave --keys out to have them in %s", keysInto, filepath.Join(dir, keysDir))
	}
	return nil
}

// settle records the backup and gives the folders their names. The keys come first: a backup is nothing without them.
func (s Source) settle(ctx context.Context, register, keys *draft) error {
	if _, err := keys.close(s.Master); err != nil {
		return err
	}
	if err := keys.settle(); err != nil {
		return err
	}
	sum, err := register.close(s.Master)
	if err != nil {
		return err
	}
	if err := s.DB.BackedUp(ctx, s.Actor, sum, register.manifest.Taken); err != nil {
		return fmt.Errorf("put the backup on record: %w", err)
	}
	return register.settle()
}

func (s Source) saveRegister(ctx context.Context, snapshot *storage.Snapshot, register, keys *draft) error {
	for _, d := range []*draft{register, keys} {
		d.manifest.Schema, d.manifest.Taken = snapshot.Schema, snapshot.Taken
	}
	if err := register.saveTables(ctx, snapshot, snapshot.Register()); err != nil {
		return err
	}
	if err := keys.saveTables(ctx, snapshot, snapshot.Keys()); err != nil {
		return err
	}
	for _, tenant := range snapshot.Tenants {
		if err := s.saveLog(ctx, snapshot, register, tenant); err != nil {
			return fmt.Errorf("save the audit log of tenant %s: %w", tenant, err)
		}
	}
	register.manifest.count()
	return nil
}

func (d *draft) saveTables(ctx context.Context, snapshot *storage.Snapshot, tables []storage.Table) error {
	for _, table := range tables {
		err := d.zipped(tableFile(table.Name), func(w io.Writer) (err error) {
			table.Rows, err = snapshot.Copy(ctx, table, w)
			return err
		})
		if err != nil {
			return err
		}
		d.manifest.Tables = append(d.manifest.Tables, table)
	}
	return nil
}

func (m *Manifest) count() {
	for _, t := range m.Tables {
		switch t.Name {
		case "tenants":
			m.Counts.Tenants = t.Rows
		case "cases":
			m.Counts.Cases = t.Rows
		case "audit_events":
			m.Counts.Events = t.Rows
		}
	}
}

// saveLog exports the log as it stood at the snapshot. That checks every event against the tree, so that a register which
// was altered is told when it is saved and not when it is needed.
func (s Source) saveLog(ctx context.Context, snapshot *storage.Snapshot, d *draft, tenant uuid.UUID) error {
	log := Log{Tenant: tenant.String(), File: logFile(tenant.String())}
	var err error
	if log.Key, err = s.Signer.VerifierKey(log.Tenant); err != nil {
		return err
	}
	reader := snapshot.Log(tenant, log.Key)
	if _, err := reader.Checkpoint(ctx); errors.Is(err, audit.ErrNoCheckpoint) {
		return nil // not one of its events has its place yet
	}
	err = d.file(log.File, func(w io.Writer) error {
		archive := zip.NewWriter(w)
		head, err := audit.Export(ctx, reader, zipSink{archive})
		log.Size = head.Size
		return errors.Join(err, archive.Close())
	})
	d.manifest.Logs = append(d.manifest.Logs, log)
	return err
}

// zipSink writes the files of an export into an archive.
type zipSink struct{ archive *zip.Writer }

// Put implements audit.Sink.
func (z zipSink) Put(_ context.Context, path string, data []byte) error {
	w, err := z.archive.Create(path)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

func openZip(name string) (archive fs.FS, done func(), err error) {
	r, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s (%s): %w", name, strings.TrimSpace(err.Error()), ErrDamaged)
	}
	return r, func() { _ = r.Close() }, nil
}
