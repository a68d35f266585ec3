package workflows_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// dumped is a database as pg_dump writes it: the program that came with the server that runs.
func dumped(t *testing.T, dsn string) []byte {
	t.Helper()
	conn := storagetest.Connect(t, dsn)
	var programs, version string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT setting, current_setting('server_version') FROM pg_config WHERE name = 'BINDIR'`).Scan(&programs, &version))
	var complaints bytes.Buffer
	dump := exec.CommandContext(t.Context(), filepath.Join(programs, "pg_dump"), "--dbname", dsn)
	dump.Stderr = &complaints
	text, err := dump.Output()
	require.NoError(t, err, "pg_dump of PostgreSQL %s: %s", version, complaints.String())
	require.Contains(t, string(text), "PostgreSQL database dump complete")
	return text
}

// database is the URL of another database of the same server.
func database(t *testing.T, dsn, name string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.Path = "/" + name
	return u.String()
}

// stored is everything in a bucket, by key.
func stored(t *testing.T, store *objects.Store) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	keys, err := store.List(t.Context(), "")
	require.NoError(t, err)
	for _, key := range keys {
		r, err := store.Get(t.Context(), key)
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		out[key] = body
	}
	return out
}

// inStores looks through the register's dump and the bucket of a play, keys and contents.
func (s *traces) inStores(p *play) []trace {
	p.t.Helper()
	found := s.in("register", dumped(p.t, p.Register.OwnerDSN))
	all := stored(p.t, p.Objects)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		found = append(found, s.in("key of an object", []byte(key))...)
		found = append(found, s.in("object "+key, all[key])...)
	}
	return found
}

// plantedAs are columns, and how a word comes into them.
var plantedAs = []struct{ column, value string }{
	{"t", `$1::text`},
	{"b", `convert_to($1::text, 'UTF8')`},
	{"j", `jsonb_build_object('name', $1::text)`},
	{"a", `ARRAY['x', $1::text]`},
	{"t", `encode(convert_to('x' || $1::text, 'UTF8'), 'base64')`},
}

// planted puts words where they don't belong: in each column type of the register in a form of its own, and in the bucket.
func (p *play) planted(words ...string) (take func()) {
	p.t.Helper()
	owner, ctx := p.Register.Owner(p.t), p.t.Context()
	_, err := owner.Exec(ctx, `CREATE TABLE planted (t text, b bytea, j jsonb, a text[])`)
	require.NoError(p.t, err)
	var keys []string
	for i, word := range words {
		as := plantedAs[i%len(plantedAs)]
		_, err := owner.Exec(ctx, fmt.Sprintf(`INSERT INTO planted (%s) VALUES (%s)`, as.column, as.value), word)
		require.NoError(p.t, err)
		key := fmt.Sprintf("planted/%d", i)
		require.NoError(p.t, p.Objects.Put(ctx, key, bytes.NewReader([]byte("behind "+word)), int64(len("behind "+word))))
		keys = append(keys, key)
	}
	return func() {
		ctx := context.WithoutCancel(ctx)
		_, err := owner.Exec(ctx, `DROP TABLE planted`)
		require.NoError(p.t, err)
		for _, key := range keys {
			require.NoError(p.t, p.Objects.Delete(ctx, key))
		}
	}
}
