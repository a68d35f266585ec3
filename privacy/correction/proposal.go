package correction

import (
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Proposal is one value that is to become another, in every row of the person that has it.
type Proposal struct {
	System string `json:"system"`
	dataset.Address
	Field string `json:"field"`
	// Was is what the rows say, nil where they say nothing; Becomes is what they are to say.
	Was     *string `json:"was"`
	Becomes *string `json:"becomes"`
}

// CodeCorrection says that a correction can't be made as it is proposed.
const CodeCorrection privacy.RuleCode = "correction"

func refused(format string, args ...any) error {
	return &privacy.RuleError{Code: CodeCorrection, Message: fmt.Sprintf(format, args...)}
}

// Fits looks at a proposal beside what was found. The error is a *privacy.RuleError that says what to do, and quotes no value.
func (f Field) Fits(p Proposal) error {
	switch {
	case same(p.Was, p.Becomes):
		return refused("%s: the correction says what is there already; give another value", f.Name)
	case f.Rows(p.Was) == 0 && p.Was == nil:
		return refused("%s has a value in all of the person's rows; name the one that is wrong", f.Name)
	case f.Rows(p.Was) == 0:
		return refused("%s has no such value in the person's rows; name one of those that were found, letter for letter", f.Name)
	case p.Becomes == nil && f.Required:
		return refused("%s has to have a value; say which", f.Name)
	case p.Becomes == nil || f.Manual != "":
		return nil
	}
	return f.takes(*p.Becomes)
}

// takes says whether a value can stand in the field. The system has the last word when it is written.
func (f Field) takes(value string) error {
	n := utf8.RuneCountInString(value)
	switch {
	case !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || turns(r) }):
		return refused("%s: the new value has signs in it that no keyboard enters; take them out", f.Name)
	case n > Longest:
		return refused("%s: the new value has more than %d characters; correct it in the system", f.Name, Longest)
	case f.Length > 0 && n > f.Length:
		return refused("%s: the new value has %d characters and the field takes %d; shorten it", f.Name, n, f.Length)
	}
	wrong := map[dataset.ColumnKind]string{
		dataset.ColumnNumber: "a number, such as 12 or 12.50", dataset.ColumnBool: "true or false", dataset.ColumnDate: "a date, such as 1980-12-31",
		dataset.ColumnMoment: "a moment, such as 2026-03-29T01:30:00Z", dataset.ColumnUUID: "a UUID",
	}[f.Kind]
	if wrong != "" && !reads(f.Kind, value) {
		return refused("%s: the new value must be %s", f.Name, wrong)
	}
	if f.Kind == dataset.ColumnNumber {
		if why := room(f.Type, value); why != "" {
			return refused("%s: the new value %s", f.Name, why)
		}
	}
	return nil
}

// turns says of a sign that it turns the direction of what follows, so that a value reads other than it is (Unicode TR 36).
func turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

func reads(kind dataset.ColumnKind, value string) bool {
	var err error
	switch kind {
	case dataset.ColumnNumber:
		_, ok := new(big.Float).SetString(value)
		return ok && !strings.ContainsAny(value, "xXpP_iI")
	case dataset.ColumnBool:
		return value == "true" || value == "false"
	case dataset.ColumnDate:
		_, err = time.Parse(time.DateOnly, value)
	case dataset.ColumnMoment:
		if _, err = time.Parse(time.RFC3339, value); err != nil {
			_, err = time.Parse("2006-01-02T15:04:05", value)
		}
	case dataset.ColumnUUID:
		_, err = uuid.Parse(value)
	}
	return err == nil
}

// Together looks at proposals that are carried out together: none may undo or repeat another.
func Together(all []Proposal) error {
	for i, p := range all {
		for j, o := range all {
			if i == j || p.System != o.System || p.Address != o.Address || p.Field != o.Field {
				continue
			}
			switch {
			case same(p.Was, o.Was):
				return refused("%s: two corrections are of the same value; take one back", p.Field)
			case same(p.Becomes, o.Was):
				return refused("%s: what one correction writes another would write over; carry them out one after the other", p.Field)
			}
		}
	}
	return nil
}
