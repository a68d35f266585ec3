package erasure

import (
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// listed are the marks that name a collection as a list.
func (d *designer) listed(a dataset.Address) (out []dataset.LimitTerms) {
	for _, t := range d.Marks {
		if t.List != "" && t.Address() == a {
			out = append(out, t)
		}
	}
	return out
}

// keepListed has entries on a list stay, also one that the person is taken off when their limit ends: whoever is erased would be written to again by the
// next import. Of an entry no more stays than what says who it is.
func (d *designer) keepListed(l *Line, marks []dataset.LimitTerms) {
	terms := dataset.ErasureTerms{Collection: l.Address.String(), Method: dataset.MaskFields}
	for _, t := range marks {
		terms.Needs = append(terms.Needs, t.List)
	}
	l.Method = dataset.MaskFields
	d.keepNeeded(l, terms, Keeping{Ground: KeptOnList, Name: "a list of whom nobody writes to", Citation: privacy.LimitKind(marks[0].Kinds[0]).Citation()})
}
