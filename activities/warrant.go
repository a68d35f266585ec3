package activities

import (
	"context"
	"errors"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// warrant is what a system's rows are found by, once nothing in them says whose they are. It is personal data.
type warrant struct {
	// Keys are values in other systems and in this one that lead to rows here.
	Keys []connectors.KeySet `json:"keys"`
	// Roots are the primary keys of rows that are found by what is known of the person.
	Roots []connectors.KeySet `json:"roots"`
	// Secret makes tokens.
	Secret []byte `json:"secret"`
}

// with adds what an earlier round found: rows that were treated then say no longer whose they are, and tokens are told by the secret of then.
func (w warrant) with(before warrant) warrant {
	return warrant{Keys: joined(w.Keys, before.Keys), Roots: joined(w.Roots, before.Roots), Secret: before.Secret}
}

// joined puts values of the same fields together, each once.
func joined(a, b []connectors.KeySet) []connectors.KeySet {
	out := slices.Clone(a)
	for _, set := range b {
		i := slices.IndexFunc(out, func(o connectors.KeySet) bool { return o.Field.String() == set.Field.String() })
		if i < 0 {
			out = append(out, set)
			continue
		}
		values := slices.Concat(out[i].Values, set.Values)
		slices.Sort(values)
		out[i].Values = slices.Compact(values)
	}
	return out
}

// earlier reads what the rows of a system were found by in the last round of the case that began to erase there; known is false when none has.
func (w *collecting) earlier(ctx context.Context) (found warrant, known bool, err error) {
	err = w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		known, err = tx.LatestWarrant(ctx, w.in.Case, w.system.ID, w.subject, &found)
		return err
	})
	return found, known, err
}

// find reads what leads to the rows of a system: from the systems before, within this one, and from what an earlier round knew.
func (w *collecting) find(ctx context.Context, walk *dataset.Plan, stages []dataset.Stage) (out warrant, err error) {
	before, known, err := w.earlier(ctx)
	if err != nil {
		return out, err
	}
	if out, err = w.afresh(ctx, walk, stages); err != nil || !known {
		return out, err
	}
	return out.with(before), nil
}

// afresh reads what leads to the rows of a system as they are now.
func (w *collecting) afresh(ctx context.Context, walk *dataset.Plan, stages []dataset.Stage) (out warrant, err error) {
	if out.Secret, err = newSecret(); err != nil {
		return out, err
	}
	leading, err := w.leading(ctx, walk, stages, w.system.Key)
	if err != nil {
		return out, err
	}
	leading = joined(leading, w.known)
	connector, err := w.connect(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	here, roots := w.inner(walk)
	selection := connectors.Selection{Plan: *walk, Subject: w.person, Keys: leading, Own: true}
	if out.Keys, err = keysOf(ctx, connector, selection, here); err != nil {
		return out, err
	}
	out.Keys = joined(leading, out.Keys)
	out.Roots, err = keysOf(ctx, connector, selection, roots)
	return out, err
}

// inner lists the fields of this system whose values lead to rows in it, and the primary keys of collections that the person is found in directly.
func (w *collecting) inner(walk *dataset.Plan) (here, roots []dataset.FieldAddress) {
	datasets := w.land.datasets[w.system.Key]
	add := func(all []dataset.FieldAddress, f dataset.FieldAddress) []dataset.FieldAddress {
		if slices.ContainsFunc(all, func(o dataset.FieldAddress) bool { return o.String() == f.String() }) {
			return all
		}
		return append(all, f)
	}
	for _, step := range walk.Steps {
		if w.land.holder[step.Dataset] != w.system.Key {
			continue
		}
		for _, e := range step.FoundBy {
			switch {
			case e.From != nil && w.land.holder[e.From.Dataset] == w.system.Key:
				here = add(here, *e.From)
			case e.From == nil && e.Belonging == dataset.Own:
				if key, ok := soleKey(datasets, step.Address); ok {
					roots = add(roots, dataset.FieldAddress{Address: step.Address, Path: []string{key}})
				}
			}
		}
	}
	return here, roots
}

// identities reads what the person's rows in a system say they are known by.
func (w *collecting) identities(ctx context.Context, c connectors.Connector, walk *dataset.Plan, keys []connectors.KeySet) (storage.Identities, error) {
	kinds := map[string]string{}
	var fields []dataset.FieldAddress
	for _, d := range w.land.datasets[w.system.Key] {
		for _, collection := range d.Collections {
			at := dataset.Address{Dataset: d.Key, Collection: collection.Name}
			if !slices.ContainsFunc(walk.Steps, func(s dataset.Step) bool { return s.Address == at }) {
				continue
			}
			for _, f := range collection.Fields {
				if f.Identity == "" {
					continue
				}
				field := dataset.FieldAddress{Address: at, Path: []string{f.Name}}
				fields, kinds[field.String()] = append(fields, field), f.Identity
			}
		}
	}
	out := storage.Identities{}
	found, err := keysOf(ctx, c, connectors.Selection{Plan: *walk, Subject: w.person, Keys: keys, Own: true}, fields)
	for _, set := range found {
		kind := kinds[set.Field.String()]
		out[kind] = append(out[kind], set.Values...)
	}
	return out, err
}

// soleKey is the one field that is all of a collection's primary key.
func soleKey(datasets []dataset.Dataset, a dataset.Address) (key string, ok bool) {
	for _, d := range datasets {
		for _, c := range d.Collections {
			if d.Key != a.Dataset || c.Name != a.Collection {
				continue
			}
			for _, f := range c.Fields {
				if f.PrimaryKey {
					key, ok = f.Name, key == ""
				}
			}
		}
	}
	return key, ok
}

// keysOf reads the values of fields one by one. More than can be carried are left to be looked for where they are.
func keysOf(ctx context.Context, c connectors.Connector, selection connectors.Selection, fields []dataset.FieldAddress) (out []connectors.KeySet, err error) {
	for _, f := range fields {
		selection.Exports = []dataset.FieldAddress{f}
		found, err := c.Keys(ctx, selection)
		if errors.Is(err, connectors.ErrTooManyKeys) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
