package main

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/privacy-docket/docket/audit"
)

func verifyLog(w io.Writer, path, key string, olderPaths []string) error {
	verifierKey, err := readVerifierKey(key)
	if err != nil {
		return err
	}
	older := make([][]byte, len(olderPaths))
	for i, name := range olderPaths {
		if older[i], err = os.ReadFile(name); err != nil {
			return fmt.Errorf("reading an older checkpoint: %w", err)
		}
	}
	fsys, done, err := openExport(path)
	if err != nil {
		return err
	}
	defer done()
	report, err := audit.Verify(fsys, verifierKey, older...)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "verified  %s\nevents    %d\nroot      %s\n", report.Origin, report.Size, report.Root)
	if report.Size > 0 {
		fmt.Fprintf(w, "from      %s\nto        %s\n", report.First.Format(time.RFC3339), report.Last.Format(time.RFC3339))
	}
	return nil
}

func verifyProof(w io.Writer, path, key string) error {
	verifierKey, err := readVerifierKey(key)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the proof: %w", err)
	}
	proof, events, err := audit.VerifyProof(data, verifierKey)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "verified  case %s, %d events in the signed log\n", proof.Case, len(events))
	if proof.Waiting > 0 {
		fmt.Fprintf(w, "          %d more events were waiting for a checkpoint when the proof was made\n", proof.Waiting)
	}
	for i, e := range events {
		fmt.Fprintf(w, "%8d  %s  %-28s %-8s %s\n", proof.Events[i].Index, e.At.Format(time.RFC3339), e.Action, e.Outcome, e.Reason)
	}
	return nil
}

func openExport(path string) (fs.FS, func(), error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the export: %w", err)
	}
	if info.IsDir() {
		return os.DirFS(path), func() {}, nil
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the export, expected a folder or a .zip file: %w", err)
	}
	return archive, func() { _ = archive.Close() }, nil
}

// readVerifierKey takes the key itself or a file with it, as plain text or as the verifier.json of an export.
func readVerifierKey(key string) (string, error) {
	text, err := os.ReadFile(key)
	if err != nil && strings.Count(key, "+") >= 2 {
		return key, nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the verifier key: %w", err)
	}
	var file struct {
		Key string `json:"key"`
	}
	if json.Unmarshal(text, &file) == nil && file.Key != "" {
		return file.Key, nil
	}
	return strings.TrimSpace(string(text)), nil
}
