package connectors

import (
	"strings"

	"github.com/privacy-docket/docket/privacy/erasure"
)

// HoldsZero reports whether a text of a mask holds a zero character. PostgreSQL's texts can't (its manual, section 8.3), others' can and end there for many programs;
// and nobody could be found by such a value again. So no kind writes one, or looks for one.
func HoldsZero(m erasure.Mask) bool {
	return strings.ContainsRune(m.Value, 0) || strings.ContainsRune(m.Suffix, 0) || m.Only != nil && strings.ContainsRune(*m.Only, 0)
}
