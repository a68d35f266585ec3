package audit_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
)

// TestCheckpointByOtherTools opens a checkpoint with nothing of ours: package note, and Ed25519 by hand.
func TestCheckpointByOtherTools(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.record(t, tenantA, 7)
	signed := b.checkpoint(t, tenantA)
	key, err := b.signer.VerifierKey(tenantA)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(key)
	require.NoError(t, err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	require.NoError(t, err)
	lines := strings.Split(opened.Text, "\n")
	require.Equal(t, []string{"privacy.example.com/audit/tenant-a", "7", b.heads[tenantA].Root.String(), ""}, lines)
	require.Equal(t, lines[0], verifier.Name(), "the key's name is the origin")

	body, signature, found := strings.Cut(string(signed), "\n\n— ")
	require.True(t, found)
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(strings.SplitN(signature, " ", 2)[1]))
	require.NoError(t, err)
	require.True(t, ed25519.Verify(b.signer.PublicKey(), []byte(body+"\n"), raw[4:]))
}

func TestCheckpointsOnlyGrow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var before audit.Checkpoint
	key := b.reader(t, tenantA).key
	for _, n := range []int{1, 3, 4, 20, 300} {
		b.record(t, tenantA, n)
		now, err := audit.OpenCheckpoint(b.checkpoint(t, tenantA), key)
		require.NoError(t, err)
		if before.Size > 0 {
			reader := tlog.HashReaderFunc(func(p []int64) ([]tlog.Hash, error) { return b.ReadHashes(t.Context(), tenantA, p) })
			proof, err := tlog.ProveTree(now.Size, before.Size, reader)
			require.NoError(t, err)
			require.NoError(t, tlog.CheckTree(proof, now.Size, now.Root, before.Size, before.Root))
		}
		before = now
	}
	signed := b.checkpoint(t, tenantA)
	require.Equal(t, signed, b.checkpoint(t, tenantA), "nothing new, nothing signed")
	require.Len(t, b.checkpoints[tenantA], 5)
}

func TestSignerRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil func(t *testing.T, b *bench)
		says  string
	}{
		"a smaller tree": {func(t *testing.T, b *bench) {
			fresh := newBench(t)
			fresh.record(t, tenantA, 5)
			b.hashes, b.heads = fresh.hashes, fresh.heads
		}, "lost some"},
		"an emptied log": {func(_ *testing.T, b *bench) {
			b.hashes, b.heads = map[string]map[int64]tlog.Hash{}, map[string]audit.Head{}
		}, "lost some"},
		"another tree of the same size": {func(t *testing.T, b *bench) {
			fresh := newBench(t)
			fresh.record(t, tenantA, 10)
			b.hashes, b.heads = fresh.hashes, fresh.heads
		}, "another root"},
		"a larger tree with another past": {func(t *testing.T, b *bench) {
			fresh := newBench(t)
			fresh.record(t, tenantA, 20)
			b.hashes, b.heads = fresh.hashes, fresh.heads
		}, "not those that were signed"},
		"another root of the same size": {func(_ *testing.T, b *bench) {
			b.heads[tenantA] = audit.Head{Size: 10, Root: tlog.Hash{1}}
		}, "another root"},
		"a head that the hashes don't give": {func(t *testing.T, b *bench) {
			b.record(t, tenantA, 5)
			b.heads[tenantA] = audit.Head{Size: 15, Root: tlog.Hash{1}}
		}, "not those that were signed"},
		"a last checkpoint of somebody else": {func(t *testing.T, b *bench) {
			other := newBench(t)
			other.record(t, tenantA, 10)
			b.checkpoints[tenantA] = [][]byte{other.checkpoint(t, tenantA)}
		}, "can't be trusted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.record(t, tenantA, 10)
			b.checkpoint(t, tenantA)
			saved := len(b.checkpoints[tenantA])
			tc.spoil(t, b)
			_, err := b.signer.Checkpoint(t.Context(), b, tenantA)
			require.ErrorContains(t, err, tc.says)
			require.LessOrEqual(t, len(b.checkpoints[tenantA]), saved)
		})
	}
}

func TestSignerRefusesAFirstHeadThatTheHashesDontGive(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.record(t, tenantA, 10)
	b.heads[tenantA] = audit.Head{Size: 10, Root: tlog.Hash{1}}
	_, err := b.signer.Checkpoint(t.Context(), b, tenantA)
	require.ErrorContains(t, err, "don't give the stored root")
	require.Empty(t, b.checkpoints)
}

func TestSignerHasNothingToSignYet(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.signer.Checkpoint(t.Context(), b, tenantA)
	require.ErrorIs(t, err, audit.ErrNoCheckpoint)
}

func TestSigningKeyRotation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.record(t, tenantA, 4)
	b.checkpoint(t, tenantA)
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	stranger, err := audit.NewSigner(installation, secret)
	require.NoError(t, err)
	_, err = stranger.Checkpoint(t.Context(), b, tenantA)
	require.ErrorIs(t, err, audit.ErrCheckpoint, "a new key must name the one before")

	next, err := audit.NewSigner(installation, secret, b.signer.PublicKey())
	require.NoError(t, err)
	signed, err := next.Checkpoint(t.Context(), b, tenantA)
	require.NoError(t, err)
	key, err := next.VerifierKey(tenantA)
	require.NoError(t, err)
	opened, err := audit.OpenCheckpoint(signed, key)
	require.NoError(t, err)
	require.EqualValues(t, 4, opened.Size)
}

func TestOpenCheckpointRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.record(t, tenantA, 3)
	signed := string(b.checkpoint(t, tenantA))
	key := b.reader(t, tenantA).key
	otherTenant, err := b.signer.VerifierKey("tenant-b")
	require.NoError(t, err)
	for name, tc := range map[string]struct{ signed, key string }{
		"size":          {strings.Replace(signed, "\n3\n", "\n4\n", 1), key},
		"origin":        {strings.Replace(signed, "tenant-a", "tenant-c", 1), key},
		"spelling":      {respelled(t, signed), key},
		"cut":           {signed[:len(signed)-10], key},
		"empty":         {"", key},
		"key of tenant": {signed, otherTenant},
		"no key":        {signed, ""},
		"half a key":    {signed, key[:len(key)-4]},
	} {
		_, err := audit.OpenCheckpoint([]byte(tc.signed), tc.key)
		require.ErrorIs(t, err, audit.ErrCheckpoint, name)
	}
}

// TestOpenCheckpointRefusesTextsThatAreNone signs them properly, so that only their form can be the reason.
func TestOpenCheckpointRefusesTextsThatAreNone(t *testing.T) {
	t.Parallel()
	const name = "privacy.example.com/audit/tenant-a"
	secret, key, err := note.GenerateKey(rand.Reader, name)
	require.NoError(t, err)
	signer, err := note.NewSigner(secret)
	require.NoError(t, err)
	root := tlog.Hash{1}.String()
	sign := func(text string) []byte {
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		require.NoError(t, err)
		return signed
	}
	_, err = audit.OpenCheckpoint(sign(name+"\n3\n"+root+"\n"), key)
	require.NoError(t, err)
	for what, text := range map[string]string{
		"another origin": "privacy.example.com/audit/tenant-b\n3\n" + root + "\n",
		"no origin":      "\n3\n" + root + "\n",
		"leading zero":   name + "\n03\n" + root + "\n",
		"negative":       name + "\n-3\n" + root + "\n",
		"a word":         name + "\nthree\n" + root + "\n",
		"short root":     name + "\n3\n" + root[:20] + "\n",
		"two lines":      name + "\n3\n",
		"extension":      name + "\n3\n" + root + "\nmore\n",
	} {
		_, err := audit.OpenCheckpoint(sign(text), key)
		require.ErrorIs(t, err, audit.ErrCheckpoint, what)
	}
}

func TestNamesThatCantBeOrigins(t *testing.T) {
	t.Parallel()
	for _, tc := range [][2]string{{"", "t"}, {"a b", "t"}, {"a+b", "t"}, {"a", ""}, {"a", "t+u"}, {"a", "t/u"}, {"a", "t u"}} {
		_, err := audit.Origin(tc[0], tc[1])
		require.Error(t, err, "%q", tc)
	}
	_, err := audit.NewSigner("two words", make([]byte, 32))
	require.Error(t, err)
	_, err = audit.NewSigner(installation, make([]byte, 31))
	require.Error(t, err)
}

// respelled changes the bits of the signature's last base64 digit that decoding ignores.
func respelled(t *testing.T, signed string) string {
	t.Helper()
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	at := strings.LastIndex(signed, "=") - 1
	value := strings.IndexByte(digits, signed[at])
	require.Zero(t, value&3, "two spare bits")
	return signed[:at] + string(digits[value|1]) + signed[at+1:]
}
