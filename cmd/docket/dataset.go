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
	return group("dataset", "The annotations that say where personal data lies", v.datasetScan(), v.datasetPut(), v.datasetList(), v.datasetShow())
}

func (v *verbs) datasetScan() *cobra.Command {
	var system string
	var wish client.ScanWish
	cmd := v.online("scan --system SYSTEM", "Draft an annotation from a system's live schema: names and types are looked at, no value is read, and nothing is saved", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			found, err := s.SystemNamed(ctx, system)
			if err != nil {
				return err
			}
			scan, err := s.ScanSystem(ctx, found.ID, wish)
			if err != nil {
				return err
			}
			return s.scanned(found, scan)
		})
	cmd.Long = cmd.Short + `.

The draft goes to standard output, what to look at first to standard error. Correct it, then save it with docket dataset put:

  docket dataset scan --system shop > shop.yml
  docket dataset put shop shop.yml`
	cmd.Flags().StringVar(&system, "system", "", "the system, by key or id")
	cmd.Flags().StringVar(&wish.Schema, "schema", "", "the schema; without it the one that is annotated already, the only one, public, or the largest")
	_ = cmd.MarkFlagRequired("system")
	return cmd
}

// scanned prints a draft; findings in its place make the exit status 1. What is not part of the draft goes beside it, so that a file takes it as it is.
func (s *session) scanned(system client.System, scan client.Scan) (err error) {
	if s.json {
		err = s.show(scan, nil)
	} else {
		for _, f := range scan.Findings {
			fmt.Fprintf(s.errs, "%s  %s\n  %s\n  %s\n", printable(f.Code), printable(f.Where), printable(f.What), printable(f.Do))
		}
		for _, note := range scan.Notes {
			fmt.Fprintf(s.errs, "not in the draft: %s\n", printable(note))
		}
		for _, doubt := range scan.Unsure {
			fmt.Fprintf(s.errs, "unsure: %s: %s\n", printable(doubt.Where), printable(doubt.Why))
		}
		_, err = io.WriteString(s.out, printable(scan.Draft))
	}
	if err == nil && !scan.OK {
		err = fmt.Errorf("%s: %s", system.Key, several(len(scan.Findings), "finding"))
	}
	return err
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
				for _, note := range saved.Notes {
					_, _ = fmt.Fprintf(w, "  note     %s: %s\n", printable(note.Location), printable(note.Message))
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
