package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/client"
)

// show prints a thing as JSON, or as text by print.
func (s *session) show(thing any, print func(w io.Writer)) error {
	if s.json {
		encoder := json.NewEncoder(s.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(thing)
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	print(table)
	return table.Flush()
}

// say tells something to whoever reads along; in JSON there is no place for it.
func (s *session) say(format string, args ...any) {
	if !s.json {
		_, _ = fmt.Fprintf(s.out, format+"\n", args...) // a reader who has gone cannot be told
	}
}

// listing is how a list is printed.
type listing[T any] struct {
	head string // names of the columns, tab-separated
	row  func(T) []string
	// empty is said instead of an empty table: what would fill it.
	empty string
}

// print prints the list, and says when more follow.
func (l listing[T]) print(s *session, page client.Page[T]) error {
	if len(page.Items) == 0 && !s.json {
		_, err := fmt.Fprintln(s.errs, l.empty)
		return err
	}
	err := s.show(page, func(w io.Writer) {
		_, _ = fmt.Fprintln(w, l.head)
		for _, item := range page.Items {
			row(w, l.row(item)...)
		}
	})
	if err == nil && page.Next != "" {
		_, err = fmt.Fprintf(s.errs, "More follow: --all lists everything, --cursor %s goes on from here.\n", page.Next)
	}
	return err
}

// row writes a line of a table.
func row(w io.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.Join(strings.Fields(printable(cell)), " ")
		if cells[i] == "" {
			cells[i] = "-"
		}
	}
	_, _ = fmt.Fprintln(w, strings.Join(cells, "\t")) // it goes to a buffer; Flush reports what fails
}

// pairs writes a line for each name and value; lines without a value are left out.
func pairs(w io.Writer, pairs ...[2]string) {
	for _, p := range pairs {
		if p[1] != "" {
			row(w, p[0], p[1])
		}
	}
}

// printable takes out what could drive a terminal: people send us text, and it may hold anything.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func idText(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

func number[N int32 | int64](n *N) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
