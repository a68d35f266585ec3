package storage

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// InstallationKey gives a wrapped key of the installation; create makes it when there is none yet. Two processes that
// start together agree on the one that came first.
func (d *DB) InstallationKey(ctx context.Context, name string, create func() ([]byte, error)) ([]byte, error) {
	q := db.New(d.pool)
	row, err := q.InstallationKey(ctx, name)
	if err == nil {
		return row.Wrapped, nil
	}
	if !isNotFound(translate(err)) {
		return nil, fmt.Errorf("read the key %q: %w", name, err)
	}
	wrapped, err := create()
	if err != nil {
		return nil, fmt.Errorf("make the key %q: %w", name, err)
	}
	if err := q.InsertInstallationKey(ctx, name, wrapped, d.now()); err != nil {
		return nil, fmt.Errorf("keep the key %q: %w", name, err)
	}
	if row, err = q.InstallationKey(ctx, name); err != nil {
		return nil, fmt.Errorf("read the key %q: %w", name, err)
	}
	return row.Wrapped, nil
}
