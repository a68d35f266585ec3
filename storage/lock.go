package storage

import (
	"fmt"

	"github.com/pressly/goose/v3/lock"
)

// sessionLocker makes concurrent migrations wait for each other.
func sessionLocker() (lock.SessionLocker, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("make the migration lock: %w", err)
	}
	return locker, nil
}
