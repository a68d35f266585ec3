package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Vector is one case of a rule: inputs, and what must come of them.
type Vector struct {
	ID         string         `json:"id"`
	Rule       string         `json:"rule"`
	Input      map[string]any `json:"input"`
	Expect     map[string]any `json:"expect"`
	Convention string         `json:"convention"`
	Source     string         `json:"source"`
	Verified   bool           `json:"verified"`
	Basis      string         `json:"basis"`
}

// Parse reads a list of vectors. A list that is no JSON is an error; a single vector that is malformed is kept with the
// reason, so that it fails alone and the others still run.
func Parse(data []byte) ([]Parsed, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("reading vectors: not a JSON list of objects: %w", err)
	}
	if len(raw) == 0 {
		return nil, errors.New("reading vectors: the list is empty")
	}
	out := make([]Parsed, len(raw))
	for i, item := range raw {
		out[i] = parseOne(i, item)
	}
	return out, nil
}

// Parsed is a vector, or why it is none.
type Parsed struct {
	Vector Vector
	Name   string // the id, or the place in the list when there is none
	Err    error
}

func parseOne(i int, item json.RawMessage) Parsed {
	p := Parsed{Name: fmt.Sprintf("vector %d", i+1)}
	decoder := json.NewDecoder(bytes.NewReader(item))
	decoder.UseNumber()
	if err := decoder.Decode(&p.Vector); err != nil && !errors.Is(err, io.EOF) {
		p.Err = fmt.Errorf("malformed vector: %w", err)
		return p
	}
	if p.Vector.ID != "" {
		p.Name = p.Vector.ID
	}
	switch {
	case p.Vector.ID == "":
		p.Err = errors.New("malformed vector: id is missing")
	case p.Vector.Rule == "":
		p.Err = errors.New("malformed vector: rule is missing")
	case p.Vector.Input == nil:
		p.Err = errors.New("malformed vector: input is missing or null")
	case len(p.Vector.Expect) == 0:
		p.Err = errors.New("malformed vector: expect is missing or empty, so it could not fail")
	}
	return p
}
