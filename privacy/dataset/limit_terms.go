package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// Address is the collection of the mark.
func (t *LimitTerms) Address() Address {
	key, collection, _ := strings.Cut(t.Collection, ".")
	return Address{Dataset: key, Collection: collection}
}

// list wants a mark's list to be one: a collection that is visited, with an identity at its top by which people are found there.
func (c *termsCheck) list(t LimitTerms) {
	add := func(what, do string) {
		c.found = append(c.found, Problem{File: c.file, Line: t.Line, Path: "limits." + t.Collection, What: what, Do: do})
	}
	if slices.ContainsFunc(c.terms, func(e ErasureTerms) bool { return e.Collection == t.Collection }) {
		add("erasure speaks of a list, and a list is not emptied: whoever is erased would be written to again", "remove the collection under erasure")
	}
	if slices.ContainsFunc(c.terms, func(e ErasureTerms) bool { return e.With == t.Collection }) {
		add("under erasure rows stay with those of a list, and these stay for good", "name another collection under with, or give the rows records of their own")
	}
	c.collection(t.Collection, add)
	collection, _ := c.look(t.Collection)
	if collection == nil {
		return
	}
	if collection.Skip {
		add("the annotation says skip_processing of the list, so that nobody is found there", "remove skip_processing")
	}
	i := slices.IndexFunc(collection.Fields, func(f Field) bool { return f.Name == t.List })
	if i < 0 {
		add(fmt.Sprintf("the list has no field %q", t.List), "name the field of the annotation that holds who is on the list")
		return
	}
	for _, wrong := range unlisted(&collection.Fields[i]) {
		add(fmt.Sprintf("the field %q ", t.List)+wrong[0], wrong[1])
	}
}

// unlisted says what keeps a field from holding who is on a list: what is wrong with it, and what to do.
func unlisted(f *Field) (out [][2]string) {
	known := strings.Join(AskedIdentities(), ", ")
	switch {
	case f.Identity == "":
		out = append(out, [2]string{"is no identity of the annotation, so that nobody is found by it", "add fides_meta: {identity: email} to it, or name the field that has it"})
	case !slices.Contains(AskedIdentities(), f.Identity):
		out = append(out, [2]string{fmt.Sprintf("is the identity %q, which no request tells of anybody", f.Identity), "list people by one of " + known})
	}
	if f.Type.Array || len(f.Fields) > 0 {
		out = append(out, [2]string{"holds more than one value", "name a field with one value in each row"})
	}
	if f.ReadOnly {
		out = append(out, [2]string{"is read_only, so that nobody can be put on the list", "remove read_only"})
	}
	return out
}
