package api

import (
	"context"
	"errors"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

type graphView struct {
	Collections []collectionView `json:"collections"`
	References  []referenceView  `json:"references"`
	Problems    []Fault          `json:"problems" doc:"What keeps the datasets from forming one graph; then there is no order and no reference."`
}

type collectionView struct {
	System     string   `json:"system"`
	Dataset    string   `json:"dataset"`
	Collection string   `json:"collection"`
	Fields     int      `json:"fields"`
	Categories []string `json:"categories" doc:"The kinds of personal data in it."`
	Identities []string `json:"identities" doc:"By which a person is found here directly."`
	Step       int      `json:"step,omitempty" doc:"When it is read, counted from 1; absent when it is not."`
	Reason     string   `json:"reason,omitempty" doc:"Why it is not read."`
}

type fieldView struct {
	Dataset    string `json:"dataset"`
	Collection string `json:"collection"`
	Field      string `json:"field"`
}

type referenceView struct {
	From fieldView `json:"from"`
	To   fieldView `json:"to"`
	Both bool      `json:"both" doc:"Whether it may be followed the other way as well."`
}

// graph draws what the annotations say. Values of people are nowhere in it.
func (s *server) graph(ctx context.Context, who *caller, _ *struct{}) (*shown[graphView], error) {
	var files []dataset.File
	holder := map[string]string{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		systems, err := tx.Systems(ctx)
		if err != nil {
			return err
		}
		rows, err := tx.Datasets(ctx)
		for _, row := range rows {
			active := slices.ContainsFunc(systems, func(s storage.System) bool { return s.ID == row.SystemID && s.State == storage.SystemActive })
			if active {
				files = append(files, dataset.File{Name: row.FidesKey, Text: []byte(row.Annotation)})
				holder[row.FidesKey] = row.SystemKey
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	view, err := drawn(files, holder)
	return &shown[graphView]{Body: view}, err
}

func drawn(files []dataset.File, holder map[string]string) (graphView, error) {
	view := graphView{Collections: []collectionView{}, References: []referenceView{}, Problems: []Fault{}}
	all, err := dataset.ParseFiles(files)
	if err != nil {
		return troubled(view, err)
	}
	at := map[dataset.Address]int{}
	for _, d := range all {
		for _, c := range d.Collections {
			at[dataset.Address{Dataset: d.Key, Collection: c.Name}] = len(view.Collections)
			view.Collections = append(view.Collections, collectionOf(holder[d.Key], d, c))
		}
	}
	graph, err := dataset.NewGraph(all...)
	if err != nil {
		return troubled(view, err)
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return troubled(view, err)
	}
	for i, step := range plan.Steps {
		view.Collections[at[step.Address]].Step = i + 1
	}
	for _, u := range plan.Unreached {
		view.Collections[at[u.Address]].Reason = u.Reason
	}
	for _, a := range plan.Skipped {
		view.Collections[at[a]].Reason = "the annotation says to skip it"
	}
	for _, e := range graph.Edges() {
		view.References = append(view.References, referenceView{From: fieldOf(e.From), To: fieldOf(e.To), Both: e.Both})
	}
	return view, nil
}

// troubled gives what is wrong with the annotations as part of the answer: the screen shows both.
func troubled(view graphView, err error) (graphView, error) {
	var wrong dataset.Problems
	if !errors.As(err, &wrong) {
		return view, err
	}
	view.Problems = faultsOf(wrong)
	return view, nil
}

func fieldOf(f dataset.FieldAddress) fieldView {
	return fieldView{Dataset: f.Dataset, Collection: f.Collection, Field: f.Field()}
}

func collectionOf(system string, d dataset.Dataset, c dataset.Collection) collectionView {
	v := collectionView{System: system, Dataset: d.Key, Collection: c.Name, Categories: []string{}, Identities: []string{}}
	v.Categories = append(v.Categories, c.Categories...)
	v.count(c.Fields)
	slices.Sort(v.Categories)
	v.Categories = slices.Compact(v.Categories)
	slices.Sort(v.Identities)
	v.Identities = slices.Compact(v.Identities)
	return v
}

func (v *collectionView) count(fields []dataset.Field) {
	for _, f := range fields {
		v.Fields++
		v.Categories = append(v.Categories, f.Categories...)
		if f.Identity != "" {
			v.Identities = append(v.Identities, f.Identity)
		}
		v.count(f.Fields)
	}
}
