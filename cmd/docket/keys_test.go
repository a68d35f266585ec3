package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
)

// keyShelf is a KeyStore in memory.
type keyShelf struct {
	tenants      map[string][]byte
	below        map[string][]shelvedKey
	installation map[string][]byte
}

type shelvedKey struct {
	kind    seal.KeyKind
	id      string
	wrapped []byte
}

func (s *keyShelf) TenantIDs(context.Context) ([]string, error) {
	var ids []string
	for id := range s.tenants {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, nil
}

func (s *keyShelf) ReplaceTenantKeys(_ context.Context, id string, replace func([]byte) ([]byte, error)) error {
	return replaceIn(s.tenants, id, replace)
}

func (s *keyShelf) InstallationKeys(context.Context) ([]string, error) {
	var names []string
	for name := range s.installation {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

func (s *keyShelf) ReplaceInstallationKey(_ context.Context, name string, replace func([]byte) ([]byte, error)) error {
	return replaceIn(s.installation, name, replace)
}

func replaceIn(keys map[string][]byte, id string, replace func([]byte) ([]byte, error)) error {
	wrapped, ok := keys[id]
	if !ok {
		return errors.New("no such key")
	}
	out, err := replace(wrapped)
	if err == nil {
		keys[id] = out
	}
	return err
}

func (s *keyShelf) ReplaceKeys(_ context.Context, tenant, after string, limit int, replace ReplaceKey) (string, error) {
	keys := s.below[tenant]
	slices.SortFunc(keys, func(a, b shelvedKey) int { return cmp.Compare(a.id, b.id) })
	done := 0
	for i, key := range keys {
		if key.id <= after {
			continue
		}
		if done == limit {
			return after, nil
		}
		out, err := replace(key.kind, key.id, key.wrapped)
		if err != nil {
			return "", err
		}
		keys[i].wrapped, after = out, key.id
		done++
	}
	return "", nil
}

// newShelf makes two tenants with keys of every kind below them, more than one batch of the first.
func newShelf(t *testing.T, uri string) *keyShelf {
	t.Helper()
	master, err := seal.OpenMaster(t.Context(), uri)
	require.NoError(t, err)
	shelf := &keyShelf{tenants: map[string][]byte{}, below: map[string][]shelvedKey{}, installation: map[string][]byte{}}
	for tenant, subjects := range map[string]int{"a": rewrapBatch + 1, "b": 1} {
		shelf.tenants[tenant], err = master.NewTenantKeys(tenant)
		require.NoError(t, err)
		keys, err := master.TenantKeys(shelf.tenants[tenant], tenant)
		require.NoError(t, err)
		for i := range subjects {
			shelf.put(t, tenant, seal.KindSubject, fmt.Sprintf("subject-%04d", i), keys.NewSubjectKey)
		}
		shelf.put(t, tenant, seal.KindSystem, "system", keys.NewSystemKey)
		shelf.put(t, tenant, seal.KindStream, "stream", keys.NewStreamKey)
	}
	shelf.installation[seal.CodecKeyName], err = master.NewCodecKey()
	require.NoError(t, err)
	shelf.installation[seal.SigningKeyName], err = master.WrapSecret(seal.SigningKeyName, []byte("seed"))
	require.NoError(t, err)
	return shelf
}

func (s *keyShelf) put(t *testing.T, tenant string, kind seal.KeyKind, id string, make func(string) ([]byte, error)) {
	t.Helper()
	wrapped, err := make(id)
	require.NoError(t, err)
	s.below[tenant] = append(s.below[tenant], shelvedKey{kind, id, wrapped})
}

// requireReadable opens every key on the shelf.
func (s *keyShelf) requireReadable(t *testing.T, uri string) {
	t.Helper()
	master, err := seal.OpenMaster(t.Context(), uri)
	require.NoError(t, err)
	_, err = master.CodecKey(s.installation[seal.CodecKeyName])
	require.NoError(t, err)
	_, err = master.Secret(seal.SigningKeyName, s.installation[seal.SigningKeyName])
	require.NoError(t, err)
	for id, wrapped := range s.tenants {
		keys, err := master.TenantKeys(wrapped, id)
		require.NoError(t, err)
		for _, key := range s.below[id] {
			_, err := keys.Rewrap(key.wrapped, key.kind, key.id)
			require.NoError(t, err)
		}
	}
}

func newKeyFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.json")
	_, err := runKeys(t, nil, "create", path)
	require.NoError(t, err)
	return "file://" + path
}

func runKeys(t *testing.T, shelf *keyShelf, args ...string) (string, error) {
	t.Helper()
	var open openKeyStore
	if shelf != nil {
		open = func(context.Context) (KeyStore, func(), error) { return shelf, func() {}, nil }
	}
	cmd := newKeysCommand(open)
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage = true
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestKeysCreateNeverOverwrites(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.json")
	out, err := runKeys(t, nil, "create", path)
	require.NoError(t, err)
	require.Contains(t, out, "Back it up")
	_, err = runKeys(t, nil, "create", path)
	require.ErrorContains(t, err, "exists")
}

func TestRotateMaster(t *testing.T) {
	t.Parallel()
	from, to := newKeyFile(t), newKeyFile(t)
	shelf := newShelf(t, from)
	out, err := runKeys(t, shelf, "rotate", "master", "--from", from, "--to", to)
	require.NoError(t, err)
	require.Contains(t, out, "2 tenants and 2 installation keys are under the new master key, 4 of them changed now")
	shelf.requireReadable(t, to)
	out, err = runKeys(t, shelf, "rotate", "master", "--from", from, "--to", to)
	require.NoError(t, err)
	require.Contains(t, out, "0 of them changed now")
	_, err = runKeys(t, shelf, "rotate", "master", "--from", from, "--to", newKeyFile(t))
	require.ErrorIs(t, err, seal.ErrOpen, "the wrong old key changes nothing")
	shelf.requireReadable(t, to)
}

func TestRotateAndPruneTenants(t *testing.T) {
	t.Parallel()
	uri := newKeyFile(t)
	shelf := newShelf(t, uri)
	stale := bytes.Clone(shelf.tenants["a"])
	out, err := runKeys(t, shelf, "rotate", "tenant", "--master", uri)
	require.NoError(t, err)
	require.Contains(t, out, fmt.Sprintf("Tenant a has a new wrapping key; %d keys were rewrapped", rewrapBatch+3))
	shelf.requireReadable(t, uri)

	// A process that had not seen the rotation makes one more key with the old one.
	master, err := seal.OpenMaster(t.Context(), uri)
	require.NoError(t, err)
	old, err := master.TenantKeys(stale, "a")
	require.NoError(t, err)
	shelf.put(t, "a", seal.KindSubject, "subject-late", old.NewSubjectKey)
	out, err = runKeys(t, shelf, "prune", "--master", uri, "a")
	require.NoError(t, err)
	require.Contains(t, out, "Tenant a has one wrapping key")
	shelf.requireReadable(t, uri)
}

func TestPruneDropsNothingWhileAKeyIsUnreadable(t *testing.T) {
	t.Parallel()
	uri := newKeyFile(t)
	shelf := newShelf(t, uri)
	_, err := runKeys(t, shelf, "rotate", "tenant", "--master", uri, "b")
	require.NoError(t, err)
	before := bytes.Clone(shelf.tenants["b"])
	shelf.below["b"][0].wrapped[20] ^= 1
	_, err = runKeys(t, shelf, "prune", "--master", uri, "b")
	require.ErrorIs(t, err, seal.ErrOpen)
	require.Equal(t, before, shelf.tenants["b"])
}

func TestRotateCodec(t *testing.T) {
	t.Parallel()
	uri := newKeyFile(t)
	shelf := newShelf(t, uri)
	before := bytes.Clone(shelf.installation[seal.CodecKeyName])
	_, err := runKeys(t, shelf, "rotate", "codec", "--master", uri)
	require.NoError(t, err)
	require.NotEqual(t, before, shelf.installation[seal.CodecKeyName])
	shelf.requireReadable(t, uri)
}

func TestRotationNeedsTheMasterKey(t *testing.T) {
	t.Parallel()
	shelf := newShelf(t, newKeyFile(t))
	_, err := runKeys(t, shelf, "rotate", "codec", "--master", "file:///nowhere/master.json")
	require.ErrorContains(t, err, "docket keys create")
	_, err = runKeys(t, shelf, "rotate", "master", "--from", "file:///x")
	require.ErrorContains(t, err, "to")
}
