package activities

import (
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// holding reads what the person's own rows in a system say, so that somebody can decide what is wrong in it. No copy of the rows is kept: only
// the different values of each field, and how many rows have them.
func (w *collecting) holding(ctx context.Context) error {
	plan, stages, err := w.land.plan(w.person)
	if err != nil {
		return err
	}
	by, err := w.afresh(ctx, plan, stages)
	if err != nil {
		return err
	}
	sink, err := w.valuesOf(ctx, connectors.Selection{Plan: *plan, Subject: w.person, Keys: by.Keys, Own: true})
	if err != nil {
		return err
	}
	found := correction.Holding{System: w.system.Key, Name: w.system.Name, Basis: w.land.basis, Fields: sink.fields}
	return w.change(ctx, w.in, func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.SaveHolding(ctx, w.run, w.subject, found, by); err != nil {
			return err
		}
		return w.finishCounted(ctx, tx, sink.rows)
	})
}

func (w *collecting) valuesOf(ctx context.Context, selection connectors.Selection) (sink *valueSink, err error) {
	connector, err := w.connect(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	site, err := w.correctable(ctx, connector, &selection.Plan)
	if err != nil {
		return nil, err
	}
	sink = &valueSink{site: site}
	return sink, connector.Collect(ctx, selection, sink)
}

// correctable is what corrections have to know of the system.
func (w *collecting) correctable(ctx context.Context, c connectors.Connector, plan *dataset.Plan) (out correction.Site, err error) {
	declared, err := casework.DeclarationOf(w.system)
	if err != nil {
		return out, err
	}
	out = correction.Site{
		Datasets: w.land.datasets[w.system.Key], SelfService: declared.Corrections.SelfService, Leads: leads(w.land.datasets), Keyless: keyless(plan, w.land.datasets[w.system.Key]),
	}
	if w.system.Change == "" {
		out.Manual = "the system may only be read"
	}
	describer, ok := c.(connectors.Describer)
	if !ok {
		return out, errNoEraser
	}
	out.Structure, err = connectors.Around(ctx, describer)
	return out, err
}

// leads names the fields that an annotated reference leads from or to, in any system.
func leads(systems map[string][]dataset.Dataset) (out []string) {
	for _, datasets := range systems {
		for _, d := range datasets {
			for _, c := range d.Collections {
				for _, f := range c.Fields {
					for _, r := range f.References {
						out = append(out, d.Key+"."+c.Name+"."+f.Name, r.Dataset+"."+r.Field)
					}
				}
			}
		}
	}
	return out
}

// keyless are collections in which the person is found directly, and whose rows can't be told by a key of one column.
func keyless(plan *dataset.Plan, datasets []dataset.Dataset) (out []dataset.Address) {
	for _, step := range plan.Steps {
		direct := slices.ContainsFunc(step.FoundBy, func(e dataset.Entry) bool { return e.From == nil && e.Belonging == dataset.Own })
		if _, told := soleKey(datasets, step.Address); direct && !told {
			out = append(out, step.Address)
		}
	}
	return out
}

// valueSink takes the different values of fields, and keeps no row.
type valueSink struct {
	site   correction.Site
	fields []correction.Field
	rows   int64
	// columns are the places in fields of the columns of the collection that is open; -1 is none.
	columns []int
	// seen are the places of values within each field.
	seen []map[string]int
}

// nothing stands for no value among those that were seen: no text has this in it.
const nothing = "\xff"

// Begin implements connectors.Sink.
func (s *valueSink) Begin(_ context.Context, open connectors.Opening) (connectors.Cursor, bool, error) {
	known := s.site.FieldsOf(open.Address)
	s.columns = make([]int, len(open.Columns))
	for i, column := range open.Columns {
		s.columns[i] = -1
		for _, f := range known {
			if f.Name == column.Name {
				s.columns[i] = len(s.fields)
				s.fields, s.seen = append(s.fields, f), append(s.seen, map[string]int{})
			}
		}
	}
	return "", false, nil
}

// Rows implements connectors.Sink.
func (s *valueSink) Rows(ctx context.Context, _ dataset.Address, rows []connectors.Row, _ connectors.Cursor) error {
	for _, row := range rows {
		for i, at := range s.columns {
			if at >= 0 {
				s.add(at, &row[i])
			}
		}
	}
	s.rows += int64(len(rows))
	if activity.IsActivity(ctx) {
		activity.RecordHeartbeat(ctx)
	}
	return nil
}

// End implements connectors.Sink.
func (s *valueSink) End(context.Context, dataset.Address, int64) error { return nil }

func (s *valueSink) add(at int, v *connectors.Value) {
	f, key := &s.fields[at], nothing
	var value *string
	switch v.Kind() {
	case connectors.KindNull:
	case connectors.KindOversize:
		f.More = true
		return
	default:
		text := v.String()
		if utf8.RuneCountInString(text) > correction.Longest {
			f.More = true
			return
		}
		key, value = text, &text
	}
	if i, known := s.seen[at][key]; known {
		f.Present[i].Rows++
		return
	}
	if len(f.Present) == correction.Most {
		f.More = true
		return
	}
	s.seen[at][key] = len(f.Present)
	f.Present = append(f.Present, correction.Present{Value: value, Rows: 1})
}
