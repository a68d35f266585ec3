package audit

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrNoCheckpoint says that a log has no signed checkpoint yet.
var ErrNoCheckpoint = errors.New("the audit log has no signed checkpoint yet: it gets one when the first events are put into the tree")

// ErrCheckpoint says that a checkpoint is malformed or its signature is not of the given key.
var ErrCheckpoint = errors.New("the checkpoint can't be trusted")

// Checkpoint is the body of a C2SP tlog-checkpoint: the head of a log under its name.
type Checkpoint struct {
	Origin string
	Head
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// OpenCheckpoint checks the signature of a checkpoint and reads it. The key's name must be the log's.
func OpenCheckpoint(signed []byte, verifierKey string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("reading the verifier key, expected <origin>+<hash>+<key> (%s): %w", err.Error(), ErrCheckpoint)
	}
	return openCheckpoint(signed, note.VerifierList(verifier), verifier.Name())
}

func openCheckpoint(signed []byte, known note.Verifiers, origin string) (Checkpoint, error) {
	opened, err := note.Open(signed, known)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checking the signature of a checkpoint (%s): %w", err.Error(), ErrCheckpoint)
	}
	for _, signature := range opened.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(signature.Base64); err != nil {
			return Checkpoint{}, fmt.Errorf("the signature has another spelling than was written: %w", ErrCheckpoint)
		}
	}
	checkpoint, err := parseCheckpoint(opened.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if checkpoint.Origin != origin {
		return Checkpoint{}, fmt.Errorf("the checkpoint is of the log %q, the key of %q: %w", checkpoint.Origin, origin, ErrCheckpoint)
	}
	return checkpoint, nil
}

// parseCheckpoint reads the three lines. Extension lines are refused: we write none, and nobody could check them.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return Checkpoint{}, fmt.Errorf("expected the three lines origin, size and root: %w", ErrCheckpoint)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("the tree size is no plain number: %w", ErrCheckpoint)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the root is no SHA-256 in base64: %w", ErrCheckpoint)
	}
	return Checkpoint{Origin: lines[0], Head: Head{Size: size, Root: root}}, nil
}
