package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// corrects says whether the request is for rectification.
func (f *file) corrects() bool { return f.row.RequestRight == string(privacy.Rectification) }

// finishReading lays what the systems say before a person. Whoever may correct some of it themselves hears of it.
func (f *file) finishReading(ctx context.Context, c contract.Command) error {
	holdings, err := f.holdings(ctx)
	if err != nil {
		return err
	}
	if err := f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskCorrection, Role: roleAgent}, "Compare what the person says is wrong with what the systems say, and decide on each correction"); err != nil {
		return err
	}
	agent, err := f.represented(ctx)
	if err != nil || agent || !f.offered(holdings) {
		return err
	}
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	return f.write(ctx, c.Key, &notify.CorrectYourself{Frame: frame, Link: link + "/data"})
}

// holdings are what the person's rows said when they were last read.
func (f *file) holdings(ctx context.Context) ([]correction.Holding, error) {
	round, err := f.tx.LatestRound(ctx, f.row.ID)
	if err != nil {
		return nil, fmt.Errorf("read the round: %w", err)
	}
	return f.tx.Holdings(ctx, f.subject, f.row.ID, round)
}

// offered says whether the person can correct something themselves: not where somebody else asks for them.
func (f *file) offered(holdings []correction.Holding) bool {
	return f.row.State == string(privacy.RequestReviewing) && f.row.Channel != channelSignal && slices.ContainsFunc(holdings, func(h correction.Holding) bool {
		return slices.ContainsFunc(h.Fields, func(field correction.Field) bool { return field.SelfService })
	})
}

// NewCorrection is a correction as somebody proposes it.
type NewCorrection struct {
	correction.Proposal
	// Why says what shows that the new value is right.
	Why string
}

// ProposeCorrection puts a correction on record, once per key.
func (d *Desk) ProposeCorrection(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, n NewCorrection) (id uuid.UUID, err error) {
	err = d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if err := f.correctable(); err != nil {
			return err
		}
		holdings, err := f.holdings(ctx)
		if err != nil {
			return err
		}
		if id, err = f.propose(ctx, holdings, n, false); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "propose_correction", "")
	})
	return id, err
}

func (f *file) correctable() error {
	if !f.corrects() || f.row.State != string(privacy.RequestReviewing) {
		return &privacy.RuleError{Code: "nothing_to_correct", Message: "only a request for rectification that is being reviewed takes corrections"}
	}
	return nil
}

// propose holds a correction to what was found, and puts it on record.
func (f *file) propose(ctx context.Context, holdings []correction.Holding, n NewCorrection, accepted bool) (id uuid.UUID, err error) {
	if err := fits(holdings, n.Proposal); err != nil {
		return id, err
	}
	standing, err := f.standingCorrections(ctx)
	if err != nil {
		return id, err
	}
	if err := correction.Together(append(proposalsOf(standing), n.Proposal)); err != nil {
		return id, err
	}
	system, err := f.tx.SystemByKey(ctx, n.System)
	if err != nil {
		return id, err
	}
	round, err := f.tx.LatestRound(ctx, f.row.ID)
	if err != nil {
		return id, fmt.Errorf("read the round: %w", err)
	}
	return f.tx.AddCorrection(ctx, f.row.ID, f.subject, system, round, n.Proposal, n.Why, accepted)
}

func fits(holdings []correction.Holding, p correction.Proposal) error {
	i := slices.IndexFunc(holdings, func(h correction.Holding) bool { return h.System == p.System })
	if i < 0 {
		return &privacy.RuleError{Code: correction.CodeCorrection, Message: fmt.Sprintf("the system %q was not read for this request; name one that was", p.System)}
	}
	field, ok := holdings[i].Field(p.Address, p.Field)
	if !ok {
		return &privacy.RuleError{Code: correction.CodeCorrection, Message: fmt.Sprintf("%s.%s is no field with data of the person in %q; name one that is listed", p.Address, p.Field, p.System)}
	}
	return field.Fits(p)
}

// standingCorrections are those that are proposed or accepted.
func (f *file) standingCorrections(ctx context.Context) ([]storage.Correction, error) {
	all, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
	return slices.DeleteFunc(all, func(c storage.Correction) bool {
		return c.State != storage.CorrectionProposed && c.State != storage.CorrectionAccepted
	}), err
}

func proposalsOf(all []storage.Correction) []correction.Proposal {
	out := make([]correction.Proposal, len(all))
	for i, c := range all {
		out[i] = c.Proposal
	}
	return out
}

// DecideCorrection accepts a correction, refuses it on a ground that the law knows, opens it again, or takes it back, once per key.
func (d *Desk) DecideCorrection(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID, state string, reason privacy.RefusalReason) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if err := f.correctable(); err != nil {
			return err
		}
		all, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(c storage.Correction) bool { return c.ID == id })
		if i < 0 {
			return fmt.Errorf("correction: %w", storage.ErrNotFound)
		}
		if !slices.Contains([]string{storage.CorrectionProposed, storage.CorrectionAccepted, storage.CorrectionRefused}, all[i].State) {
			return &privacy.RuleError{Code: "correction_ended", Message: "the correction was carried out or taken back already; propose another"}
		}
		if state == storage.CorrectionRefused {
			if _, err := f.regime.MayRefuse(privacy.Rectification, reason); err != nil {
				return err
			}
		}
		if err := f.tx.DecideCorrection(ctx, f.row.ID, all[i], state, string(reason)); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "decide_correction", state)
	})
}

// CorrectionsSum is what a decision to write corrections is for: a hash of those that are accepted.
func CorrectionsSum(all []storage.Correction) string {
	var accepted []correction.Proposal
	for _, c := range all {
		if c.State == storage.CorrectionAccepted {
			accepted = append(accepted, c.Proposal)
		}
	}
	return sumOf(accepted)
}
