package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// consentImporting is what an import is asked for with.
type consentImporting struct {
	name, mapping string
	transfer      bool
	over          client.TransferMapping
	fields        client.ImportMapping
	run           bool
	how           client.ImportRun
}

func (v *verbs) consentImport() *cobra.Command {
	var in consentImporting
	cmd := v.changing("import FILE --purpose PURPOSE --address COLUMN --kind KIND", "Import a list of consents: read through first, and written with --run", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			if err := in.read(); err != nil {
				return err
			}
			return s.importConsents(ctx, args[0], in)
		})
	cmd.Long = cmd.Short + `.

FILE is CSV whose first line names the columns. It is read through without writing anything: how many lines could be imported, and what is wrong with the others.
With --transfer FILE is what docket consent export wrote where a business was sold: its last line is checked, and its signature by the seller's key (--verifier), which they
read with docket audit checkpoint --json and give you another way. Who has withdrawn at the seller has withdrawn here. Existing business relationships of people in Canada go over (CASL s.10(12)); --express and --implied name the countries of whose people more does.

With --run it is written then, unless lines are faulty: mend them, or leave them out with --skip-faulty. What was read can also be run later: docket consent run-import.
The whole mapping can stand in a file of JSON (--mapping); docs/consents.md has its fields.`
	flags := cmd.Flags()
	flags.StringVar(&in.name, "name", "", "what the list is: it stands in the ledger as the source of each line; the name of the file when absent")
	flags.StringVar(&in.mapping, "mapping", "", "a file of JSON that says what the columns mean, beside these flags")
	flags.StringVar(&in.fields.Purpose, "purpose", "", "the key of the purpose; * for withdrawals from everything")
	flags.StringVar(&in.fields.Address, "address", "", "the column of the address")
	flags.StringVar(&in.fields.Channel, "channel", "", "email (when absent), sms, phone, post or push")
	flags.StringVar(&in.fields.Kind, "kind", "", "what happened, where it is the same for all: given, confirmed, refreshed, began, ended, published, disclosed or withdrawn")
	flags.StringVar(&in.fields.KindColumn, "kind-column", "", "the column that says what happened")
	flags.StringToStringVar(&in.fields.Kinds, "means", nil, "what the words of that column mean: --means subscribed=given,unsubscribed=withdrawn,cleaned=skip")
	flags.StringVar(&in.fields.At, "at", "", "the column of when it happened")
	flags.StringVar(&in.fields.AtLayout, "at-layout", "", "how it is written: rfc3339 (when absent), date, datetime, us_date, eu_date or unix")
	flags.StringVar(&in.fields.Country, "country", "", "the column of the country")
	flags.StringVar(&in.fields.DefaultCountry, "default-country", "", "the country of lines that name none")
	flags.StringVar(&in.fields.Relation, "relation", "", "what refreshed, began or ended is about: purchase, inquiry, …")
	flags.StringSliceVar(&in.fields.Evidence, "evidence", nil, "further columns that are kept as evidence, sealed")
	flags.BoolVar(&in.transfer, "transfer", false, "the file is the ledger of a business that was bought")
	flags.StringVar(&in.over.Verifier, "verifier", "", "the seller's verifier key, as they gave it another way: the signature is checked with it, and --transfer wants it")
	flags.StringToStringVar(&in.over.Purposes, "purposes", nil, "what the seller's purposes are called here: --purposes news=newsletter")
	flags.StringSliceVar(&in.over.Express, "express", nil, "countries of whose people express consent goes over; * for everybody")
	flags.StringSliceVar(&in.over.Implied, "implied", nil, "countries of whose people all implied consent goes over; * for everybody")
	flags.BoolVar(&in.run, "run", false, "write it to the ledger when it was read through")
	runFlags(cmd, &in.how)
	return cmd
}

func runFlags(cmd *cobra.Command, how *client.ImportRun) {
	cmd.Flags().BoolVar(&how.SkipFaulty, "skip-faulty", false, "leave out the lines that can't be imported")
	cmd.Flags().BoolVar(&how.Again, "again", false, "import the very same file once more")
}

// read takes the mapping from its file; what flags say beside it counts more.
func (in *consentImporting) read() error {
	if in.transfer {
		if in.over.Verifier == "" {
			return errors.New("--transfer wants --verifier: by the file alone nobody can tell who wrote it. The seller reads their key with docket audit checkpoint --json (verifier_key), and gives it to you another way than the file")
		}
		in.fields = client.ImportMapping{Address: "address", Purpose: "*", Transfer: &in.over}
		return nil
	}
	if in.mapping == "" {
		return nil
	}
	data, err := os.ReadFile(in.mapping)
	if err != nil {
		return fmt.Errorf("read the mapping: %w", err)
	}
	said, err := json.Marshal(in.fields)
	if err != nil {
		return fmt.Errorf("read the flags: %w", err)
	}
	in.fields = client.ImportMapping{}
	if err := json.Unmarshal(data, &in.fields); err != nil {
		return fmt.Errorf("read the mapping: %w", err)
	}
	var flags map[string]any
	if err := json.Unmarshal(said, &flags); err != nil {
		return fmt.Errorf("read the flags: %w", err)
	}
	for name, value := range flags {
		if value == "" {
			delete(flags, name)
		}
	}
	if said, err = json.Marshal(flags); err != nil {
		return fmt.Errorf("read the flags: %w", err)
	}
	return json.Unmarshal(said, &in.fields)
}

func (s *session) importConsents(ctx context.Context, file string, in consentImporting) error {
	list, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("open the list: %w", err)
	}
	defer list.Close() //nolint:errcheck // it is only read
	if in.name == "" {
		in.name = list.Name()
	}
	begun, err := s.BeginConsentImport(ctx, s.once, client.NewConsentImport{Name: in.name, Mapping: in.fields})
	if err != nil {
		return err
	}
	whole, err := s.handIn(ctx, begun.ID, list)
	if err != nil {
		return err
	}
	if _, err := s.CheckConsentImport(ctx, begun.ID, whole); err != nil {
		return err
	}
	checked, err := s.importEnds(ctx, begun.ID, "checking")
	if err != nil || !in.run || checked.State != "checked" {
		return errors.Join(err, s.showImport(checked))
	}
	if checked.Checked.Faulty > 0 && !in.how.SkipFaulty {
		return errors.Join(s.showImport(checked), fmt.Errorf("%d lines can't be imported, and nothing was: mend them, or leave them out with --skip-faulty", checked.Checked.Faulty))
	}
	return s.runImport(ctx, begun.ID, in.how)
}

func (s *session) runImport(ctx context.Context, id uuid.UUID, how client.ImportRun) error {
	if _, err := s.RunConsentImport(ctx, id, how); err != nil {
		return err
	}
	done, err := s.importEnds(ctx, id, "running")
	if err == nil && done.State == "stopped" {
		err = fmt.Errorf("somebody has stopped it: docket consent run-import %s goes on", id)
	}
	return errors.Join(err, s.showImport(done))
}

// handIn sends a file in parts, and says how many they were and what the hash of the whole is.
func (s *session) handIn(ctx context.Context, id uuid.UUID, list io.Reader) (client.ImportWhole, error) {
	whole, sum := client.ImportWhole{}, sha256.New()
	buffer := make([]byte, client.ImportPart)
	for {
		n, err := io.ReadFull(list, buffer)
		if n > 0 {
			whole.Parts++
			_, _ = sum.Write(buffer[:n]) // a hash takes everything
			if err := s.PutConsentPart(ctx, id, whole.Parts, buffer[:n]); err != nil {
				return whole, err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			whole.SHA256 = hex.EncodeToString(sum.Sum(nil))
			if whole.Parts == 0 {
				return whole, errors.New("the list is empty")
			}
			return whole, nil
		case err != nil:
			return whole, fmt.Errorf("read the list: %w", err)
		}
	}
}

// importLook is how often it is looked how far an import has come.
const importLook = 500 * time.Millisecond

// importEnds waits until an import is at a step no more.
func (s *session) importEnds(ctx context.Context, id uuid.UUID, step string) (client.ConsentImport, error) {
	clock := clockwork.NewRealClock()
	for {
		i, err := s.ConsentImport(ctx, id)
		if err != nil || i.State != step {
			return i, err
		}
		select {
		case <-ctx.Done():
			return i, ctx.Err()
		case <-clock.After(importLook):
		}
	}
}

func (s *session) showImport(i client.ConsentImport) error {
	return s.show(i, func(w io.Writer) {
		row(w, i.ID.String(), i.Name, i.State, i.Problem)
		count := func(step, words string, c client.ImportCount) {
			if c.Lines > 0 {
				row(w, step, fmt.Sprintf(words, c.Lines, c.Written, c.Faulty))
			}
		}
		count("read", "%d lines, %d of them good, %d faulty", i.Checked)
		count("written", "of %d lines %d, %d faulty ones left out", i.Written)
		for _, f := range i.Faults {
			row(w, fmt.Sprintf("line %d", f.Line), f.Field, f.Problem)
		}
	})
}

func (v *verbs) consentImports() *cobra.Command {
	return v.online("imports", "List the newest imports of consents", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.ConsentImports(ctx)
		if err != nil {
			return err
		}
		return listing[client.ConsentImport]{
			head: "IMPORT\tNAME\tSTATE\tREAD\tWRITTEN\tFAULTY\tSINCE",
			row: func(i client.ConsentImport) []string {
				return []string{
					i.ID.String(), i.Name, i.State, fmt.Sprint(i.Checked.Lines), fmt.Sprint(i.Written.Written), fmt.Sprint(i.Checked.Faulty), i.CreatedAt.Format("2006-01-02 15:04"),
				}
			},
			empty: "Nothing was imported yet.",
		}.print(s, page)
	})
}

func (v *verbs) consentRunImport() *cobra.Command {
	var how client.ImportRun
	cmd := v.ofImport("run-import IMPORT", "Write an import that was read through to the ledger, or go on with one that was stopped", func(ctx context.Context, s *session, id uuid.UUID) error {
		return s.runImport(ctx, id, how)
	})
	runFlags(cmd, &how)
	return cmd
}

func (v *verbs) consentStopImport() *cobra.Command {
	cmd := v.ofImport("stop-import IMPORT", "Write no more of an import; what is written stays", func(ctx context.Context, s *session, id uuid.UUID) error {
		stopped, err := s.StopConsentImport(ctx, id)
		if err != nil {
			return err
		}
		return s.showImport(stopped)
	})
	cmd.Long = cmd.Short + `. Nothing takes it out of the ledger again. Of the lines that are not written nothing counts, not even who has withdrawn.

docket consent run-import goes on where it was stopped, and writes no line twice; docket consent drop-import gives the rest up. The file of one that nobody goes on with for a week is gone.`
	return cmd
}

func (v *verbs) consentDropImport() *cobra.Command {
	return v.ofImport("drop-import IMPORT", "Give up an import that was not run, or was stopped; its file goes", func(ctx context.Context, s *session, id uuid.UUID) error {
		dropped, err := s.DropConsentImport(ctx, id)
		if err != nil {
			return err
		}
		return s.showImport(dropped)
	})
}

// ofImport is a command about an import that is named by its id.
func (v *verbs) ofImport(use, short string, do func(context.Context, *session, uuid.UUID) error) *cobra.Command {
	return v.online(use, short, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := uuid.Parse(args[0])
		if err != nil {
			return fmt.Errorf("%q is no id of an import; docket consent imports lists them", args[0])
		}
		return do(ctx, s, id)
	})
}
