package objects

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// What entries take, by Amazon's reference of S3's API: tags 256 characters of letters, digits, blanks and _.:/=+-@, metadata 2 KB in all, in ASCII
// where it is to arrive as it was sent.
const (
	longestTag      = 256
	longestMetadata = 1024
)

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// Able refuses what an object can't bear.
func (s source) Able(_ context.Context, t *records.Table, o *erasure.Order) error {
	for _, m := range slices.Concat(o.Masks, o.Trim, o.Parts) {
		decl, ok := t.Decl.At(m.Path)
		if !ok {
			continue // it is said elsewhere
		}
		f := t.FieldOf(m.Path, decl)
		if err := s.bears(f, m); err != nil {
			return err
		}
	}
	return nil
}

// bears says what keeps a mask from a field.
func (s source) bears(f *records.Field, m erasure.Mask) error {
	switch at := f.At; {
	case at[0] == "filled" && m.Treatment != erasure.Null:
		return refused(f, "content that is no JSON can only be emptied", "treat it with null, or delete the objects")
	case at[0] == "of" || at[0] == dataset.StoreKey:
		return refused(f, "it stands in the objects' keys, which can't be changed", "delete the objects")
	case at[0] == dataset.StoreSize || at[0] == dataset.StoreModified || at[0] == dataset.StoreContentType:
		return refused(f, "the store gives it, and it can't be changed", "leave it out of the order")
	case at[0] == dataset.StoreTags:
		return entry(f, m, longestTag, tagText.MatchString, "a tag takes 256 letters, digits, blanks and _.:/=+-@")
	case at[0] == dataset.StoreMetadata:
		return entry(f, m, longestMetadata, sendable, "metadata takes 1,024 signs that can be printed")
	}
	return nil
}

// entry looks whether what is written fits into an entry.
func entry(f *records.Field, m erasure.Mask, longest int, takes func(string) bool, rule string) error {
	value := m.Value + m.Suffix
	if m.Treatment == erasure.Shape && f.At[0] == dataset.StoreTags {
		return nil // what has the form of a tag is one
	}
	if utf8.RuneCountInString(value) > longest || !takes(value) {
		return refused(f, "the value can't be written there: "+rule, "give another value")
	}
	return nil
}

// sendable reports whether a text can be sent as a header.
func sendable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

func refused(f *records.Field, what, do string) error {
	return &connectors.Error{Code: connectors.ErrType, Where: f.Where(), What: what, Do: do}
}
