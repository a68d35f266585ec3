package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Target is how the register to restore into stands.
type Target int

// The states of a register to restore into.
const (
	TargetEmpty  Target = iota // no tenant
	TargetLoaded               // this very backup, not finished
	TargetDone                 // this very backup
)

// ExamineTarget says whether a backup may be restored into a register; ErrOccupied and ErrInUse when not.
func ExamineTarget(ctx context.Context, ownerDSN string, manifest []byte) (target Target, err error) {
	err = asOwner(ctx, ownerDSN, func(tx pgx.Tx) error {
		var busy, schema bool
		const others = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'docket')"
		if err := tx.QueryRow(ctx, others).Scan(&busy); err != nil {
			return fmt.Errorf("look who is connected: %w", err)
		}
		if busy {
			return ErrInUse
		}
		if err := tx.QueryRow(ctx, "SELECT to_regclass('public.tenants') IS NOT NULL").Scan(&schema); err != nil || !schema {
			return err
		}
		target, err = examineTenants(ctx, tx, manifest)
		return err
	})
	if err != nil {
		return target, fmt.Errorf("look at the register to restore into: %w", err)
	}
	return target, nil
}

func examineTenants(ctx context.Context, tx pgx.Tx, manifest []byte) (Target, error) {
	var marked bool
	if err := tx.QueryRow(ctx, "SELECT to_regclass('public.restores') IS NOT NULL").Scan(&marked); err != nil {
		return TargetEmpty, err
	}
	var finished []bool
	if marked {
		rows, err := tx.Query(ctx, "SELECT finished_at IS NOT NULL FROM restores WHERE manifest_sha256 = $1", manifest)
		if err != nil {
			return TargetEmpty, err
		}
		if finished, err = pgx.CollectRows(rows, pgx.RowTo[bool]); err != nil {
			return TargetEmpty, err
		}
	}
	if len(finished) == 1 && finished[0] {
		return TargetDone, nil
	}
	if len(finished) == 1 {
		return TargetLoaded, nil
	}
	return TargetEmpty, noTenants(ctx, tx)
}

// noTenants asks by the function that sees past row-level security, which binds the owner too.
func noTenants(ctx context.Context, tx pgx.Tx) error {
	var id uuid.UUID
	err := tx.QueryRow(ctx, "SELECT docket_tenant_ids() LIMIT 1").Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for tenants: %w", err)
	}
	return ErrOccupied
}
