package dataset_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// measured counts how a draft compares with what people annotated.
type measured struct {
	columns                         int // columns that people gave a category
	personal, found, guessed, right int // of personal data: what people say, what the draft says too, what the draft says at all, and rightly
	exact, near                     int // the same category; or one is the other's parent
	sure, sureExact                 int
	identities, identitiesFound     int
	identitiesGuessed               int
	tables, tablesRight             int // read or not, as people say
	wrong                           []string
}

func (m *measured) percent(part, whole int) int {
	if whole == 0 {
		return 100
	}
	return part * 100 / whole
}

// row writes what was measured as it stands in docs/datasets.md.
func (m *measured) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d %% | %d %% | %d %% | %d %% | %d %% | %d %% | %d %% | %d of %d |", name, m.columns, m.percent(m.right, m.guessed), m.percent(m.found, m.personal),
		m.percent(m.exact, m.columns), m.percent(m.near, m.columns), m.percent(m.sureExact, m.sure), m.percent(m.identitiesFound, m.identitiesGuessed), m.percent(m.identitiesFound, m.identities), m.tablesRight, m.tables)
}

// truthOf is what people annotated, written as in the made-up schema: the category, and the identity.
func truthOf(d dataset.Dataset) map[string]string {
	truth := map[string]string{}
	for _, c := range d.Collections {
		if c.Skip {
			truth[c.Name] = "-- not read"
		}
		for _, f := range c.Fields {
			if len(f.Categories) > 0 {
				truth[c.Name+"."+f.Name] = strings.TrimSpace(f.Categories[0] + " " + f.Identity)
			}
		}
	}
	return truth
}

func personal(category string) bool { return strings.HasPrefix(category, "user") }

func related(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// compare measures a draft against the truth, column by column.
func compare(draft dataset.Draft, truth map[string]string) *measured {
	m := &measured{}
	for _, c := range draft.Datasets[0].Collections {
		m.tables++
		if said := truth[c.Name] != ""; said == c.Skip {
			m.tablesRight++
		} else {
			m.wrong = append(m.wrong, fmt.Sprintf("%s: skipped %v", c.Name, c.Skip))
		}
		for _, f := range c.Fields {
			where := c.Name + "." + f.Name
			said, known := truth[where]
			if !known {
				continue
			}
			category, identity, _ := strings.Cut(said, " ")
			guessed := ""
			if len(f.Categories) > 0 {
				guessed = f.Categories[0]
			}
			unsure := slices.ContainsFunc(draft.Unsure, func(d dataset.Doubt) bool { return d.Where == where })
			m.count(where, category, guessed, !unsure)
			m.countIdentity(where, identity, f.Identity)
		}
	}
	return m
}

func (m *measured) count(where, category, guessed string, sure bool) {
	m.columns++
	if personal(category) {
		m.personal++
	}
	if personal(guessed) {
		m.guessed++
	}
	if personal(guessed) && personal(category) {
		m.found++
		m.right++
	}
	if sure {
		m.sure++
	}
	if guessed == category {
		m.exact++
		if sure {
			m.sureExact++
		}
	} else {
		m.wrong = append(m.wrong, fmt.Sprintf("%s: %s, and people say %s (sure: %v)", where, guessed, category, sure))
	}
	if related(guessed, category) && guessed != "" {
		m.near++
	}
}

func (m *measured) countIdentity(where, said, guessed string) {
	if said != "" {
		m.identities++
	}
	if guessed != "" {
		m.identitiesGuessed++
	}
	switch {
	case said == guessed && said != "":
		m.identitiesFound++
	case said != guessed:
		m.wrong = append(m.wrong, fmt.Sprintf("%s: identity %q, and people say %q", where, guessed, said))
	}
}

func TestDraftAgainstWhatPeopleSay(t *testing.T) {
	var rows []string
	for _, name := range []string{"shop", "crm", "surveys"} {
		s, _ := schemaOf(t, "../../deploy/sample/schema/"+name+".sql")
		text, err := os.ReadFile("../../deploy/sample/annotation/" + name + ".yml")
		require.NoError(t, err)
		said, err := dataset.Parse(name, text)
		require.NoError(t, err)
		m := compare(dataset.NewDraft(s, dataset.DraftOptions{Key: "sample_" + name}), truthOf(said[0]))
		rows = append(rows, m.row(name))
		t.Log(strings.Join(m.wrong, "\n"))
	}
	s, truth := schemaOf(t, "testdata/draft/broad.sql")
	m := compare(dataset.NewDraft(s, dataset.DraftOptions{Key: "broad"}), truth)
	t.Log(strings.Join(m.wrong, "\n"))
	rows = append(rows, m.row("broad"))
	t.Log("\n" + strings.Join(rows, "\n"))
	if path := os.Getenv("FIDES"); path != "" {
		s, _ := schemaOf(t, path+"/postgres_sample.sql")
		text, _ := os.ReadFile(path + "/postgres_example_test_dataset.yml")
		said, err := dataset.Parse("f", text)
		require.NoError(t, err)
		d := dataset.NewDraft(s, dataset.DraftOptions{Key: "fides"})
		m := compare(d, truthOf(said[0]))
		t.Log(d.Text, strings.Join(m.wrong, "\n"), "\n", m.row("fides"))
	}
}
