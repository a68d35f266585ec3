package local

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const stateFile = "stack.json"

// state is what a stack remembers between starts, in stack.json (mode 0600: it holds credentials).
type state struct {
	Addresses Addresses      `json:"addresses"`
	Ports     map[string]int `json:"ports"`
	Secrets   secrets        `json:"secrets"`
	Programs  string         `json:"programs"`
	Docket    string         `json:"docket"`
}

// secrets are generated once, when the stack is made.
type secrets struct {
	Postgres  string `json:"postgres"`
	Temporal  string `json:"temporal"`
	MariaDB   string `json:"mariadb"`
	MongoDB   string `json:"mongodb"`
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
}

func newSecrets() secrets {
	return secrets{Postgres: rand.Text(), Temporal: rand.Text(), MariaDB: rand.Text(), MongoDB: rand.Text(), AccessKey: rand.Text()[:20], SecretKey: rand.Text()}
}

func readState(dir string) (state, error) {
	path := filepath.Join(dir, stateFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, fmt.Errorf("no stack in %s: start one with docket up: %w", dir, err)
	}
	if err != nil {
		return state{}, fmt.Errorf("read the stack's state: %w", err)
	}
	var s state
	if err := json.Unmarshal(data, &s); err != nil {
		return state{}, fmt.Errorf("%s is damaged (%w): delete %s to begin anew", path, err, dir)
	}
	return s, nil
}

// loadState reads the state of an earlier start or begins a new one.
func loadState(dir string) (state, error) {
	s, err := readState(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return state{Ports: map[string]int{}, Secrets: newSecrets()}, nil
	}
	if err == nil && s.Ports == nil {
		s.Ports = map[string]int{}
	}
	if err == nil && s.Secrets.MariaDB == "" { // of a stack that knew none
		s.Secrets.MariaDB = rand.Text()
	}
	if err == nil && s.Secrets.MongoDB == "" {
		s.Secrets.MongoDB = rand.Text()
	}
	return s, err
}

// write replaces stack.json in one step, so that a reader sees the old or the new one whole.
func (s state) write(dir string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the stack's state: %w", err)
	}
	path := filepath.Join(dir, stateFile)
	if err := os.WriteFile(path+".new", append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the stack's state: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write the stack's state: %w", err)
	}
	return nil
}
