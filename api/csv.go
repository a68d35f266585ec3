package api

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
)

// sheet writes CSV (RFC 4180) that programs for tables open. A value that one of them would take for a formula is given as text.
type sheet struct{ to *csv.Writer }

func newSheet(to io.Writer) sheet {
	w := csv.NewWriter(to)
	w.UseCRLF = true
	return sheet{to: w}
}

func (s sheet) row(values ...string) error {
	for i, v := range values {
		values[i] = noFormula(v)
	}
	if err := s.to.Write(values); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// end hands over what was written.
func (s sheet) end() error {
	s.to.Flush()
	if err := s.to.Error(); err != nil {
		return fmt.Errorf("write the rows: %w", err)
	}
	return nil
}

func noFormula(v string) string {
	if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
		return "'" + v
	}
	return v
}

func momentText(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
