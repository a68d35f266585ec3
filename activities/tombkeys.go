package activities

import (
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// leads are the keys by which a restored backup of a system is searched for rows that nothing known of the person leads to: primary keys of rows that
// were theirs, and values of other systems that led here.
func (l *landscape) leads(system string, errand connectors.Errand) (out []storage.Key) {
	add := func(sets []connectors.KeySet) {
		for _, set := range sets {
			for _, value := range set.Values {
				out = append(out, storage.Key{Field: set.Field.String(), Value: value})
			}
		}
	}
	add(errand.Roots)
	for _, set := range errand.Keys {
		if l.holder[set.Field.Dataset] != system {
			add([]connectors.KeySet{set})
		}
	}
	return out
}

// lead is a field of a system whose values are keys: of its own rows, or of those in another system.
type lead struct {
	at, of dataset.FieldAddress
}

// root says whether it is the key of the rows themselves.
func (f lead) root() bool { return f.at.String() == f.of.String() }

// leadsIn lists the fields of a system that hold what leads gives.
func (l *landscape) leadsIn(system string, walk *dataset.Plan) (out []lead) {
	add := func(f lead) {
		if !slices.ContainsFunc(out, func(o lead) bool { return o.at.String() == f.at.String() && o.of.String() == f.of.String() }) {
			out = append(out, f)
		}
	}
	for _, step := range walk.Steps {
		if l.holder[step.Dataset] != system {
			continue
		}
		for _, e := range step.FoundBy {
			switch {
			case e.Belonging != dataset.Own:
			case e.From != nil && l.holder[e.From.Dataset] != system:
				add(lead{dataset.FieldAddress{Address: step.Address, Path: e.Path}, *e.From})
			case e.From == nil:
				if key, ok := soleKey(l.datasets[system], step.Address); ok {
					at := dataset.FieldAddress{Address: step.Address, Path: []string{key}}
					add(lead{at, at})
				}
			}
		}
	}
	return out
}

// onlyFromElsewhere says whether rows in a system are found by nothing but what other systems hold.
func (l *landscape) onlyFromElsewhere(system string, walk *dataset.Plan) bool {
	own := func(step dataset.Step) bool {
		return slices.ContainsFunc(step.FoundBy, func(e dataset.Entry) bool { return e.From == nil || l.holder[e.From.Dataset] == system })
	}
	return slices.ContainsFunc(walk.Steps, func(step dataset.Step) bool { return l.holder[step.Dataset] == system && !own(step) })
}
