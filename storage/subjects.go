package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Person is who a request is about, in clear. It never leaves the process that opened it.
type Person struct {
	Name       string
	Email      string
	Phone      string
	CustomerID string
}

// Kinds of identity in the register.
const (
	identityEmail     = "email"
	identityPhone     = "phone"
	identityName      = "name"
	identityNameToken = "name_token"
	identityCustomer  = "customer_id"
)

// Subject is one person with their key open.
type Subject struct {
	ID  uuid.UUID
	Key *seal.Key
}

// NewSubject adds a person under a key of their own, with blind indexes over what they can be found by.
func (t *Tx) NewSubject(ctx context.Context, p Person) (Subject, error) {
	id := newID()
	wrapped, err := t.tenant.Keys.NewSubjectKey(id.String())
	if err != nil {
		return Subject{}, fmt.Errorf("make the subject's key: %w", err)
	}
	err = t.later.InsertSubject(ctx, id, t.tenant.ID, wrapped, t.now)
	if err != nil {
		return Subject{}, fmt.Errorf("add the subject: %w", err)
	}
	key, err := t.tenant.Keys.SubjectKey(wrapped, id.String())
	if err != nil {
		return Subject{}, fmt.Errorf("open the subject's key: %w", err)
	}
	subject := Subject{ID: id, Key: key}
	return subject, t.addIdentities(ctx, subject, p)
}

func (t *Tx) addIdentities(ctx context.Context, s Subject, p Person) error {
	rows := db.InsertIdentitiesParams{TenantID: t.tenant.ID, SubjectID: s.ID, At: t.now}
	for _, v := range []struct{ kind, value string }{
		{identityEmail, p.Email}, {identityPhone, p.Phone}, {identityName, p.Name}, {identityCustomer, p.CustomerID},
	} {
		if v.value == "" {
			continue
		}
		if err := t.identify(&rows, s, v.kind, v.value); err != nil {
			return err
		}
	}
	tokens, err := t.tenant.Keys.NameIndexes(p.Name)
	if err != nil {
		return fmt.Errorf("index the name: %w", err)
	}
	for _, token := range tokens {
		addIdentity(&rows, newID(), identityNameToken, token, nil)
	}
	if err := t.later.InsertIdentities(ctx, rows); err != nil {
		return fmt.Errorf("add what the person is known by: %w", err)
	}
	return nil
}

// identify adds a value that is known of a person: sealed, with what it is found by.
func (t *Tx) identify(rows *db.InsertIdentitiesParams, s Subject, kind, value string) error {
	id := newID()
	sealed, err := s.Key.Seal([]byte(value), seal.Field{Table: "subject_identities", Column: "value", Row: id.String()})
	if err != nil {
		return fmt.Errorf("seal the %s: %w", kind, err)
	}
	index, err := t.blindIndex(kind, value)
	if err != nil {
		return err
	}
	addIdentity(rows, id, kind, index, sealed)
	return nil
}

func addIdentity(rows *db.InsertIdentitiesParams, id uuid.UUID, kind string, index, sealed []byte) {
	rows.Ids, rows.Kinds = append(rows.Ids, id), append(rows.Kinds, kind)
	rows.BlindIndexes, rows.Sealed = append(rows.BlindIndexes, index), append(rows.Sealed, sealed)
}

// blindIndex gives the bytes a value is found by; a name is found by its parts and has none of its own.
func (t *Tx) blindIndex(kind, value string) (index []byte, err error) {
	switch kind {
	case identityEmail:
		index, err = t.tenant.Keys.EmailIndex(value)
	case identityPhone:
		index, err = t.tenant.Keys.PhoneIndex(value, t.tenant.Settings.PhoneCountry)
	case identityCustomer, tombKey:
		index, err = t.tenant.Keys.BlindIndex(seal.IndexKind(kind), value)
	}
	if err != nil {
		return nil, fmt.Errorf("index the %s: %w", kind, err)
	}
	return index, nil
}

// Subject opens a person's key. A forgotten person is seal.ErrNoKey.
func (t *Tx) Subject(ctx context.Context, id uuid.UUID) (Subject, error) {
	row, err := t.q.SubjectByID(ctx, t.tenant.ID, id)
	if err != nil {
		return Subject{}, fmt.Errorf("subject: %w", translate(err))
	}
	key, err := t.tenant.Keys.SubjectKey(row.WrappedKey, id.String())
	if err != nil {
		return Subject{}, fmt.Errorf("subject's key: %w", err)
	}
	return Subject{ID: id, Key: key}, nil
}

// Person opens what is known of a subject.
func (t *Tx) Person(ctx context.Context, s Subject) (Person, error) {
	rows, err := t.q.Identities(ctx, t.tenant.ID, s.ID)
	if err != nil {
		return Person{}, fmt.Errorf("read identities: %w", err)
	}
	var p Person
	for _, row := range rows {
		value, err := s.Key.Open(row.ValueSealed, seal.Field{Table: "subject_identities", Column: "value", Row: row.ID.String()})
		if err != nil {
			return Person{}, fmt.Errorf("open the %s: %w", row.Kind, err)
		}
		switch row.Kind {
		case identityEmail:
			p.Email = string(value)
		case identityPhone:
			p.Phone = string(value)
		case identityName:
			p.Name = string(value)
		case identityCustomer:
			p.CustomerID = string(value)
		}
	}
	return p, nil
}

// ForgetSubject destroys a person's key and everything they are found by: what was sealed under the key is unreadable for good.
func (t *Tx) ForgetSubject(ctx context.Context, s Subject) error {
	if err := t.forget(ctx, s.ID); err != nil {
		return err
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.KeyDestroyed, Object: audit.Object{Kind: "subject", ID: s.ID.String()},
		Facts: map[audit.FactKey]string{audit.FactKeyKind: "subject"},
	})
}

func (t *Tx) forget(ctx context.Context, subject uuid.UUID) error {
	if err := t.q.DeleteIdentities(ctx, t.tenant.ID, subject); err != nil {
		return fmt.Errorf("forget what a person was known by: %w", err)
	}
	if err := one(t.q.DestroySubjectKey(ctx, t.tenant.ID, subject, t.now)); err != nil {
		return fmt.Errorf("destroy a person's key: %w", err)
	}
	return nil
}

// maxMatches bounds a search by identity; whoever needs more has not said whom they look for.
const maxMatches = 1000

// SubjectsByEmail finds everyone who came with this address, exactly.
func (t *Tx) SubjectsByEmail(ctx context.Context, email string) ([]uuid.UUID, error) {
	return t.subjectsBy(ctx, identityEmail, email)
}

// SubjectsByPhone finds everyone who came with this number, exactly.
func (t *Tx) SubjectsByPhone(ctx context.Context, phone string) ([]uuid.UUID, error) {
	return t.subjectsBy(ctx, identityPhone, phone)
}

// SubjectsByName finds everyone whose name has all of these words, regardless of case and accents.
func (t *Tx) SubjectsByName(ctx context.Context, name string) ([]uuid.UUID, error) {
	tokens, err := t.tenant.Keys.NameIndexes(name)
	if err != nil {
		return nil, fmt.Errorf("index the name: %w", err)
	}
	ids, err := t.q.SubjectsByName(ctx, t.tenant.ID, tokens, maxMatches)
	if err != nil {
		return nil, fmt.Errorf("search by name: %w", err)
	}
	return ids, nil
}

func (t *Tx) subjectsBy(ctx context.Context, kind, value string) ([]uuid.UUID, error) {
	index, err := t.blindIndex(kind, value)
	if err != nil {
		return nil, err
	}
	ids, err := t.q.SubjectsByIndex(ctx, t.tenant.ID, kind, index, maxMatches)
	if err != nil {
		return nil, fmt.Errorf("search by %s: %w", kind, err)
	}
	return ids, nil
}
