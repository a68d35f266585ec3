package mongo

import (
	"errors"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// errTwice is a document in which a field stands more than once. BSON can say that and servers may keep it, but there is no telling which of them is meant: a
// reader takes one, a server changes one, and what is in the other would be neither found nor erased. Path are the names that lead to the field; they may be values.
type errTwice struct{ path []string }

func (*errTwice) Error() string { return "a field stands twice in a document" }

// within puts a name before the path, on the way out of a document.
func within(name string, err error) error {
	var twice *errTwice
	if errors.As(err, &twice) {
		return &errTwice{path: slices.Concat([]string{name}, twice.path)}
	}
	return err
}

// few is how many names are compared with each other sooner than they are kept in a map.
const few = 16

// names notices one that comes again.
type names struct {
	list []string
	has  map[string]bool
}

// again keeps a name, and reports whether it was there.
func (n *names) again(name string) bool {
	if n.has == nil && len(n.list) < few {
		was := slices.Contains(n.list, name)
		n.list = append(n.list, name)
		return was
	}
	if n.has == nil {
		n.has = map[string]bool{}
		for _, l := range n.list {
			n.has[l] = true
		}
	}
	was := n.has[name]
	n.has[name] = true
	return was
}

// twiceFault says where a field stands twice, as far as the annotation names the way there: other names may be values.
func twiceFault(a dataset.Address, decl *dataset.Collection, twice *errTwice) error {
	where := a.String()
	for i := range twice.path {
		if decl == nil {
			break
		}
		if _, known := decl.At(twice.path[:i+1]); !known {
			break
		}
		where = a.String() + "." + strings.Join(twice.path[:i+1], ".")
	}
	return fault(connectors.ErrAnswer, where, "a document has a field here more than once, and databases read and change only one of them",
		"have whoever keeps the collection write the document with the field once (of the person's documents, the one that lists it twice), then try again")
}

// repeated is the first of the annotated fields that a sample shows twice in one document, or with something twice in it.
func repeated(members []*member, decl *dataset.Collection) *errTwice {
	for _, m := range members {
		if _, known := decl.At([]string{m.name}); known || m.name == "_id" {
			if path := m.repeats(); path != nil {
				return &errTwice{path: path}
			}
		}
	}
	return nil
}

// repeats is the way to what stands twice; nil when nothing does.
func (m *member) repeats() []string {
	if m.twice {
		return []string{m.name}
	}
	for _, inner := range m.inside {
		if path := inner.repeats(); path != nil {
			return slices.Concat([]string{m.name}, path)
		}
	}
	return nil
}
