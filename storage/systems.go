package storage

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Dataset is the annotation of one data set.
type Dataset = db.DatasetsRow

// System is a place where personal data lies, with its address open.
type System struct {
	ID          uuid.UUID
	Key         string
	Name        string
	Kind        string
	Target      string // how to reach it, password included
	Change      string // how to reach it with a role that may change it; "" when people do that by hand
	Declaration string // YAML: purposes, recipients, retention
	Service     string // YAML: how a system behind HTTP is reached; Target and Change are its secrets then
	State       string
	// Stop is set while the system is stopped in an emergency.
	Stop *Stop
}

// States of a system.
const (
	SystemActive   = "active"
	SystemDisabled = "disabled"
)

// AddSystem adds a system; its target is sealed under a key of its own.
func (t *Tx) AddSystem(ctx context.Context, s System) (uuid.UUID, error) {
	id := newID()
	wrapped, err := t.tenant.Keys.NewSystemKey(id.String())
	if err != nil {
		return uuid.Nil, fmt.Errorf("make the system's key: %w", err)
	}
	sealed, err := t.sealTarget(wrapped, targetField(id), s.Target)
	if err != nil {
		return uuid.Nil, err
	}
	change, err := t.sealChange(wrapped, id, s.Change)
	if err != nil {
		return uuid.Nil, err
	}
	err = t.q.InsertSystem(ctx, db.InsertSystemParams{
		ID: id, TenantID: t.tenant.ID, Key: s.Key, Name: s.Name, Kind: s.Kind, WrappedKey: wrapped, TargetSealed: sealed, ChangeSealed: change,
		Declaration: s.Declaration, Service: s.Service, CreatedAt: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the system %q: %w", s.Key, translate(err))
	}
	return id, t.auditSystem(ctx, audit.SystemCreated, id, s.Key)
}

// sealChange seals the way in that may change the system, when there is one.
func (t *Tx) sealChange(wrapped []byte, id uuid.UUID, target string) ([]byte, error) {
	if target == "" {
		return nil, nil
	}
	return t.sealTarget(wrapped, changeField(id), target)
}

func (t *Tx) sealTarget(wrapped []byte, at seal.Field, target string) ([]byte, error) {
	key, err := t.tenant.Keys.SystemKey(wrapped, at.Row)
	if err != nil {
		return nil, fmt.Errorf("open the system's key: %w", err)
	}
	sealed, err := key.Seal([]byte(target), at)
	if err != nil {
		return nil, fmt.Errorf("seal the system's address: %w", err)
	}
	return sealed, nil
}

func targetField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "systems", Column: "target", Row: id.String()}
}

func changeField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "systems", Column: "change", Row: id.String()}
}

func (t *Tx) auditSystem(ctx context.Context, action audit.Action, id uuid.UUID, key string) error {
	return t.Audit(ctx, audit.Event{
		Action: action, Object: audit.Object{Kind: "system", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactSystem: key},
	})
}

// SystemTested records that somebody tried the connection, and how it went.
func (t *Tx) SystemTested(ctx context.Context, s System, outcome audit.Outcome, reason string) error {
	return t.Audit(ctx, audit.Event{
		Action: audit.SystemTested, Object: audit.Object{Kind: "system", ID: s.ID.String()}, Outcome: outcome, Reason: reason,
		Facts: map[audit.FactKey]string{audit.FactSystem: s.Key},
	})
}

// UpdateSystem changes a system; its key names it and stays.
func (t *Tx) UpdateSystem(ctx context.Context, s System) error {
	row, err := t.q.SystemByID(ctx, t.tenant.ID, s.ID)
	if err != nil {
		return fmt.Errorf("system: %w", translate(err))
	}
	sealed, err := t.sealTarget(row.WrappedKey, targetField(s.ID), s.Target)
	if err != nil {
		return err
	}
	change, err := t.sealChange(row.WrappedKey, s.ID, s.Change)
	if err != nil {
		return err
	}
	err = one(t.q.UpdateSystem(ctx, db.UpdateSystemParams{
		TenantID: t.tenant.ID, ID: s.ID, Name: s.Name, TargetSealed: sealed, ChangeSealed: change, Declaration: s.Declaration, State: s.State,
		Service: s.Service, UpdatedAt: t.now,
	}))
	if err != nil {
		return fmt.Errorf("change the system: %w", err)
	}
	return t.auditSystem(ctx, audit.SystemChanged, s.ID, s.Key)
}

// Systems lists the tenant's systems by key.
func (t *Tx) Systems(ctx context.Context) ([]System, error) {
	rows, err := t.q.Systems(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read systems: %w", err)
	}
	systems := make([]System, 0, len(rows))
	for _, row := range rows {
		s, err := t.openSystem(row)
		if err != nil {
			return nil, err
		}
		systems = append(systems, s)
	}
	return systems, nil
}

// SystemByKey reads one system by its name.
func (t *Tx) SystemByKey(ctx context.Context, key string) (System, error) {
	row, err := t.q.SystemByKey(ctx, t.tenant.ID, key)
	if err != nil {
		return System{}, fmt.Errorf("system %q: %w", key, translate(err))
	}
	return t.openSystem(row)
}

// System reads one system.
func (t *Tx) System(ctx context.Context, id uuid.UUID) (System, error) {
	row, err := t.q.SystemByID(ctx, t.tenant.ID, id)
	if err != nil {
		return System{}, fmt.Errorf("system: %w", translate(err))
	}
	return t.openSystem(row)
}

func (t *Tx) openSystem(row db.System) (System, error) {
	key, err := t.tenant.Keys.SystemKey(row.WrappedKey, row.ID.String())
	if err != nil {
		return System{}, fmt.Errorf("open the key of system %q: %w", row.Key, err)
	}
	target, err := key.Open(row.TargetSealed, targetField(row.ID))
	if err != nil {
		return System{}, fmt.Errorf("open the address of system %q: %w", row.Key, err)
	}
	s := System{
		ID: row.ID, Key: row.Key, Name: row.Name, Kind: row.Kind, Target: string(target), Declaration: row.Declaration,
		Service: row.Service, State: row.State,
	}
	if row.ChangeSealed != nil {
		change, err := key.Open(row.ChangeSealed, changeField(row.ID))
		if err != nil {
			return System{}, fmt.Errorf("open the way to change system %q: %w", row.Key, err)
		}
		s.Change = string(change)
	}
	if row.StoppedAt != nil {
		s.Stop = &Stop{At: *row.StoppedAt, By: *row.StoppedBy, Reason: *row.StopReason}
	}
	return s, nil
}

// SaveDataset adds or replaces the annotation of a data set.
func (t *Tx) SaveDataset(ctx context.Context, system uuid.UUID, key, annotation string) error {
	sum := sha256.Sum256([]byte(annotation))
	err := t.q.UpsertDataset(ctx, db.UpsertDatasetParams{
		ID: newID(), TenantID: t.tenant.ID, SystemID: system, FidesKey: key, Annotation: annotation, Sha256: sum[:],
		CreatedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("save the dataset %q: %w", key, err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.DatasetSaved, Object: audit.Object{Kind: "dataset", ID: key}, Evidence: sum[:],
	})
}

// Datasets lists the annotations of all systems.
func (t *Tx) Datasets(ctx context.Context) ([]Dataset, error) {
	rows, err := t.q.Datasets(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read datasets: %w", err)
	}
	return rows, nil
}
