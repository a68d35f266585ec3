package casework

import (
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// DeclarationOf reads what a system declares about the processing in it; a system without a declaration declares nothing.
func DeclarationOf(system storage.System) (dataset.Declaration, error) {
	if system.Declaration == "" {
		return dataset.Declaration{System: system.Key}, nil
	}
	all, err := dataset.ParseDeclarations(system.Key, []byte(system.Declaration))
	if err != nil {
		return dataset.Declaration{}, fmt.Errorf("read the declaration of %q: %w", system.Key, err)
	}
	return all[max(slices.IndexFunc(all, func(d dataset.Declaration) bool { return d.System == system.Key }), 0)], nil
}
