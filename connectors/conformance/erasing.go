package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// System is the test's own way into the system under test, past the connector.
type System interface {
	// Texts reads a whole table, in any order: each row's values as texts in the order of the table's columns, nil for null. Truth values are
	// true and false, numbers as the system writes them, days 2006-01-02, moments 2006-01-02 15:04:05 and more in UTC, bytes hexadecimal,
	// documents and lists JSON.
	Texts(t *testing.T, table Table) [][]*string
}

// OpenErasing fills a new system with a setup and returns an eraser on it that may write, and the way past it.
type OpenErasing func(t *testing.T, s Setup) (connectors.Eraser, System)

// Traits say what a kind of system can't know, so that less is expected of it, and nothing less careful.
type Traits struct {
	// Blind systems have no catalogue: what lies in them beside the annotation, and what refers to what, is not known. Rows that are only pointed at
	// are somebody else's there, until somebody claims them, and whatever keeps a row from being deleted has no name.
	Blind bool
	// Loose systems know of nothing that refers to something: a row is deleted whatever refers to it.
	Loose bool
	// Coarse systems keep numbers in binary and moments in milliseconds: of decimals the zeros at the end are lost there, and what goes beyond 15 digits.
	Coarse bool
}

// decimal is a number that the system can keep; fraction one that stands in a document.
func (t Traits) decimal() string {
	if t.Coarse {
		return "1234567890.25"
	}
	return "12345678901234567890.0100"
}

func (t Traits) fraction() string {
	if t.Coarse {
		return "1.25"
	}
	return "1.10"
}

// moment has as many digits behind the second as the system keeps.
func (t Traits) moment() time.Time {
	at := time.Date(2026, 3, 29, 1, 30, 0, 123456000, time.UTC)
	if t.Coarse {
		return at.Truncate(time.Millisecond)
	}
	return at
}

func traitsOf(of []Traits) Traits {
	if len(of) > 0 {
		return of[0]
	}
	return Traits{}
}

// erasingBench is one test's system.
type erasingBench struct {
	Traits
	Setup
	connectors.Eraser
	System
}

// RunErasing runs every test of the contract to erase, each on a system of its own.
func RunErasing(t *testing.T, open OpenErasing, of ...Traits) {
	traits := traitsOf(of)
	for name, test := range map[string]func(*testing.T, *erasingBench){
		"test finds nothing wrong":                         func(t *testing.T, b *erasingBench) { require.NoError(t, b.Test(t.Context())) },
		"the structure is described":                       testStructure,
		"a survey counts and changes nothing":              testSurvey,
		"others' rows stay as they are":                    testOthersStay,
		"a second erasure changes nothing":                 testIdempotent,
		"roots and keys stand in for what was masked":      testRoots,
		"a stop after any batch resumes to the same end":   testEraseResume,
		"the ledger is told in order and passed over":      testLedger,
		"batches are bounded":                              testBatches,
		"days tell rows apart":                             testDays,
		"rows that stay are trimmed":                       testTrim,
		"rows without a day stay, and are trimmed":         testTrimWithoutDays,
		"single elements are taken out of others' rows":    testPartRows,
		"claimed rows are the person's":                    testClaimed,
		"rows that others refer to are theirs too":         testShared,
		"rows that another system points at are others'":   testHandedPointers,
		"keys are read from own rows only":                 testOwnKeys,
		"a foreign key refuses and is named":               testConstraint,
		"what can't be done is refused before any change":  testRefusedFirst,
		"a member leaves the others of its document alone": testMembers,
		"tokens are told from values":                      testTokens,
		"nobody found changes nothing":                     testEraseNobody,
		"errors hold no values":                            testCleanErrors,
		"a cancelled context stops the erasure":            testEraseCancel,
		"fields are set, also where there was nothing":     testSetting,
		"a correction writes over one value only":          testCorrecting,
		"a zero character is neither sought nor written":   testZero,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, openErasing(t, open, traits, erasingSetup(t, traits)))
		})
	}
	for _, test := range treatments(t) {
		t.Run(fmt.Sprintf("the treatment %s of %s", test.mask.Treatment, strings.Join(test.mask.Path, ".")), func(t *testing.T) {
			t.Parallel()
			openErasing(t, open, traits, fewer(erasingSetup(t, traits))).treat(t, test.mask, test.is)
		})
	}
}

// fewer leaves some rows of each large table, the person's and others': of how many there are a treatment of another table's field knows nothing.
func fewer(s Setup) Setup {
	const some = 6
	for i := range s.Tables {
		if rows := s.Tables[i].Rows; len(rows) > 3*some {
			s.Tables[i].Rows = rows[:some]
		}
	}
	return s
}

func openErasing(t *testing.T, open OpenErasing, traits Traits, s Setup) *erasingBench {
	t.Helper()
	e, system := open(t, s)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return &erasingBench{Traits: traits, Setup: s, Eraser: e, System: system}
}

// secret is the case's.
var secret = []byte("0123456789abcdef0123456789abcdef")

// errand is about the person, with so many orders.
func (b *erasingBench) errand(t *testing.T, orders ...erasure.Order) connectors.Errand {
	t.Helper()
	return connectors.Errand{Selection: selection(t, b.Datasets), Orders: orders, Secret: secret}
}

// order is one for a collection of the fixture.
func order(name string, o erasure.Order) erasure.Order {
	o.Address = at(name)
	return o
}

// mask is one of a field's; members are parted by dots.
func mask(path string, t erasure.Treatment) erasure.Mask {
	return erasure.Mask{Path: strings.Split(path, "."), Treatment: t}
}

// everything erases all that is the person's, in an order that the foreign keys allow.
func everything() []erasure.Order {
	taken := func(path string) erasure.Mask {
		m := mask(path, erasure.Null)
		m.Elements = true
		return m
	}
	address := mask("email", erasure.KeyedHash)
	address.Suffix = "@erased.invalid"
	fixed := mask("tags", erasure.Null)
	return []erasure.Order{
		order("threads", erasure.Order{Delete: true, Parts: []erasure.Mask{taken("readers"), taken("doc.members")}}),
		order("visits", erasure.Order{Delete: true}),
		order("cards", erasure.Order{Masks: []erasure.Mask{mask("number", erasure.Hash)}}),
		order("addresses", erasure.Order{Masks: []erasure.Mask{mask("street", erasure.Null)}}),
		order("orders", erasure.Order{Masks: []erasure.Mask{mask("recipient", erasure.Shape), mask("remark", erasure.Null)}}),
		order("customers", erasure.Order{Masks: []erasure.Mask{address, mask("name", erasure.Shape), mask("code", erasure.Generalise), mask("score", erasure.Generalise),
			mask("visits", erasure.Null), mask("born", erasure.Generalise), mask("joined", erasure.Generalise), mask("active", erasure.Null), mask("avatar", erasure.Null),
			mask("settings.theme", erasure.Null), mask("settings.phones.number", erasure.Hash), fixed, mask("note", erasure.KeyedHash)}}),
	}
}

// known stands in for what the erasure masks on its way: the accounts' keys, and the rows themselves.
func known(e connectors.Errand) connectors.Errand {
	set := func(collection, field string, values ...string) connectors.KeySet {
		return connectors.KeySet{Field: dataset.FieldAddress{Address: at(collection), Path: []string{field}}, Values: values}
	}
	e.Keys = []connectors.KeySet{set("customers", "id", "1", "2"), set("orders", "address_id", "1", "2", "3"), set("orders", "card_id", "11", "13")}
	e.Roots = []connectors.KeySet{set("customers", "id", "1", "2")}
	return e
}

// erase carries orders out and expects that it works.
func (b *erasingBench) erase(t *testing.T, e connectors.Errand) *Ledger {
	t.Helper()
	l := NewLedger()
	require.NoError(t, b.Erase(t.Context(), e, l))
	return l
}

// surveyed counts for an errand.
func (b *erasingBench) surveyed(t *testing.T, e connectors.Errand) map[string]connectors.Survey {
	t.Helper()
	surveys, err := b.Survey(t.Context(), e)
	require.NoError(t, err)
	require.Len(t, surveys, len(e.Orders))
	out := map[string]connectors.Survey{}
	for i, s := range surveys {
		require.Equal(t, e.Orders[i].Address, s.Address)
		out[s.Collection] = s
	}
	return out
}

// table finds one of the fixture's.
func (b *erasingBench) table(name string) Table {
	return b.Tables[slices.IndexFunc(b.Tables, func(t Table) bool { return t.Name == name })]
}

// column reads one column by the first, for rows of a table with a key.
func (b *erasingBench) column(t *testing.T, table, column string) map[string]*string {
	t.Helper()
	of := b.table(table)
	i := slices.IndexFunc(of.Columns, func(c Column) bool { return c.Name == column })
	out := map[string]*string{}
	for _, row := range b.Texts(t, of) {
		out[*row[0]] = row[i]
	}
	return out
}

// dump writes the whole system, row by row.
func (b *erasingBench) dump(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, table := range b.Tables {
		for _, row := range b.Texts(t, table) {
			line := table.Name
			for _, v := range row {
				if v == nil {
					line += " null"
				} else {
					line += fmt.Sprintf(" %q", *v)
				}
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

// others are the lines of a dump that no erasure of the person's touches.
func others(dump []string) []string {
	return slices.DeleteFunc(slices.Clone(dump), func(line string) bool {
		for _, mine := range []string{`customers "1"`, `customers "2"`, `cards "11"`, `cards "12"`, `addresses "1"`, "threads", `visits "ana`} {
			if strings.HasPrefix(line, mine) {
				return !strings.HasPrefix(line, `threads "5"`) && !strings.HasPrefix(line, `threads "6"`)
			}
		}
		return strings.HasPrefix(line, "orders") && strings.Fields(line)[2] != strconv.Quote(strconv.Itoa(neighbourID))
	})
}
