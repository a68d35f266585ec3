package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/privacy-docket/docket/audit"
)

// verify: the command that checks an exported audit log, as a whole process, beside SHA-256 over the same files.
func verify(ctx context.Context, b *bench) error {
	n := b.size(1_000_000)
	log, err := newBigLog(ctx, int64(n))
	if err != nil {
		return err
	}
	dir := filepath.Join(b.dir, "log")
	if _, err := audit.Export(ctx, logReader{log}, audit.DirSink(dir)); err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	key, err := log.signer.VerifierKey(log.tenant)
	if err != nil {
		return err
	}
	var ours, floor []float64
	var bytes int64
	for range 5 {
		began := time.Now()
		if bytes, err = hashAll(dir); err != nil {
			return err
		}
		floor = append(floor, time.Since(began).Seconds())
		began = time.Now()
		out, err := exec.CommandContext(ctx, b.docket, "audit", "verify", dir, "--key", key).CombinedOutput() //nolint:gosec // the program the caller built
		if err != nil {
			return fmt.Errorf("docket audit verify: %w: %s", err, out)
		}
		ours = append(ours, time.Since(began).Seconds())
	}
	o, f := median(ours), median(floor)
	b.report.add(fmt.Sprintf("audit verify of %d events, %d MB", n, bytes>>20), seconds(o), seconds(f)+" SHA-256 over the files", o/f, false, 10)
	return nil
}

// hashAll is the floor: every file read and hashed once.
func hashAll(dir string) (bytes int64, err error) {
	hash, files := sha256.New(), os.DirFS(dir)
	err = fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := files.Open(path)
		if err != nil {
			return err
		}
		defer file.Close() //nolint:errcheck // only read
		n, err := io.Copy(hash, file)
		bytes += n
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("hash the files: %w", err)
	}
	return bytes, nil
}

func seconds(s float64) string { return fmt.Sprintf("%.2f s", s) }
