package workflows_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/api/workflowservice/v1"
	"go.uber.org/zap/zapcore"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// canary stands in everything about a person that this test puts in.
const canary = "kanarie"

// canaryRequest is a request in which every word is a canary.
func canaryRequest(n *casework.NewRequest) {
	n.Person = storage.Person{
		Name: "Namekanarie Surkanarie", Email: "mailkanarie" + n.Person.Email, Phone: "+493012345678901", CustomerID: "IDkanarie",
	}
	n.Details = "detailskanarie"
}

// phoneCanary is the number without what people write around it: as long as a number can be, so that no part of an id looks like a part of it.
const phoneCanary = "3012345678901"

// Nothing about a person is in Temporal: not in any event of any workflow, decrypted, not in memos or search attributes, not
// in its databases; and nothing is in the logs, the SDK's included.
func TestNothingAboutAPersonGetsIntoTemporalOrTheLogs(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	l.follow(l.client)
	l.work()
	f := l.file(canaryRequest)
	l.Shop.Exec("UPDATE orders SET item = 'itemkanarie ' || id")
	l.Shop.Exec("ALTER TABLE orders RENAME COLUMN item TO gone")
	f.reaches(privacy.RequestVerifying)
	f.proves()
	f.until("the failed system is a task", func() bool { return len(f.OpenTasks()) == 1 })
	l.Shop.Exec("ALTER TABLE orders RENAME COLUMN gone TO item")
	require.NoError(t, f.command(casetest.Command(contract.RetrySystem, casetest.On(l.Shop.ID))))
	f.reaches(privacy.RequestReviewing)
	require.NoError(t, f.command(casetest.Command(contract.AskClarity, f.Saying("notekanarie"))))
	require.Error(t, f.command(casetest.Command(contract.Refuse, casetest.Because("not_a_reason"), f.Saying("notekanarie"))))
	require.NoError(t, f.command(casetest.Command(contract.Clarified)))
	f.reaches(privacy.RequestReviewing)
	require.NoError(t, f.command(casetest.Command(contract.Approve)))
	f.ends()
	require.Positive(t, *f.Packages()[0].Rows)

	l.noCanaryInHistories(contract.RequestID(f.Ref.Case), contract.PackageID(f.Packages()[0].ID))
	l.noCanaryInDatabases()
	l.noCanaryInLogs()
}

func (l *live) noCanaryInHistories(workflowIDs ...string) {
	for _, id := range workflowIDs {
		events := l.history(id)
		require.NotEmpty(l.t, events)
		text := l.decrypted(events)
		require.Contains(l.t, text, l.Tenant.String(), "the history was not decrypted: the test would find nothing")
		noCanary(l.t, "history of "+id, text)
		described, err := l.client.DescribeWorkflowExecution(l.t.Context(), id, "")
		require.NoError(l.t, err)
		noCanary(l.t, "description of "+id, described.String())
	}
	listed, err := l.client.ListWorkflow(l.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: l.namespace})
	require.NoError(l.t, err)
	noCanary(l.t, "list", listed.String())
}

// decrypted writes a history as JSON with every payload opened, failures' too.
func (l *live) decrypted(events []*history.HistoryEvent) string {
	l.t.Helper()
	var clear strings.Builder
	open := func(_ *proxy.VisitPayloadsContext, payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
		opened, err := l.codec.Decode(payloads)
		for _, p := range opened {
			clear.Write(p.GetData())
			clear.WriteByte('\n')
		}
		return opened, err
	}
	for _, event := range events {
		require.NoError(l.t, proxy.VisitPayloads(context.Background(), event, proxy.VisitPayloadsOptions{Visitor: open}))
		text, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(event)
		require.NoError(l.t, err)
		clear.Write(text)
	}
	return clear.String()
}

// noCanaryInDatabases looks through every row of Temporal's two databases.
func (l *live) noCanaryInDatabases() {
	admin := localtest.Stack(l.t).PostgresAdminDSN
	conn := storagetest.Connect(l.t, admin)
	names, err := conn.Query(l.t.Context(), "SELECT datname FROM pg_database WHERE datname LIKE 'temporal%'")
	require.NoError(l.t, err)
	databases, err := pgx.CollectRows(names, pgx.RowTo[string])
	require.NoError(l.t, err)
	require.Len(l.t, databases, 2)
	for _, database := range databases {
		config, err := pgx.ParseConfig(admin)
		require.NoError(l.t, err)
		config.Database = database
		conn, err := pgx.ConnectConfig(l.t.Context(), config)
		require.NoError(l.t, err)
		l.noCanaryIn(conn, database)
		require.NoError(l.t, conn.Close(l.t.Context()))
	}
}

func (l *live) noCanaryIn(conn *pgx.Conn, database string) {
	rows, err := conn.Query(l.t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	require.NoError(l.t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(l.t, err)
	require.NotEmpty(l.t, tables)
	for _, table := range tables {
		for _, form := range forms() {
			var found int
			err := conn.QueryRow(l.t.Context(), fmt.Sprintf("SELECT count(*) FROM %s t WHERE position($1 in lower(t::text)) > 0",
				pgx.Identifier{table}.Sanitize()), strings.ToLower(form)).Scan(&found)
			require.NoError(l.t, err)
			require.Zero(l.t, found, "%s.%s holds %q", database, table, form)
		}
	}
}

func (l *live) noCanaryInLogs() {
	encoder := zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "m", NameKey: "n"})
	entries := l.logged.All()
	require.NotEmpty(l.t, entries)
	for _, entry := range entries {
		line, err := encoder.EncodeEntry(entry.Entry, entry.Context)
		require.NoError(l.t, err)
		noCanary(l.t, "log", line.String())
	}
}

// forms are the ways in which a canary can be written: as it is, in hexadecimal as PostgreSQL shows bytes, in base64 at
// each of the three offsets, escaped in JSON.
func forms() (all []string) {
	for _, word := range []string{canary, phoneCanary} {
		all = append(all, word, hex.EncodeToString([]byte(word)))
		for offset := range 3 {
			encoded := base64.StdEncoding.EncodeToString(append(bytes.Repeat([]byte{'x'}, offset), word...))
			all = append(all, encoded[4*min(offset, 1):len(encoded)-4])
		}
		var escaped strings.Builder
		for _, c := range word {
			fmt.Fprintf(&escaped, `\u%04x`, c)
		}
		all = append(all, escaped.String())
	}
	return all
}

func noCanary(t *testing.T, where, text string) {
	t.Helper()
	for _, form := range forms() {
		at := strings.Index(strings.ToLower(text), strings.ToLower(form))
		if at >= 0 {
			excerpt, err := json.Marshal(text[max(0, at-150):min(len(text), at+150)])
			require.NoError(t, err)
			t.Fatalf("the %s holds %q: %s", where, form, excerpt)
		}
	}
}

// The forms find a canary wherever it is hidden.
func TestCanaryIsFoundInEveryForm(t *testing.T) {
	t.Parallel()
	found := func(text string) bool {
		for _, form := range forms() {
			if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
				return true
			}
		}
		return false
	}
	for offset := range 3 {
		hidden := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("a", offset) + "the " + canary + " sings"))
		require.True(t, found(hidden), "base64 at offset %d", offset)
	}
	require.True(t, found("Name"+strings.ToUpper(canary)))
	require.True(t, found(hex.EncodeToString([]byte("x"+canary))))
	require.False(t, found("nobody"))
}
