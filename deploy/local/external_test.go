package local_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// Servers that run elsewhere are used and not started, and can't be stopped through the stack.
func TestExternalServers(t *testing.T) {
	t.Parallel()
	there := localtest.Stack(t)
	stack := localtest.Own(t, func(o *local.Options) {
		o.External = local.External{
			DatabaseURL:     there.PostgresAdminDSN,
			TemporalAddress: there.Temporal,
			TemporalUI:      there.TemporalUI,
			ObjectsURL:      objectsURL(there.Objects),
			SMTPAddress:     there.SMTP,
		}
	})
	there.Mail = ""            // only the local catcher has a page
	there.MariaDBAdminDSN = "" // nor was a MariaDB asked for, or a MongoDB
	there.MongoDBAdminDSN = ""
	require.Equal(t, there, stack.Addresses())
	for _, name := range []local.PartName{local.Postgres, local.Temporal, local.Objects, local.Mail} {
		part := stack.Part(name)
		require.True(t, part.External(), name)
		require.Zero(t, part.PID(), name)
		require.ErrorContains(t, part.Kill(), "not ours to stop")
		require.ErrorContains(t, part.Stop(t.Context()), "not ours to stop")
	}
	require.Nil(t, stack.Part(local.TemporalUI))
}

// One external server among local ones: the local Temporal keeps its data in the external PostgreSQL.
func TestExternalDatabaseUnderLocalTemporal(t *testing.T) {
	t.Parallel()
	there := localtest.Own(t)
	stack := localtest.Own(t, func(o *local.Options) { o.External.DatabaseURL = there.Addresses().PostgresAdminDSN })
	require.True(t, stack.Part(local.Postgres).External())
	for _, name := range []local.PartName{local.Temporal, local.TemporalUI, local.Objects, local.Mail} {
		require.False(t, stack.Part(name).External(), name)
		require.NoError(t, serves(t.Context(), stack, name), name)
	}
}

// An external server that does not answer, or an address that can't be one, is refused at the start.
func TestBadExternalServers(t *testing.T) {
	t.Parallel()
	there := localtest.Stack(t)
	for name, tc := range map[string]struct {
		external local.External
		says     string
	}{
		"no database there":    {local.External{DatabaseURL: "postgres://u:secret@127.0.0.1:1/x?sslmode=disable"}, "the external postgres does not answer"},
		"no database URL":      {local.External{DatabaseURL: "host=127.0.0.1 password=secret"}, "DOCKET_DATABASE_URL must look like"},
		"database over TLS":    {local.External{DatabaseURL: "postgres://u:secret@127.0.0.1/x?sslmode=require"}, "DOCKET_TEMPORAL_ADDRESS"},
		"no objects URL":       {local.External{ObjectsURL: "127.0.0.1:9000"}, "DOCKET_OBJECTS_URL must look like"},
		"no object server":     {local.External{ObjectsURL: "http://a:secret@127.0.0.1:1/b"}, "the external objects does not answer"},
		"no mail server":       {local.External{SMTPAddress: "127.0.0.1:1"}, "the external mail does not answer"},
		"something else there": {local.External{SMTPAddress: there.Temporal}, "the external mail does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := localtest.OwnOptions(t)
			opts.External = tc.external
			if opts.External.DatabaseURL == "" {
				opts.External.DatabaseURL, opts.External.TemporalAddress = there.PostgresAdminDSN, there.Temporal
			}
			_, err := local.Start(t.Context(), opts)
			require.ErrorContains(t, err, tc.says)
			require.NotContains(t, err.Error(), "secret")
			require.False(t, local.Running(opts.Dir), "nothing is left running")
		})
	}
}

func objectsURL(a local.ObjectsAddress) string {
	u := url.URL{Scheme: "http", User: url.UserPassword(a.AccessKey, a.SecretKey), Host: a.Endpoint, Path: a.Bucket}
	return u.String()
}
