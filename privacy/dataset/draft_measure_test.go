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
	columns                  int // columns that people gave a category
	personal, guessed, found int // of personal data: what people say, what the draft says, what both say
	exact, near              int // the same category; or one is the other's parent
	sure, sureExact          int
	identities               int
	identitiesGuessed        int
	identitiesFound          int
	tables, tablesRight      int // read or not, as people say
	wrong                    []string
}

func percent(part, whole int) int {
	if whole == 0 {
		return 100
	}
	return part * 100 / whole
}

// row writes what was measured as it stands in docs/datasets.md.
func (m *measured) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d %% | %d %% | %d %% | %d %% | %d %% | %d %% | %d %% | %d of %d |", name, m.columns, percent(m.found, m.guessed), percent(m.found, m.personal),
		percent(m.exact, m.columns), percent(m.near, m.columns), percent(m.sureExact, m.sure), percent(m.identitiesFound, m.identitiesGuessed), percent(m.identitiesFound, m.identities), m.tablesRight, m.tables)
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

// TestDraftAgainstWhatPeopleSay measures drafts of the samples and of a broad made-up schema against what people annotated. docs/datasets.md has
// the table; DOCKET_GOLDEN=write writes it, and none of the figures may fall below what it was.
func TestDraftAgainstWhatPeopleSay(t *testing.T) {
	t.Parallel()
	var rows []string
	for _, c := range []struct {
		name, file               string
		precision, recall, exact int
	}{
		{"sample_shop", "../../deploy/sample/schema/shop.sql", 100, 97, 97},
		{"sample_crm", "../../deploy/sample/schema/crm.sql", 100, 100, 100},
		{"sample_surveys", "../../deploy/sample/schema/surveys.sql", 80, 100, 83},
		{"broad", "testdata/draft/broad.sql", 97, 100, 97},
	} {
		s, truth := schemaOf(t, c.file)
		if c.name != "broad" {
			text, err := os.ReadFile(sampleFolder + strings.TrimPrefix(c.name, "sample_") + ".yml")
			require.NoError(t, err)
			said, err := dataset.Parse(c.name, text)
			require.NoError(t, err)
			truth = truthOf(said[0])
		}
		m := compare(dataset.NewDraft(s, dataset.DraftOptions{Key: c.name}), truth)
		rows = append(rows, m.row(c.name))
		wrong := strings.Join(m.wrong, "\n")
		require.GreaterOrEqual(t, percent(m.found, m.guessed), c.precision, wrong)
		require.GreaterOrEqual(t, percent(m.found, m.personal), c.recall, wrong)
		require.GreaterOrEqual(t, percent(m.exact, m.columns), c.exact, wrong)
		require.Equal(t, m.identities, m.identitiesFound, wrong)
		require.Equal(t, m.identities, m.identitiesGuessed, wrong)
		require.Equal(t, m.tables, m.tablesRight, wrong)
	}
	const path, head, tail = "../../docs/datasets.md", "| schema | columns |", "\n\n"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	begin := strings.Index(string(text), head)
	require.Positive(t, begin)
	end := begin + strings.Index(string(text[begin:]), tail)
	measured := "| schema | columns | personal: precision | recall | same category | same branch | same, of the sure | identities: precision | recall | read or not, as annotated |\n" +
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n" + strings.Join(rows, "\n")
	if os.Getenv("DOCKET_GOLDEN") == "write" {
		require.NoError(t, os.WriteFile(path, slices.Concat(text[:begin], []byte(measured), text[end:]), 0o600))
		return
	}
	require.Equal(t, measured, string(text[begin:end]), "write it with DOCKET_GOLDEN=write go test ./privacy/dataset -run TestDraftAgainst")
}
