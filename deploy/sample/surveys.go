package sample

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Surveys is the key of a third, small system, which has what customers answered when they were asked about a delivery.
const Surveys = "sample_surveys"

var (
	//go:embed schema/surveys.sql
	surveysSchema string
	//go:embed annotation/surveys.yml
	surveysDataset []byte
	//go:embed annotation/surveys_declaration.yml
	surveysDeclaration []byte
)

// LoadSurveys makes the database of the surveys with answers of the same people, replacing what was there. It is no part of
// Load: most of what the sample is used for needs two systems.
func LoadSurveys(ctx context.Context, adminDSN, prefix string, seed uint64, people int) (System, error) {
	system := System{Key: Surveys, DatasetYAML: surveysDataset, DeclarationYAML: surveysDeclaration}
	var err error
	if system.Datasets, err = dataset.Parse("surveys.yml", surveysDataset); err != nil {
		return System{}, fmt.Errorf("read the surveys' dataset: %w", err)
	}
	declared, err := dataset.ParseDeclarations("surveys_declaration.yml", surveysDeclaration)
	if err != nil {
		return System{}, fmt.Errorf("read the surveys' declaration: %w", err)
	}
	system.Declaration = declared[0]
	if err := surveys(seed, people).install(ctx, adminDSN, prefix+"_surveys", surveysSchema, &system); err != nil {
		return System{}, fmt.Errorf("load the sample surveys: %w", err)
	}
	return system, nil
}

// surveys invents an answer of every third customer.
func surveys(seed uint64, people int) database {
	t := tableOf("public", "answers", "id", "email", "question", "score", "remark", "answered_at")
	words := []string{"Quick and well packed", "Zwei Tage zu spät", "Le carton était abîmé", "Todo perfecto"}
	for i, c := range Customers(seed, people) {
		if i%3 == 0 {
			t.add(i+1, c.Email, "How was the delivery?", 1+i%5, words[i%len(words)], epoch.Add(-time.Duration(i)*time.Hour))
		}
	}
	return database{t}
}
