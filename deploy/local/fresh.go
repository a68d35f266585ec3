package local

import (
	"fmt"
	"os"
	"path/filepath"
)

// wipe deletes what a stack keeps in its folder, and nothing else that may be there. The caller holds the lock.
func wipe(dir string) error {
	kept := []string{stateFile, "logs", ".minio", string(Temporal), string(TemporalUI), string(Objects), string(Mail), string(MongoDB)}
	for _, database := range []PartName{Postgres, MariaDB} {
		home := filepath.Join(dir, string(database))
		kept = append(kept, home)
		if target, err := os.Readlink(home); err == nil {
			kept = append(kept, target) // where moveHome put it
		}
	}
	for _, name := range kept {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		if err := os.RemoveAll(name); err != nil {
			return fmt.Errorf("delete the state of an earlier stack: %w", err)
		}
	}
	return nil
}
