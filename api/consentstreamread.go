package api

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/privacy-docket/docket/casework/consentcsv"
)

// The bounds of a line of a list: in bytes of the line, and in characters of its address.
const (
	longestListLine    = 16 << 10
	longestListAddress = 320
)

// streamIdle is how long nothing may come of a list, or nothing of the answer be taken, until the stream ends.
const streamIdle = 60 * time.Second

// listLine is a line of a list: an address, or what is wrong with it.
type listLine struct {
	number  int
	address string
	fault   string
}

// lister reads a list line by line; io.EOF at its end, and a *listError where the rest of it can't be read.
type lister interface{ next() (listLine, error) }

// listError says why the rest of a list can't be read, in words for whoever sent it.
type listError struct{ problem string }

func (e *listError) Error() string { return e.problem }

// listKind is how a list is written.
func listKind(contentType string) (string, error) {
	if contentType == "" {
		return "text/plain", nil
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if charset := params["charset"]; err != nil || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return "", problem(http.StatusUnsupportedMediaType, "media-type", "The list must be written in UTF-8.")
	}
	return kind, nil
}

func openList(from io.Reader, kind, column string) (lister, error) {
	if kind == "text/csv" {
		rows, err := consentcsv.Open(from, consentcsv.Mapping{Address: column, Kind: "given"}, time.UTC)
		return &csvList{rows}, listProblem(err)
	}
	lines := &plainList{from: bufio.NewReaderSize(from, longestListLine)}
	if kind == ndjsonType {
		lines.parse = jsonAddress
	}
	return lines, nil
}

// plainList has an address on each line, or what parse makes of it.
type plainList struct {
	from   *bufio.Reader
	parse  func([]byte) (address, fault string)
	number int
	ended  bool
}

func (l *plainList) next() (listLine, error) {
	for !l.ended {
		line, err := l.from.ReadSlice('\n')
		l.number++
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return listLine{}, &listError{fmt.Sprintf("line %d is longer than %d KB: have one address on each line, with line breaks between them", l.number, longestListLine>>10)}
		case errors.Is(err, io.EOF):
			l.ended = true
		case err != nil:
			return listLine{}, listProblem(err)
		}
		if l.number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return l.read(line), nil
		}
	}
	return listLine{}, io.EOF
}

func (l *plainList) read(line []byte) listLine {
	address, fault := string(line), ""
	if l.parse != nil {
		address, fault = l.parse(line)
	}
	return checkedLine(l.number, address, fault)
}

// checkedLine looks at what can be seen of an address without the register.
func checkedLine(number int, address, fault string) listLine {
	switch {
	case fault != "":
	case !utf8.ValidString(address) || strings.ContainsRune(address, 0):
		fault = "is not written in UTF-8"
	case utf8.RuneCountInString(address) > longestListAddress:
		fault = fmt.Sprintf("is longer than %d characters", longestListAddress)
	case address == "":
		fault = "has no address"
	}
	if fault != "" {
		address = ""
	}
	return listLine{number: number, address: address, fault: fault}
}

func jsonAddress(line []byte) (address, fault string) {
	if line[0] == '"' {
		if json.Unmarshal(line, &address) != nil {
			return "", "is no JSON string"
		}
		return address, ""
	}
	var object struct{ Address *string }
	if json.Unmarshal(line, &object) != nil || object.Address == nil {
		return "", `is neither a JSON string nor an object with "address"`
	}
	return *object.Address, ""
}

// csvList has the addresses in a column.
type csvList struct{ rows *consentcsv.Reader }

func (l *csvList) next() (listLine, error) {
	row, err := l.rows.Next()
	if err != nil {
		return listLine{}, listProblem(err)
	}
	fault := ""
	if row.Fault != nil {
		fault = row.Fault.Problem
	}
	return checkedLine(row.Number, row.Address, fault), nil
}

// listProblem words why a list can't be read on.
func listProblem(err error) error {
	var head *consentcsv.HeadError
	switch {
	case err == nil, errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case errors.As(err, &head):
		return &listError{head.Problem}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &listError{fmt.Sprintf("nothing of the list came for %s: send what is left of it in another call", streamIdle)}
	}
	return &listError{"the list broke off: what came of it is answered"}
}
