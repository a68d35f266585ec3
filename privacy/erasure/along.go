package erasure

import "github.com/privacy-docket/docket/privacy/dataset"

// keepAlong has rows stay because all of those that they belong to were decided to stay: for the same reason and without an end. Where the declaration
// says what a duty needs of them, no more of them stays.
func (d *designer) keepAlong(l, parent *Line) {
	terms := d.terms(l.Address)
	terms.Method = dataset.MaskFields
	d.keepNeeded(l, terms, Keeping{Ground: parent.Kept[0].Ground, Rule: parent.Kept[0].Rule, Name: parent.Kept[0].Name, Citation: parent.Kept[0].Citation})
}

// keepNeeded has all rows of a line stay, for a reason; of their fields those that the terms say are needed, or all where they say nothing.
func (d *designer) keepNeeded(l *Line, terms dataset.ErasureTerms, why Keeping) {
	l.Kept = []Keeping{why}
	l.Delete, l.Masks, l.Problems = false, nil, nil
	masks, fates, _ := d.fields(l.Address, terms)
	l.Fields = fates
	if d.trim(l, terms, masks); len(l.Trim) > 0 {
		l.Days = &Days{Zone: d.Zone.String(), Spans: []Span{}} // none of them goes
	}
	for i := range l.Fields {
		if !l.Fields[i].Trimmed {
			l.Fields[i].Fate = FateUnchanged
		}
	}
}
