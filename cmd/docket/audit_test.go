package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
)

// shortLog is a log of ten events of two cases, in memory.
type shortLog struct {
	entries    [][]byte
	hashes     []tlog.Hash
	signer     *audit.Signer
	checkpoint []byte
}

func newShortLog(t *testing.T) *shortLog {
	t.Helper()
	signer, err := audit.NewSigner("privacy.example.com", bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	l := &shortLog{signer: signer}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for i := range 10 {
		entry, err := audit.Encode(audit.Event{
			ID: uuid.MustParse(fmt.Sprintf("019be8f4-a340-7000-8000-%012d", i)), TenantID: "t", At: at.Add(time.Duration(i) * time.Hour),
			Actor: audit.Actor{Kind: audit.System, ID: "docket"}, Action: audit.RequestMoved, CaseID: fmt.Sprintf("case-%d", i%2),
			Object: audit.Object{Kind: "request", ID: fmt.Sprintf("case-%d", i%2)}, Outcome: audit.Done,
		})
		require.NoError(t, err)
		hashes, err := tlog.StoredHashes(int64(i), entry, tlog.HashReaderFunc(l.read))
		require.NoError(t, err)
		l.entries, l.hashes = append(l.entries, entry), append(l.hashes, hashes...)
	}
	l.checkpoint, err = signer.Checkpoint(t.Context(), l, "t")
	require.NoError(t, err)
	return l
}

func (l *shortLog) read(positions []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, p := range positions {
		out = append(out, l.hashes[p])
	}
	return out, nil
}

// LockHead, LastCheckpoint and SaveCheckpoint make it a CheckpointStore.
func (l *shortLog) LockHead(context.Context, string) (audit.Head, error) {
	root, err := tlog.TreeHash(int64(len(l.entries)), tlog.HashReaderFunc(l.read))
	return audit.Head{Size: int64(len(l.entries)), Root: root}, err
}
func (l *shortLog) LastCheckpoint(context.Context, string) ([]byte, error) { return nil, nil }
func (l *shortLog) SaveCheckpoint(context.Context, string, audit.Head, []byte) error {
	return nil
}
func (l *shortLog) ReadHashes(_ context.Context, _ string, p []int64) ([]tlog.Hash, error) {
	return l.read(p)
}

// shortReader makes it a LogReader.
type shortReader struct{ *shortLog }

func (l shortReader) Checkpoint(context.Context) ([]byte, error)  { return l.checkpoint, nil }
func (l shortReader) VerifierKey(context.Context) (string, error) { return l.signer.VerifierKey("t") }
func (l shortReader) ReadHashes(_ context.Context, p []int64) ([]tlog.Hash, error) {
	return l.read(p)
}
func (l shortReader) Entries(_ context.Context, first, count int64) ([][]byte, error) {
	return l.entries[first : first+count], nil
}
func (l shortReader) CaseLeaves(_ context.Context, caseID string) (leaves []audit.Leaf, waiting int, err error) {
	for i, entry := range l.entries {
		if bytes.Contains(entry, []byte(`"case":"`+caseID+`"`)) {
			leaves = append(leaves, audit.Leaf{Index: int64(i), Entry: entry})
		}
	}
	return leaves, 0, nil
}

func runAudit(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := newAuditCommand()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage = true
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

// writeLog writes the short log to a folder or an archive, and gives the key that checks it.
func writeLog(t *testing.T, target string) (key string, checkpoint []byte) {
	t.Helper()
	log := newShortLog(t)
	key, err := log.signer.VerifierKey("t")
	require.NoError(t, err)
	if filepath.Ext(target) != ".zip" {
		_, err = audit.Export(t.Context(), shortReader{log}, audit.DirSink(target))
		require.NoError(t, err)
		return key, log.checkpoint
	}
	file, err := os.Create(target)
	require.NoError(t, err)
	sink := audit.NewZipSink(file)
	_, err = audit.Export(t.Context(), shortReader{log}, sink)
	require.NoError(t, errors.Join(err, sink.Close(), file.Close()))
	return key, log.checkpoint
}

func TestAuditExportAndVerify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	older := filepath.Join(dir, "older")
	for _, target := range []string{filepath.Join(dir, "folder"), filepath.Join(dir, "log.zip")} {
		key, checkpoint := writeLog(t, target)
		require.NoError(t, os.WriteFile(older, checkpoint, 0o600))
		out, err := runAudit(t, "verify", target, "--key", key, "--older", older)
		require.NoError(t, err)
		require.Contains(t, out, "verified  privacy.example.com/audit/t\nevents    10\nroot      ")
		require.Contains(t, out, "from      2026-03-01T09:00:00Z\nto        2026-03-01T18:00:00Z\n")
	}
	out, err := runAudit(t, "verify", filepath.Join(dir, "folder"), "--key", filepath.Join(dir, "folder", "verifier.json"))
	require.NoError(t, err, "the key may come from a file: %s", out)
}

func TestAuditVerifyNamesTheAlteredEntry(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "log")
	key, _ := writeLog(t, dir)
	bundle := filepath.Join(dir, "tile", "entries", "000.p", "10")
	data, err := os.ReadFile(bundle)
	require.NoError(t, err)
	at := bytes.LastIndex(data, []byte("case-0"))
	data[at+5] = '1'
	require.NoError(t, os.WriteFile(bundle, data, 0o600))
	_, err = runAudit(t, "verify", dir, "--key", key)
	require.ErrorIs(t, err, audit.ErrLog)
	require.ErrorContains(t, err, "entry 8 ")
}

func TestAuditProveAndVerify(t *testing.T) {
	t.Parallel()
	log := newShortLog(t)
	key, err := log.signer.VerifierKey("t")
	require.NoError(t, err)
	proof, err := audit.Prove(t.Context(), shortReader{log}, "case-1")
	require.NoError(t, err)
	text, err := json.Marshal(proof)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "proof.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	out, err := runAudit(t, "prove-verify", file, "--key", key)
	require.NoError(t, err)
	require.Contains(t, out, "verified  case case-1, 5 events in the signed log")
	require.Contains(t, out, "request.state_changed")
}

func TestAuditVerifyBadInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk")
	require.NoError(t, os.WriteFile(junk, []byte("junk"), 0o600))
	key, _ := writeLog(t, filepath.Join(t.TempDir(), "log"))
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"no key":     {[]string{"verify", dir}, "key"},
		"no export":  {[]string{"verify", filepath.Join(dir, "none"), "--key", key}, "no such file"},
		"a file":     {[]string{"verify", junk, "--key", key}, "expected a folder or a .zip"},
		"empty":      {[]string{"verify", dir, "--key", key}, "no checkpoint"},
		"bad key":    {[]string{"verify", dir, "--key", "nonsense"}, "reading the verifier key"},
		"junk proof": {[]string{"prove-verify", junk, "--key", key}, "reading a proof"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := runAudit(t, tc.args...)
			require.ErrorContains(t, err, tc.says)
		})
	}
}
