// Package amendment is what is set in the rows of a person in a system: a mark that their data is limited, a value that was wrong.
package amendment

import (
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Order sets one field in the person's rows of a collection.
type Order struct {
	dataset.Address
	// Field is the name of a field at the top of the collection.
	Field string `json:"field"`
	// Value is what it is set to, as the system reads it; nil is none.
	Value *string `json:"value"`
}

// Masks puts orders as an eraser takes them, one for each collection: a field that says something else is given the value, and one that says so
// already is left alone.
func Masks(orders []Order) (out []erasure.Order) {
	for _, o := range orders {
		mask := erasure.Mask{Path: []string{o.Field}, Treatment: erasure.Null}
		if o.Value != nil {
			mask.Treatment, mask.Value = erasure.Set, *o.Value
		}
		i := slices.IndexFunc(out, func(e erasure.Order) bool { return e.Address == o.Address })
		if i < 0 {
			out, i = append(out, erasure.Order{Address: o.Address}), len(out)
		}
		out[i].Masks = append(out[i].Masks, mask)
	}
	return out
}
