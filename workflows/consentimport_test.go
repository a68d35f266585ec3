package workflows_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// offersList is how the list of these tests is read.
var offersList = consentcsv.Mapping{
	Address: "Email", Purpose: "offers", KindColumn: "Status", Kinds: map[string]string{"subscribed": "given", "unsubscribed": "withdrawn", "bounced": "skip"},
	At: "Since", AtLayout: "date", Country: "Country", Evidence: []string{"Form"},
}

// listOf makes a list of n lines, of which some are faulty and some are left out.
func listOf(n int) (text string, faulty, skipped int) {
	var b strings.Builder
	b.WriteString("Email,Status,Since,Country,Form\n")
	for i := range n {
		address, status := fmt.Sprintf("p%d@list.example", i), "subscribed"
		switch {
		case i%1000 == 7:
			address, faulty = "nobody", faulty+1
		case i%1000 == 8:
			status, skipped = "bounced", skipped+1
		case i%10 == 3:
			status = "unsubscribed"
		}
		fmt.Fprintf(&b, "%s,%s,2025-0%d-11,CA,footer %d\n", address, status, i%9+1, i)
	}
	return b.String(), faulty, skipped
}

// handIn begins an import and hands in its file in parts of some bytes.
func (c *canada) handIn(text string, part int) uuid.UUID {
	c.t.Helper()
	var id uuid.UUID
	c.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = c.Desk.NewConsentImport(ctx, tx, "Old shop", offersList)
		return err
	})
	parts := 0
	for rest := []byte(text); len(rest) > 0; rest = rest[min(part, len(rest)):] {
		parts++
		require.NoError(c.t, c.Desk.AddImportPart(c.t.Context(), c.Tenant, id, parts, rest[:min(part, len(rest))]))
	}
	sum := sha256.Sum256([]byte(text))
	size, err := c.Desk.CheckConsentImport(c.t.Context(), c.Tenant, id, parts, sum[:])
	require.NoError(c.t, err)
	require.Equal(c.t, int64(len(text)), size)
	c.Change(func(ctx context.Context, tx *storage.Tx) error {
		return tx.CheckConsentImport(ctx, id, int32(parts), size, sum[:])
	})
	return id
}

// steps does a step of an import in its workflow.
func (c *canada) steps(id uuid.UUID, step string) storage.ConsentImport {
	c.t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(idleTime).SetWorkerOptions(worker.Options{WorkflowPanicPolicy: worker.FailWorkflow})
	workflows.Register(env)
	activities.Register(env, c.Desk, c.Objects, true)
	env.ExecuteWorkflow(contract.ConsentImportWorkflow, contract.ConsentImportInput{Tenant: c.Tenant, Import: id, Step: step})
	require.NoError(c.t, env.GetWorkflowError())
	return c.imported(id)
}

func (c *canada) imported(id uuid.UUID) (i storage.ConsentImport) {
	c.t.Helper()
	c.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		i, err = tx.ConsentImport(ctx, id)
		return err
	})
	return i
}

func (c *canada) wants(id uuid.UUID, skip, again bool) error {
	return c.DB.Change(c.t.Context(), c.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		return c.Desk.RunConsentImport(ctx, tx, id, skip, again)
	})
}

// A list is read through first and written after that: each line once, with its evidence, faulty ones named and left out, and nothing of the file stays behind.
func TestAListIsImported(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	text, faulty, skipped := listOf(12_345)
	id := c.handIn(text, 100_000)
	checked := c.steps(id, storage.ImportCheck)
	require.Equal(t, storage.ImportChecked, checked.State)
	require.Equal(t, storage.ImportCount{Lines: 12_345, Written: int64(12_345 - faulty - skipped), Faulty: int64(faulty)}, checked.Checked)
	require.Zero(t, checked.Written)
	require.Equal(t, consent.NoConsent, c.mayWrite("p1@list.example").Reason, "a check writes nothing")
	var faults []storage.ImportFault
	c.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		faults, err = tx.ImportFaults(ctx, id, 100)
		return err
	})
	require.Equal(t, storage.ImportFault{Line: 9, Field: "address", Problem: "is none of this channel"}, faults[0])
	require.Len(t, faults, faulty)

	var rule *privacy.RuleError
	require.ErrorAs(t, c.wants(id, false, false), &rule)
	require.Equal(t, privacy.RuleCode("import_faulty"), rule.Code)
	require.NoError(t, c.wants(id, true, false))
	done := c.steps(id, storage.ImportRun)
	require.Equal(t, storage.ImportDone, done.State)
	require.Equal(t, checked.Checked, done.Written)
	require.Equal(t, consent.ByExpress, c.mayWrite("p1@list.example").Reason)
	require.Equal(t, consent.WasWithdrawn, c.mayWrite("p13@list.example").Reason)
	require.Equal(t, consent.NoConsent, c.mayWrite("p8@list.example").Reason, "left out")
	c.Read(func(ctx context.Context, tx *storage.Tx) error {
		h, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: "p1@list.example"})
		require.NoError(t, err)
		require.Equal(t, []any{"import", "Old shop", "footer 1", "CA"}, []any{h.Lines[0].How, h.Lines[0].Source, h.Lines[0].Evidence.Fields["Form"], h.Country})
		require.Equal(t, "2025-02-11", h.Lines[0].Event.Day.String())
		return nil
	})
	left, err := c.Objects.List(t.Context(), c.Tenant.String()+"/consent-imports/")
	require.NoError(t, err)
	require.Empty(t, left, "nothing of the file stays behind")

	twice := c.handIn(text, 1<<20)
	c.steps(twice, storage.ImportCheck)
	require.ErrorAs(t, c.wants(twice, true, false), &rule)
	require.Equal(t, privacy.RuleCode("import_again"), rule.Code)
}

// An import that is stopped in the middle goes on: no line is written twice, and none is missed.
func TestAnImportThatIsStoppedGoesOn(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	text, faulty, skipped := listOf(30_000)
	id := c.handIn(text, 1<<20)
	c.steps(id, storage.ImportCheck)
	require.NoError(t, c.wants(id, true, false))
	stops := 0
	for c.imported(id).State == storage.ImportRunning {
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("stopped")
		before := c.imported(id).Written.Lines
		go func() {
			for ctx.Err() == nil && c.imported(id).Written.Lines == before {
				continue
			}
			cancel(stop)
		}()
		if err := c.Desk.ImportConsents(ctx, c.Tenant, id, storage.ImportRun); err != nil {
			stops++
		}
		cancel(nil)
	}
	require.Positive(t, stops, "it was stopped in the middle")
	var events, people int
	owner := c.Register.Owner(t)
	require.NoError(t, owner.QueryRow(t.Context(), "SELECT count(*), count(DISTINCT person_id) FROM consent_events").Scan(&events, &people))
	require.Equal(t, 30_000-faulty-skipped, events)
	require.Equal(t, events, people)
}

// A list that can't be read ends the import with the reason, and its file goes.
func TestAListThatCantBeReadIsSaidSo(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	id := c.handIn("Mail,Status\na@list.example,subscribed\n", 1<<20)
	got := c.steps(id, storage.ImportCheck)
	require.Equal(t, storage.ImportFailed, got.State)
	require.Contains(t, *got.Problem, `there is no column "Email"`)
	require.Nil(t, got.WrappedKey)
	left, err := c.Objects.List(t.Context(), c.Tenant.String()+"/consent-imports/")
	require.NoError(t, err)
	require.Empty(t, left)
}

// The file is the one whose hash the sender made, or it is not taken.
func TestAFileIsWholeOrNotTaken(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	var id uuid.UUID
	c.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = c.Desk.NewConsentImport(ctx, tx, "Old shop", offersList)
		return err
	})
	require.NoError(t, c.Desk.AddImportPart(t.Context(), c.Tenant, id, 1, []byte("Email,Status\n")))
	sum := sha256.Sum256([]byte("Email,Status\nx"))
	var rule *privacy.RuleError
	_, err := c.Desk.CheckConsentImport(t.Context(), c.Tenant, id, 1, sum[:])
	require.ErrorAs(t, err, &rule)
	require.Equal(t, privacy.RuleCode("import_hash"), rule.Code)
	_, err = c.Desk.CheckConsentImport(t.Context(), c.Tenant, id, 2, sum[:])
	require.ErrorAs(t, err, &rule)
	require.Equal(t, privacy.RuleCode("import_parts"), rule.Code)
	require.NoError(t, c.Desk.AddImportPart(t.Context(), c.Tenant, id, 2, []byte("x")))
	_, err = c.Desk.CheckConsentImport(t.Context(), c.Tenant, id, 2, sum[:])
	require.NoError(t, err)
}

// A file that nobody has imported for a week goes: it holds people's data.
func TestAFileDoesNotWaitForGood(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	text, _, _ := listOf(10)
	id := c.handIn(text, 1<<20)
	c.steps(id, storage.ImportCheck)
	c.clock.Advance(6 * day24)
	dropped, err := c.Desk.DropStaleImports(t.Context(), c.Tenant)
	require.NoError(t, err)
	require.Zero(t, dropped)
	c.clock.Advance(2 * day24)
	dropped, err = c.Desk.DropStaleImports(t.Context(), c.Tenant)
	require.NoError(t, err)
	require.Equal(t, 1, dropped)
	require.Equal(t, storage.ImportFailed, c.imported(id).State)
	left, err := c.Objects.List(t.Context(), c.Tenant.String()+"/consent-imports/")
	require.NoError(t, err)
	require.Empty(t, left)
	var rule *privacy.RuleError
	require.ErrorAs(t, c.wants(id, true, false), &rule)
}
