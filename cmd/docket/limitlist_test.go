package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// A list is cleaned of whoever was erased, as it stands and in its order, however long it is; who comes back is taken in again.
func TestAListIsCleanedOfWhoeverWasErased(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	require.NoError(t, d.register.DB.Change(t.Context(), d.tenant, audit.Actor{Kind: audit.System, ID: "eraser"}, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Suppress(ctx, storage.Person{Email: "gone@example.test"}, storage.SuppressAll, storage.SuppressedErased, nil)
	}))
	var lines []string
	for i := range 10_050 {
		lines = append(lines, fmt.Sprintf("someone-%d@example.test", i))
	}
	lines[3], lines[10_020] = "Gone@Example.test", "gone@example.test"
	path := filepath.Join(t.TempDir(), "list.txt")
	require.NoError(t, os.WriteFile(path, []byte("\ufeff"+strings.Join(lines, "\r\n")+"\r\n\r\n"), 0o600))
	got := d.run("limit", "check-list", path, "--purpose", "direct_marketing", "--basis", "consent")
	require.NoError(t, got.err)
	require.Equal(t, 10_048, strings.Count(got.out, "\n"))
	require.True(t, strings.HasPrefix(got.out, "someone-0@example.test\nsomeone-1@example.test\nsomeone-2@example.test\nsomeone-4@example.test\n"))
	require.NotContains(t, strings.ToLower(got.out), "gone@")
	require.Contains(t, got.errs, "10050 looked at, 2 not to be used; suppression: 2")

	whole := answer[struct {
		Checked int
		Refused []struct {
			Line   int
			Blocks []client.UseBlock
		}
	}](d, "limit", "check-list", path, "--purpose", "direct_marketing")
	require.Equal(t, []int{4, 10_021}, []int{whole.Refused[0].Line, whole.Refused[1].Line})

	require.ErrorContains(t, d.fails("limit", "check-list", path+"x", "--purpose", "sale"), "open the list")

	require.ErrorContains(t, d.fails("limit", "end-suppression", "--email", "other@example.test", "--because", "consent"), "nobody who is known by this is suppressed")
	back := []string{"limit", "end-suppression", "--email", "gone@example.test", "--because", "consent", "--idempotency-key", "back-once"}
	first := d.ok(back...)
	require.Contains(t, first, "1")
	require.Equal(t, first, d.ok(back...), "again after a lost answer")
	require.Contains(t, d.ok("limit", "check", "--email", "gone@example.test", "--purpose", "direct_marketing"), "allowed")
}

// A list with a mistake in it is not half a list: the line is named as it is counted in the file, and nothing is printed.
func TestAListWithAMistakeIsNotCheckedInPart(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	long := strings.Repeat("someone@example.test\n\n", useListAtOnce) // an address and a blank line, one batch of them
	for name, c := range map[string]struct{ list, words string }{
		"a heading":                         {"ana@example.test\nName,E-mail\n", "line 2 is no e-mail address"},
		"a letter that poses as another":    {"ana@example.test\nınan@example.test\n", "line 2 is no e-mail address"},
		"the same behind the first batch":   {long + "\n\nınan@example.test\n", "line 20003 is no e-mail address"},
		"an address that is too long":       {"ana@example.test\n\n" + strings.Repeat("a", 310) + "@example.test\n", "line 3 is no e-mail address"},
		"a file without line breaks":        {"ana@example.test\n" + strings.Repeat("ana@example.test;", 5000), "line 2 has more than 64 KB"},
		"a mark of the order of bytes late": {"ana@example.test\n\ufeffana@example.test\n", "line 2 is no e-mail address"},
	} {
		d.input = c.list
		got := d.run("limit", "check-list", "-", "--purpose", "direct_marketing")
		require.ErrorContains(t, got.err, c.words, name)
		require.Empty(t, got.out, name)
		require.NotContains(t, got.err.Error(), "example.test", "%s: nobody is named", name)
	}
}

// Where nobody is refused, a program reads a list without anybody, and no null.
func TestAListWithNobodyRefusedIsAList(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	for input, checked := range map[string]int{"ana@example.test\n": 1, "\n": 0} {
		d.input = input
		got := d.run("limit", "check-list", "-", "--purpose", "sale", "--json")
		require.NoError(t, got.err)
		require.True(t, json.Valid([]byte(got.out)))
		require.JSONEq(t, fmt.Sprintf(`{"checked":%d,"refused":[]}`, checked), got.out)
	}
}

// What a newer server takes for no address is said by its line as well.
func TestAPlaceInWhatWasAskedIsALineOfTheList(t *testing.T) {
	t.Parallel()
	some := []listed{{20_003, "ana@example.test"}, {20_007, "bea@example.test"}}
	problem := &client.Problem{Status: 422, Errors: []client.Fault{{Location: "body.people[1].email", Message: "is no e-mail address"}}}
	require.EqualError(t, lined(problem, some), "the server did not take line 20007: is no e-mail address")
	for _, elsewhere := range []string{"body.purpose", "body.people[2].email", "body.people[x]", "body.people"} {
		problem.Errors[0].Location = elsewhere
		require.Equal(t, error(problem), lined(problem, some), elsewhere)
	}
}

// The help says which purposes hold back whoever was erased.
func TestHelpOfCheckListNamesThePurposesOfSuppressions(t *testing.T) {
	t.Parallel()
	help := (&verbs{}).limitCheckList().Long
	for _, purpose := range privacy.UsePurposes() {
		against := len(privacy.MayUse(privacy.Use{Purpose: purpose, Basis: "consent"}, []privacy.StandingLimit{{Kind: privacy.LimitSuppressed}})) > 0
		said, _, _ := strings.Cut(help, "For any other purpose")
		require.Equal(t, against, strings.Contains(said, string(purpose)), purpose)
	}
}
