package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// datasetCommand is `docket dataset`.
func (v *verbs) datasetCommand() *cobra.Command {
	return group("dataset", "The annotations that say where personal data lies", v.datasetPut(), v.datasetList(), v.datasetShow())
}

func (v *verbs) datasetPut() *cobra.Command {
	return v.online("put SYSTEM FILE", "Add or replace the annotation of a dataset of a system: YAML in the fideslang format; - reads standard input", cobra.ExactArgs(2),
		onNamed(func(ctx context.Context, s *session, system client.System, args []string) error {
			text, err := s.content(args[0])
			if err != nil {
				return err
			}
			saved, err := s.PutDataset(ctx, system.ID, []byte(text))
			if err != nil {
				return err
			}
			return s.show(saved, func(w io.Writer) {
				_, _ = fmt.Fprintf(w, "The dataset %s of %s is saved.\n", printable(saved.Key), printable(system.Key))
				for _, warning := range saved.Warnings {
					_, _ = fmt.Fprintf(w, "  warning  %s: %s\n", printable(warning.Location), printable(warning.Message))
				}
			})
		}))
}

func (v *verbs) datasetList() *cobra.Command {
	return v.online("list", "List the annotations of all systems", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.Datasets(ctx)
		if err != nil {
			return err
		}
		return listing[client.DatasetLine]{
			head: "DATASET\tSYSTEM\tUPDATED\tSHA-256",
			row: func(d client.DatasetLine) []string {
				return []string{d.Key, d.System, s.at(d.UpdatedAt), d.SHA256[:min(12, len(d.SHA256))]}
			},
			empty: "There are no datasets. docket dataset put adds one.",
		}.print(s, page)
	})
}

func (v *verbs) datasetShow() *cobra.Command {
	return v.online("show DATASET", "Print an annotation as it was put", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		d, err := s.Dataset(ctx, args[0])
		if err != nil || s.json {
			return orShow(s, d, err)
		}
		_, err = io.WriteString(s.out, printable(d.Annotation))
		return err
	})
}
