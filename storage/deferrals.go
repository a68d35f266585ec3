package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Deferral is what an exception keeps, and when it is looked at again.
type Deferral struct {
	ID      uuid.UUID
	CaseID  uuid.UUID
	PlanID  uuid.UUID
	Subject Subject // of its own: its key outlives that of the case
	Done    bool
	Due     time.Time
	Rounds  int32
	Made    time.Time
	Ended   *time.Time

	sealed []byte
}

// Defer keeps what is found by body until a moment, once per plan: a second time gives what the first made. The key is of its own, so that what
// is kept can be found when the case is long forgotten. left is what of body may stand in lists.
func (t *Tx) Defer(ctx context.Context, p ErasurePlan, due time.Time, body any, left []erasure.Left) (Deferral, error) {
	made, err := t.DeferralOf(ctx, p.ID)
	if !isNotFound(err) {
		return made, err
	}
	subject, err := t.NewSubject(ctx, Person{})
	if err != nil {
		return Deferral{}, err
	}
	id := newID()
	sealed, err := sealJSON(subject.Key, deferralField(id), body)
	if err != nil {
		return Deferral{}, fmt.Errorf("seal what is deferred: %w", err)
	}
	summary, err := json.Marshal(left)
	if err != nil {
		return Deferral{}, fmt.Errorf("sum up what is deferred: %w", err)
	}
	err = one(t.q.InsertDeferral(ctx, db.InsertDeferralParams{
		ID: id, TenantID: t.tenant.ID, CaseID: p.CaseID, PlanID: p.ID, SubjectID: subject.ID, Due: due, BodySealed: sealed, CreatedAt: t.now, Summary: summary,
	}))
	if err != nil {
		return Deferral{}, fmt.Errorf("defer: %w", err)
	}
	d := Deferral{ID: id, CaseID: p.CaseID, PlanID: p.ID, Subject: subject, Due: due, Made: t.now, sealed: sealed}
	return d, t.auditDeferral(ctx, d, audit.Intent)
}

func (t *Tx) auditDeferral(ctx context.Context, d Deferral, outcome audit.Outcome) error {
	return t.Audit(ctx, audit.Event{
		Action: audit.ErasureDeferred, CaseID: d.CaseID.String(), Object: audit.Object{Kind: "deferred_erasure", ID: d.ID.String()}, Outcome: outcome,
		Facts: map[audit.FactKey]string{audit.FactDue: d.Due.UTC().Format(time.RFC3339)},
	})
}

func deferralField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "deferred_erasures", Column: "body", Row: id.String()}
}

// Deferral reads one; of one that is done the key is gone.
func (t *Tx) Deferral(ctx context.Context, id uuid.UUID) (Deferral, error) {
	row, err := t.q.Deferral(ctx, t.tenant.ID, id)
	if err != nil {
		return Deferral{}, fmt.Errorf("deferred erasure: %w", translate(err))
	}
	return t.deferral(ctx, row)
}

// DeferralOf reads that of a plan; ErrNotFound when the plan kept nothing that has an end.
func (t *Tx) DeferralOf(ctx context.Context, plan uuid.UUID) (Deferral, error) {
	row, err := t.q.DeferralOfPlan(ctx, t.tenant.ID, plan)
	if err != nil {
		return Deferral{}, fmt.Errorf("deferred erasure: %w", translate(err))
	}
	return t.deferral(ctx, db.DeferralRow(row))
}

func (t *Tx) deferral(ctx context.Context, row db.DeferralRow) (d Deferral, err error) {
	d = Deferral{ID: row.ID, CaseID: row.CaseID, PlanID: row.PlanID, Done: row.EndedAt != nil, Due: row.Due, Rounds: row.Rounds, Made: row.CreatedAt, Ended: row.EndedAt, sealed: row.BodySealed}
	if d.Done {
		return d, nil
	}
	d.Subject, err = t.Subject(ctx, row.SubjectID)
	return d, err
}

// PastDeferral is one whose moment has come.
type PastDeferral = db.DeferralsPastRow

// DeferralsPast lists those whose moment was over at a time and that wait all the same, oldest first.
func (t *Tx) DeferralsPast(ctx context.Context, at time.Time, most int32) ([]PastDeferral, error) {
	rows, err := t.q.DeferralsPast(ctx, t.tenant.ID, at, most)
	if err != nil {
		return nil, fmt.Errorf("look for deferred erasures: %w", err)
	}
	return rows, nil
}

// DeferredBody opens what is deferred.
func (t *Tx) DeferredBody(d Deferral, into any) error {
	clear, err := d.Subject.Key.Open(d.sealed, deferralField(d.ID))
	if err != nil {
		return fmt.Errorf("open what is deferred: %w", err)
	}
	return json.Unmarshal(clear, into)
}

// DeferredPerson opens whose rows are deferred: a part of what Defer was given, under this name.
func (t *Tx) DeferredPerson(d Deferral) (Person, error) {
	var body struct {
		Known Person `json:"known"`
	}
	err := t.DeferredBody(d, &body)
	return body.Known, err
}

// ErasedLater says that rows were erased in a system whose time was over.
func (t *Tx) ErasedLater(ctx context.Context, d Deferral, s System, rows int64) error {
	return t.Audit(ctx, audit.Event{
		Action: audit.ErasureCarriedOut, CaseID: d.CaseID.String(), Object: audit.Object{Kind: "deferred_erasure", ID: d.ID.String()}, Outcome: audit.Done,
		Facts: map[audit.FactKey]string{audit.FactSystem: s.Key, audit.FactCount: fmt.Sprint(rows)},
	})
}

// KeepDeferral keeps what is deferred as it is now: less of it than before.
func (t *Tx) KeepDeferral(ctx context.Context, d Deferral, body any, left []erasure.Left) error {
	sealed, err := sealJSON(d.Subject.Key, deferralField(d.ID), body)
	if err != nil {
		return fmt.Errorf("seal what is deferred: %w", err)
	}
	summary, err := json.Marshal(left)
	if err != nil {
		return fmt.Errorf("sum up what is deferred: %w", err)
	}
	kept := db.KeepDeferralParams{TenantID: t.tenant.ID, ID: d.ID, BodySealed: sealed, Summary: summary, At: t.now}
	if err := one(t.q.KeepDeferral(ctx, kept)); err != nil {
		return fmt.Errorf("keep what is deferred: %w", err)
	}
	return nil
}

// PutOff gives what is deferred its next moment.
func (t *Tx) PutOff(ctx context.Context, d Deferral, due time.Time) error {
	if err := one(t.q.PutOffDeferral(ctx, t.tenant.ID, d.ID, due, t.now)); err != nil {
		return fmt.Errorf("put the erasure off: %w", err)
	}
	d.Due = due
	return t.auditDeferral(ctx, d, audit.Intent)
}

// EndDeferral says that everything was erased that was kept, and destroys what it was found by.
func (t *Tx) EndDeferral(ctx context.Context, d Deferral) error {
	if err := one(t.q.EndDeferral(ctx, t.tenant.ID, d.ID, t.now)); err != nil {
		return fmt.Errorf("end the deferred erasure: %w", err)
	}
	if err := t.ForgetSubject(ctx, d.Subject); err != nil {
		return err
	}
	return t.auditDeferral(ctx, d, audit.Done)
}
