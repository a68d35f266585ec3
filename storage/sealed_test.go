package storage_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// everything reads all rows of all tables as a dump would, bytes as they are.
func everything(t *testing.T, conn *pgx.Conn) map[string][]byte {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	dumps := map[string][]byte{}
	for _, table := range tables {
		var out bytes.Buffer
		_, err := conn.PgConn().CopyTo(t.Context(), &out, "COPY "+pgx.Identifier{table}.Sanitize()+" TO STDOUT")
		require.NoError(t, err)
		dumps[table] = unescaped(out.Bytes())
	}
	return dumps
}

// unescaped adds what bytea columns hold, which COPY writes in hexadecimal behind \\x.
func unescaped(dump []byte) []byte {
	out := bytes.ToLower(dump)
	for _, field := range bytes.FieldsFunc(dump, func(r rune) bool { return r == '\t' || r == '\n' }) {
		if raw, err := hex.DecodeString(string(bytes.TrimPrefix(field, []byte(`\\x`)))); err == nil {
			out = append(append(out, '\n'), bytes.ToLower(raw)...)
		}
	}
	return out
}

// Nothing that was said about a person, a member of staff or the way into a system stands in the database in clear, in
// hexadecimal or in base64.
func TestNothingPersonalStandsInClear(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	filled := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	require.Greater(t, len(filled.Canaries), 12)
	dumps := everything(t, r.Owner(t))
	require.Contains(t, string(dumps["systems"]), "shop", "the scan reads what is there")
	require.Contains(t, string(dumps["audit_events"]), "request.viewed", "the scan reads bytea")
	for table, dump := range dumps {
		for _, canary := range filled.Canaries {
			for _, form := range []string{canary, hex.EncodeToString([]byte(canary)), base64.StdEncoding.EncodeToString([]byte(canary))} {
				require.False(t, bytes.Contains(dump, bytes.ToLower([]byte(form))), "%s holds %q", table, canary)
			}
		}
	}
}

// What is sealed opens again for whom it belongs to.
func TestSealedValuesOpen(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	filled := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	storagetest.Read(t, r.DB, filled.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		requireReadable(t, ctx, tx, filled)
		return nil
	})
}

func requireReadable(t *testing.T, ctx context.Context, tx *storage.Tx, f storagetest.Filled) {
	t.Helper()
	row, err := tx.Case(ctx, f.Case)
	require.NoError(t, err)
	subject, err := tx.Subject(ctx, f.Subject)
	require.NoError(t, err)
	person, err := tx.Person(ctx, subject)
	require.NoError(t, err)
	require.Equal(t, f.Person, person)
	details, err := tx.Details(row, subject)
	require.NoError(t, err)
	require.Contains(t, f.Canaries, details)
	notes, err := tx.Notes(ctx, row, subject)
	require.NoError(t, err)
	require.Contains(t, f.Canaries, notes[0].Body)
	redactions, err := tx.Redactions(ctx, row, subject)
	require.NoError(t, err)
	require.Contains(t, f.Canaries, redactions[0].KeyValue)
	require.Contains(t, f.Canaries, redactions[0].Note)
	requireWorkReadable(t, ctx, tx, f, subject)
}

func requireWorkReadable(t *testing.T, ctx context.Context, tx *storage.Tx, f storagetest.Filled, subject storage.Subject) {
	t.Helper()
	system, err := tx.System(ctx, f.System)
	require.NoError(t, err)
	require.Contains(t, system.Target, "@db.internal/shop")
	staff, err := tx.Staff(ctx)
	require.NoError(t, err)
	require.Contains(t, f.Canaries, staff[0].Name)
	messages, err := tx.Messages(ctx, f.Case)
	require.NoError(t, err)
	require.Len(t, messages, 2)
	for _, message := range messages {
		content, err := tx.MessageContent(ctx, f.Case, message.ID)
		require.NoError(t, err)
		require.Contains(t, f.Canaries, string(content))
	}
	run, err := tx.RunOn(ctx, f.Case, 1, f.System)
	require.NoError(t, err)
	_, cursor, err := tx.LastPart(ctx, run, subject, "shop", "orders")
	require.NoError(t, err)
	require.Contains(t, f.Canaries, cursor)
	_, err = tx.RunKey(run)
	require.NoError(t, err)
	pkg, err := tx.Package(ctx, f.Package.ID)
	require.NoError(t, err)
	_, err = tx.PackageKey(pkg)
	require.NoError(t, err)
	documents, err := tx.Documents(ctx, f.Case)
	require.NoError(t, err)
	_, err = tx.Tenant().Keys.StreamKey(documents[0].WrappedKey, storage.DocumentKeyID(documents[0].ID))
	require.NoError(t, err)
}

// forget destroys a person's key, as retention does.
func forget(t *testing.T, r *storagetest.Register, f storagetest.Filled) {
	t.Helper()
	_, err := r.Owner(t).Exec(t.Context(), "UPDATE subjects SET wrapped_key = NULL, destroyed_at = $2 WHERE id = $1", f.Subject, r.Clock.Now())
	require.NoError(t, err)
}

// Art. 17 GDPR on ourselves: when a person's key is gone, everything of theirs is seal.ErrNoKey, while the case, its
// dates and its events still read.
func TestForgettingAPerson(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	forget(t, r, f)
	storagetest.Read(t, r.DB, f.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Subject(ctx, f.Subject)
		require.ErrorIs(t, err, seal.ErrNoKey)
		messages, err := tx.Messages(ctx, f.Case)
		require.NoError(t, err)
		for _, message := range messages {
			_, err = tx.MessageContent(ctx, f.Case, message.ID)
			if message.Audience == "subject" {
				require.ErrorIs(t, err, seal.ErrNoKey)
			} else {
				require.NoError(t, err, "what staff were told is the tenant's")
			}
		}
		row, err := tx.Case(ctx, f.Case)
		require.NoError(t, err)
		require.Equal(t, "collecting", row.State)
		owed, err := tx.Obligations(ctx, f.Case)
		require.NoError(t, err)
		require.Len(t, owed, 1)
		events, err := tx.CaseEvents(ctx, f.Case)
		require.NoError(t, err)
		require.NotEmpty(t, events)
		return nil
	})
}

// A letter to somebody forgotten can't be read, so it is given up, on record, and the other letters go out.
func TestForgottenLettersDoNotStopTheOthers(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	forget(t, r, f)
	storagetest.Change(t, r.DB, f.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		claimed, err := tx.ClaimMessages(ctx, 10, 0)
		require.NoError(t, err)
		require.Len(t, claimed, 1)
		require.Equal(t, "due_soon", claimed[0].Kind)
		lines, err := tx.Messages(ctx, f.Case)
		require.NoError(t, err)
		states := map[string]string{}
		for _, line := range lines {
			states[line.Kind] = line.State
		}
		require.Equal(t, map[string]string{"acknowledgement": "failed", "due_soon": "queued"}, states)
		return nil
	})
}
