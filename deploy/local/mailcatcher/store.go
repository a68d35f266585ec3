package mailcatcher

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// errNoMessage is returned for an id nobody has.
var errNoMessage = errors.New("no such message")

var wellFormedID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

// store keeps one file per mail and finds them again after a restart.
type store struct {
	dir string

	mu       sync.RWMutex
	messages []Message // by id, which is by arrival
}

func openStore(dir string) (*store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the mail folder: %w", err)
	}
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, fmt.Errorf("list the mail folder: %w", err)
	}
	s := &store{dir: dir}
	for _, entry := range entries {
		id, isMail := strings.CutSuffix(entry.Name(), ".caught")
		if !isMail || !wellFormedID.MatchString(id) {
			continue
		}
		raw, err := os.ReadFile(s.path(id))
		if err != nil {
			return nil, fmt.Errorf("read a kept mail: %w", err)
		}
		s.messages = append(s.messages, describe(id, raw))
	}
	return s, nil
}

func (s *store) path(id string) string { return filepath.Join(s.dir, id+".caught") }

// add keeps a mail. It is on disk when add returns.
func (s *store) add(from string, to []string, raw []byte, now time.Time) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make a message id: %w", err)
	}
	raw = envelope{from: from, to: to, received: now}.before(raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := writeWhole(s.path(id.String()), raw); err != nil {
		return err
	}
	at, _ := slices.BinarySearchFunc(s.messages, id.String(), func(m Message, id string) int { return strings.Compare(m.ID, id) })
	s.messages = slices.Insert(s.messages, at, describe(id.String(), raw))
	return nil
}

func writeWhole(path string, data []byte) error {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return fmt.Errorf("keep a mail: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("keep a mail: %w", err)
	}
	return nil
}

// describe reads the envelope back and takes the mail apart.
func describe(id string, raw []byte) Message {
	e, mail := splitEnvelope(raw)
	m := parse(mail)
	m.ID, m.From, m.To, m.Received = id, e.from, e.to, e.received
	return m
}

// list returns the mails to a recipient, or all, oldest first.
func (s *store) list(to string) []Message {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := []Message{}
	for _, m := range s.messages {
		if to == "" || slices.ContainsFunc(m.To, func(a string) bool { return strings.EqualFold(a, to) }) {
			found = append(found, m)
		}
	}
	return found
}

func (s *store) get(id string) (Message, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, m := range s.messages {
		if m.ID == id {
			return m, nil
		}
	}
	return Message{}, errNoMessage
}

// raw returns the mail as it was sent, without the envelope.
func (s *store) raw(id string) ([]byte, error) {
	if _, err := s.get(id); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoMessage
	}
	if err != nil {
		return nil, fmt.Errorf("read a mail: %w", err)
	}
	_, mail := splitEnvelope(data)
	return mail, nil
}

// remove deletes one mail, or with an empty id all of them.
func (s *store) remove(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := []Message{}
	for _, m := range s.messages {
		if id != "" && m.ID != id {
			kept = append(kept, m)
			continue
		}
		if err := os.Remove(s.path(m.ID)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete a mail: %w", err)
		}
	}
	if id != "" && len(kept) == len(s.messages) {
		return errNoMessage
	}
	s.messages = kept
	return nil
}
