package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// checkDeclared refuses what a declaration names and leads nowhere: terms of erasure in the datasets that the system has by now, recipients that are
// to be told over the connector of a system.
func (s *server) checkDeclared(ctx context.Context, tx *storage.Tx, system storage.System) error {
	if err := checkRecipients(ctx, tx, system); err != nil {
		return err
	}
	return s.checkTerms(ctx, tx, system)
}

func checkRecipients(ctx context.Context, tx *storage.Tx, system storage.System) error {
	declared, err := casework.DeclarationOf(system)
	if err != nil {
		return err
	}
	var wrong dataset.Problems
	for _, r := range declared.Recipients {
		if r.System == "" {
			continue
		}
		reached, err := tx.SystemByKey(ctx, r.System)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		if err != nil || r.System == system.Key || !dataset.IsAsked(reached.Kind) {
			wrong = append(wrong, dataset.Problem{
				File: "declaration", Line: r.Line, Path: "recipients." + r.Name, What: fmt.Sprintf("the recipient is to be told as whoever has the system %q, which is none that anybody is asked about", r.System),
				Do: "add that system first, of the kind opendsr, email or manual, or give the recipient an email",
			})
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// checkTerms refuses terms of erasure that lead nowhere in the datasets that the system has by now.
func (s *server) checkTerms(ctx context.Context, tx *storage.Tx, system storage.System) error {
	rows, err := tx.Datasets(ctx)
	if err != nil {
		return err
	}
	var all []dataset.Dataset
	for _, row := range rows {
		if row.SystemID != system.ID {
			continue
		}
		parsed, err := dataset.Parse(row.FidesKey, []byte(row.Annotation))
		if err != nil {
			return fmt.Errorf("read the annotation %q: %w", row.FidesKey, err)
		}
		all = append(all, parsed...)
	}
	wrong, err := s.unfit(system, all)
	if err == nil && len(wrong) > 0 {
		err = wrong
	}
	return err
}

// unfit lists what in a system's terms of erasure leads nowhere in these datasets.
func (s *server) unfit(system storage.System, all []dataset.Dataset) (dataset.Problems, error) {
	declared, err := casework.DeclarationOf(system)
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, rule := range s.Policies.RetentionRules() {
		kinds = append(kinds, rule.Kinds...)
	}
	return dataset.CheckTerms(declared, all, kinds, false), nil
}
