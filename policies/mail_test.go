package policies_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func TestEveryRuleOfMessagesIsGroundedAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	rules := book.Mail()
	require.Greater(t, len(rules.Rules), 40)
	for _, r := range rules.Rules {
		require.NotEmpty(t, r.Title, r.ID)
		require.True(t, strings.HasSuffix(r.Do, "."), "%s: %s", r.ID, r.Do)
		for _, class := range r.Classes {
			require.True(t, slices.ContainsFunc(r.Grounds, func(g privacy.MailGround) bool {
				return g.Citation.Text != "" && (len(g.Classes) == 0 || slices.Contains(g.Classes, class))
			}), "%s for %s", r.ID, class)
		}
	}
}

// The laws of messages that the consent rules know go by the same id here, so that a finding and a date lead to one law.
func TestLawsOfMessagesAreThoseOfTheConsentRules(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	var own []string
	for _, law := range book.Mail().Laws {
		if _, err := book.Message(law.ID); err != nil {
			own = append(own, law.ID)
		}
	}
	require.Equal(t, []string{"kr-network", "standards"}, own)
}

func TestALawReachesItsCountries(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	reached := func(countries ...string) []string {
		var out []string
		for _, law := range book.Mail().Laws {
			if law.Reaches(countries) {
				out = append(out, law.ID)
			}
		}
		return out
	}
	require.Equal(t, []string{"casl", "can-spam", "au-spam", "uk-pecr", "eu-eprivacy", "mailbox", "standards"}, reached(), "all but the one that must be named")
	require.Equal(t, []string{"casl", "mailbox", "standards"}, reached("CA"))
	require.Equal(t, []string{"uk-pecr", "eu-eprivacy", "mailbox", "standards"}, reached("GB", "NO"))
	require.Equal(t, []string{"kr-network", "mailbox", "standards"}, reached("KR"))
	require.Equal(t, []string{"mailbox", "standards"}, reached("CH"))
}

func TestAMailFileIsRefusedWithLineAndReason(t *testing.T) {
	t.Parallel()
	laws := builtIn(t, "mail/laws.yaml")
	rule := "rules:\n  - id: one\n    title: One\n    do: Do it.\n    classes: [commercial]\n    grounds:\n      - {law: casl, severity: error, citation: {text: \"CASL s.6\", mark: verified}}\n"
	good := laws + rule + "subjects:\n  - {id: a, rule: one, language: en, pattern: '^re:', reason: because}\nwords:\n  - {id: b, topic: privacy, language: de, pattern: daten}\naddresses:\n  - {id: c, country: DE, pattern: '\\d{5}'}\ntrackers:\n  - {id: d, name: D, kind: pixel, pattern: open}\nlabels:\n  - {id: e, rule: one, text: AD}\n"
	for name, c := range map[string]struct{ old, spoiled, at, reason string }{
		"unknown law":       {"law: casl", "law: cosl", "law: cosl", `no law of messages is called "cosl"`},
		"unknown severity":  {"severity: error", "severity: bad", "severity: bad", `"bad" is not a known value`},
		"no ground":         {"classes: [commercial]\n    grounds:\n      - {law: casl,", "classes: [commercial, transactional]\n    grounds:\n      - {classes: [commercial], law: casl,", "classes: [commercial], law: casl", "no law stands behind the rule for the class transactional"},
		"ground elsewhere":  {"severity: error, citation", "severity: error, classes: [transactional], citation", "classes: [transactional]", "the rule is not for the class transactional"},
		"no citation":       {`, citation: {text: "CASL s.6", mark: verified}`, "", "law: casl", "citation: missing"},
		"no class":          {"    classes: [commercial]\n", "    classes: []\n", "classes: []", "no class of messages"},
		"unknown rule":      {"{id: a, rule: one", "{id: a, rule: two", "rule: two", `no rule of messages is called "two"`},
		"unknown label":     {"{id: e, rule: one", "{id: e, rule: two", "rule: two", `no rule of messages is called "two"`},
		"bad expression":    {"'^re:'", "'^(re:'", "'^(re:'", "no valid expression"},
		"empty expression":  {"'^re:'", "'x*'", "'x*'", "matches an empty text"},
		"endless":           {"'^re:'", "'" + strings.Repeat("x", 2001) + "'", "id: a, rule", "longer than 2000 characters"},
		"unknown language":  {"language: de", "language: xx", "language: xx", "no language"},
		"unknown topic":     {"topic: privacy", "topic: weather", "topic: weather", `"weather" is not a known value`},
		"unknown country":   {"country: DE", "country: XX", "country: XX", "no country"},
		"small letters":     {"country: DE", "country: de", "country: de", "no country"},
		"unknown tracking":  {"kind: pixel", "kind: smell", "kind: smell", `"smell" is not a known value`},
		"twice":             {"  - {id: b, topic", "  - {id: b, topic: privacy, language: en, pattern: privacy}\n  - {id: b, topic", "language: de", "defined already"},
		"named by nothing":  {"    countries: [KR]\n", "", "only_named: true", "cannot be named"},
		"country of no law": {"countries: [KR]", "countries: [KOR]", "[KOR]", "no country"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, good, c.old)
			content := strings.Replace(good, c.old, c.spoiled, 1)
			problems := refused(t, "mail/laws.yaml", content)
			require.Contains(t, problems.Error(), c.reason)
			require.Contains(t, lines(problems), lineOf(t, content, c.at), problems.Error())
		})
	}
}
