package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api"
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
	people string // the password of its people
}

// sampleCompany finds the sample company on the stack, or makes it: databases, tenant, staff, systems, a key.
func (p *product) sampleCompany(ctx context.Context, stack *local.Stack) (company, error) {
	kept, err := readLocalProduct(stack.Dir())
	if err != nil {
		return company{}, err
	}
	tenant, err := p.db.TenantBySlug(ctx, companySlug)
	if err == nil && kept.AdminKey != "" {
		return p.withPeople(ctx, stack, company{tenant: tenant.ID, key: kept.AdminKey, people: kept.People})
	}
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return company{}, err
	}
	loaded, err := sample.Load(ctx, stack.Addresses().PostgresAdminDSN, companySeed, companyPeople)
	if err != nil {
		return company{}, err
	}
	spec := companySpec(loaded)
	if dsn := stack.Addresses().MariaDBAdminDSN; dsn != "" {
		points, err := sample.LoadLoyalty(ctx, dsn, "sample", companySeed, companyPeople)
		if err != nil {
			return company{}, err
		}
		spec.systems = append(spec.systems, companySystem("Loyalty programme", "mysql", points))
	}
	letters, port, err := p.loadNewsletter(ctx, stack)
	if err != nil {
		return company{}, err
	}
	spec.systems = append(spec.systems, companySystem("Newsletter", "http", letters))
	kept.Newsletter = port
	files, err := sample.LoadFiles(ctx, stack.Addresses().Objects, "sample", companySeed, companyPeople)
	switch {
	case err == nil:
		spec.systems = append(spec.systems, companySystem("Customers' files", "s3", files))
	case !errors.Is(err, sample.ErrNoKeys): // a store elsewhere need not give any
		return company{}, err
	}
	made, err := bootstrapTenant(ctx, p.db, spec)
	if err != nil {
		return company{}, err
	}
	kept.AdminKey = made.secrets[companyKey]
	if kept.AdminKey == "" {
		return company{}, fmt.Errorf("the sample company is there but its key is not in %s; make another with 'docket tenant key %s', or start with --fresh", productFile(stack.Dir()), companySlug)
	}
	if err := kept.save(stack.Dir()); err != nil {
		return company{}, err
	}
	return p.withPeople(ctx, stack, company{tenant: made.id, key: kept.AdminKey, fresh: true})
}

// withPeople gives the company people who can sign in, with a password of this stack's own.
func (p *product) withPeople(ctx context.Context, stack *local.Stack, c company) (company, error) {
	if c.people != "" {
		return c, nil
	}
	c.people = rand.Text()[:20]
	if err := sampleAccounts(ctx, p.db, c.tenant, c.people); err != nil {
		return c, err
	}
	kept, err := readLocalProduct(stack.Dir())
	if err != nil {
		return c, err
	}
	kept.People = c.people
	return c, kept.save(stack.Dir())
}

// companyKey is the name of the administrator's key.
const companyKey = "local administrator"

func companyTenant() storage.NewTenant {
	return storage.NewTenant{
		Slug: companySlug, Name: sample.Company, Country: "DE", Calendar: "DE", Zone: "Europe/Berlin", Language: "de", Regime: "gdpr",
		Profile: storage.Profile{
			Address: "Hafenstraße 12, 20457 Hamburg", DPO: "Datenschutzbeauftragte", Contact: "privacy@halden-birk.example",
			Authority:    "Der Hamburgische Beauftragte für Datenschutz und Informationsfreiheit",
			AuthorityURL: "https://datenschutz-hamburg.de",
		},
		Settings: storage.Settings{
			PhoneCountry: "49", Regimes: []string{"uk-gdpr", "ccpa"}, Colour: "#2f5d50", Retention: []string{"de-ao147-vouchers", "de-ao147-letters"},
		},
	}
}

func companySpec(loaded sample.Loaded) tenantSpec {
	return tenantSpec{
		tenant: companyTenant(),
		staff: []storage.Staff{
			{Role: "agent", Name: "Jonas Petersen", Email: "support@halden-birk.example"},
			{Role: "lead", Name: "Ines Okafor", Email: "lead@halden-birk.example"},
			{Role: "dpo", Name: "Dr. Mara Lindqvist", Email: "dpo@halden-birk.example"},
			{Role: "executive", Name: "Karl Birk", Email: "board@halden-birk.example"},
		},
		keys:    []keySpec{{name: companyKey, role: api.Admin}},
		systems: []systemSpec{companySystem("Customer relations", "postgres", loaded.CRM), companySystem("Web shop", "postgres", loaded.Shop)},
	}
}

func companySystem(name, kind string, s sample.System) systemSpec {
	return systemSpec{
		System:   storage.System{Key: s.Key, Name: name, Kind: kind, Target: s.ReadDSN, Change: s.ChangeDSN, Declaration: string(s.DeclarationYAML), Service: string(s.ServiceYAML)},
		datasets: []string{string(s.DatasetYAML)},
	}
}
