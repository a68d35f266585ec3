// Package amendment is what is set in the rows of a person in a system: a mark that their data is limited, a value that was wrong. A mark may also be
// that the person is on a list.
package amendment

import (
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Order sets one field in the person's rows of a collection, or puts the person on a list or takes them off it.
type Order struct {
	dataset.Address
	// Field is the name of a field at the top of the collection; of a list the one that holds who is on it.
	Field string `json:"field"`
	// List is set when the collection is a list. Value has no meaning then: what is put on it is what the person is known by.
	List Listing `json:"list,omitempty"`
	// Value is what it is set to, as the system reads it; nil is none.
	Value *string `json:"value"`
	// Corrects is the id of the correction that this is; "" for a mark. A correction is written over Was and over nothing else, nil being no
	// value. Rows is how many of the person's rows said that when it was decided on, and Already how many said Value before it was written.
	Corrects string  `json:"corrects,omitempty"`
	Was      *string `json:"was,omitempty"`
	Rows     int64   `json:"rows,omitempty"`
	Already  int64   `json:"already,omitempty"`
	// Written is in how many rows that said Was it was written until now, over all tries, as the system has counted them. Fewer than Rows in the end
	// means that somebody has changed the others meanwhile, whatever they say by then.
	Written int64 `json:"written,omitempty"`
	// Manual says why a person has to write it.
	Manual string `json:"manual,omitempty"`
}

// Group are corrections by which one field comes to say one thing.
type Group struct {
	Order
	IDs []string
	// Expected is how many of the person's rows say it: those that said it before, and those in which it was written that said what it was decided on for.
	Expected int64
	// Begun says that it was written in a row.
	Begun bool
}

// Lost says of a correction that nothing is left to be written over, and that it was not written in all the rows that it was decided on for.
func (o Order) Lost() bool { return o.Written < o.Rows }

// Groups puts corrections together by what they write.
func Groups(orders []Order) (out []Group) {
	for _, o := range orders {
		if o.Corrects == "" || o.Manual != "" {
			continue
		}
		i := slices.IndexFunc(out, func(g Group) bool { return g.Address == o.Address && g.Field == o.Field && same(g.Value, o.Value) })
		if i < 0 {
			out, i = append(out, Group{Order: o, Expected: o.Already}), len(out)
		}
		out[i].IDs = append(out[i].IDs, o.Corrects)
		out[i].Expected += min(o.Rows, o.Written)
		out[i].Begun = out[i].Begun || o.Written > 0
	}
	return out
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// Masks puts orders as an eraser takes them, one for each collection: a field that says something else is given the value, and one that says so
// already is left alone.
func Masks(orders []Order) (out []erasure.Order) {
	for _, o := range orders {
		if o.Manual != "" || o.List != "" {
			continue
		}
		mask := erasure.Mask{Path: []string{o.Field}, Treatment: erasure.Null}
		if o.Value != nil {
			mask.Treatment, mask.Value = erasure.Set, *o.Value
		}
		if o.Corrects != "" {
			mask.Only, mask.Absent = o.Was, o.Was == nil
		}
		i := slices.IndexFunc(out, func(e erasure.Order) bool { return e.Address == o.Address })
		if i < 0 {
			out, i = append(out, erasure.Order{Address: o.Address}), len(out)
		}
		out[i].Masks = append(out[i].Masks, mask)
	}
	return out
}
