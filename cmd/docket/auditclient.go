package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
)

// auditCommands are the commands over the audit log that ask the server; the others check offline what these fetch.
func (v *verbs) auditCommands() []*cobra.Command {
	return []*cobra.Command{v.auditExport(), v.auditCheckpoint(), v.auditProve()}
}

func (v *verbs) auditExport() *cobra.Command {
	cmd := v.online("export PATH", "Fetch the tenant's whole audit log into a new folder, or into an archive when PATH ends in .zip", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			report, err := s.exportAudit(ctx, args[0])
			if err != nil {
				return err
			}
			return s.show(report, func(w io.Writer) {
				pairs(w, [2]string{"log", report.Origin}, [2]string{"events", fmt.Sprint(report.Size)}, [2]string{"root", report.Root},
					[2]string{"written to", report.Path}, [2]string{"key", report.Verifier})
				_, _ = fmt.Fprintln(w, "It verifies under the key that the server names. Who trusts neither checks it under a key got another way: docket audit verify.")
			})
		})
	cmd.Long = cmd.Short + `.

What arrived is verified under the key that the server names, so a broken export is noticed here. That proves nothing
against the operator: for that, docket audit verify takes a key that was got another way.`
	return cmd
}

// exported is what audit export prints.
type exported struct {
	Origin   string `json:"origin"`
	Size     int64  `json:"size"`
	Root     string `json:"root"`
	Path     string `json:"path"`
	Verifier string `json:"verifier_key"`
}

// exportAudit fetches the log beside its place and moves it there when it is whole and verifies.
func (s *session) exportAudit(ctx context.Context, path string) (out exported, err error) {
	if err := free(path); err != nil {
		return out, err
	}
	key, err := s.Checkpoint(ctx)
	if err != nil {
		return out, err
	}
	draft, err := os.MkdirTemp(filepath.Dir(path), ".audit-export-*")
	if err != nil {
		return out, fmt.Errorf("make room for the export: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(draft)) }()
	archive := filepath.Join(draft, "log.zip")
	if err := fetchAudit(ctx, s.Client, archive); err != nil {
		return out, err
	}
	report, err := verified(archive, key.Verifier)
	if err != nil {
		return out, err
	}
	if err := settle(ctx, archive, path); err != nil {
		return out, err
	}
	return exported{Origin: report.Origin, Size: report.Size, Root: report.Root.String(), Path: path, Verifier: key.Verifier}, nil
}

// free refuses to mix an export with what is there.
func free(path string) error {
	entries, err := os.ReadDir(path)
	if err == nil && len(entries) == 0 && !strings.HasSuffix(path, ".zip") {
		return nil
	}
	if _, err := os.Lstat(path); err == nil {
		return errors.New("there is something at " + path + " already: name a new folder or archive, and keep the older export for its checkpoint")
	}
	return nil
}

func fetchAudit(ctx context.Context, c *client.Client, archive string) error {
	file, err := os.OpenFile(archive, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return errors.Join(c.ExportAudit(ctx, file), file.Close())
}

func verified(archive, key string) (audit.Report, error) {
	fsys, done, err := openExport(archive)
	if err != nil {
		return audit.Report{}, err
	}
	defer done()
	return audit.Verify(fsys, key)
}

// settle puts the archive in its place, unpacked when that is a folder.
func settle(ctx context.Context, archive, path string) error {
	if strings.HasSuffix(path, ".zip") {
		if err := os.Rename(archive, path); err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		return nil
	}
	from, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("open the export: %w", err)
	}
	defer func() { _ = from.Close() }() // it was only read
	for _, file := range from.File {
		if err := unpack(ctx, file, audit.DirSink(path)); err != nil {
			return err
		}
	}
	return nil
}

func unpack(ctx context.Context, file *zip.File, sink audit.Sink) error {
	content, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the export: %w", err)
	}
	defer func() { _ = content.Close() }() // it was only read
	text, err := io.ReadAll(content)
	if err != nil {
		return fmt.Errorf("read the export: %w", err)
	}
	return sink.Put(ctx, file.Name, text)
}

func (v *verbs) auditCheckpoint() *cobra.Command {
	return v.online("checkpoint", "Print the newest signed head of the log; keep it for audit verify --older", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			c, err := s.Checkpoint(ctx)
			if err != nil || s.json {
				return orShow(s, c, err)
			}
			if _, err := io.WriteString(s.out, c.Checkpoint); err != nil {
				return fmt.Errorf("print the checkpoint: %w", err)
			}
			_, err = fmt.Fprintln(s.errs, "The server names this key for it: "+c.Verifier)
			return err
		})
}

func (v *verbs) auditProve() *cobra.Command {
	var out string
	cmd := v.online("prove REQUEST", "Fetch a file that proves the events of one request to somebody who trusts neither us nor the database", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			proof, err := s.Proof(ctx, id)
			if err != nil {
				return err
			}
			proof = append(proof, '\n')
			if out == "" {
				_, err = s.out.Write(proof)
				return err
			}
			if err := os.WriteFile(out, proof, 0o600); err != nil {
				return fmt.Errorf("write the proof: %w", err)
			}
			s.say("Wrote the proof to %s; docket audit prove-verify checks it.", out)
			return nil
		}))
	cmd.Flags().StringVar(&out, "out", "", "file to write, by default standard output")
	return cmd
}
