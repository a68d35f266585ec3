package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

// policy runs `docket policy ...` and gives what it printed.
func policy(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := newPolicyCommand()
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SetArgs(args)
	err := cmd.Execute()
	return out.String(), err
}

func TestPolicyExplainShowsRuleStepsAndDate(t *testing.T) {
	t.Parallel()
	out, err := policy(t, "explain", "--regime", "gdpr", "--right", "access", "--received", "2026-01-31T10:00+01:00", "--country", "DE")
	require.NoError(t, err)
	for _, part := range []string{
		"General Data Protection Regulation (gdpr, version 2018)", "input          zone = Europe/Berlin", "February 2026 has no day 31",
		"2026-02-28 is a Saturday", "due            Mon 2026-03-02 23:59:59 CET  (2026-03-02T22:59:59Z)", "earliest_safe  Mon 2026-03-02", "GDPR Art 12(3) (verified)",
	} {
		require.Contains(t, out, part)
	}
}

func TestPolicyExplainTakesEveryFact(t *testing.T) {
	t.Parallel()
	out, err := policy(t, "explain", "--regime", "uk-gdpr", "--right", "access", "--received", "2026-03-02T10:00:00Z", "--country", "GB-ENG",
		"--paused", "clarification:2026-03-05:2026-03-11", "--extended", "--holidays", "2026-06-09", "--json")
	require.NoError(t, err)
	var deadlines []privacy.Deadline
	require.NoError(t, json.Unmarshal([]byte(out), &deadlines))
	require.Equal(t, privacy.Respond, deadlines[0].Kind)
	require.Equal(t, "2026-06-10", deadlines[0].DueDate.String(), "9 June is a holiday by the caller's word")
	require.Equal(t, 7, deadlines[0].PausedDays)
	require.True(t, deadlines[0].Extended)

	out, err = policy(t, "explain", "--regime", "uk-gdpr", "--right", "access", "--received", "2026-03-02T10:00Z", "--country", "GB-ENG", "--paused", "clarification:2026-03-05")
	require.NoError(t, err)
	require.Contains(t, out, "the clock waits for the person")
}

func TestPolicyExplainSaysWhatToDo(t *testing.T) {
	t.Parallel()
	base := []string{"explain", "--regime", "gdpr", "--right", "access", "--received", "2026-01-31T10:00+01:00"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{base, "say --country or --zone"},
		{append(base, "--zone", "Europe/Berlin"), "say --country with one of AT, BE"},
		{append(base, "--country", "GB"), "GB-SCT"},
		{append(base, "--country", "XX"), `no calendar "XX"`},
		{append(base, "--country", "DE", "--zone", "Berlin"), `"Berlin" is no time zone`},
		{append(base, "--country", "DE", "--paused", "lunch:2026-02-02"), "identity:2026-03-05:2026-03-11"},
		{append(base, "--country", "DE", "--paused", "fee:2026-02-02"), "the clock keeps running while fee is awaited"},
		{append(base, "--country", "DE", "--holidays", "soon"), "--holidays"},
		{append(base, "--country", "DE", "--right", "limit-use"), "gives no right of limit_use"},
		{append(base, "--country", "DE", "--right", "magic"), `"magic" is none of`},
		{append(base, "--country", "DE", "--received", "yesterday"), "2026-01-31T10:00+01:00"},
		{append(base, "--country", "DE", "--regime", "nope"), `no regime "nope"`},
		{append(base, "--country", "DE", "--version", "1995"), "no version 1995"},
	} {
		_, err := policy(t, c.args...)
		require.ErrorContains(t, err, c.want, c.args)
	}
}

func TestPolicyTestRunsTheSharedVectors(t *testing.T) {
	t.Parallel()
	out, err := policy(t, "test", "../../policies/testdata/vectors.json")
	require.NoError(t, err)
	require.Equal(t, "138 passed, 0 failed\n", out)
}

func TestPolicyTestReportsEachFailure(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "v.json")
	require.NoError(t, os.WriteFile(file, []byte(`[
		{"id":"good","rule":"eu.reg1182.days","input":{"event":"2025-04-04","days":1,"calendar":"DE","holidays":[]},"expect":{"due":"2025-04-07"}},
		{"id":"off","rule":"eu.reg1182.days","input":{"event":"2025-04-04","days":1,"calendar":"DE","holidays":[]},"expect":{"due":"2025-04-05"}},
		{"id":"new","rule":"mars.treaty.due","input":{},"expect":{"due":"2025-04-05"}},
		{"rule":"eu.reg1182.days","input":{},"expect":{"due":null}}]`), 0o600))
	out, err := policy(t, "test", file, filepath.Join(t.TempDir(), "missing.json"))
	require.Error(t, err)
	require.Equal(t, 1, exitCode(err))
	got := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, got, 5)
	require.Contains(t, got[0], `off (eu.reg1182.days): due: want "2025-04-05", got "2025-04-07"`)
	require.Contains(t, got[1], `unknown rule "mars.treaty.due"`)
	require.Contains(t, got[2], "vector 4 (eu.reg1182.days): malformed vector: id is missing")
	require.Contains(t, got[3], "missing.json")
	require.Equal(t, "1 passed, 4 failed", got[4])
}

func TestPolicyListAndCheck(t *testing.T) {
	t.Parallel()
	out, err := policy(t, "list")
	require.NoError(t, err)
	require.Contains(t, out, "uk-dpa-part3")
	out, err = policy(t, "list", "--json")
	require.NoError(t, err)
	var regimes []privacy.Summary
	require.NoError(t, json.Unmarshal([]byte(out), &regimes))
	require.NotEmpty(t, regimes)

	out, err = policy(t, "check", "../../policies")
	require.NoError(t, err)
	require.Contains(t, out, "sound")

	folder := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "regimes"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "regimes", "bad.yaml"), []byte("versions:\n  - id: x\n    colour: blue\n"), 0o600))
	_, err = policy(t, "check", folder)
	require.ErrorContains(t, err, "regimes/bad.yaml:3: versions.0.colour: unknown key")
	_, err = policy(t, "check", filepath.Join(folder, "none"))
	require.True(t, errors.Is(err, os.ErrNotExist))
}
