package conformance

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// way is a field by which documents are found: the e-mail address of a person, or the id of a document of an earlier collection.
type way struct {
	owner *randomCollection // nil for an address
	place place
	name  string
	// folded says that its list has lists in it.
	folded bool
}

// place is where in a document a field lies.
type place int

const (
	atTop place = iota
	inDocument
	inList
	inDocuments
	inDeepDocuments // documents in a list in a document
)

// drawWay makes one up, in lists of lists where these may be.
func drawWay(t *rapid.T, name string, owner *randomCollection, nested bool) *way {
	return &way{owner: owner, name: name, place: place(rapid.IntRange(0, int(inDeepDocuments)).Draw(t, "place")), folded: nested && rapid.Bool().Draw(t, "folded")}
}

// listed reports whether it is among others: then single elements are somebody's, and not the document.
func (p place) listed() bool { return p >= inList }

// path leads to a way's values; its first name is what is annotated at the top.
func (w *way) path() []string {
	switch w.place {
	case inDocument, inDocuments:
		return []string{"in_" + w.name, w.name}
	case inDeepDocuments:
		return []string{"in_" + w.name, "deep", w.name}
	case atTop, inList:
	}
	return []string{w.name}
}

// written is what a way's field holds.
func (d *randomDocument) written(of *way) (any, bool) {
	values := d.of[of]
	switch {
	case len(values) == 0 && !of.place.listed():
		return nil, false
	case of.place == atTop || d.bare[of] && len(values) > 0:
		return values[0], true
	case of.place == inDocument:
		return Document{{"since", int64(7)}, {of.name, values[0]}, {"until", nil}}, true
	case of.place == inList:
		return of.fold(slices.Concat([]any{}, values)), true
	}
	list := []any{Document{{"note", "nobody"}}, "loose"}
	for _, v := range values {
		list = append(list, Document{{of.name, v}, {"score", 2.5}})
	}
	if of.place == inDeepDocuments {
		return Document{{"since", int64(7)}, {"deep", of.fold(list)}}, true
	}
	return of.fold(list), true
}

// fold puts the last of a list's elements, which are somebody's, into a list of their own.
func (w *way) fold(list []any) []any {
	if !w.folded {
		return list
	}
	half := len(list) / 2
	return slices.Concat(list[:half], []any{[]any{}, list[half:]})
}

// field annotates a way.
func (w *way) field() dataset.Field {
	f := dataset.Field{Name: w.name}
	if w.owner == nil {
		f.Identity = "email"
	} else {
		f.References = []dataset.Reference{{Dataset: "d", Field: w.owner.name + "._id", Direction: dataset.From}}
	}
	if w.place == inList {
		f.Type = dataset.DataType{Base: dataset.String, Array: true}
	}
	path := w.path()
	for i := len(path) - 2; i >= 0; i-- { // the innermost document around it is the one in a list
		f = dataset.Field{Name: path[i], Type: dataset.DataType{Base: dataset.Object, Array: w.place.listed() && i == len(path)-2}, Fields: []dataset.Field{f}}
	}
	return f
}

// body is a field that is masked. At each name on its path stands a value, a list of them, or a list of lists.
type body struct {
	path  []string
	lists []int
	mask  erasure.Treatment
}

// drawBody makes one up, as deep as it likes. Its first name is its own.
func drawBody(t *rapid.T, name string, lists []int) body {
	b := body{path: []string{name, "in", "far", "texts"}[:rapid.IntRange(1, 4).Draw(t, "depth")], mask: rapid.SampledFrom(erasure.Treatments()).Draw(t, "mask")}
	for range b.path {
		b.lists = append(b.lists, rapid.SampledFrom(lists).Draw(t, "lists"))
	}
	return b
}

// spoken is what a body's field holds, around two values.
func (b body) spoken(one, other any) any {
	inside, last := body{path: b.path[1:], lists: b.lists[1:]}, len(b.path) == 1
	around := func(one, other any) any {
		if last {
			return one
		}
		return Document{{"since", int64(7)}, {b.path[1], inside.spoken(one, other)}, {"flag", true}}
	}
	switch {
	case b.lists[0] == 0:
		return around(one, other)
	case last && b.lists[0] == 1:
		return []any{one, other}
	case b.lists[0] == 1:
		return []any{around(one, other), Document{{"rank", int64(2)}}, nil, around(other, one)}
	default:
		return []any{[]any{around(one, other)}, []any{}, around(other, nil)}
	}
}

// field annotates a body.
func (b body) field() dataset.Field {
	f := dataset.Field{Name: b.path[0], Type: dataset.DataType{Base: dataset.String, Array: b.lists[0] > 0}}
	if len(b.path) > 1 {
		f.Type.Base, f.Fields = dataset.Object, []dataset.Field{body{path: b.path[1:], lists: b.lists[1:]}.field()}
	}
	return f
}
