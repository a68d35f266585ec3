package casework

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// certify writes down what the certificate of a plan says, in the transaction that ends the plan: later the person's key may be gone, and with it
// what the plan was. A relay adds the evidence and signs.
func (f *file) certify(ctx context.Context, plan storage.ErasurePlan, steps []storage.ErasureStep, answers map[string]storage.InquiryState, forgotten int64) error {
	runs, err := f.tx.ErasureRuns(ctx, plan.ID)
	if err != nil {
		return err
	}
	tenant, right := f.tx.Tenant(), privacy.Right(f.row.RequestRight)
	c := audit.Certificate{
		Tenant: audit.CertifiedTenant{ID: tenant.ID.String(), Slug: tenant.Slug, Name: tenant.Name},
		Request: audit.CertifiedRequest{
			ID: f.row.ID.String(), Reference: f.row.Reference, Law: f.row.Regime, LawName: f.regime.Name, Right: f.row.RequestRight,
			Citation: f.regime.Rights[right].Citation.Text, Received: f.row.ReceivedAt.UTC(),
		},
		Plan:    audit.CertifiedPlan{ID: plan.ID.String(), SHA256: hex.EncodeToString(plan.SHA256), Begun: moment(plan.StartedAt), Ended: f.tx.Now().UTC().Truncate(time.Microsecond)},
		Systems: []audit.CertifiedSystem{},
	}
	earlier, err := f.tx.EarlierSteps(ctx, plan)
	if err != nil {
		return err
	}
	for _, part := range plan.Plan.Systems {
		s := certified(part, tenant.Language, runs, steps, answers)
		if part.Key == erasure.LedgerSystem {
			s = certifiedLedger(part, tenant.Language, forgotten, f.tx.Now())
		}
		addEarlier(&s, earlier)
		c.Systems = append(c.Systems, s)
		addUp(&c.Totals, s)
	}
	return f.tx.DraftCertificate(ctx, plan, c)
}

func moment(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.UTC()
}

// certified is one system of a plan as the certificate tells it, called as in the tenant's language.
func certified(part erasure.SystemPlan, language string, runs []storage.ErasureRun, steps []storage.ErasureStep, answers map[string]storage.InquiryState) audit.CertifiedSystem {
	out := audit.CertifiedSystem{Key: part.Key, Name: part.Called(language), How: audit.CertifiedNothing, Collections: []audit.CertifiedCollection{}}
	var id uuid.UUID
	for _, r := range runs {
		if r.SystemKey != part.Key {
			continue
		}
		id, out.How = r.ID, audit.CertifiedDone
		switch {
		case r.State == storage.RunByHand:
			out.How = audit.CertifiedByHand
		case part.Asks():
			answer := answers[part.Key]
			out.How, out.Asked, out.Answer, out.ByStaff = audit.CertifiedAsked, part.Asked, Said(answer), toldByStaff(answer)
		}
		if r.EndedAt != nil {
			ended := moment(r.EndedAt)
			out.Ended = &ended
		}
	}
	byHand := out.How == audit.CertifiedByHand
	seen := map[dataset.Address]bool{}
	for _, l := range part.Lines {
		i := slices.IndexFunc(steps, func(s storage.ErasureStep) bool {
			return s.RunID == id && s.Dataset == l.Dataset && s.Collection == l.Collection
		})
		if seen[l.Address] || i < 0 && !byHand && len(l.Kept) == 0 && len(l.NotErased()) == 0 {
			continue
		}
		seen[l.Address] = true
		one := audit.CertifiedCollection{Dataset: l.Dataset, Collection: l.Collection, Kept: keptUnder(l.Kept), NotErased: l.NotErased()}
		if i >= 0 {
			count(&one, steps[i])
		}
		out.Collections = append(out.Collections, one)
	}
	return out
}

// addEarlier adds what rounds before changed in a system: those whose reading back found rows left.
func addEarlier(s *audit.CertifiedSystem, earlier []storage.EarlierStep) {
	for _, e := range earlier {
		if e.SystemKey != s.Key || e.Deleted+e.Masked+e.Trimmed+e.Parts == 0 {
			continue
		}
		i := slices.IndexFunc(s.Collections, func(c audit.CertifiedCollection) bool { return c.Dataset == e.Dataset && c.Collection == e.Collection })
		if i < 0 {
			s.Collections = append(s.Collections, audit.CertifiedCollection{Dataset: e.Dataset, Collection: e.Collection, Kept: []audit.CertifiedKept{}})
			i = len(s.Collections) - 1
		}
		c := &s.Collections[i]
		c.Deleted, c.Masked, c.Trimmed, c.InPart = c.Deleted+e.Deleted, c.Masked+e.Masked, c.Trimmed+e.Trimmed, c.InPart+e.Parts
		c.AtLeast = c.AtLeast || e.Interrupted
		if s.How == audit.CertifiedNothing {
			s.How = audit.CertifiedDone
		}
	}
}

func count(c *audit.CertifiedCollection, s storage.ErasureStep) {
	c.AtLeast = s.Begun > 1
	c.Deleted, c.Masked, c.Trimmed, c.InPart = s.Deleted, s.Masked, s.Trimmed, s.Parts
	if s.VerifiedAt != nil && s.Unfinished != nil && s.Kept != nil {
		c.ReadBack = &audit.CertifiedReading{At: moment(s.VerifiedAt), Untreated: *s.Unfinished, Kept: *s.Kept}
	}
}

// keptUnder leaves out what a keeping is called: a hold's matter and a decision's reason may say something of the person.
func keptUnder(kept []erasure.Keeping) []audit.CertifiedKept {
	out := []audit.CertifiedKept{}
	for _, k := range kept {
		if k.Rows == 0 {
			continue
		}
		one := audit.CertifiedKept{Ground: string(k.Ground), Rule: k.Rule, Citation: k.Citation.Text, Rows: k.Rows}
		if !k.Until.IsZero() {
			one.Until = k.Until.String()
		}
		out = append(out, one)
	}
	return out
}

func addUp(t *audit.CertifiedTotals, s audit.CertifiedSystem) {
	if s.How == audit.CertifiedByHand {
		t.ByHand++
	}
	for _, c := range s.Collections {
		t.Deleted, t.Masked, t.Trimmed, t.InPart = t.Deleted+c.Deleted, t.Masked+c.Masked, t.Trimmed+c.Trimmed, t.InPart+c.InPart
		for _, k := range c.Kept {
			t.Kept += k.Rows
		}
	}
}

// Attest adds to a certificate the events that show it, and who proposed and approved as the log tells it. It is not ready while one of the events
// has no place in the log under the head that is to be signed for.
func Attest(c *audit.Certificate, runs []uuid.UUID, leaves []audit.Leaf, head audit.Head) (ready bool, err error) {
	of := map[string]bool{c.Plan.ID: true}
	for _, id := range runs {
		of[id.String()] = true
	}
	c.Log.Events = []audit.CertifiedEvent{}
	c.Log.Size = head.Size
	for _, leaf := range leaves {
		e, err := audit.Decode(leaf.Entry)
		if err != nil {
			return false, err
		}
		if !of[e.Object.ID] {
			continue
		}
		if leaf.Index >= head.Size {
			return false, nil
		}
		c.Log.Events = append(c.Log.Events, audit.Evidence(leaf, e))
		act := audit.CertifiedAct{Kind: string(e.Actor.Kind), ID: e.Actor.ID, Role: e.Actor.Role, At: e.At}
		switch {
		case e.Action == audit.ErasureProposed:
			c.Plan.Proposed = act
		case e.Action == audit.ErasureApproved:
			c.Plan.Approved = act
		case e.Action == audit.ErasureCarriedOut && e.Outcome == audit.Done:
			ready = true
		}
	}
	slices.SortFunc(c.Log.Events, func(a, b audit.CertifiedEvent) int { return int(a.Index - b.Index) })
	return ready, nil
}

// certifiedLedger is the ledger of consents as the certificate tells it: what was forgotten there was so in the transaction that ends the plan.
func certifiedLedger(part erasure.SystemPlan, language string, forgotten int64, now time.Time) audit.CertifiedSystem {
	ended := now.UTC().Truncate(time.Microsecond)
	out := audit.CertifiedSystem{Key: part.Key, Name: part.Called(language), How: audit.CertifiedNothing, Collections: []audit.CertifiedCollection{}}
	for _, l := range part.Lines {
		if forgotten == 0 && l.Rows.Kept == 0 {
			continue
		}
		out.How, out.Ended = audit.CertifiedDone, &ended
		out.Collections = append(out.Collections, audit.CertifiedCollection{
			Dataset: l.Dataset, Collection: l.Collection, Masked: forgotten, Kept: keptUnder(l.Kept), ReadBack: &audit.CertifiedReading{At: ended, Kept: l.Rows.Kept},
		})
	}
	return out
}
