package storagetest

import (
	"context"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// limit sets a limit on the person, weighs it and has it marked in a system.
func (f *filler) limit(ctx context.Context, tx *storage.Tx) error {
	if err := tx.SetLimits(ctx, f.Case, storage.Person{Email: f.Person.Email}, storage.NewLimit{Kind: privacy.LimitInterests, Citation: "Art. 21(1) GDPR", Provisional: true}); err != nil {
		return err
	}
	words := storage.BalanceTest{Outcome: storage.PersonPrevails, Interest: f.canary(), Necessity: f.canary(), Impact: f.canary(), Safeguards: f.canary()}
	if err := tx.AddBalanceTest(ctx, f.Case, f.subject, words); err != nil {
		return err
	}
	system, err := tx.System(ctx, f.System)
	if err != nil {
		return err
	}
	value := f.canary()
	order := amendment.Order{Address: dataset.Address{Dataset: "shop", Collection: "customers"}, Field: "no_marketing", Value: &value}
	if err := tx.AddAmendment(ctx, f.Case, f.subject, system, 1, storage.AmendLimit, []amendment.Order{order}); err != nil {
		return err
	}
	return f.correct(ctx, tx, system)
}

// correct has a value of the person corrected, and a statement kept beside another.
func (f *filler) correct(ctx context.Context, tx *storage.Tx, system storage.System) error {
	run, err := tx.LatestRunOn(ctx, f.Case, f.System)
	if err != nil {
		return err
	}
	was, becomes, at := f.canary(), f.canary(), dataset.Address{Dataset: "shop", Collection: "customers"}
	holding := correction.Holding{System: system.Key, Fields: []correction.Field{{Address: at, Name: "name", Present: []correction.Present{{Value: &was, Rows: 1}}}}}
	if err := tx.SaveHolding(ctx, run, f.subject, holding, map[string]string{"root": f.canary()}); err != nil {
		return err
	}
	proposal := correction.Proposal{System: system.Key, Address: at, Field: "name", Was: &was, Becomes: &becomes}
	if _, err := tx.AddCorrection(ctx, f.Case, f.subject, system, 1, proposal, f.canary(), true); err != nil {
		return err
	}
	if _, err := tx.AddAppeal(ctx, f.Case, f.subject, storage.Appeal{Kind: privacy.Appealed, Channel: "form", Text: f.canary(), ReceivedAt: tx.Now()}); err != nil {
		return err
	}
	if err := tx.AddStatement(ctx, f.Case, f.subject, f.canary()); err != nil {
		return err
	}
	return f.contest(ctx, tx)
}

// contest has a decision about the person looked at.
func (f *filler) contest(ctx context.Context, tx *storage.Tx) error {
	words := privacy.Contest{Decision: f.canary(), Taken: f.canary(), Effect: f.canary(), View: f.canary()}
	if err := tx.AddContest(ctx, f.Case, f.subject, words); err != nil {
		return err
	}
	review := storage.HumanReview{Outcome: privacy.ReviewChanged, Considered: f.canary(), Data: f.canary(), Reasons: f.canary()}
	_, err := tx.AddHumanReview(ctx, f.Case, f.subject, review)
	return err
}
