package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
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
	text := bufio.NewReader(in)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	rows := csv.NewReader(text)
	head, _ := text.Peek(4096)
	first, _, _ := strings.Cut(string(head), "\n")
	rows.Comma = separatorOf(first)
	names, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("the first line does not name columns: %w", err)
	}
	place := slices.Index(names, column)
	if place != lastIndex(names, column) {
		return nil, fmt.Errorf("the list has the column %q twice", column)
	}
	if place < 0 {
		return nil, fmt.Errorf("the list has no column %q; it has %s", column, strings.Join(names, ", "))
	}
	var all []listed
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the list can't be read: %w", err)
		}
		line, _ := rows.FieldPos(0)
		address := strings.TrimSpace(row[place])
		if address == "" {
			continue
		}
		if !isAddress(address) {
			return nil, fmt.Errorf("line %d has no e-mail address in the column %q", line, column)
		}
		all = append(all, listed{line, address})
	}
}

// lastIndex is the last place of a name.
func lastIndex(names []string, name string) int {
	for i := len(names) - 1; i >= 0; i-- {
		if names[i] == name {
			return i
		}
	}
	return -1
}

// separatorOf is what parts the columns of a line.
func separatorOf(line string) rune {
	best, most := ',', 0
	for _, r := range ",;\t" {
		if n := strings.Count(line, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
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
