package storagetest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// Actor is who acts where a test does not care.
func Actor() audit.Actor { return audit.Actor{Kind: audit.System, ID: "test"} }

// Tenant adds a German controller under the GDPR; change alters it before it is written.
func Tenant(t testing.TB, db *storage.DB, change ...func(*storage.NewTenant)) uuid.UUID {
	t.Helper()
	n := storage.NewTenant{
		Slug: "t" + strings.ToLower(rand.Text()[:12]), Name: "Beispiel GmbH", Country: "DE", Calendar: "DE",
		Zone: "Europe/Berlin", Language: "en", Regime: "gdpr",
		Profile: storage.Profile{
			Address: "Beispielweg 1, 10115 Berlin", DPO: "dpo@beispiel.example", Contact: "privacy@beispiel.example",
			Authority: "BlnBDI", AuthorityURL: "https://www.datenschutz-berlin.de",
		},
	}
	for _, apply := range change {
		apply(&n)
	}
	id, err := db.CreateTenant(t.Context(), Actor(), n)
	require.NoError(t, err)
	return id
}

// British makes a tenant one of the United Kingdom.
func British(n *storage.NewTenant) {
	n.Country, n.Calendar, n.Zone, n.Regime = "GB", "GB-ENG", "Europe/London", "uk-gdpr"
}

// Change runs do in a transaction of the tenant and fails the test when it fails.
func Change(t testing.TB, db *storage.DB, tenant uuid.UUID, do func(context.Context, *storage.Tx) error) {
	t.Helper()
	require.NoError(t, db.Change(t.Context(), tenant, Actor(), do))
}

// Read runs do in a reading transaction of the tenant and fails the test when it fails.
func Read(t testing.TB, db *storage.DB, tenant uuid.UUID, do func(context.Context, *storage.Tx) error) {
	t.Helper()
	require.NoError(t, db.Read(t.Context(), tenant, do))
}

// Staff adds a member of staff.
func Staff(t testing.TB, db *storage.DB, tenant uuid.UUID, role string) (id uuid.UUID) {
	t.Helper()
	Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = tx.AddStaff(ctx, storage.Staff{Role: role, Name: role, Email: role + "-" + strings.ToLower(rand.Text()[:8]) + "@staff.example"})
		return err
	})
	return id
}

// Person is somebody whom no other test knows.
func Person() storage.Person {
	mark := strings.ToLower(rand.Text()[:12])
	return storage.Person{
		Name: "Ana " + mark, Email: mark + "@person.example", Phone: "+4930901820" + "77", CustomerID: "C-" + mark,
	}
}

// Case is an accepted case and whom it is about.
type Case struct {
	ID      uuid.UUID
	Subject uuid.UUID
	Person  storage.Person
}

// NewCase adds an access request in the state received, with an obligation to answer in thirty days. Identity is
// unproven unless change says otherwise. The rules of a regime have no part in it: see package casework for those.
func NewCase(t testing.TB, db *storage.DB, tenant uuid.UUID, change ...func(*storage.NewCase)) (c Case) {
	t.Helper()
	c.Person = Person()
	Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.NewSubject(ctx, c.Person)
		if err != nil {
			return err
		}
		n := caseOf(tx, subject)
		for _, apply := range change {
			apply(&n)
		}
		c.ID, c.Subject = n.ID, subject.ID
		if err := tx.InsertCase(ctx, n); err != nil {
			return err
		}
		return tx.AddObligations(ctx, n.ID, privacy.Ladder{}, Deadline(privacy.Respond, tx.Now().AddDate(0, 0, 30)))
	})
	return c
}

func caseOf(tx *storage.Tx, subject storage.Subject) storage.NewCase {
	return storage.NewCase{
		ID: uuid.Must(uuid.NewV7()), Subject: subject, Reference: "AR-" + rand.Text()[:12], Right: privacy.Access, Regime: "gdpr",
		RegimeVersion: "2018", Calendar: "DE", Zone: "Europe/Berlin", Language: "en", Channel: "api", ReceivedAt: tx.Now(),
		Details: "Everything you hold about me.", StartedByCaller: true,
	}
}

// Proven has a case begin with identity proven.
func Proven(n *storage.NewCase) { n.IdentityMethod = "assertion" }

// Deadline is an obligation that is due at a time, one day earlier under the cautious reading.
func Deadline(kind privacy.ObligationKind, due time.Time) privacy.Deadline {
	return privacy.Deadline{
		Kind: kind, Right: privacy.Access, Regime: "gdpr", Version: "2018", Due: due, EarliestSafe: due.AddDate(0, 0, -1),
		Citation: privacy.Citation{Text: "Art. 12(3) GDPR"},
	}
}
