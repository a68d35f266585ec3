package activities

import (
	"context"
	"errors"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// listOf is a list of a system by what its annotation says now.
func (l *landscape) listOf(system storage.System, a dataset.Address, field string) (connectors.Listing, error) {
	for _, d := range l.datasets[system.Key] {
		for _, c := range d.Collections {
			if d.Key != a.Dataset || c.Name != a.Collection {
				continue
			}
			if decl, known := c.At([]string{field}); known && decl.Identity != "" && !c.Skip {
				return connectors.Listing{Address: a, Field: field, Identity: decl.Identity}, nil
			}
		}
	}
	return connectors.Listing{}, &connectors.Error{
		Code: connectors.ErrSelection, Where: a.String() + "." + field, What: "the declaration names it as a list, and the annotation has no such field with an identity",
		Do: "annotate it with fides_meta: {identity: email}, or correct the declaration",
	}
}

// list puts the person on a list, or takes them off it, by each value of theirs that the list knows people by, and looks whether it is so. A list of
// something that is not known of them, or not proven, has nothing to hold.
func (w *collecting) list(ctx context.Context, connector connectors.Eraser, errand connectors.Errand, o amendment.Order) (found, changed int64, err error) {
	list, err := w.land.listOf(w.system, o.Address, o.Field)
	if err != nil {
		return 0, 0, err
	}
	lister, ok := connector.(connectors.Lister)
	if !ok {
		return 0, 0, errNoLister(list.Address)
	}
	for _, value := range w.person.Identities[list.Identity] {
		n, err := listed(ctx, lister, list, errand, value, o.List)
		if err != nil {
			return found, changed, err
		}
		changed += n
		entries, err := connectors.OnList(ctx, lister, list, errand, value)
		if err != nil {
			return found, changed, err
		}
		if (entries > 0) != (o.List == amendment.Enter) {
			return found, changed, errNotListed(list.Address, o.List)
		}
		found += entries
	}
	if o.List == amendment.Leave {
		found = changed // nothing of theirs is left there
	}
	return found, changed, nil
}

// listed does for one value what is to be done, and counts the entries that came or went by it.
func listed(ctx context.Context, c connectors.Lister, l connectors.Listing, errand connectors.Errand, value string, do amendment.Listing) (changed int64, err error) {
	if do == amendment.Leave {
		counted := &tally{}
		err := c.Erase(ctx, l.Leave(errand, value), counted)
		return counted.rows, err
	}
	entered, err := c.Enter(ctx, l, value)
	if entered {
		changed = 1
	}
	return changed, err
}

// errNoLister says that systems of a kind have no lists.
func errNoLister(a dataset.Address) error {
	return &connectors.Error{
		Code: connectors.ErrReadOnly, Where: a.String(), What: "nobody can be put on a list in a system of this kind", Do: "mark a field in its place (field: and set:), or see to the list by hand",
	}
}

// errNotListed says that reading back found otherwise.
func errNotListed(a dataset.Address, do amendment.Listing) error {
	e := &connectors.Error{Code: connectors.ErrBusy, Where: a.String(), What: "reading back found that the person is not on the list", Do: "try again; if it goes on, look at the list's triggers, unique keys and at who else writes there"}
	if do == amendment.Leave {
		e.What = "reading back found that the person is on the list still"
	}
	return e
}

// checkLists tries the lists that a system's declaration names.
func (l *landscape) checkLists(ctx context.Context, system storage.System, connector connectors.Eraser, terms []dataset.LimitTerms) (found connectors.Findings) {
	for _, t := range terms {
		if t.List == "" {
			continue
		}
		var all connectors.Findings
		var one *connectors.Error
		switch err := l.checkList(ctx, system, connector, t); {
		case errors.As(err, &all):
			found = append(found, all...)
		case errors.As(err, &one):
			found = append(found, one)
		}
	}
	return found
}

func (l *landscape) checkList(ctx context.Context, system storage.System, connector connectors.Eraser, t dataset.LimitTerms) error {
	at := t.Address()
	list, err := l.listOf(system, at, t.List)
	if err != nil {
		return err
	}
	lister, ok := connector.(connectors.Lister)
	if !ok {
		return errNoLister(at)
	}
	list.Removes = t.Remove
	return lister.CheckList(ctx, list)
}
