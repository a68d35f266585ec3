package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of limits as they are read.
type (
	// Limit is one limit that a case set.
	Limit = db.LimitsOfCaseRow
	// LimitLine is a limit in a list, with its case.
	LimitLine = db.LimitsRow
	// PastLimit is one whose person was told that it ends by now.
	PastLimit = db.LimitsPastRow
)

// NewLimit is one that is set. A provisional one stands while somebody decides on it.
type NewLimit struct {
	Kind        privacy.LimitKind
	Citation    string
	Provisional bool
}

// SetLimits has limits stand on a person from now on, each once per case. They are found by keyed hashes and outlive what is held of the person.
func (t *Tx) SetLimits(ctx context.Context, caseID uuid.UUID, p Person, limits ...NewLimit) error {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return err
	}
	for _, l := range limits {
		id := newID()
		added, err := t.q.InsertLimit(ctx, db.InsertLimitParams{
			ID: id, TenantID: t.tenant.ID, CaseID: caseID, Kind: string(l.Kind), Citation: l.Citation, Provisional: l.Provisional, Since: t.now,
		})
		if err != nil {
			return fmt.Errorf("set a limit: %w", err)
		}
		if added == 0 {
			continue
		}
		for identity, index := range indexes {
			if err := t.q.InsertLimitPerson(ctx, t.tenant.ID, id, identity, index); err != nil {
				return fmt.Errorf("put a person under a limit: %w", err)
			}
		}
		if err := t.auditLimit(ctx, audit.LimitSet, caseID, id, l.Kind); err != nil {
			return err
		}
		if kind, stops := stopOf(l.Kind); stops {
			if err := t.stopMessages(ctx, kind, stopByRequest, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tx) auditLimit(ctx context.Context, action audit.Action, caseID, id uuid.UUID, kind privacy.LimitKind) error {
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: caseID.String(), Object: audit.Object{Kind: "limit", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactMethod: string(kind)},
	})
}

// LimitsOfCase lists what a case has set, what was lifted included.
func (t *Tx) LimitsOfCase(ctx context.Context, caseID uuid.UUID) ([]Limit, error) {
	rows, err := t.q.LimitsOfCase(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the limits of a case: %w", err)
	}
	return rows, nil
}

// LimitOn is a limit that stands on somebody, with the reference of the case that set it.
type LimitOn = db.LimitsOnIdentitiesRow

// LimitsOn lists what stands against using people's data, of each in turn, by anything that they are known by.
func (t *Tx) LimitsOn(ctx context.Context, people ...Person) ([][]LimitOn, error) {
	return t.LimitsAt(ctx, t.now, people...)
}

// LimitsAt lists what stood against it at a moment.
func (t *Tx) LimitsAt(ctx context.Context, at time.Time, people ...Person) ([][]LimitOn, error) {
	known, err := t.knownBy(people)
	if err != nil {
		return nil, err
	}
	rows, err := t.q.LimitsOnIdentities(ctx, db.LimitsOnIdentitiesParams{
		TenantID: t.tenant.ID, People: known.people, Kinds: known.kinds, BlindIndexes: known.indexes, At: at,
	})
	if err != nil {
		return nil, fmt.Errorf("look for limits: %w", err)
	}
	return byPerson(rows, len(people), func(r LimitOn) int32 { return r.Person }), nil
}

// identities are keyed hashes of what people are known by, side by side with their kinds and whose they are.
type identities struct {
	people  []int32
	kinds   []string
	indexes [][]byte
}

func (t *Tx) knownBy(people []Person) (out identities, err error) {
	for i, p := range people {
		all, err := t.indexesOf(p)
		if err != nil {
			return out, err
		}
		for _, kind := range identityKinds() {
			if all[kind] != nil {
				out.people, out.kinds, out.indexes = append(out.people, int32(i)), append(out.kinds, kind), append(out.indexes, all[kind])
			}
		}
	}
	return out, nil
}

// byPerson parts rows that stand in the order of the people that they are about.
func byPerson[R any](rows []R, people int, of func(R) int32) [][]R {
	out := make([][]R, people)
	for _, r := range rows {
		out[of(r)] = append(out[of(r)], r)
	}
	return out
}

// LimitFilter narrows the list of limits.
type LimitFilter struct {
	Kind   string // "" is every kind
	Lifted bool   // those lifted too
	Before *Position
	Limit  int32
}

// Limits lists the tenant's limits, newest first, one page.
func (t *Tx) Limits(ctx context.Context, f LimitFilter) ([]LimitLine, error) {
	before := f.Before.or(lastOfAll)
	rows, err := t.q.Limits(ctx, db.LimitsParams{
		TenantID: t.tenant.ID, Lifted: f.Lifted, Kind: optional(f.Kind), BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
	})
	if err != nil {
		return nil, fmt.Errorf("list limits: %w", err)
	}
	return rows, nil
}

// SettleLimits lets the limits of a case stand for good that stood while somebody decided.
func (t *Tx) SettleLimits(ctx context.Context, caseID uuid.UUID) error {
	if _, err := t.q.SettleLimits(ctx, t.tenant.ID, caseID); err != nil {
		return fmt.Errorf("settle limits: %w", err)
	}
	return nil
}

// EndLimit says when a limit ends, which the person is told. Until then it stands.
func (t *Tx) EndLimit(ctx context.Context, l Limit, ends time.Time) error {
	if err := one(t.q.EndLimit(ctx, t.tenant.ID, l.ID, ends)); err != nil {
		return fmt.Errorf("end a limit: %w", err)
	}
	return t.auditLimit(ctx, audit.LimitEnding, l.CaseID, l.ID, privacy.LimitKind(l.Kind))
}

// LiftLimit ends a limit now.
func (t *Tx) LiftLimit(ctx context.Context, l Limit) error {
	if err := one(t.q.LiftLimit(ctx, t.tenant.ID, l.ID, t.now, t.actor.ID)); err != nil {
		return fmt.Errorf("lift a limit: %w", err)
	}
	if err := t.auditLimit(ctx, audit.LimitLifted, l.CaseID, l.ID, privacy.LimitKind(l.Kind)); err != nil {
		return err
	}
	return t.endStopsOf(ctx, l)
}

// LimitsPast lists limits whose person was told that they end by now.
func (t *Tx) LimitsPast(ctx context.Context, most int32) ([]PastLimit, error) {
	rows, err := t.q.LimitsPast(ctx, t.tenant.ID, t.now, most)
	if err != nil {
		return nil, fmt.Errorf("list limits past their end: %w", err)
	}
	return rows, nil
}

// BalanceTest weighs the controller's grounds for a use against the interests, rights and freedoms of a person who objects (Art. 21(1) GDPR).
type BalanceTest struct {
	ID      uuid.UUID `json:"-"`
	Outcome string    `json:"-"`
	// Interest is what the controller wants and why it is compelling, Necessity why it can't be had otherwise, Impact what it means for the
	// person, and Safeguards what is done to soften that.
	Interest   string    `json:"interest"`
	Necessity  string    `json:"necessity"`
	Impact     string    `json:"impact"`
	Safeguards string    `json:"safeguards"`
	By         string    `json:"-"`
	At         time.Time `json:"-"`
}

// Outcomes of a balance test.
const (
	GroundsOverride = "grounds_override"
	PersonPrevails  = "person_prevails"
)

func balanceField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "balance_tests", Column: "body", Row: id.String()}
}

// AddBalanceTest puts a balance test on record.
func (t *Tx) AddBalanceTest(ctx context.Context, caseID uuid.UUID, s Subject, b BalanceTest) error {
	id := newID()
	sealed, err := sealJSON(s.Key, balanceField(id), b)
	if err != nil {
		return fmt.Errorf("seal the balance test: %w", err)
	}
	err = t.q.InsertBalanceTest(ctx, db.InsertBalanceTestParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, Outcome: b.Outcome, BodySealed: sealed, RecordedBy: t.actor.ID, RecordedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("add the balance test: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.BalanceTested, CaseID: caseID.String(), Object: audit.Object{Kind: "balance_test", ID: id.String()}, Reason: b.Outcome,
	})
}

// BalanceTests opens the balance tests of a case, newest first.
func (t *Tx) BalanceTests(ctx context.Context, caseID uuid.UUID, s Subject) ([]BalanceTest, error) {
	rows, err := t.q.BalanceTests(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read balance tests: %w", err)
	}
	out := make([]BalanceTest, len(rows))
	for i, row := range rows {
		if err := openJSON(s.Key, balanceField(row.ID), row.BodySealed, &out[i]); err != nil {
			return nil, fmt.Errorf("open a balance test: %w", err)
		}
		out[i].ID, out[i].Outcome, out[i].By, out[i].At = row.ID, row.Outcome, row.RecordedBy, row.RecordedAt
	}
	return out, nil
}
