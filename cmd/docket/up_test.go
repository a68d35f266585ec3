package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// The command beside the stack finds it, and its exit status is docket's.
func TestUpRunsACommandBeside(t *testing.T) {
	t.Parallel()
	opts := localtest.OwnOptions(t)
	cmd := exec.Command(opts.Docket, "up", "--state", opts.Dir, "--servers", opts.Programs, "--no-sync", "--", "sh", "-c",
		`test -s "$DOCKET_TEST_STACK/stack.json" && exit 7`)
	out, err := cmd.Output()
	var ended *exec.ExitError
	require.ErrorAs(t, err, &ended)
	require.Equal(t, 7, ended.ExitCode(), "%s", ended.Stderr)
	require.False(t, local.Running(opts.Dir), "the stack ends with the command")
	a, err := local.ReadAddresses(opts.Dir)
	require.NoError(t, err)
	for _, address := range []string{a.Temporal, a.TemporalUI, a.Objects.Endpoint, a.SMTP, a.Mail, filepath.Join(opts.Dir, "stack.json")} {
		require.Contains(t, string(out), address)
	}
	require.NotContains(t, string(out), a.Objects.SecretKey, "credentials stay off the screen")
}

// With the company, Docket answers beside the command, and what the command needs to sign in stands in the state folder.
func TestUpRunsACommandBesideTheCompany(t *testing.T) {
	t.Parallel()
	opts := localtest.OwnOptions(t)
	cmd := exec.Command(opts.Docket, "up", "--state", opts.Dir, "--servers", opts.Programs, "--no-sync", "--company", "--", "sh", "-c",
		`test -s "$DOCKET_TEST_STACK/stack.json" && exit 7`)
	out, err := cmd.Output()
	var ended *exec.ExitError
	require.ErrorAs(t, err, &ended)
	require.Equal(t, 7, ended.ExitCode(), "%s", ended.Stderr)
	require.False(t, local.Running(opts.Dir), "the stack ends with the command")
	kept, err := readLocalProduct(opts.Dir)
	require.NoError(t, err)
	require.Contains(t, string(out), kept.address())
	require.NotEmpty(t, kept.People)
	require.NotContains(t, string(out), kept.People, "the password stays off the screen")
	require.NotContains(t, string(out), kept.AdminKey)
}

// The page decrypts payloads in the browser by the endpoint it was given.
func TestUpHandsTheCodecEndpointOn(t *testing.T) {
	t.Parallel()
	const endpoint = "http://127.0.0.1:8080/codec"
	stack := localtest.Own(t, func(o *local.Options) { o.CodecEndpoint = endpoint })
	response, err := http.Get(stack.Addresses().TemporalUI + "/api/v1/settings")
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	var settings struct{ Codec struct{ Endpoint string } }
	require.NoError(t, json.Unmarshal(body, &settings))
	require.Equal(t, endpoint, settings.Codec.Endpoint)
}

// A flag that was not given takes its variable's value; one that was given wins; nonsense is named.
func TestFlagsFromEnvironment(t *testing.T) {
	t.Setenv("DOCKET_SMTP_PORT", "2525")
	t.Setenv("DOCKET_STATE", "/from/environment")
	cmd := newUpCommand()
	require.NoError(t, cmd.ParseFlags([]string{"--state", "/from/flag"}))
	require.NoError(t, flagsFromEnvironment(cmd))
	require.Equal(t, "2525", cmd.Flag("smtp-port").Value.String())
	require.Equal(t, "/from/flag", cmd.Flag("state").Value.String())

	t.Setenv("DOCKET_MAIL_PORT", "eighty")
	require.ErrorContains(t, flagsFromEnvironment(newUpCommand()), "DOCKET_MAIL_PORT")
}

// Every external server can be named in the environment.
func TestExternalServersFromEnvironment(t *testing.T) { //nolint:paralleltest // sets the environment
	for _, name := range []string{"DATABASE_URL", "TEMPORAL_ADDRESS", "TEMPORAL_UI", "OBJECTS_URL", "SMTP_ADDRESS"} {
		t.Setenv("DOCKET_"+name, name)
	}
	require.Equal(t, local.External{
		DatabaseURL: "DATABASE_URL", TemporalAddress: "TEMPORAL_ADDRESS", TemporalUI: "TEMPORAL_UI",
		ObjectsURL: "OBJECTS_URL", SMTPAddress: "SMTP_ADDRESS",
	}, externalServers())
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	require.Equal(t, 1, exitCode(errors.New("any")))
	require.Equal(t, 9, exitCode(errors.Join(errors.New("beside"), &exitError{status: 9, err: errors.New("chosen")})))
}
