package packaging

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/privacy-docket/docket/connectors"
)

// maxValueFiles is how many values of a package become files of their own; Verify opens no more than MaxFiles. Those behind stay in the data, as base64.
const maxValueFiles = MaxFiles / 2

// unpacked are the names of the files that a collection's values went into, by part.
type unpacked []partFiles

// partFiles are those of a part: by row, then by column.
type partFiles map[int]map[int]string

func (u unpacked) of(part int) partFiles {
	if part >= len(u) {
		return nil
	}
	return u[part]
}

// unpack writes the binary values of file columns as files. A value that was redacted is none any more.
func (b *builder) unpack(ctx context.Context, s System, c Collection) (unpacked, error) {
	var columns []int
	for i, column := range c.Columns {
		if column.File && column.Beyond == "" {
			columns = append(columns, i)
		}
	}
	if len(columns) == 0 {
		return nil, nil
	}
	out := make(unpacked, len(c.Parts))
	folder := "files/" + slug(s.Key) + "/" + slug(c.Name)
	for n, part := range c.Parts {
		out[n] = partFiles{}
		red := newRedactor(b.contents, s, c, b.marker)
		row := -1
		err := part.Rows(func(values Row) error {
			row++
			if err := ctx.Err(); err != nil {
				return err
			}
			if len(values) != len(c.Columns) {
				return fmt.Errorf("a row has %d values for %d columns", len(values), len(c.Columns))
			}
			kept, ok := red.apply(values)
			if !ok {
				return nil
			}
			return b.unpackRow(folder, s, c, columns, kept, func(column int, name string) {
				if out[n][row] == nil {
					out[n][row] = map[int]string{}
				}
				out[n][row][column] = name
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (b *builder) unpackRow(folder string, s System, c Collection, columns []int, row Row, note func(column int, name string)) error {
	for _, i := range columns {
		if row[i].Kind() != connectors.KindBytes || b.files == maxValueFiles {
			continue
		}
		b.files++
		stem, extension := fileName(c.Columns, i, row)
		f := File{Name: b.names.claim(folder, fmt.Sprintf("%d-%s", b.files, stem), extension), Type: "application/octet-stream", System: s.Key, Collection: c.Name}
		err := b.archive.add(f, func(w io.Writer) error {
			_, err := io.WriteString(w, row[i].Raw())
			return err
		})
		if err != nil {
			return err
		}
		note(i, f.Name)
	}
	return nil
}

// maxExtension is how long what stands behind a name's last dot may be to be kept as it is: programs go by it.
const maxExtension = 10

// fileName is what a file was called, without the folders around it.
func fileName(columns []Column, i int, row Row) (stem, extension string) {
	stem = columns[i].Name
	for _, named := range indexesOf(columns, columns[i].Named) {
		if columns[named].Beyond != "" {
			continue // what the right does not reach is in no name either
		}
		if base := path.Base(row[named].String()); strings.Trim(base, "./") != "" {
			stem = base
		}
	}
	if dot := path.Ext(stem); len(dot) > 1 && len(dot) <= maxExtension && slug(dot[1:]) == dot[1:] && len(dot) < len(stem) {
		return strings.TrimSuffix(stem, dot), dot
	}
	return stem, ""
}

// pointing puts the names of files in place of the values that went into them. The row that is given is not changed.
func (l *lane) pointing(row Row, at int) Row {
	names := l.files[at]
	if names == nil {
		return row
	}
	l.named = append(l.named[:0], row...)
	for column, name := range names {
		l.named[column] = connectors.Text(name)
	}
	return l.named
}
