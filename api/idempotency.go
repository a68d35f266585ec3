package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/privacy-docket/docket/storage"
)

// Idempotent is what an operation takes that changes something once, however often it is sent.
type Idempotent struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"Any text of 1 to 255 printable characters that is new for each new request. The same key gives the same answer for 24 hours." example:"0b5f3c1e-8f0a-4c57-9d55-0f4f5f4f2a11"`
}

// keyed says what an idempotency key and a request are known by.
type keyed struct {
	principal string
	key       []byte
	request   []byte
}

// once reads the idempotency key of a request; content is all that makes the request this one and no other.
func (i Idempotent) once(who *caller, operation string, content any) (keyed, error) {
	if i.IdempotencyKey == "" {
		return keyed{}, problem(http.StatusBadRequest, "idempotency-key-missing", "The header Idempotency-Key is needed: send a new random one with each new request, and the same one when you send a request again.")
	}
	if len(i.IdempotencyKey) > 255 || !printable(i.IdempotencyKey) {
		return keyed{}, problem(http.StatusBadRequest, "idempotency-key-malformed", "The Idempotency-Key must be 1 to 255 printable ASCII characters.")
	}
	text, err := json.Marshal(content)
	if err != nil {
		return keyed{}, fmt.Errorf("write the request: %w", err)
	}
	key := sha256.Sum256([]byte(i.IdempotencyKey))
	request := sha256.Sum256(append([]byte(operation+"\x00"), text...))
	return keyed{principal: who.principal(), key: key[:], request: request[:]}, nil
}

func printable(s string) bool {
	for _, c := range []byte(s) {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}

// command is the key under which the workflow and the case's steps know the request: another request is another one, for steps are
// remembered longer than keys. The caller's own text stays out of Temporal's history, where it could be anything.
func (k keyed) command() string {
	sum := sha256.Sum256(slices.Concat([]byte(k.principal+"\x00"), k.key, k.request))
	return "api/" + hex.EncodeToString(sum[:16])
}

// claim gives the first answer to the key, or nil when the work is still to be done.
func (k keyed) claim(ctx context.Context, tx *storage.Tx) (*storage.Answer, error) {
	return tx.TryOnce(ctx, k.principal, k.key, k.request)
}

// keep remembers the answer.
func (k keyed) keep(ctx context.Context, tx *storage.Tx, status int, body any) (storage.Answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return storage.Answer{}, fmt.Errorf("write the answer: %w", err)
	}
	answer := storage.Answer{Status: status, Response: text}
	return answer, tx.Answered(ctx, k.principal, k.key, answer)
}

// answered is an answer that can be given again, byte for byte.
type answered[T any] struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed" doc:"true when this is the answer of an earlier request with the same key"`
	Body     stored[T]
}

// stored is the answer's text as it was first given; in the OpenAPI document it is a T.
type stored[T any] struct{ text []byte }

// MarshalJSON implements json.Marshaler.
func (s stored[T]) MarshalJSON() ([]byte, error) { return s.text, nil }

// Schema implements huma.SchemaProvider.
func (stored[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// replay gives a remembered answer; first says that it is the first time.
func replay[T any](a storage.Answer, first bool) *answered[T] {
	out := &answered[T]{Status: a.Status, Body: stored[T]{text: a.Response}}
	if !first {
		out.Replayed = "true"
	}
	return out
}

// transact does the work of an operation that is one transaction, once per key.
func transact[T any](ctx context.Context, s *server, who *caller, k keyed, do func(context.Context, *storage.Tx) (int, T, error)) (*answered[T], error) {
	var out *answered[T]
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		before, err := k.claim(ctx, tx)
		if err != nil {
			return err
		}
		if before != nil {
			out = replay[T](*before, false)
			return nil
		}
		status, body, err := do(ctx, tx)
		if err != nil {
			return err
		}
		answer, err := k.keep(ctx, tx, status, body)
		out = replay[T](answer, true)
		return err
	})
	return out, err
}
