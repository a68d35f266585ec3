package activities

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/seal"
)

// readAtOnce is how much of a part is taken in at a time, unless one row is longer.
const readAtOnce = 256 << 10

// readPart gives the columns and then each row of a sealed part to the callbacks. A row may be reused after its callback has
// returned; its values may be kept.
func readPart(sealed io.Reader, key *seal.StreamKey, name string, columns func([]connectors.Column), row func(connectors.Row) error) error {
	clear, err := key.Decrypt(sealed, name)
	if err != nil {
		return fmt.Errorf("open the part: %w", err)
	}
	first := true
	var values connectors.Row
	return eachLine(clear, func(line string) error {
		if first {
			first = false
			var head []connectors.Column
			if err := json.Unmarshal([]byte(line), &head); err != nil {
				return fmt.Errorf("read the part's columns: %w", err)
			}
			columns(head)
			return nil
		}
		var err error
		if values, err = connectors.ReadRow(line, values); err != nil {
			return fmt.Errorf("read a row of the part: %w", err)
		}
		return row(values)
	})
}

// eachLine gives every line of a part. Lines share one text with those around them, so that none costs memory of its own. A
// part that was cut short must not pass for a short one: its reader says so in place of its end.
func eachLine(r io.Reader, line func(string) error) error {
	buffer, held := make([]byte, readAtOnce), 0
	for {
		n, err := io.ReadFull(r, buffer[held:])
		whole := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !whole {
			return fmt.Errorf("read the part to its end: %w", err)
		}
		held += n
		end := bytes.LastIndexByte(buffer[:held], '\n') + 1
		if err := lines(string(buffer[:end]), line); err != nil {
			return err
		}
		held = copy(buffer, buffer[end:held])
		switch {
		case whole && held > 0:
			return errors.New("read the part to its end: the last line is not whole")
		case whole:
			return nil
		case held == len(buffer):
			buffer = append(buffer, make([]byte, len(buffer))...)
		}
	}
}

// lines gives the lines of a text that ends with one.
func lines(text string, line func(string) error) error {
	for start := 0; start < len(text); {
		end := start + strings.IndexByte(text[start:], '\n')
		if err := line(text[start:end]); err != nil {
			return err
		}
		start = end + 1
	}
	return nil
}
