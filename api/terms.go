package api

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

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
