package backup_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/backup"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// office is a world with an audit log that is signed, and what saves it.
type office struct {
	*casetest.World
	t      *testing.T
	source backup.Source
}

const installation = "docket.test"

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: casetest.New(t, clockwork.NewFakeClockAt(storagetest.Start())), t: t}
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	signer, err := audit.NewSigner(installation, secret)
	require.NoError(t, err)
	o.source = backup.Source{
		DB: o.DB, Objects: o.Objects, Master: o.Register.Master, Signer: signer, Installation: installation, Product: "test",
		Leave: relay.Archived, Actor: casework.System("backup"),
	}
	return o
}

// place gives the events their places in the log and signs it.
func (o *office) place() {
	o.t.Helper()
	require.NoError(o.t, o.DB.InLog(o.t.Context(), o.Tenant, func(log *storage.LogTx) error {
		if _, err := (audit.Sequencer{}).Integrate(o.t.Context(), log, o.Tenant.String(), 1000); err != nil {
			return err
		}
		_, err := o.source.Signer.Checkpoint(o.t.Context(), log, o.Tenant.String())
		return err
	}))
}

func (o *office) put(key, content string) {
	o.t.Helper()
	require.NoError(o.t, o.Objects.Put(o.t.Context(), key, strings.NewReader(content), int64(len(content))))
}

func (o *office) save(dir string) backup.Manifest {
	o.t.Helper()
	saved, err := o.source.Save(o.t.Context(), dir, "")
	require.NoError(o.t, err)
	return saved
}

// filled is an office with a case, objects and a log, saved.
func filled(t *testing.T) (o *office, dir string) {
	t.Helper()
	o = newOffice(t)
	o.File()
	o.place()
	o.put("a/1", "one")
	o.put("a/2", "two")
	o.put("z", strings.Repeat("long ", 1000))
	o.put(o.Tenant.String()+"/audit/checkpoint", "of the archive")
	dir = filepath.Join(t.TempDir(), "saved")
	o.save(dir)
	return o, dir
}

// empty is where a backup can be brought back to.
type empty struct {
	backup.Target
	bucket local.ObjectsAddress
	steps  []string
}

func newEmpty(t *testing.T) *empty {
	t.Helper()
	e := &empty{bucket: localtest.Bucket(t)}
	e.Target = backup.Target{
		OwnerDSN: localtest.Database(t), Objects: openBucket(t, e.bucket), Actor: casework.System("restore"), Now: storagetest.Start,
		Say: func(step string) { e.steps = append(e.steps, step) },
	}
	return e
}

func openBucket(t *testing.T, b local.ObjectsAddress) *objects.Store {
	t.Helper()
	store, err := objects.Open(objects.Config{Endpoint: b.Endpoint, AccessKey: b.AccessKey, SecretKey: b.SecretKey, Bucket: b.Bucket, Secure: b.Secure})
	require.NoError(t, err)
	return store
}

// untouched says that nothing was written.
func (e *empty) untouched(t *testing.T) {
	t.Helper()
	keys, err := e.Objects.List(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, keys)
	var tables int
	require.NoError(t, storagetest.Connect(t, e.OwnerDSN).QueryRow(t.Context(),
		"SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").Scan(&tables))
	require.Zero(t, tables)
}

// restore opens a backup and brings it back.
func (e *empty) restore(ctx context.Context, dir, keysDir string, master *seal.Master) (backup.Restored, error) {
	register, err := backup.OpenRegister(dir, master)
	if err != nil {
		return backup.Restored{}, err
	}
	keys, err := backup.OpenKeys(keysDir, master)
	if err != nil {
		return backup.Restored{}, err
	}
	return e.Restore(ctx, register, keys)
}

// What was saved comes back: objects byte by byte, the archive of the audit log excepted, which is made anew.
func TestWhatWasSavedComesBack(t *testing.T) {
	t.Parallel()
	o, dir := filled(t)
	e := newEmpty(t)
	_, err := e.restore(t.Context(), dir, dir, o.Register.Master)
	require.NoError(t, err)
	keys, err := e.Objects.List(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, []string{"a/1", "a/2", "z"}, keys)
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorIs(t, err, backup.ErrRestored)
}

// A backup is never written over something, and one that fails leaves nothing.
func TestABackupNeedsANewFolder(t *testing.T) {
	t.Parallel()
	o, dir := filled(t)
	_, err := o.source.Save(t.Context(), dir, "")
	require.ErrorContains(t, err, "name a new folder")
	_, err = o.source.Save(t.Context(), dir+"2", dir+"2/keys")
	require.ErrorContains(t, err, "is inside the backup")
	require.NoDirExists(t, dir+"2")
	unfinished := filepath.Join(t.TempDir(), "x")
	require.NoError(t, os.Mkdir(unfinished+".partial", 0o700))
	_, err = o.source.Save(t.Context(), unfinished, "")
	require.ErrorContains(t, err, "delete it when none is running")
	_, err = backup.OpenRegister(unfinished+".partial", o.Register.Master)
	require.ErrorContains(t, err, "broke off")

	parent := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	broken := o.source
	broken.Leave = func(string) bool { cancel(); return false } // in the midst of it
	_, err = broken.Save(ctx, filepath.Join(parent, "new"), filepath.Join(parent, "keys"))
	require.ErrorIs(t, err, context.Canceled)
	left, err := os.ReadDir(parent)
	require.NoError(t, err)
	require.Empty(t, left)
}

// A register whose log was altered is told when it is saved, not when it is needed.
func TestAnAlteredRegisterIsNotSaved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.File()
	o.place()
	owner := o.Register.Owner(t)
	for _, statement := range []string{
		"ALTER TABLE audit_events DISABLE TRIGGER USER", "UPDATE audit_events SET body = body || 'x' WHERE leaf_index = 1",
	} {
		_, err := owner.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	dir := filepath.Join(t.TempDir(), "saved")
	_, err := o.source.Save(t.Context(), dir, "")
	require.ErrorIs(t, err, audit.ErrAltered)
	require.NoDirExists(t, dir)
}

// Each file of a backup, flipped in one byte, cut short, taken away, or with another beside it, is told before anything is
// written.
func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	o, dir := filled(t)
	var files []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	require.Greater(t, len(files), 40)
	e := newEmpty(t)
	refused := func(what string) {
		_, err := e.restore(t.Context(), dir, dir, o.Register.Master)
		require.Error(t, err, what)
		require.True(t, errors.Is(err, backup.ErrDamaged) || errors.Is(err, seal.ErrOpen) || strings.Contains(err.Error(), "is no backup"), "%s: %v", what, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for what, damaged := range map[string][]byte{"flipped": flipped(content), "cut short": content[:len(content)/2]} {
			require.NoError(t, os.WriteFile(file, damaged, 0o600))
			refused(what + " " + file)
		}
		require.NoError(t, os.Remove(file))
		refused("without " + file)
		require.NoError(t, os.WriteFile(file, content, 0o600))
	}
	for _, extra := range []string{"more", "objects/000000/0003", "tables/x.copy.gz", "keys/more"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, extra), nil, 0o600))
		refused("with " + extra)
		require.NoError(t, os.Remove(filepath.Join(dir, extra)))
	}
	e.untouched(t)
	latest := filepath.Join(t.TempDir(), "latest")
	require.NoError(t, os.Symlink(dir, latest))
	_, err := e.restore(t.Context(), latest, latest, o.Register.Master)
	require.NoError(t, err, "it was whole otherwise, and a link to it is as good")
}

func flipped(content []byte) []byte {
	out := append([]byte{}, content...)
	out[len(out)/2] ^= 1
	return out
}

// What does not fit is refused with what to do, and nothing is written.
func TestWhatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	o, dir := filled(t)
	e := newEmpty(t)
	other, err := seal.OpenMaster(t.Context(), storagetest.NewMaster(t))
	require.NoError(t, err)
	_, err = e.restore(t.Context(), dir, dir, other)
	require.ErrorIs(t, err, seal.ErrOpen)
	require.ErrorContains(t, err, "DOCKET_MASTER_KEY is not the master key that the backup was made under")

	rewrite(t, o, dir, func(m *backup.Manifest) { m.Format = 2 })
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorContains(t, err, "use a newer docket")
	rewrite(t, o, dir, func(m *backup.Manifest) { m.Format, m.Schema = 1, 99 })
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorIs(t, err, backup.ErrNewerSchema)
	rewrite(t, o, dir, func(m *backup.Manifest) { m.Schema, m.Taken = 5, m.Taken.Add(time.Hour) })
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorContains(t, err, "the keys are of")
	_, err = backup.OpenRegister(filepath.Join(dir, "keys"), o.Register.Master)
	require.ErrorContains(t, err, "name the other folder")
	e.untouched(t)
}

// rewrite changes a manifest as somebody with the master key could.
func rewrite(t *testing.T, o *office, dir string, change func(*backup.Manifest)) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	require.NoError(t, err)
	var m backup.Manifest
	require.NoError(t, json.Unmarshal(text, &m))
	change(&m)
	text, err = json.Marshal(m)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o600))
	sealed, err := backup.SealOf(o.Register.Master, "register", text)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "manifest.seal"), sealed, 0o600))
}

// A bucket or a register that somebody uses is let be.
func TestOccupiedTargetsAreRefused(t *testing.T) {
	t.Parallel()
	o, dir := filled(t)
	e := newEmpty(t)
	require.NoError(t, e.Objects.Put(t.Context(), "b", strings.NewReader("foreign"), 7))
	_, err := e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorIs(t, err, backup.ErrForeignObjects)
	require.NoError(t, e.Objects.Delete(t.Context(), "b"))
	require.NoError(t, e.Objects.Put(t.Context(), "a/2", strings.NewReader("other"), 5))
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorIs(t, err, backup.ErrForeignObjects)
	require.NoError(t, e.Objects.Delete(t.Context(), "a/2"))
	e.untouched(t)

	e.OwnerDSN = o.Register.OwnerDSN
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorIs(t, err, storage.ErrInUse)
	o.DB.Close()
	o.Register.DB.Close()
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorIs(t, err, storage.ErrOccupied)
}

// A restore whose object store dies in the midst of it is ended by running it again.
func TestABrokenOffRestoreGoesOn(t *testing.T) {
	t.Parallel()
	o, dir := filled(t)
	e := newEmpty(t)
	whole := e.Objects
	e.Objects = dying(t, e.bucket, 1)
	_, err := e.restore(t.Context(), dir, dir, o.Register.Master)
	require.ErrorContains(t, err, "run the same command again")
	arrived, err := whole.List(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, arrived, 1)
	e.Objects = whole
	_, err = e.restore(t.Context(), dir, dir, o.Register.Master)
	require.NoError(t, err)
	arrived, err = whole.List(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, arrived, 3)
}

// dying is the bucket behind a way that breaks for good after a number of objects.
func dying(t *testing.T, b local.ObjectsAddress, after int64) *objects.Store {
	t.Helper()
	target, err := url.Parse("http://" + b.Endpoint)
	require.NoError(t, err)
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // the signature is over it
	}}
	var put atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && put.Add(1) > after {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b.Endpoint = strings.TrimPrefix(server.URL, "http://")
	return openBucket(t, b)
}

// A backup is one moment of the register, however much is going on, and what goes away meanwhile is no error.
func TestABackupIsMadeWhileTheWorkGoesOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx, stop := context.WithCancel(t.Context())
	var group errgroup.Group
	group.Go(func() error {
		for ctx.Err() == nil {
			o.File()
			o.place()
		}
		return nil
	})
	group.Go(func() error {
		for n := 0; ctx.Err() == nil; n++ {
			o.put("parts/x", strings.Repeat("x", n*1000))
			if err := o.Objects.Delete(t.Context(), "parts/x"); err != nil {
				return err
			}
		}
		return nil
	})
	dir := filepath.Join(t.TempDir(), "saved")
	saved := o.save(dir)
	for saved.Counts.Cases == 0 {
		dir += "again"
		saved = o.save(dir)
	}
	stop()
	require.NoError(t, group.Wait())
	e := newEmpty(t)
	restored, err := e.restore(t.Context(), dir, dir, o.Register.Master)
	require.NoError(t, err)
	require.Equal(t, saved.Counts.Cases, restored.Cases, "every case is open and goes on")
}
