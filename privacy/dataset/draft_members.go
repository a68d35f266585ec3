package dataset

// deepestDraft is how far members lie in each other in a draft.
const deepestDraft = 8

// takeInside enters the members of documents in a column, where the system knows them, and says how much of the draft they may take.
func (d *drafting) takeInside(f *draftField, depth int) int {
	if !f.isObject() || depth > deepestDraft {
		return 0
	}
	size := 0
	seen := map[string]bool{}
	for i := range f.Inside {
		c := &f.Inside[i]
		if !annotatable(c.Name) || seen[c.Name] || size > maxDraftTable {
			continue // it stays with what is not known of the document
		}
		seen[c.Name] = true
		member := &draftField{TableColumn: c, table: f.table, words: d.lexicon.words(c.Name), path: f.path + "." + c.Name, listed: f.listed || f.Array}
		f.inside = append(f.inside, member)
		size += len(c.Name) + maxDraftLine + 4*depth + d.takeInside(member, depth+1)
	}
	return size
}

// all are the table's columns, and behind each the members of documents in it.
func (t *draftTable) all() []*draftField {
	var out []*draftField
	var add func([]*draftField)
	add = func(list []*draftField) {
		for _, f := range list {
			out = append(out, f)
			add(f.inside)
		}
	}
	add(t.fields)
	return out
}
