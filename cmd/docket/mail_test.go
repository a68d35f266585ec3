package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/preflight/dnstest"
	"github.com/privacy-docket/docket/preflight/lookup"
)

const storedMessages = "../../preflight/testdata/messages/"

// checkMail runs docket mail check on this machine.
func checkMail(t *testing.T, in string, env map[string]string, args ...string) (out string, err error) {
	t.Helper()
	v := &verbs{getenv: func(name string) string { return env[name] }, clock: newVerbs().clock}
	cmd := v.mailCommand()
	var printed bytes.Buffer
	cmd.SetOut(&printed)
	cmd.SetErr(&printed)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetArgs(append([]string{"check"}, args...))
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err = cmd.ExecuteContext(t.Context())
	return printed.String(), err
}

func TestMailCheckSaysByItsStatusWhetherAMessageMayGoOut(t *testing.T) {
	t.Parallel()
	draft := []string{storedMessages + "good-en.eml", "--offline", "--before-signing", "--consent", "express", "--tracking-consent", "yes", "--domain", "example.com"}
	out, err := checkMail(t, "", nil, draft...)
	require.NoError(t, err, out)
	require.Contains(t, out, "May go out (commercial, to everywhere): 0 errors, 0 warnings, 0 notes.")
	require.Contains(t, out, "NOT CHECKED\n  DKIM and DMARC: the message is a draft")

	out, err = checkMail(t, "", nil, storedMessages+"all-wrong.eml", "--offline", "--country", "US", "--country", "CA")
	require.Equal(t, 2, exitCode(err))
	require.Empty(t, err.Error(), "the report has said it all")
	require.Contains(t, out, "ERROR  The subject poses as an answer  (subject.false_reply)\n  Subject: Re:\n  \"Re:\" says that the recipient has written before (reply-en)\n"+
		"  § United States: 15 USC 7704(a)(2) (verified)\n  § Canada: Competition Act s.74.011(1) (false or misleading subject) (knowledge)\n")
	require.Contains(t, out, "  → Leave the prefix out, or send the message as an answer with In-Reply-To.")
	require.Contains(t, out, "Must not go out as it is (commercial, to CA, US)")
	require.Less(t, strings.Index(out, "ERROR"), strings.Index(out, "WARNING"))

	unlabelled := append([]string{}, draft...)
	unlabelled[4] = "implied"
	raw, err := os.ReadFile(draft[0])
	require.NoError(t, err)
	unlabelled[0] = filepath.Join(t.TempDir(), "m.eml")
	require.NoError(t, os.WriteFile(unlabelled[0], bytes.ReplaceAll(raw, []byte("This is a promotional email from "), nil), 0o600))
	out, err = checkMail(t, "", nil, unlabelled...)
	require.NoError(t, err, out)
	require.Contains(t, out, "Look at it before it goes out")
	_, err = checkMail(t, "", nil, append(unlabelled, "--strict")...)
	require.Equal(t, 2, exitCode(err))
}

func TestMailCheckPrintsJSONFromStandardInput(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(storedMessages + "receipt.eml")
	require.NoError(t, err)
	out, err := checkMail(t, string(raw), nil, "-", "--offline", "--before-signing", "--class", "transactional", "--json")
	require.NoError(t, err)
	var report client.MailReport
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	require.Equal(t, "fine", report.Outcome)
	require.Equal(t, "Your receipt for order 1017", report.Message.Subject)
	require.Len(t, report.Laws, 7)
}

func TestMailCheckSaysWhyItCouldNotCheck(t *testing.T) {
	t.Parallel()
	good := storedMessages + "good-en.eml"
	for says, args := range map[string][]string{
		"open the message":                  {"none.eml"},
		"expected":                          {},
		"an .eml file":                      {"mail_test.go", "--offline"},
		`there is no class of messages "x"`: {good, "--offline", "--class", "x"},
		`"Germany" is no country`:           {good, "--offline", "--country", "Germany"},
		"leave --domain out":                {good, "--server", "--domain", "example.com"},
		"asks DNS itself":                   {good, "--server", "--offline"},
		"leave --dns out":                   {good, "--offline", "--dns", "127.0.0.1:53"},
		"--dns or DOCKET_DNS":               {good, "--dns", "dns.example.com"},
	} {
		_, err := checkMail(t, "", nil, args...)
		require.ErrorContains(t, err, says)
		require.Equal(t, 1, exitCode(err), says)
	}
}

// What stands in a message cannot drive the terminal that shows the report.
func TestMailCheckPrintsNothingThatDrivesATerminal(t *testing.T) {
	t.Parallel()
	out, err := checkMail(t, "", nil, storedMessages+"hostile-terminal.eml", "--offline")
	require.Equal(t, 2, exitCode(err))
	require.NotContains(t, out, "\x1b")
	require.NotContains(t, out, "\u202e")
}

func TestMailCheckAsksTheNameServerThatIsNamed(t *testing.T) {
	t.Parallel()
	dns := dnstest.Start(t)
	dns.Set("_dmarc.example.com", "v=DMARC1; p=none")
	for _, c := range []struct {
		env  map[string]string
		args []string
	}{{map[string]string{"DOCKET_DNS": dns.Address}, nil}, {nil, []string{"--dns", dns.Address}}} {
		out, err := checkMail(t, "", c.env, append(c.args, storedMessages+"good-en.eml")...)
		require.Equal(t, 2, exitCode(err), "it is not signed")
		require.Contains(t, out, "auth.dkim_missing")
		require.NotContains(t, out, "auth.dmarc_missing")
	}
}

func TestMailDomainsAndAServerThatChecks(t *testing.T) {
	t.Parallel()
	dns := dnstest.Start(t)
	resolver, err := lookup.New(dns.Address)
	require.NoError(t, err)
	d := newDesktop(t, func(c *api.Config) { c.DNS = resolver })
	require.Contains(t, d.run("mail", "domain", "list").errs, "No domains yet")
	added := d.ok("mail", "domain", "add", "example.com")
	require.Contains(t, added, "_docket.example.com TXT")
	missing := d.run("mail", "domain", "verify", "example.com")
	require.ErrorContains(t, missing.err, "is not in DNS")

	var list client.Page[client.MailDomain]
	require.NoError(t, json.Unmarshal([]byte(d.ok("mail", "domain", "list", "--json")), &list))
	dns.Set(list.Items[0].Record.Name, list.Items[0].Record.Value)
	require.Contains(t, d.ok("mail", "domain", "verify", "EXAMPLE.com"), "verified")

	spoiled := filepath.Join(t.TempDir(), "m.eml")
	raw, err := os.ReadFile(storedMessages + "good-en.eml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(spoiled, bytes.ReplaceAll(raw, []byte("news@example.com"), []byte("news@example.org")), 0o600))
	got := d.run("mail", "check", spoiled, "--server", "--before-signing", "--country", "US", "--consent", "express", "--address", "12 Orchard Street, Springfield, IL 62704")
	require.Equal(t, 2, exitCode(got.err))
	require.Contains(t, got.out, "example.org is not among the verified domains")

	require.Contains(t, d.ok("mail", "domain", "remove", "example.com"), "Removed")
	require.ErrorContains(t, d.run("mail", "domain", "remove", "example.com").err, "no such domain")
}
