package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing/fstest"

	"github.com/privacy-docket/docket/audit"
)

// fromLogs verifies both copies of the audit log with nothing but the public key: what the API exports, and what the
// relay has put into the object store.
func (e *evidence) fromLogs(ctx context.Context, s *scene) error {
	checkpoint, err := s.staff.Checkpoint(ctx)
	if err != nil {
		return fmt.Errorf("ask for the checkpoint: %w", err)
	}
	archived, err := e.archivedLog(ctx, s)
	if err != nil {
		return err
	}
	var exported bytes.Buffer
	if err := s.staff.ExportAudit(ctx, &exported); err != nil {
		return fmt.Errorf("export the audit log: %w", err)
	}
	files, err := zip.NewReader(bytes.NewReader(exported.Bytes()), int64(exported.Len()))
	if err != nil {
		return fmt.Errorf("open the exported log: %w", err)
	}
	report, err := audit.Verify(files, checkpoint.Verifier)
	e.logs = append(e.logs, logSeen{"the exported log", report.Size, err})
	report, err = audit.Verify(archived, checkpoint.Verifier)
	e.logs = append(e.logs, logSeen{"the archived log", report.Size, err})
	return nil
}

// archivedLog reads the files of the log from the object store.
func (e *evidence) archivedLog(ctx context.Context, s *scene) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	prefix := s.tenant.ID.String() + "/audit/"
	for key := range e.objects {
		name, log := strings.CutPrefix(key, prefix)
		if !log {
			continue
		}
		object, err := s.objects.Get(ctx, key)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(object)
		if err := errors.Join(err, object.Close()); err != nil {
			return nil, fmt.Errorf("read the archived log: %w", err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files, nil
}
