package api

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// DatasetLine is an annotation in a list.
type DatasetLine struct {
	Key       string    `json:"key"`
	SystemID  uuid.UUID `json:"system_id" format:"uuid"`
	System    string    `json:"system"`
	SHA256    string    `json:"sha256" doc:"Of the annotation, in hexadecimal."`
	UpdatedAt time.Time `json:"updated_at"`
}

type datasetView struct {
	DatasetLine
	Annotation string `json:"annotation" doc:"YAML in the fideslang dataset format."`
}

type datasetKey struct {
	Key string `path:"key" maxLength:"128"`
}

type putDataset struct {
	SystemID
	RawBody []byte `contentType:"application/yaml"`
}

type savedDataset struct {
	Key      string  `json:"key"`
	Warnings []Fault `json:"warnings" doc:"What does not fit together with the other datasets yet."`
	Notes    []Fault `json:"notes" doc:"What the annotation holds that is kept and not used, or read by another name."`
}

func (s *server) datasetOperations() {
	register(s, operation{id: "list-datasets", method: http.MethodGet, path: "/v1/datasets", summary: "The annotations of all systems", tag: "datasets"}, s.datasets)
	register(s, operation{
		id: "get-dataset", method: http.MethodGet, path: "/v1/datasets/{key}", summary: "Show an annotation", tag: "datasets", errors: []int{http.StatusNotFound},
	}, s.getDataset)
	register(s, operation{
		id: "put-dataset", method: http.MethodPut, path: "/v1/systems/{id}/dataset", tag: "datasets",
		summary: "Add or replace the annotation of a dataset of the system: one dataset in YAML", takes: "application/yaml",
		errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.putDataset)
	register(s, operation{
		id: "check-dataset", method: http.MethodPost, path: "/v1/systems/{id}/dataset/check", tag: "datasets",
		summary: "Say what is wrong with an annotation, by its lines, without keeping it", takes: "application/yaml",
		errors: []int{http.StatusNotFound, http.StatusConflict}, together: true,
	}, s.checkDataset)
	register(s, operation{
		id: "get-graph", method: http.MethodGet, path: "/v1/graph", tag: "datasets",
		summary: "The collections of all active systems, how they lead to each other, and the order in which they are read",
	}, s.graph)
}

func datasetOf(d storage.Dataset) DatasetLine {
	return DatasetLine{Key: d.FidesKey, SystemID: d.SystemID, System: d.SystemKey, SHA256: hex.EncodeToString(d.Sha256), UpdatedAt: d.UpdatedAt}
}

func (s *server) datasets(ctx context.Context, who *caller, _ *struct{}) (*page[DatasetLine], error) {
	var rows []storage.Dataset
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		rows, err = tx.Datasets(ctx)
		return err
	})
	return newPage(each(rows, datasetOf), ""), err
}

func (s *server) getDataset(ctx context.Context, who *caller, in *datasetKey) (*shown[datasetView], error) {
	out := &shown[datasetView]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Dataset(ctx, in.Key)
		out.Body = datasetView{DatasetLine: datasetOf(row), Annotation: row.Annotation}
		return err
	})
	return out, err
}

// putDataset keeps an annotation that is right by itself. What it refers to may come later; until then that is a warning.
func (s *server) putDataset(ctx context.Context, who *caller, in *putDataset) (*shown[savedDataset], error) {
	out := &shown[savedDataset]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if out.Body, err = s.examine(ctx, tx, in); err != nil {
			return err
		}
		return tx.SaveDataset(ctx, in.ID, out.Body.Key, string(in.RawBody))
	})
	return out, err
}

// checkDataset says what putDataset would, and keeps nothing.
func (s *server) checkDataset(ctx context.Context, who *caller, in *putDataset) (*shown[savedDataset], error) {
	out := &shown[savedDataset]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body, err = s.examine(ctx, tx, in)
		return err
	})
	return out, err
}

// examine reads an annotation beside those of the other datasets.
func (s *server) examine(ctx context.Context, tx *storage.Tx, in *putDataset) (savedDataset, error) {
	system, err := tx.System(ctx, in.ID)
	if err != nil {
		return savedDataset{}, err
	}
	if dataset.IsAsked(system.Kind) {
		return savedDataset{}, refused(http.StatusUnprocessableEntity, "asked-system", "Somebody else has this system and is asked: Docket does not look into it, so there is nothing to annotate.")
	}
	parsed, err := dataset.Parse("dataset", in.RawBody)
	if err != nil {
		return savedDataset{}, err
	}
	if len(parsed) != 1 {
		return savedDataset{}, invalid("body", "the document has "+strconv.Itoa(len(parsed))+" datasets; put each one by itself")
	}
	if err := dataset.CheckOrder(parsed...); err != nil { // it would keep every request of the tenant from being planned
		return savedDataset{}, err
	}
	others, err := tx.Datasets(ctx)
	if err != nil {
		return savedDataset{}, err
	}
	files := []dataset.File{{Name: parsed[0].Key, Text: in.RawBody}}
	for _, other := range others {
		if other.FidesKey == parsed[0].Key && other.SystemID != in.ID {
			return savedDataset{}, refused(http.StatusConflict, "exists", "The system "+other.SystemKey+" has a dataset with this fides_key. Rename one of them.")
		}
		if other.FidesKey != parsed[0].Key {
			files = append(files, dataset.File{Name: other.FidesKey, Text: []byte(other.Annotation)})
		}
	}
	wrong, err := s.unfit(system, parsed)
	return savedDataset{Key: parsed[0].Key, Warnings: append(together(files), faultsOf(wrong)...), Notes: noted(parsed[0].Notes)}, err
}

// noted gives the notes of an annotation their lines.
func noted(notes []dataset.Note) []Fault {
	faults := []Fault{}
	for _, n := range notes {
		faults = append(faults, Fault{Location: n.File + ":" + strconv.Itoa(n.Line), Message: n.String()})
	}
	return faults
}

// together says what keeps datasets from forming one graph.
func together(files []dataset.File) []Fault {
	all, err := dataset.ParseFiles(files)
	if err == nil {
		_, err = dataset.NewGraph(all...)
	}
	var wrong dataset.Problems
	_ = errors.As(err, &wrong)
	return faultsOf(wrong)
}
