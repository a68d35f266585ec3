package postgres

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// Comparable takes nothing for the same that the server wouldn't compare by itself.
func (dialect) Comparable(a, b relational.Class) bool {
	numeric := func(c relational.Class) bool { return c == relational.ClassInt || c == relational.ClassNumber }
	return a == b || a == relational.ClassMember || b == relational.ClassMember || numeric(a) && numeric(b)
}

// Differ compares null with null.
func (dialect) Differ(a, b string) string { return fmt.Sprintf("(%s) IS DISTINCT FROM (%s)", a, b) }

// Exactly writes a value as a text.
func (dialect) Exactly(_ column, expr string) string { return expr + "::text" }

// Keyed leaves a value as it is.
func (dialect) Keyed(_ column, expr string) string { return expr }

// Given hands values over as one list of texts.
func (dialect) Given(q *relational.Query, g relational.Given) (relational.Keys, error) {
	values, err := relational.Usable(g, func(c relational.Class, text string) (string, bool) {
		if c != relational.ClassInt {
			return text, true
		}
		_, err := strconv.ParseInt(text, 10, 64)
		return text, err == nil
	})
	if err != nil {
		return relational.Keys{}, err
	}
	return relational.Keys{Class: g.Field.Single().Class, Param: q.Arg(values), N: len(values), Fold: g.Fold}, nil
}

// foldedOneByOne is up to how many values are written one by one when case doesn't count, so that the server knows them when it chooses
// between an index and reading the table.
const foldedOneByOne = 16

// Match casts so that nothing is compared as text that is a number, and indexes stay usable.
func (dialect) Match(_ *relational.Query, value string, c column, k relational.Keys) string {
	if k.Fold && (c.Class == relational.ClassText || c.Class == relational.ClassMember) {
		return folded(value, k)
	}
	plain := func(typ string) bool { return typ == "text" || typ == "character varying" }
	asText := c.Class == relational.ClassMember || c.Class == relational.ClassText && !plain(c.Type) || k.Class == relational.ClassMember
	byText := asText || c.Class == relational.ClassText && !plain(k.Type) // the found values have a type of their own
	switch {
	case k.Param != "" && asText:
		return fmt.Sprintf("(%s)::text = ANY(%s::text[])", value, k.Param)
	case k.Param != "":
		return fmt.Sprintf("%s = ANY(%s::text[]::%s[])", value, k.Param, c.Type)
	case k.Setting != "" && byText:
		return fmt.Sprintf("(%s)::text = ANY((SELECT pg_catalog.current_setting('%s')::text[])::text[])", value, k.Setting)
	case k.Setting != "":
		return fmt.Sprintf("%s = ANY((SELECT pg_catalog.current_setting('%s')::text[]::%s[])::%s[])", value, k.Setting, k.Type, k.Type)
	case byText:
		return fmt.Sprintf("(%s)::text IN (SELECT v::text FROM %s)", value, k.CTE)
	default:
		return fmt.Sprintf("%s IN (SELECT v FROM %s)", value, k.CTE)
	}
}

// folded writes "value is among the keys" without regard to case.
func folded(value string, k relational.Keys) string {
	if k.N == 0 || k.N > foldedOneByOne {
		return fmt.Sprintf("lower((%s)::text) = ANY(ARRAY(SELECT lower(x) FROM unnest(%s::text[]) AS x))", value, k.Param)
	}
	each := make([]string, k.N)
	for i := range each {
		each[i] = fmt.Sprintf("lower((%s::text[])[%d])", k.Param, i+1)
	}
	return fmt.Sprintf("lower((%s)::text) = ANY(ARRAY[%s])", value, strings.Join(each, ", "))
}
