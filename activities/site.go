package activities

import (
	"context"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// siteOf is what an erasure has to know of a system: its annotations, its declaration, and what its own catalogue says.
func siteOf(ctx context.Context, land *landscape, system storage.System, c connectors.Describer) (out erasure.Site, err error) {
	structure, err := connectors.Around(ctx, c)
	if err != nil {
		return out, err
	}
	declared, err := casework.DeclarationOf(system)
	return erasure.Site{
		Key: system.Key, Name: system.Name, Names: declared.Name, Datasets: land.datasets[system.Key], Structure: structure, Terms: declared.Erasure,
		Marks: declared.Limits,
	}, err
}
