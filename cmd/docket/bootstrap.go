package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// tenantSpec is a tenant with all that it begins with.
type tenantSpec struct {
	tenant  storage.NewTenant
	staff   []storage.Staff
	keys    []keySpec
	systems []systemSpec
}

// keySpec is an API key by its name, under which it is found again.
type keySpec struct {
	name string
	role api.Role
}

// systemSpec is a system with the annotations of its datasets.
type systemSpec struct {
	storage.System
	datasets []string // YAML in the fideslang format, one dataset each
}

// bootstrapped is what a tenant came to.
type bootstrapped struct {
	id      uuid.UUID
	created bool
	// secrets are those of the keys that were made just now, by name. They are kept nowhere.
	secrets map[string]string
}

// setup is who acts when a tenant is made: somebody at the machine, whom Docket does not know.
const setup = "setup"

// bootstrapTenant makes a tenant with staff, keys, systems and datasets, directly in the register: there is no key yet
// by which the API could be asked. It is known by its slug. One that is there keeps what it says of itself, gets what it
// lacks, and its systems are brought to what the spec says; so a run that broke off is ended by the next.
func bootstrapTenant(ctx context.Context, db *storage.DB, spec tenantSpec) (bootstrapped, error) {
	out := bootstrapped{secrets: map[string]string{}}
	if err := spec.check(); err != nil {
		return out, err
	}
	tenant, err := db.TenantBySlug(ctx, spec.tenant.Slug)
	switch {
	case err == nil:
		out.id = tenant.ID
	case errors.Is(err, storage.ErrNotFound):
		if out.id, err = db.CreateTenant(ctx, casework.System(setup), spec.tenant); err != nil {
			return out, err
		}
		out.created = true
	default:
		return out, fmt.Errorf("look for the tenant: %w", err)
	}
	err = db.Change(ctx, out.id, casework.System(setup), func(ctx context.Context, tx *storage.Tx) error {
		return spec.furnish(ctx, tx, out.secrets)
	})
	if err != nil {
		return out, fmt.Errorf("furnish the tenant %s: %w", spec.tenant.Slug, err)
	}
	return out, nil
}

// check refuses documents that cannot be read, before anything is written.
func (spec tenantSpec) check() error {
	for _, s := range spec.systems {
		declared, err := dataset.ParseDeclarations(s.Key, []byte(s.Declaration))
		if err != nil {
			return fmt.Errorf("the declaration of the system %s: %w", s.Key, err)
		}
		if len(declared) != 1 || declared[0].System != s.Key {
			return fmt.Errorf("the declaration of the system %s must speak of it alone", s.Key)
		}
		for _, text := range s.datasets {
			if _, err := datasetKey(text); err != nil {
				return fmt.Errorf("a dataset of the system %s: %w", s.Key, err)
			}
		}
	}
	return nil
}

func datasetKey(text string) (string, error) {
	parsed, err := dataset.Parse("dataset", []byte(text))
	if err != nil {
		return "", err
	}
	if len(parsed) != 1 {
		return "", fmt.Errorf("the document has %d datasets; give each by itself", len(parsed))
	}
	return parsed[0].Key, nil
}

func (spec tenantSpec) furnish(ctx context.Context, tx *storage.Tx, secrets map[string]string) error {
	if err := addMissingStaff(ctx, tx, spec.staff); err != nil {
		return err
	}
	for _, s := range spec.systems {
		if err := s.bring(ctx, tx); err != nil {
			return err
		}
	}
	return addMissingKeys(ctx, tx, spec.keys, secrets)
}

func addMissingStaff(ctx context.Context, tx *storage.Tx, wanted []storage.Staff) error {
	there, err := tx.Staff(ctx)
	if err != nil {
		return err
	}
	for _, w := range wanted {
		if slices.ContainsFunc(there, func(m storage.Staff) bool { return strings.EqualFold(m.Email, w.Email) }) {
			continue
		}
		if _, err := tx.AddStaff(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func addMissingKeys(ctx context.Context, tx *storage.Tx, wanted []keySpec, secrets map[string]string) error {
	there, err := tx.APIKeys(ctx)
	if err != nil {
		return err
	}
	for _, w := range wanted {
		inUse := func(k storage.APIKeyLine) bool { return k.Name == w.name && k.RevokedAt == nil }
		if slices.ContainsFunc(there, inUse) {
			continue
		}
		secret := api.NewKey()
		_, err := tx.AddAPIKey(ctx, storage.NewAPIKey{Name: w.name, Role: string(w.role), SecretHash: api.KeyHash(secret)})
		if err != nil {
			return err
		}
		secrets[w.name] = secret
	}
	return nil
}

// bring adds the system, or changes the one that is there where it differs.
func (s systemSpec) bring(ctx context.Context, tx *storage.Tx) error {
	there, err := tx.SystemByKey(ctx, s.Key)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		if s.ID, err = tx.AddSystem(ctx, s.System); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		s.ID, s.State, s.Stop = there.ID, there.State, there.Stop
		if s.System != there {
			if err := tx.UpdateSystem(ctx, s.System); err != nil {
				return err
			}
		}
	}
	for _, text := range s.datasets {
		if err := saveIfNew(ctx, tx, s.ID, text); err != nil {
			return err
		}
	}
	return nil
}

func saveIfNew(ctx context.Context, tx *storage.Tx, system uuid.UUID, text string) error {
	key, err := datasetKey(text)
	if err != nil {
		return err
	}
	there, err := tx.Dataset(ctx, key)
	sum := sha256.Sum256([]byte(text))
	if err == nil && there.SystemID == system && bytes.Equal(there.Sha256, sum[:]) {
		return nil
	}
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	return tx.SaveDataset(ctx, system, key, text)
}
