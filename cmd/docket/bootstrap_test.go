package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// acme is a tenant as its operator would make it.
func acme() storage.NewTenant {
	return storage.NewTenant{
		Slug: "acme", Name: "Acme GmbH", Country: "DE", Calendar: "DE", Zone: "Europe/Berlin", Language: "en", Regime: "gdpr",
		Profile: storage.Profile{
			Address: "Beispielweg 1, 10115 Berlin", DPO: "Data protection officer", Contact: "privacy@acme.test", Authority: "BlnBDI",
			AuthorityURL: "https://www.datenschutz-berlin.de",
		},
	}
}

const crmDeclaration = `declaration:
  - system: crm
    name: {en: Customer relations}
    subjects: [customer]
    purposes:
      - use: essential.service
        description: {en: Keeping your account}
        lawful_basis: contract
        data_categories: [user.contact.email]
    recipients:
      - {name: Us, role: controller, purpose: {en: Working with it}, country: DE, data_categories: [user.contact.email]}
    retention: [{data_categories: [user.contact.email], period: P1Y, criteria: {en: One year}}]
    source: {from_subject: true}
`

const crmDataset = `dataset:
  - fides_key: crm
    name: CRM
    collections:
      - name: contacts
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email}
`

func crm(target string) systemSpec {
	return systemSpec{
		System:   storage.System{Key: "crm", Name: "CRM", Kind: "postgres", Target: target, Declaration: crmDeclaration, State: storage.SystemActive},
		datasets: []string{crmDataset},
	}
}

// A tenant is made once; a second run adds what is missing, follows a moved system, and makes no second key.
func TestBootstrapIsIdempotent(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t)
	spec := tenantSpec{
		tenant: acme(), staff: []storage.Staff{{Role: "dpo", Name: "D", Email: "dpo@acme.test", Active: true}},
		keys: []keySpec{{name: "first", role: api.Admin}}, systems: []systemSpec{crm("postgres://u:p@one/crm")},
	}
	first, err := bootstrapTenant(t.Context(), db, spec)
	require.NoError(t, err)
	require.True(t, first.created)
	require.Regexp(t, `^dk_[A-Za-z0-9_-]{43}$`, first.secrets["first"])
	tenant, key, err := db.FindAPIKey(t.Context(), api.KeyHash(first.secrets["first"]))
	require.NoError(t, err)
	require.Equal(t, first.id, tenant.ID)
	require.Equal(t, "admin", key.Role)

	spec.staff = append(spec.staff, storage.Staff{Role: "agent", Name: "A", Email: "a@acme.test", Active: true})
	spec.systems = []systemSpec{crm("postgres://u:p@two/crm")}
	again, err := bootstrapTenant(t.Context(), db, spec)
	require.NoError(t, err)
	require.False(t, again.created)
	require.Equal(t, first.id, again.id)
	require.Empty(t, again.secrets)
	storagetest.Read(t, db, first.id, func(ctx context.Context, tx *storage.Tx) error {
		staff, err := tx.Staff(ctx)
		require.NoError(t, err)
		require.Len(t, staff, 2)
		systems, err := tx.Systems(ctx)
		require.NoError(t, err)
		require.Len(t, systems, 1)
		require.Equal(t, "postgres://u:p@two/crm", systems[0].Target)
		datasets, err := tx.Datasets(ctx)
		require.NoError(t, err)
		require.Len(t, datasets, 1)
		return nil
	})
}

// A document that cannot be read is refused before anything is written.
func TestBootstrapRefusesBadDocuments(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t)
	for name, change := range map[string]func(*systemSpec){
		"the declaration of the system crm":                    func(s *systemSpec) { s.Declaration = "declaration: 7" },
		"the declaration of the system other must speak of it": func(s *systemSpec) { s.Key = "other" },
		"a dataset of the system crm":                          func(s *systemSpec) { s.datasets = []string{"dataset: []\n"} },
	} {
		system := crm("postgres://u:p@one/crm")
		change(&system)
		_, err := bootstrapTenant(t.Context(), db, tenantSpec{tenant: acme(), systems: []systemSpec{system}})
		require.ErrorContains(t, err, name)
		_, err = db.TenantBySlug(t.Context(), "acme")
		require.ErrorIs(t, err, storage.ErrNotFound)
	}
}
