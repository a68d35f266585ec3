package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// ErrEvent says that an event can't be recorded as it is. The message names the field and never its value.
var ErrEvent = errors.New("the audit event is not well formed")

const (
	maxToken = 128 // bytes of an id, a code or a fact
	maxFacts = 16
)

// check makes sure that an event is complete and holds only ids, codes and facts.
func (e Event) check() error {
	switch {
	case e.At.IsZero():
		return fmt.Errorf("time is missing: %w", ErrEvent)
	case e.At.Year() < 1 || e.At.Year() > 9999:
		return fmt.Errorf("time is out of range: %w", ErrEvent)
	case e.ID.Version() != 7 || e.ID.Variant() != uuid.RFC4122:
		return fmt.Errorf("id must be a UUID of version 7: %w", ErrEvent)
	case !knownActor(e.Actor.Kind):
		return fmt.Errorf("actor kind is unknown: %w", ErrEvent)
	case !knownOutcome(e.Outcome):
		return fmt.Errorf("outcome is unknown: %w", ErrEvent)
	case len(e.Evidence) != 0 && len(e.Evidence) != sha256.Size:
		return fmt.Errorf("evidence must be a SHA-256: %w", ErrEvent)
	case e.Outcome == Refused && e.Reason == "":
		return fmt.Errorf("a refusal needs a reason code: %w", ErrEvent)
	}
	if err := e.checkTokens(); err != nil {
		return err
	}
	return checkFacts(e.Facts)
}

func (e Event) checkTokens() error {
	for _, f := range []struct {
		name, value string
		optional    bool
	}{
		{"tenant", e.TenantID, false},
		{"actor id", e.Actor.ID, false},
		{"actor role", e.Actor.Role, true},
		{"action", string(e.Action), false},
		{"object kind", e.Object.Kind, false},
		{"object id", e.Object.ID, false},
		{"case", e.CaseID, true},
		{"reason", e.Reason, true},
	} {
		if f.value == "" && f.optional {
			continue
		}
		if !isToken(f.value) {
			return fmt.Errorf("%s must be 1 to %d letters, digits or . _ : / + = , -: %w", f.name, maxToken, ErrEvent)
		}
	}
	return nil
}

func checkFacts(facts map[FactKey]string) error {
	if len(facts) > maxFacts {
		return fmt.Errorf("more than %d facts: %w", maxFacts, ErrEvent)
	}
	for key, value := range facts {
		if !knownFact(key) {
			return fmt.Errorf("a fact's key is not on the list in package audit: %w", ErrEvent)
		}
		if !isToken(value) {
			return fmt.Errorf("fact %s must be 1 to %d letters, digits or . _ : / + = , -: %w", key, maxToken, ErrEvent)
		}
	}
	return nil
}

// isToken allows ids, codes, dates, numbers and hashes, and keeps out spaces and @, without which neither a name nor an
// address can be written.
func isToken(s string) bool {
	if len(s) == 0 || len(s) > maxToken {
		return false
	}
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return true
}

func isTokenByte(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	case c == '.', c == '_', c == ':', c == '/', c == '+', c == '=', c == ',', c == '-':
		return true
	}
	return false
}

func knownActor(k ActorKind) bool {
	return k == Person || k == APIKey || k == Timer || k == System || k == Subject || k == Requester || k == Addressee
}

func knownOutcome(o Outcome) bool {
	return o == Intent || o == Done || o == Refused || o == Failed
}
