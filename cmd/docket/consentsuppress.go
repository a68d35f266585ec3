package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/privacy/consent"
)

func (v *verbs) consentSuppress() *cobra.Command {
	var column string
	cmd := v.online("suppress FILE", "Keep the addresses of a list from being written to; nothing is kept of them but keyed hashes", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		in, err := s.openList(args[0])
		if err != nil {
			return err
		}
		all, err := suppressionsIn(in, column)
		if err = errors.Join(err, in.Close()); err != nil {
			return err
		}
		return suppress(ctx, s, all)
	})
	cmd.Long = cmd.Short + `. FILE has one e-mail address on a line, or is CSV whose first line names its columns, of which --address is that of the addresses; "-" is standard input.

This is for people of whom you may know nothing but that they are not to be written to: a list of those who were erased elsewhere, a national do-not-contact list. Whoever only
unsubscribed belongs in the ledger, with the day and the proof: docket consent import FILE --purpose '*'.

The list can't be read back, by nobody. docket consent suppressed looks up one address. docket limit end-suppression takes one off again.`
	cmd.Flags().StringVar(&column, "address", "", "the column of the addresses, where FILE is CSV")
	return cmd
}

func suppress(ctx context.Context, s *session, all []listed) error {
	out := client.SuppressionsAdded{}
	for some := range slices.Chunk(all, useListAtOnce) {
		list := client.SuppressionList{}
		for _, l := range some {
			list.Addresses = append(list.Addresses, l.address)
		}
		got, err := s.ImportSuppressions(ctx, list)
		if err != nil {
			return lined(err, some)
		}
		out.Given, out.Added = out.Given+got.Given, out.Added+got.Added
	}
	return s.show(out, func(w io.Writer) {
		row(w, fmt.Sprintf("%d addresses, %d of them not suppressed by a list before", out.Given, out.Added))
	})
}

// suppressionsIn reads a list with an address on each line, or a column of a CSV file, all of it before anything is sent.
func suppressionsIn(in io.Reader, column string) ([]listed, error) {
	if column == "" {
		return addressesIn(in)
	}
	rows, err := consentcsv.Open(in, consentcsv.Mapping{Address: column, Kind: string(consent.Given)}, time.UTC) // of each line only the address is read
	var head *consentcsv.HeadError
	if errors.As(err, &head) && head.Columns != nil {
		return nil, fmt.Errorf("the list has no column %q; it has %s", column, strings.Join(head.Columns, ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("the list can't be read: %w", err)
	}
	var all []listed
	for {
		row, err := rows.Next()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("the list can't be read: %w", err)
		case row.Fault != nil && row.Fault.Field != "address":
			return nil, fmt.Errorf("line %d %s", row.Number, row.Fault.Problem)
		case row.Fault != nil: // it has none
		case !isAddress(row.Address):
			return nil, fmt.Errorf("line %d has no e-mail address in the column %q", row.Number, column)
		default:
			all = append(all, listed{row.Number, row.Address})
		}
	}
}

func (v *verbs) consentSuppressed() *cobra.Command {
	var who client.Known
	cmd := v.online("suppressed --email ADDRESS", "Is exactly this address suppressed, since when and why?", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		got, err := s.SearchSuppressions(ctx, who)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) {
			row(w, yesNo(got.Suppressed))
			for _, f := range got.Suppressions {
				row(w, f.Kind, f.Reason, "since "+s.at(f.Since), endedWords(s, f))
			}
		})
	})
	cmd.Long = cmd.Short + " That it was asked is recorded.\n\n" + historyWarning
	knownFlags(cmd.Flags(), &who)
	return cmd
}

func endedWords(s *session, f client.Suppression) string {
	if f.EndedAt == nil {
		return ""
	}
	return "ended " + s.at(*f.EndedAt) + ": " + f.EndReason
}
