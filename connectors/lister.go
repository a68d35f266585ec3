package connectors

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Lister is an eraser of systems in which a collection can be a list: a table or an endpoint of addresses that are not to be written to, on which
// somebody is put who need not have a row anywhere else. Who is on it is found as rows are, by the identity in the list's field.
type Lister interface {
	Eraser
	// CheckList tries all that putting somebody on a list and taking them off it needs, and returns Findings (an error) listing what is wrong, or nil.
	// Nothing is changed.
	CheckList(ctx context.Context, l Listing) error
	// Enter puts a value on a list, unless it is there: then nothing is done, and neither when somebody else puts it there at the same time.
	// entered says that it was this call that did. The value is personal data.
	Enter(ctx context.Context, l Listing, value string) (entered bool, err error)
}

// Listing is a collection that is a list.
type Listing struct {
	dataset.Address
	// Field is the one at the top of the collection that holds who is on it, and Identity what the annotation says that it holds.
	Field    string
	Identity string
	// Removes says that people are taken off it again.
	Removes bool
}

// Look is an errand that counts the entries of somebody, and changes nothing.
func (l Listing) Look(e Errand, value string) Errand { return l.errand(e, value, false) }

// Leave is an errand that takes somebody off the list: by the list's field alone, whatever else the annotation would find rows by.
func (l Listing) Leave(e Errand, value string) Errand { return l.errand(e, value, true) }

func (l Listing) errand(e Errand, value string, leave bool) Errand {
	e.Plan.Steps = slices.Clone(e.Plan.Steps)
	if i := slices.IndexFunc(e.Plan.Steps, func(s dataset.Step) bool { return s.Address == l.Address }); i >= 0 {
		e.Plan.Steps[i] = l.Step()
	} else {
		e.Plan.Steps = append(e.Plan.Steps, l.Step())
	}
	e.Subject = Subject{Identities: map[string][]string{}, Request: e.Subject.Request}
	e.Subject.Identities[l.Identity] = []string{value}
	e.Own, e.Bound, e.Roots = true, false, nil
	e.Orders = []erasure.Order{{Address: l.Address, Delete: leave}}
	return e
}

// Step is how entries are found.
func (l Listing) Step() dataset.Step {
	return dataset.Step{Address: l.Address, FoundBy: []dataset.Entry{{Path: []string{l.Field}, Identity: l.Identity}}}
}

// OnList counts the entries of a value on a list.
func OnList(ctx context.Context, c interface {
	Survey(ctx context.Context, e Errand) ([]Survey, error)
}, l Listing, e Errand, value string) (entries int64, err error) {
	found, err := c.Survey(ctx, l.Look(e, value))
	for _, s := range found {
		entries += s.Own
	}
	return entries, err
}
