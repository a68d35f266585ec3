package activities

import (
	"slices"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// portable marks the columns of a collection that Art. 20 GDPR does not reach, and puts on record why. Columns that say nothing of a person stay
// beside those that do. ok is false when nothing of the person is left.
func portable(system *packaging.System, c *packaging.Collection) (ok bool) {
	at := dataset.Address{Dataset: c.Dataset, Collection: c.Name}
	for i := range c.Columns {
		column := &c.Columns[i]
		if !dataset.Personal(column.Categories) {
			continue
		}
		decision := system.Declaration.Portable(at, column.Name, column.Categories)
		if decision.Applies {
			ok = true
			continue
		}
		column.Beyond = decision.Reason
		system.Beyond = append(system.Beyond, packaging.Beyond{Collection: c.Name, Field: column.Name, Reason: decision.Reason})
	}
	return ok
}

// narrow leaves out of a package what the right to take data along does not reach.
func (b *build) narrow() {
	for i := range b.contents.Systems {
		system := &b.contents.Systems[i]
		kept := []packaging.Collection{}
		for j := range system.Collections {
			if portable(system, &system.Collections[j]) {
				kept = append(kept, system.Collections[j])
				continue
			}
			name := system.Collections[j].Name
			b.contents.Redactions = slices.DeleteFunc(b.contents.Redactions, func(r packaging.Redaction) bool { return r.System == system.Key && r.Collection == name })
		}
		system.Collections = kept
	}
}
