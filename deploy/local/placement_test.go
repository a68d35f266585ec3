package local_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// A port that was asked for and is taken is named, with the part and the ways to ask for another.
func TestAskedPortThatIsTaken(t *testing.T) {
	t.Parallel()
	taken := listen(t, "127.0.0.1:0")
	for _, tc := range []struct {
		flag, variable string
		ports          local.Ports
	}{
		{"--postgres-port", "DOCKET_POSTGRES_PORT", local.Ports{Postgres: taken}},
		{"--temporal-port", "DOCKET_TEMPORAL_PORT", local.Ports{Temporal: taken}},
		{"--temporal-ui-port", "DOCKET_TEMPORAL_UI_PORT", local.Ports{TemporalUI: taken}},
		{"--objects-port", "DOCKET_OBJECTS_PORT", local.Ports{Objects: taken}},
		{"--smtp-port", "DOCKET_SMTP_PORT", local.Ports{SMTP: taken}},
		{"--mail-port", "DOCKET_MAIL_PORT", local.Ports{Mail: taken}},
	} {
		opts := localtest.OwnOptions(t)
		opts.Ports = tc.ports
		_, err := local.Start(t.Context(), opts)
		require.ErrorContains(t, err, "port "+strconv.Itoa(taken))
		require.ErrorContains(t, err, tc.flag)
		require.ErrorContains(t, err, tc.variable)
	}
}

// Ports and credentials are kept for the next start; a port that somebody took meanwhile is replaced, the others stay.
func TestPortsAreRemembered(t *testing.T) {
	t.Parallel()
	opts := light(t)
	first := startAndClose(t, opts)
	require.Equal(t, first, startAndClose(t, opts))

	listen(t, first.SMTP)
	third := startAndClose(t, opts)
	require.NotEqual(t, first.SMTP, third.SMTP)
	third.SMTP = first.SMTP
	require.Equal(t, first, third)
}

// A fresh start forgets the earlier stack, whose folder may hold other things that stay.
func TestFreshForgets(t *testing.T) {
	t.Parallel()
	opts := light(t)
	first := startAndClose(t, opts)
	mine := filepath.Join(opts.Dir, "notes.txt")
	require.NoError(t, os.WriteFile(mine, []byte("mine"), 0o600))
	opts.Fresh = true
	second := startAndClose(t, opts)
	require.NotEqual(t, first.PostgresAdminDSN, second.PostgresAdminDSN)
	require.FileExists(t, mine)
}

// A missing program is named with the way to get it, and nothing is left running.
func TestMissingProgram(t *testing.T) {
	t.Parallel()
	opts := localtest.OwnOptions(t)
	opts.Programs = opts.Dir
	_, err := local.Start(t.Context(), opts)
	require.ErrorContains(t, err, "make servers")
	require.False(t, local.Running(opts.Dir))
}

// A server that does not come up is reported with the end of its log.
func TestErrorShowsTheLog(t *testing.T) {
	t.Parallel()
	opts := light(t)
	startAndClose(t, opts)
	settings := filepath.Join(opts.Dir, "postgres", "data", "postgresql.auto.conf")
	require.NoError(t, os.WriteFile(settings, []byte("no_such_setting = 1\n"), 0o600))
	_, err := local.Start(t.Context(), opts)
	require.ErrorContains(t, err, "postgres did not come up")
	require.ErrorContains(t, err, "no_such_setting")
}

// light are options of a stack that starts PostgreSQL and the mail catcher only and takes the rest from the common one.
func light(t *testing.T) local.Options {
	t.Helper()
	there := localtest.Stack(t)
	opts := localtest.OwnOptions(t)
	opts.External = local.External{TemporalAddress: there.Temporal, TemporalUI: there.TemporalUI, ObjectsURL: objectsURL(there.Objects)}
	return opts
}

func startAndClose(t *testing.T, opts local.Options) local.Addresses {
	t.Helper()
	stack, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	require.NoError(t, stack.Close(t.Context()))
	return stack.Addresses()
}

// listen occupies a port until the test ends.
func listen(t *testing.T, address string) int {
	t.Helper()
	l, err := net.Listen("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l.Addr().(*net.TCPAddr).Port
}
