package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

type keyView struct {
	ID         uuid.UUID  `json:"id" format:"uuid"`
	Name       string     `json:"name"`
	Role       string     `json:"role"`
	StaffID    *uuid.UUID `json:"staff_id,omitempty" format:"uuid"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
	RevokedAt  *time.Time `json:"revoked_at,omitempty"`
	Scopes     []string   `json:"scopes,omitempty"`
	MadeBy     string     `json:"made_by,omitempty" doc:"The member of staff who made it, or the key it was made with. What is done with it counts as theirs where two people are wanted."`
}

type createKey struct{ Body CreateKeyBody }

// CreateKeyBody is what a key is to be.
type CreateKeyBody struct {
	Name      string     `json:"name" minLength:"1" maxLength:"100" doc:"What the key is for."`
	Role      string     `json:"role" enum:"admin,dpo,agent,auditor"`
	StaffID   *uuid.UUID `json:"staff_id,omitempty" format:"uuid" doc:"The member of staff who uses it, whose role the key has; absent for a program. It ends when they leave or get another role."`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"A key that was made with a key ends with that one at the latest."`
	Scopes    []string   `json:"scopes,omitempty" maxItems:"50" nullable:"false" doc:"What the key is narrowed to: a tag of the operations, a colon, and read or write. Without any it may do all that its role may." example:"[\"requests:read\"]"`
}

type createdKey struct {
	ID  uuid.UUID `json:"id" format:"uuid"`
	Key string    `json:"key" doc:"Shown this once. Only a hash of it is kept." example:"dk_…"`
}

type keyID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

func (s *server) keyOperations() {
	register(s, operation{id: "list-api-keys", method: http.MethodGet, path: "/v1/api-keys", summary: "The tenant's API keys", tag: "keys"}, s.keys)
	register(s, operation{
		id: "create-api-key", method: http.MethodPost, path: "/v1/api-keys", summary: "Make an API key; its secret is shown once", tag: "keys", status: http.StatusCreated,
	}, s.createKey)
	register(s, operation{
		id: "revoke-api-key", method: http.MethodDelete, path: "/v1/api-keys/{id}", summary: "End an API key for good", tag: "keys",
		errors: []int{http.StatusNotFound},
	}, s.revokeKey)
}

func (s *server) keys(ctx context.Context, who *caller, _ *struct{}) (*page[keyView], error) {
	var rows []storage.APIKeyLine
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		rows, err = tx.APIKeys(ctx)
		return err
	})
	return newPage(each(rows, func(k storage.APIKeyLine) keyView {
		return keyView{
			ID: k.ID, Name: k.Name, Role: k.Role, StaffID: k.StaffID, CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt,
			LastUsedAt: k.LastUsedAt, RevokedAt: k.RevokedAt, Scopes: k.Scopes, MadeBy: text(k.MadeBy),
		}
	}), ""), err
}

func (s *server) createKey(ctx context.Context, who *caller, in *createKey) (*shown[createdKey], error) {
	b := in.Body
	if b.ExpiresAt != nil && (!b.ExpiresAt.After(s.Clock.Now()) || !reckonable(*b.ExpiresAt)) {
		return nil, invalid("body.expires_at", "must lie in the future, and before the year 2200")
	}
	if err := s.checkScopes(b.Scopes); err != nil {
		return nil, err
	}
	if err := within(who, &b); err != nil {
		return nil, err
	}
	out := &shown[createdKey]{Body: createdKey{Key: NewKey()}}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if err := mayBeTheirs(ctx, tx, b); err != nil {
			return err
		}
		var err error
		out.Body.ID, err = tx.AddAPIKey(ctx, storage.NewAPIKey{
			Name: b.Name, Role: b.Role, StaffID: b.StaffID, SecretHash: KeyHash(out.Body.Key), ExpiresAt: b.ExpiresAt, Scopes: b.Scopes,
		})
		return err
	})
	return out, err
}

// within keeps a new key within what its maker may do: a key makes none that does more or lasts longer than itself, and who is
// signed in makes none in somebody else's name.
func within(who *caller, b *CreateKeyBody) error {
	if who.session != nil {
		if self := who.staffID(); b.StaffID != nil && (self == nil || *b.StaffID != *self) {
			return refused(http.StatusForbidden, "not-yours", "What is done with this key would stand on record as done by somebody else. Name nobody for a program's key, or have them make their own.")
		}
		return nil
	}
	if mine := who.key.Scopes; len(mine) > 0 {
		wider := slices.ContainsFunc(b.Scopes, func(scope string) bool { return !slices.Contains(mine, scope) })
		if len(b.Scopes) == 0 || wider {
			return refused(http.StatusForbidden, "scope", "A key makes only keys that may do no more than it may itself. Give scopes out of its own; GET /v1/caller lists them.")
		}
	}
	if end := who.key.ExpiresAt; end != nil {
		if b.ExpiresAt == nil {
			b.ExpiresAt = end
		}
		if b.ExpiresAt.After(*end) {
			return refused(http.StatusForbidden, "expiry", "A key makes only keys that end with it at the latest: at "+end.UTC().Format(time.RFC3339)+".")
		}
	}
	return nil
}

// mayBeTheirs refuses a key for somebody who is not there, or with a role that is not theirs.
func mayBeTheirs(ctx context.Context, tx *storage.Tx, b CreateKeyBody) error {
	if b.StaffID == nil {
		return nil
	}
	if err := mustBeStaff(ctx, tx, "body.staff_id", b.StaffID); err != nil {
		return err
	}
	member, err := tx.LockMember(ctx, *b.StaffID)
	if err != nil {
		return err
	}
	if member.Role != b.Role {
		return invalid("body.role", "a key of a member of staff has their role, which is "+member.Role)
	}
	return nil
}

func (s *server) revokeKey(ctx context.Context, who *caller, in *keyID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.RevokeAPIKey(ctx, in.ID)
	})
}
