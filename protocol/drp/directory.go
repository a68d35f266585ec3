package drp

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Agent is an entry of the network's directory of agents (section 3.05.1), as far as it is kept here.
type Agent struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	VerifyKey string `json:"verify_key"`
	WebURL    string `json:"web_url"`
}

// maxDirectory bounds a directory, in bytes and in agents.
const (
	maxDirectory = 4 << 20
	maxAgents    = 2000
)

var agentID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// ParseDirectory reads the directory of agents: an array of entries, or one entry. The error names the entry and what to do about it.
func ParseDirectory(text []byte) ([]Agent, error) {
	if len(text) > maxDirectory {
		return nil, fmt.Errorf("the directory has more than %d bytes", maxDirectory)
	}
	var all []Agent
	if err := json.Unmarshal(text, &all); err != nil {
		var one Agent
		if json.Unmarshal(text, &one) != nil {
			return nil, errors.New("the directory must be a JSON array of agents with id, name, verify_key and web_url")
		}
		all = []Agent{one}
	}
	if len(all) == 0 || len(all) > maxAgents {
		return nil, fmt.Errorf("the directory must have 1 to %d agents", maxAgents)
	}
	seen := map[string]bool{}
	for i, a := range all {
		if err := a.Check(); err != nil {
			return nil, fmt.Errorf("agent %d: %w", i+1, err)
		}
		if seen[a.ID] {
			return nil, fmt.Errorf("agent %d: the id stands there twice", i+1)
		}
		seen[a.ID] = true
	}
	return all, nil
}

// Check says what is wrong with an entry.
func (a Agent) Check() error {
	if !agentID.MatchString(a.ID) {
		return errors.New("id must be letters, digits and _ . -, at most 64, such as EXAMPLE_AGENT")
	}
	if name := strings.TrimSpace(a.Name); name == "" || len(name) > 100 {
		return errors.New("name must have 1 to 100 characters")
	}
	if _, err := ParseVerifyKey(a.VerifyKey); err != nil {
		return err
	}
	u, err := url.Parse(a.WebURL)
	if a.WebURL != "" && (err != nil || u.Scheme != "https" || u.Host == "" || len(a.WebURL) > 2000) {
		return errors.New("web_url must begin with https://")
	}
	return nil
}

// ParseVerifyKey reads an agent's public key: 32 bytes in base64.
func ParseVerifyKey(text string) (ed25519.PublicKey, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil, errors.New("verify_key must be an Ed25519 public key: 32 bytes in base64")
	}
	return raw, nil
}

// Discovery is the document under /.well-known/data-rights.json, by which agents found businesses before there was a directory (until 0.8).
type Discovery struct {
	Version       string   `json:"version"`
	APIBase       string   `json:"api_base"`
	Actions       []string `json:"actions"`
	Relationships []string `json:"user_relationships"`
}
