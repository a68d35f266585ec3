package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/storage"
)

// The sample company as a tenant.
const (
	companySlug   = "halden-birk"
	companyPeople = 4000
	companySeed   = 20260301
)

// company is the sample company, there to work with.
type company struct {
	tenant uuid.UUID
	key    string // an administrator's API key
	fresh  bool   // made just now
}

// sampleCompany finds the sample company on the stack, or makes it: databases, tenant, staff, systems, a key.
func (p *product) sampleCompany(ctx context.Context, stack *local.Stack) (company, error) {
	kept, err := readLocalProduct(stack.Dir())
	if err != nil {
		return company{}, err
	}
	tenant, err := p.db.TenantBySlug(ctx, companySlug)
	switch {
	case err == nil && kept.AdminKey != "":
		return company{tenant: tenant.ID, key: kept.AdminKey}, nil
	case err == nil:
		return company{}, fmt.Errorf("the sample company is there but its key is not in %s; start with --fresh", productFile(stack.Dir()))
	case !errors.Is(err, storage.ErrNotFound):
		return company{}, err
	}
	loaded, err := sample.Load(ctx, stack.Addresses().PostgresAdminDSN, companySeed, companyPeople)
	if err != nil {
		return company{}, err
	}
	c := company{fresh: true}
	if c.tenant, err = p.db.CreateTenant(ctx, casework.System("setup"), companyProfile()); err != nil {
		return company{}, err
	}
	err = p.db.Change(ctx, c.tenant, casework.System("setup"), func(ctx context.Context, tx *storage.Tx) error {
		c.key, err = furnish(ctx, tx, loaded)
		return err
	})
	if err != nil {
		return company{}, err
	}
	kept.AdminKey = c.key
	return c, kept.save(stack.Dir())
}

func companyProfile() storage.NewTenant {
	return storage.NewTenant{
		Slug: companySlug, Name: sample.Company, Country: "DE", Calendar: "DE", Zone: "Europe/Berlin", Language: "de", Regime: "gdpr",
		Profile: storage.Profile{
			Address: "Hafenstraße 12, 20457 Hamburg", DPO: "Data protection officer", Contact: "privacy@halden-birk.example",
			Authority:    "Der Hamburgische Beauftragte für Datenschutz und Informationsfreiheit",
			AuthorityURL: "https://datenschutz-hamburg.de",
		},
		Settings: storage.Settings{PhoneCountry: "49"},
	}
}

// furnish gives the company its staff, its systems and a key.
func furnish(ctx context.Context, tx *storage.Tx, loaded sample.Loaded) (key string, err error) {
	for _, s := range []storage.Staff{
		{Role: "agent", Name: "Jonas Petersen", Email: "support@halden-birk.example"},
		{Role: "lead", Name: "Ines Okafor", Email: "lead@halden-birk.example"},
		{Role: "dpo", Name: "Dr. Mara Lindqvist", Email: "dpo@halden-birk.example"},
		{Role: "executive", Name: "Karl Birk", Email: "board@halden-birk.example"},
	} {
		if _, err := tx.AddStaff(ctx, s); err != nil {
			return "", err
		}
	}
	for name, s := range map[string]sample.System{"Customer relations": loaded.CRM, "Web shop": loaded.Shop} {
		id, err := tx.AddSystem(ctx, storage.System{
			Key: s.Key, Name: name, Kind: "postgres", Target: s.ReadDSN, Declaration: string(s.DeclarationYAML),
		})
		if err != nil {
			return "", err
		}
		for _, d := range s.Datasets {
			if err := tx.SaveDataset(ctx, id, d.Key, string(s.DatasetYAML)); err != nil {
				return "", err
			}
		}
	}
	return newAPIKey(ctx, tx, "local administrator", "admin")
}

// newAPIKey makes a key and gives its secret, which is shown once and kept nowhere.
func newAPIKey(ctx context.Context, tx *storage.Tx, name, role string) (string, error) {
	secret := api.NewKey()
	_, err := tx.AddAPIKey(ctx, storage.NewAPIKey{Name: name, Role: role, SecretHash: api.KeyHash(secret)})
	return secret, err
}
