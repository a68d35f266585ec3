package dataset

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/privacy-docket/docket/privacy"
)

// listRemove is what clear says of a list that people are taken off again.
const listRemove = "remove"

// limitTerms reads where a system marks what may not be done.
func (r reader) limitTerms(n *yaml.Node, path string) LimitTerms {
	o := r.object(n, path+".limits", "collection", "field", "list", "kinds", "set", "clear")
	t := LimitTerms{Line: n.Line, Collection: o.required("collection"), List: o.str("list"), Kinds: o.names("kinds")}
	o.path += "." + t.Collection
	if dataset, collection, ok := strings.Cut(t.Collection, "."); t.Collection != "" && (!ok || dataset == "" || collection == "") {
		o.problem("collection", fmt.Sprintf("%q names no collection", t.Collection), "write dataset.collection")
	}
	if len(t.Kinds) == 0 {
		o.problem("kinds", "the mark is for no limit", "name at least one under kinds, such as direct_marketing")
	}
	for _, kind := range t.Kinds {
		if !slices.Contains(limitKinds(), kind) {
			o.problem("kinds", fmt.Sprintf("unknown limit %q", kind), "use one of "+strings.Join(limitKinds(), ", "))
		}
	}
	if o.get("list") != nil {
		o.listMark(&t)
	} else {
		o.fieldMark(&t)
	}
	return t
}

// fieldMark reads what a field says while a limit stands, and what when it has ended.
func (o object) fieldMark(t *LimitTerms) {
	if o.get("field") == nil {
		o.problem("field", "field is missing, and so is list", "add field: with set: where a field says it, or list: where being on a list does")
	} else {
		t.Field = o.required("field")
	}
	set := o.scalar("set")
	if set == nil {
		o.problem("set", "set is missing: what the field says while the limit stands", "add set: with the value as the system writes it")
		return
	}
	t.Set, t.Clear = *set, o.scalar("clear")
	if t.Clear != nil && *t.Clear == t.Set {
		o.problem("clear", "set and clear are the same", "give clear another value, or leave it out so that the mark stays")
	}
}

// listMark reads a mark that is a place on a list.
func (o object) listMark(t *LimitTerms) {
	if t.List == "" {
		o.problem("list", "list names no field", "write the field that holds who is on the list, as list: email")
	}
	if strings.Contains(t.List, ".") {
		o.problem("list", fmt.Sprintf("%q lies inside another field", t.List), "name a field at the top of the collection")
	}
	for _, key := range []string{"field", "set"} {
		if o.get(key) != nil {
			o.problem(key, key+" is said of a list: the mark is that the person is on it", "remove "+key+", or list")
		}
	}
	clear := o.scalar("clear")
	if t.Remove = clear != nil && *clear == listRemove; clear != nil && !t.Remove {
		o.problem("clear", "a list has no value to be cleared with", "write clear: remove to have the person taken off it, or leave clear out so that they stay on it")
	}
}

// listsOnce wants each list to be named once: of two marks the end of one would take people off whom the other put there.
func (r reader) listsOnce(all []LimitTerms, path string) {
	for i, t := range all {
		before := slices.IndexFunc(all[:i], func(o LimitTerms) bool { return o.List != "" && o.List == t.List && o.Collection == t.Collection })
		if before >= 0 {
			r.add(t.Line, path+".limits."+t.Collection, fmt.Sprintf("the list is named already, in line %d", all[before].Line), "name it once, with all its kinds")
		}
	}
}

func limitKinds() (out []string) {
	for _, k := range privacy.LimitKinds() {
		out = append(out, string(k))
	}
	return out
}
