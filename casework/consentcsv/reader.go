package consentcsv

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// Line is a line of a list, as its mapping reads it.
type Line struct {
	// Number is that of the line in the file, from 1.
	Number   int
	Address  string
	Kind     consent.Kind
	At       time.Time // zero where the list has no moments
	Relation privacy.ConsentEvent
	Country  string
	Language string
	Source   string
	IP, URL  string
	Evidence map[string]string
	// Skipped says that the mapping leaves the line out.
	Skipped bool
	// Fault is what is wrong with the line; nothing of it is to be written then.
	Fault *Fault
	// Over is what else a line says that came with a business; nil for others.
	Over *Transferred
}

// Transferred is what a line of a transfer says of itself, and a list says once for all.
type Transferred struct {
	Purpose, Channel          string
	Day                       privacy.Date
	Zone                      string
	NoSolicitation, Refusable bool
	UserAgent, Note           string
}

// Fault is what is wrong with a line. It repeats nothing of what stands there.
type Fault struct{ Field, Problem string }

// HeadError says that a list can't be read at all.
type HeadError struct {
	Problem string
	// Columns are those of the list, in its order, where one is missing that was named.
	Columns []string
}

func (e *HeadError) Error() string { return e.Problem }

// longestLine bounds what is held in memory of one line, in bytes.
const longestLine = 64 << 10

// Reader reads a list line by line.
type Reader struct {
	mapping Mapping
	zone    *time.Location
	csv     *csv.Reader
	limit   *limited
	places  map[string]int
	columns int
}

// Open reads the first line of a list, which names its columns. zone is that of moments that say none. Errors are *HeadError for a list that can't be read.
func Open(file io.Reader, m Mapping, zone *time.Location) (*Reader, error) {
	if m.Zone != "" {
		own, err := time.LoadLocation(m.Zone)
		if err != nil {
			return nil, &HeadError{Problem: "the zone of the mapping is not known"}
		}
		zone = own
	}
	limit := &limited{from: bufio.NewReaderSize(file, longestLine)}
	head, err := limit.from.Peek(longestLine)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	if strings.HasPrefix(string(head), "\ufeff") {
		_, _ = limit.from.Discard(3) // it was peeked at
		head = head[3:]
	}
	r := &Reader{mapping: m, zone: zone, limit: limit, csv: csv.NewReader(limit)}
	r.csv.Comma = delimiter(m.Delimiter, head)
	r.csv.ReuseRecord, r.csv.FieldsPerRecord = true, -1
	return r, r.readHead()
}

// limited ends a list of which one line is too long.
type limited struct {
	from *bufio.Reader
	line int // bytes since the last line break
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.from.Read(p[:min(len(p), 4096)])
	for _, b := range p[:n] {
		if b == '\n' {
			l.line = 0
		} else {
			l.line++
		}
	}
	if l.line > longestLine {
		return n, &HeadError{Problem: fmt.Sprintf("a line is longer than %d KB: is something else than a list of lines in the file, or is a quotation mark open?", longestLine>>10)}
	}
	return n, err
}

// delimiter is what the mapping says, or what stands most often in the first line.
func delimiter(said string, head []byte) rune {
	switch said {
	case "comma":
		return ','
	case "semicolon":
		return ';'
	case "tab":
		return '\t'
	}
	first, _, _ := strings.Cut(string(head), "\n")
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(d)); n > most {
			best, most = d, n
		}
	}
	return best
}

func (r *Reader) readHead() error {
	record, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return &HeadError{Problem: "the file is empty: its first line names the columns"}
	}
	if err != nil {
		return readError(err)
	}
	r.places, r.columns = map[string]int{}, len(record)
	var names []string
	for i, name := range record {
		if name = strings.Clone(strings.TrimSpace(name)); name != "" {
			if _, twice := r.places[name]; twice && slices.Contains(r.mapping.columns(), name) {
				return &HeadError{Problem: fmt.Sprintf("the column %q is there twice", name)}
			}
			r.places[name], names = i, append(names, name)
		}
	}
	for _, c := range r.mapping.columns() {
		if _, there := r.places[c]; !there {
			return &HeadError{Problem: fmt.Sprintf("there is no column %q; those of the file are: %s", c, strings.Join(slices.Sorted(maps.Keys(r.places)), ", ")), Columns: names}
		}
	}
	return nil
}

func readError(err error) error {
	var head *HeadError
	var parse *csv.ParseError
	switch {
	case errors.As(err, &head):
		return head
	case errors.As(err, &parse):
		return &HeadError{Problem: fmt.Sprintf("line %d can't be read: %s. From there on nobody knows where a line begins", parse.StartLine, parse.Err)}
	}
	return fmt.Errorf("read the list: %w", err)
}

// Next reads the next line; io.EOF at the end. Errors are *HeadError where the rest of the list can't be read.
func (r *Reader) Next() (Line, error) {
	record, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return Line{}, io.EOF
	}
	if err != nil {
		return Line{}, readError(err)
	}
	number, _ := r.csv.FieldPos(0)
	line := Line{Number: number}
	if len(record) != r.columns {
		line.Fault = &Fault{"line", fmt.Sprintf("has %d columns, and the first line has %d", len(record), r.columns)}
		return line, nil
	}
	r.fill(&line, record)
	return line, nil
}

// value is that of a column; "" where the mapping names none.
func (r *Reader) value(record []string, column string) string {
	if column == "" {
		return ""
	}
	return strings.TrimSpace(record[r.places[column]])
}

func (r *Reader) fill(l *Line, record []string) {
	m := r.mapping
	for _, v := range record {
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			l.Fault = &Fault{"line", "is not written in UTF-8"}
			return
		}
	}
	l.Address, l.Kind = r.value(record, m.Address), consent.Kind(m.Kind)
	if l.Address == "" {
		l.Fault = &Fault{"address", "is empty"}
		return
	}
	if m.KindColumn != "" {
		var ok bool
		if l.Kind, l.Skipped, ok = m.kind(r.value(record, m.KindColumn)); !ok {
			l.Fault = &Fault{"kind", "has a word that the mapping does not translate (kinds)"}
			return
		}
	}
	l.Country, l.Language, l.Source = r.value(record, m.Country), r.value(record, m.Language), r.value(record, m.SourceColumn)
	l.IP, l.URL = r.value(record, m.IP), r.value(record, m.URL)
	if l.Country == "" {
		l.Country = m.DefaultCountry
	}
	if l.Kind.Relates() {
		l.Relation = privacy.ConsentEvent(m.Relation + r.value(record, m.RelationColumn))
	}
	for _, c := range m.Evidence {
		if v := r.value(record, c); v != "" {
			if l.Evidence == nil {
				l.Evidence = map[string]string{}
			}
			l.Evidence[c] = v
		}
	}
	l.Fault = r.moment(l, r.value(record, m.At))
	if l.Fault == nil && l.Country != "" && !isCountry(l.Country) {
		l.Fault = &Fault{"country", "is no country: two capital letters (ISO 3166-1), such as CA"}
	}
}

// moment reads when it happened.
func (r *Reader) moment(l *Line, said string) *Fault {
	if r.mapping.At == "" {
		return nil
	}
	if r.mapping.AtLayout == "unix" {
		seconds, err := strconv.ParseInt(said, 10, 64)
		if err != nil {
			return &Fault{"at", "is no number of seconds"}
		}
		l.At = time.Unix(seconds, 0)
		return nil
	}
	at, err := time.ParseInLocation(layouts()[r.mapping.AtLayout], said, r.zone)
	if err != nil {
		return &Fault{"at", "is not written as the mapping says (at_layout)"}
	}
	l.At = at
	return nil
}

func isCountry(c string) bool {
	return len(c) == 2 && c[0] >= 'A' && c[0] <= 'Z' && c[1] >= 'A' && c[1] <= 'Z'
}
