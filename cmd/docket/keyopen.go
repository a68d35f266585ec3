package main

import (
	"context"
	"fmt"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// openKeys opens the register for the commands that rotate keys. They bring the master key themselves, and nothing here
// opens one.
func openKeys(ctx context.Context) (KeyStore, func(), error) {
	s, err := readSettings()
	if err != nil {
		return nil, nil, err
	}
	if s.Register == "" {
		return nil, nil, fmt.Errorf("DOCKET_REGISTER_URL is not set (docs/configuration.md says what it holds)")
	}
	db, err := storage.Open(ctx, s.Register, storage.Options{Clock: clockwork.NewRealClock()})
	if err != nil {
		return nil, nil, err
	}
	return db.Keys(casework.System("keys")), db.Close, nil
}
