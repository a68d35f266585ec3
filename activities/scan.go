package activities

import (
	"context"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Scan drafts an annotation from what a system's own catalogue says. What is wrong with the system is the answer, not an error.
func (c *Collection) Scan(ctx context.Context, in contract.ScanInput) (contract.ScanResult, error) {
	var system storage.System
	var annotated []dataset.Dataset
	err := c.desk.DB().Read(ctx, in.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		if system, err = tx.System(ctx, in.System); err != nil {
			return err
		}
		annotated, err = annotations(ctx, tx, in)
		return err
	})
	if err != nil {
		return contract.ScanResult{}, named(err)
	}
	return c.scan(ctx, system, annotated, in.Schema), nil
}

// annotations reads the datasets that the system has already. One that can't be read is no reason not to draft a better one.
func annotations(ctx context.Context, tx *storage.Tx, in contract.ScanInput) ([]dataset.Dataset, error) {
	rows, err := tx.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	var out []dataset.Dataset
	for _, row := range rows {
		if row.SystemID == in.System {
			parsed, _ := dataset.Parse(row.FidesKey, []byte(row.Annotation))
			out = append(out, parsed...)
		}
	}
	return out, nil
}

func (c *Collection) scan(ctx context.Context, system storage.System, annotated []dataset.Dataset, schema string) (result contract.ScanResult) {
	switch {
	case system.Stop != nil:
		return unscanned("stopped", "the system was stopped in an emergency", "let it go on first")
	case system.State != storage.SystemActive:
		return unscanned("disabled", "the system is switched off", "make it active first")
	case dataset.IsAsked(system.Kind):
		return unscanned("no-catalogue", "somebody else has this system, and Docket does not look into it", "there is nothing to annotate: they are asked")
	case system.Kind == kindHTTP:
		return unscanned("no-catalogue", "a service behind HTTP has no catalogue that a draft could be made of", "write the dataset by hand, from what the service's own description says of its answers")
	}
	structure, unknown, err := c.describe(ctx, system, annotated)
	if err != nil {
		return contract.ScanResult{Findings: findings(err)}
	}
	draft := dataset.NewDraft(structure, dataset.DraftOptions{Key: system.Key, Name: system.Name, Schema: schema})
	if draft.Text == "" {
		result = unscanned("nothing-to-annotate", "there is no table that the role may see and that can be annotated",
			"grant the role USAGE on the schema and SELECT on its tables, or name another schema")
		result.Notes = append(draft.Notes, unknown...)
		return result
	}
	result = contract.ScanResult{Key: draft.Datasets[0].Key, Draft: draft.Text, Notes: append(draft.Notes, unknown...)}
	for _, doubt := range draft.Unsure {
		result.Unsure = append(result.Unsure, contract.Doubt(doubt))
	}
	return result
}

// unscanned says why there is no draft.
func unscanned(code, what, do string) contract.ScanResult {
	return contract.ScanResult{Findings: []contract.Finding{{Code: code, What: what, Do: do}}}
}

// describe asks a system what it holds, and what of that nobody has said anything about.
func (c *Collection) describe(ctx context.Context, system storage.System, annotated []dataset.Dataset) (structure *dataset.Structure, unknown []string, err error) {
	connector, err := c.connect(system, annotated)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	describer, able := connector.(connectors.Describer)
	if !able {
		return nil, nil, &connectors.Error{Code: connectors.ErrSelection, What: fmt.Sprintf("systems of the kind %s can't say what they hold", system.Kind), Do: "write the annotation by hand"}
	}
	if scout, able := connector.(connectors.Scout); able {
		if unknown, err = scout.Unknown(ctx); err != nil {
			return nil, nil, err
		}
	}
	structure, err = describer.Describe(ctx)
	return structure, unknown, err
}
