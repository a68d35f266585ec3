package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// Target is where a backup is brought back to: an empty register and an empty bucket.
type Target struct {
	OwnerDSN string // of the schema's owner
	Objects  *objects.Store
	Actor    audit.Actor
	Now      func() time.Time
	// Say tells of a step that was done.
	Say func(step string)
}

// Restored is what a restore came to.
type Restored struct {
	storage.Gone
	storage.Rearmed
}

var (
	// ErrRestored says that there is nothing left to do.
	ErrRestored = errors.New("this backup is in the register already")
	// ErrForeignObjects says that the bucket is not empty.
	ErrForeignObjects = errors.New("the bucket holds objects that are not of this backup: restore into a new, empty bucket, and let this one be")
	// ErrNewerSchema says that the backup is of a program that is newer than this one.
	ErrNewerSchema = errors.New("use the docket that made it, or a newer one")
)

// Restore brings a backup back. It looks at everything before it writes anything. The objects come first and the register
// comes last, in one transaction: until then it is empty. Whatever breaks off is gone on with by running it again.
func (t Target) Restore(ctx context.Context, register, keys *Folder) (Restored, error) {
	var restored Restored
	stage, err := t.examine(ctx, register, keys)
	if err != nil {
		return restored, err
	}
	if stage == storage.TargetEmpty {
		if err := t.bringObjects(ctx, register); err != nil {
			return restored, fmt.Errorf("bring the objects back (run the same command again, it goes on): %w", err)
		}
		t.Say("The objects are in the bucket.")
		if err := storage.MigrateTo(ctx, t.OwnerDSN, register.Schema); err != nil {
			return restored, err
		}
		if restored.Gone, err = storage.Load(ctx, t.OwnerDSN, register.contents(keys), t.now()); err != nil {
			return restored, fmt.Errorf("fill the register (nothing is in it yet; run the same command again): %w", err)
		}
		t.Say("The rows are in the register.")
	} else {
		t.Say("The register was filled by an earlier run; this one goes on.")
	}
	if err := storage.Migrate(ctx, t.OwnerDSN); err != nil {
		return restored, err
	}
	restored.Rearmed, err = storage.Finish(ctx, t.OwnerDSN, register.Sum, register.objectKeys(), t.Actor, t.now())
	return restored, err
}

func (t Target) now() time.Time { return t.Now().UTC().Truncate(time.Microsecond) }

// examine checks the backup and where it is to go, and writes nothing.
func (t Target) examine(ctx context.Context, register, keys *Folder) (stage storage.Target, err error) {
	newest, err := storage.NewestSchema()
	if err != nil {
		return stage, err
	}
	if register.Schema > newest {
		return stage, fmt.Errorf("the backup has the schema %d and this program knows up to %d: %w", register.Schema, newest, ErrNewerSchema)
	}
	if err := register.Fit(keys); err != nil {
		return stage, err
	}
	if stage, err = storage.ExamineTarget(ctx, t.OwnerDSN, register.Sum); err != nil {
		return stage, err
	}
	if stage == storage.TargetDone {
		return stage, ErrRestored
	}
	if err := errors.Join(register.Check(), keys.Check()); err != nil {
		return stage, err
	}
	t.Say("Every file of the backup and of its keys is as it was written; the audit logs verify.")
	if stage == storage.TargetEmpty {
		err = t.examineBucket(ctx, register)
	}
	return stage, err
}

// examineBucket lets only objects pass that an earlier run of the same restore may have brought. Both lists are in the
// order of their keys, so that neither is held in memory.
func (t Target) examineBucket(ctx context.Context, register *Folder) error {
	if err := t.Objects.Ping(ctx); err != nil {
		return err
	}
	next, stop := iter.Pull2(register.objects())
	defer stop()
	at, err, more := next()
	return t.Objects.Each(ctx, "", func(o objects.Object) error {
		for more && err == nil && at.Key < o.Key {
			at, err, more = next()
		}
		if err != nil {
			return err
		}
		if !more || at.Key != o.Key || at.Bytes != o.Bytes {
			return ErrForeignObjects
		}
		return nil
	})
}

func (t Target) bringObjects(ctx context.Context, register *Folder) error {
	return register.each(func(n int64, saved Saved) error {
		r, err := register.sound(File{Path: objectFile(n), Bytes: saved.Bytes, SHA256: saved.SHA256})
		if err != nil {
			return err
		}
		// Only what the reader is goes to the store, which would otherwise look for ways around its hash.
		err = t.Objects.Put(ctx, saved.Key, struct{ io.Reader }{r}, saved.Bytes)
		if err == nil {
			_, err = io.Copy(io.Discard, r) // the store stops at the last byte; the hash is compared behind it
		}
		return errors.Join(err, r.Close())
	})
}

// contents are the tables, as the register takes them in.
func (f *Folder) contents(keys *Folder) storage.Backup {
	return storage.Backup{
		Manifest: f.Sum, Taken: f.Taken, Schema: f.Schema, Register: f.Tables, Keys: keys.Tables,
		Open: f.table, OpenKeys: keys.table,
	}
}

// objects is each as a sequence.
func (f *Folder) objects() iter.Seq2[Saved, error] {
	return func(yield func(Saved, error) bool) {
		err := f.each(func(_ int64, saved Saved) error {
			if !yield(saved, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(Saved{}, err)
		}
	}
}

var errEnough = errors.New("enough")

func (f *Folder) objectKeys() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for saved, err := range f.objects() {
			if !yield(saved.Key, err) {
				return
			}
		}
	}
}
