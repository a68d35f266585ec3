package policies_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
)

// builtIn reads one of the built-in files, to be spoiled.
func builtIn(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

// refused loads a folder with one file beside the GDPR and gives the problems.
func refused(t *testing.T, name, content string) policies.Problems {
	t.Helper()
	folder := fstest.MapFS{name: {Data: []byte(content)}}
	if !strings.HasPrefix(name, "regimes/") {
		folder["regimes/gdpr.yaml"] = &fstest.MapFile{Data: []byte(builtIn(t, "regimes/gdpr.yaml"))}
	}
	_, err := policies.Load(folder)
	var problems policies.Problems
	require.ErrorAs(t, err, &problems)
	return problems
}

// lineOf is the number of the first line that holds the text.
func lineOf(t *testing.T, content, text string) int {
	t.Helper()
	for i, line := range strings.Split(content, "\n") {
		if strings.Contains(line, text) {
			return i + 1
		}
	}
	require.Failf(t, "no such line", "%q", text)
	return 0
}

func TestARegimeFileIsRefusedWithLineAndReason(t *testing.T) {
	t.Parallel()
	good := builtIn(t, "regimes/gdpr.yaml")
	for name, c := range map[string]struct{ old, spoiled, at, reason string }{
		"unknown key":        {"jurisdiction: EU and EEA", "jurisdiction: EU and EEA\n    colour: blue", "colour: blue", "unknown key"},
		"missing field":      {"    jurisdiction: EU and EEA\n", "", "id: gdpr", "versions.0.jurisdiction: missing"},
		"missing citation":   {"safe: {pause: ignored}\n            citation: {text: \"GDPR Art 12(3)\", mark: verified}", "safe: {pause: ignored}", "kind: respond", "citation: missing"},
		"empty citation":     {`{text: "GDPR Art 15", mark: verified}`, `{text: "", mark: verified}`, "access:", "citation.text: empty"},
		"unknown mark":       {`{text: "GDPR Art 15", mark: verified}`, `{text: "GDPR Art 15", mark: sure}`, "mark: sure", `"sure" is not a known value`},
		"impossible date":    {"valid_from: 2018-05-25", "valid_from: 2018-02-30", "2018-02-30", "2018-02-30"},
		"backwards validity": {"valid_from: 2018-05-25", "valid_from: 2018-05-25\n    valid_to: 2017-01-01", "valid_to", "ends before it begins"},
		"unknown calendar":   {"calendars: [AT, BE", "calendars: [AT, XX, BE", "calendars:", `no calendar "XX"`},
		"impossible period":  {"period: 1 month", "period: 0 months", "0 months", "positive number"},
		"unknown unit":       {"period: 1 month", "period: 1 moon", "1 moon", `unknown unit "moon"`},
		"hours":              {"period: 1 month", "period: 72 hours", "72 hours", "cannot be counted in hours"},
		"endless":            {"notice: 1 month", "notice: 999 months", "999 months", "longer than any law's"},
		"endless extension":  {"by: 2 months", "by: 999 months", "999 months", "longer than any law's"},
		"endless factor":     {"- kind: respond", "- kind: respond\n            small_agent_factor: 99999999999", "small_agent_factor", "more than 10 times"},
		"mixed units":        {"by: 2 months", "by: 60 days", "60 days", "counted in one step"},
		"unknown right":      {"      access: {duties", "      amnesia: {duties", "amnesia", `"amnesia" is not a known value`},
		"unknown duties":     {"access: {duties: month", "access: {duties: year", "access:", `no set of duties is called "year"`},
		"unknown pause":      {"- kind: clarification", "- kind: lunch", "lunch", `"lunch" is not a known value`},
		"pause twice":        {"- kind: clarification", "- kind: identity", "- kind: identity", "given twice"},
		"unknown reason":     {"reason: repetitive", "reason: boredom", "boredom", `"boredom" is not a known value`},
		"not a bool":         {"ask_calendar: true", "ask_calendar: yes please", "yes please", "neither true nor false"},
		"key twice":          {"jurisdiction: EU and EEA", "jurisdiction: EU and EEA\n    jurisdiction: EU", "jurisdiction: EU", "given twice"},
		"anchor":             {"fee:\n", "fee: &fee\n", "fee: &fee", "anchors and aliases"},
		"no yaml":            {"  - id: gdpr", "  - id: [gdpr", "id: [gdpr", "no valid YAML"},
		"wrong shape":        {"    rights:\n", "    rights: none\n    more:\n", "rights: none", "expected keys with values"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, good, c.old)
			content := strings.Replace(good, c.old, c.spoiled, 1)
			problems := refused(t, "regimes/gdpr.yaml", content)
			require.Contains(t, problems.Error(), c.reason)
			for _, p := range problems {
				require.Equal(t, "regimes/gdpr.yaml", p.File)
				require.Positive(t, p.Line)
			}
			if name != "no yaml" && name != "pause twice" && name != "key twice" {
				require.Contains(t, lines(problems), lineOf(t, content, c.at), problems.Error())
			}
		})
	}
}

// PIPEDA s.8(8): what is kept for recourse has an end, and is kept after an answer to a request that the law knows.
func TestRecourseLeadsSomewhere(t *testing.T) {
	t.Parallel()
	good := builtIn(t, "regimes/pipeda.yaml")
	for name, c := range map[string]struct{ old, spoiled, at, reason string }{
		"no end":          {"      within: 6 months\n", "", "rights: [access, rectification]", "nothing says how long the person has"},
		"an end in hours": {"within: 6 months", "within: 72 hours", "within: 72 hours", "cannot be counted in hours"},
		"not before":      {"    access_blocks_erasure: {text: \"PIPEDA s.8(8)\", mark: verified}\n", "", "rights: [access, rectification]", "access_blocks_erasure"},
		"no right":        {"rights: [access, rectification]", "rights: []", "rights: []", "name at least one right"},
		"another right":   {"rights: [access, rectification]", "rights: [access, erasure]", "rights: [access, erasure]", "gives no right of erasure"},
		"no answer":       {"after: [fulfilled, refused]", "after: [withdrawn]", "after: [withdrawn]", "no answer that a person could complain of"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, good, c.old)
			content := strings.Replace(good, c.old, c.spoiled, 1)
			problems := refused(t, "regimes/pipeda.yaml", content)
			require.Contains(t, problems.Error(), c.reason)
			require.Contains(t, lines(problems), lineOf(t, content, c.at), problems.Error())
		})
	}
}

// Whom a law on messages reaches and on which grounds it lets them go is said in full, or not at all.
func TestMessageRulesCanBeDecidedBy(t *testing.T) {
	t.Parallel()
	good := builtIn(t, "consent/messages.yaml")
	const caslReach = "    reach:\n      channels: [email, sms]\n      recipients: [CA]\n      senders: [CA]\n"
	for name, c := range map[string]struct{ old, spoiled, at, reason string }{
		"no reach":             {caslReach + "      citation: {text: \"CASL s.12\", mark: verified} # a computer system in Canada is used to send or to access\n", "", "id: casl", "reach: missing: the rule would apply to nobody"},
		"reach of a provider":  {"    consent: provider_terms\n", "    consent: provider_terms\n    reach: {channels: [email], otherwise: true, citation: {text: \"x\", mark: secondary}}\n", "reach: {channels: [email], otherwise", "reach nobody"},
		"reach without source": {"      citation: {text: \"CASL s.12\", mark: verified} # a computer system in Canada is used to send or to access\n", "", "channels: [email, sms]", "reach.citation: missing"},
		"no channel":           {"channels: [email]", "channels: []", "channels: []", "there is no channel"},
		"unknown channel":      {"channels: [email]", "channels: [pigeon]", "channels: [pigeon]", `"pigeon" is not a known value`},
		"a country by name":    {"recipients: [US]", "recipients: [USA]", "recipients: [USA]", "two capital letters"},
		"a sender by name":     {"senders: [US]", "senders: [us]", "senders: [us]", "two capital letters"},
		"no country":           {"      recipients: [US]\n      senders: [US]\n", "", "channels: [email]", "name countries, or have it apply where no other rule does"},
		"country and else":     {"recipients: [EEA]", "recipients: [EEA]\n      otherwise: true", "channels: [email, sms]\n      recipients: [EEA]", "name countries, or have it apply where no other rule does"},
		"no version":           {"  - id: casl\n    version: \"2026.1\"\n", "  - id: casl\n", "id: casl", "version: missing"},
		"unknown model":        {"consent: opt_out", "consent: opt_maybe", "consent: opt_maybe", `"opt_maybe" is not a known value`},
		"opt-out with a sale":  {"consent: opt_out", "consent: opt_out\n    soft_opt_in: {events: [purchase], citation: {text: \"x\", mark: knowledge}}", "consent: opt_out", "only a law that wants consent first"},
		"opt-out that lasts":   {"consent: opt_out", "consent: opt_out\n    in_force: {events: [contract], citation: {text: \"x\", mark: knowledge}}", "consent: opt_out", "only a law that wants consent first"},
		"opt-out, published":   {"consent: opt_out", "consent: opt_out\n    published: {citation: {text: \"x\", mark: knowledge}}", "consent: opt_out", "only a law that wants consent first"},
		"opt-out, confirmed":   {"consent: opt_out", "consent: opt_out\n    confirmation: {citation: {text: \"x\", mark: knowledge}}", "consent: opt_out", "only a law that wants consent first"},
		"opt-out in a window":  {"consent: opt_out", "consent: opt_out\n    windows: [{events: [purchase], period: 2 years, citation: {text: \"x\", mark: knowledge}}]", "consent: opt_out", "only a law that wants consent first"},
		"a window in days":     {"period: 6 months", "period: 180 days", "period: 180 days", "looks back by months or years"},
		"a window twice":       {"events: [inquiry, application, enquiry]", "events: [inquiry, purchase]", "events: [inquiry, purchase]", "purchase opens a window already"},
		"nothing in force":     {"events: [contract, written_contract, membership, subscription, account, loan]", "events: []", "events: []", "in_force: name the relations"},
		"soft opt-in of none":  {"events: [purchase, lease, barter, bargain, contract]", "events: []", "events: []", "soft_opt_in: name the relations"},
		"charities of nothing": {"events: [donation, gift, volunteer, volunteer_work, volunteering, membership, charity_interest]", "events: []", "events: []", "soft_opt_in.charitable: name the relations"},
		"no such day":          {"from: 2026-02-05", "from: 2026-02-30", "from: 2026-02-30", "2026-02-30"},
		"ground, no source":    {"      citation: {text: \"Spam Act 2003 Sch 2 cl 4\", mark: verified}\n", "      from: 2004-04-10\n", "from: 2004-04-10", "published.citation: missing"},
		"exempt, of no class":  {"classes: [charitable, fundraising]", "classes: []", "classes: []", "the exemption is of no class"},
		"exempt twice":         {"classes: [charitable, fundraising]", "classes: [charitable, transactional]", "classes: [charitable, transactional]", "transactional is exempt already"},
		"exempt, unknown":      {"classes: [charitable, fundraising]", "classes: [friendly]", "classes: [friendly]", `"friendly" is not a known value`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, good, c.old)
			content := strings.Replace(good, c.old, c.spoiled, 1)
			problems := refused(t, "consent/messages.yaml", content)
			require.Contains(t, problems.Error(), c.reason)
			require.Contains(t, content, c.at)
			before, _, _ := strings.Cut(content, c.at)
			require.Contains(t, lines(problems), 1+strings.Count(before, "\n"), problems.Error())
		})
	}
}

func lines(problems policies.Problems) []int {
	var out []int
	for _, p := range problems {
		out = append(out, p.Line)
	}
	return out
}

func TestEveryProblemOfAFileIsReported(t *testing.T) {
	t.Parallel()
	content := strings.NewReplacer("jurisdiction:", "region:", "by: 2 months", "by: two months", "mark: knowledge", "mark: rumour").
		Replace(builtIn(t, "regimes/gdpr.yaml"))
	problems := refused(t, "regimes/gdpr.yaml", content)
	require.Greater(t, len(problems), 5)
	text := problems.Error()
	for _, part := range []string{"region: unknown key", "jurisdiction: missing", `"two months"`, `"rumour"`} {
		require.Contains(t, text, part)
	}
}

func TestVersionsMayNotOverlap(t *testing.T) {
	t.Parallel()
	content := strings.Replace(builtIn(t, "regimes/uk-gdpr.yaml"), "valid_to: 2026-02-04", "valid_to: 2026-02-10", 1)
	problems := refused(t, "regimes/uk-gdpr.yaml", content)
	require.Len(t, problems, 1)
	require.Equal(t, lineOf(t, content, "valid_from: 2026-02-05"), problems[0].Line)
	require.Contains(t, problems[0].Reason, "version 2026-02 of uk-gdpr is in force at the same time as version 2021")
}

func TestIdsAreDefinedOnce(t *testing.T) {
	t.Parallel()
	regime := []byte(builtIn(t, "regimes/gdpr.yaml"))
	_, err := policies.Load(fstest.MapFS{"regimes/a.yaml": {Data: regime}, "regimes/b.yaml": {Data: regime}})
	require.ErrorContains(t, err, `regimes/b.yaml:4: versions.0.version: the regime version "gdpr 2018" is defined already, at regimes/a.yaml:4`)
	content := strings.Replace(builtIn(t, "ladders/ladders.yaml"), "id: short", "id: standard", 1)
	require.Contains(t, refused(t, "ladders/l.yaml", content).Error(), `the ladder "standard" is defined already`)
}

func TestOtherFilesAreRefusedToo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, old, spoiled, reason string }{
		{"breach/europe.yaml", "cap: {period: 24 hours", "cap: {period: 24 days", "a cap works on periods in hours"},
		{"breach/europe.yaml", "reach: {role: controller, established: [EEA], residents: [EEA]}", "reach: {role: controller}", "would reach everybody"},
		{"breach/europe.yaml", "reach: {role: controller, established: [EEA]", "reach: {role: controller, established: [Europe]", "a place is a country"},
		{"breach/europe.yaml", "reach: {role: controller", "reach: {role: owner", `"owner" is not a known value`},
		{"breach/europe.yaml", "elements: [nature, people_kinds", "elements: [nature, nature", "nature is asked for twice"},
		{"breach/europe.yaml", "elements: [nature, people_kinds", "elements: [weather, people_kinds", `"weather" is not a known value`},
		{"breach/europe.yaml", "risk: high", "risk: terrible", `"terrible" is not a known value`},
		{"breach/europe.yaml", "kind: early_warning", "kind: notify_authority", "owed twice"},
		{"breach/europe.yaml", "calendar: WEEKENDS", "calendar: MOON", `no calendar "MOON"`},
		{"breach/europe.yaml", "from: awareness", "from: breakfast", `"breakfast" is not a known value`},
		{"consent/messages.yaml", "period: 24 months", "period: 24 days", "looks back by months"},
		{"breach/europe.yaml", "period: 72 hours", "period: 9999999999 hours", "longer than any law's"},
		{"retention/de.yaml", "period: 10 years", "period: 9999999 years", "longer than any law's"},
		{"ladders/ladders.yaml", "after: 24h", "after: 999999999999d", "no length of time"},
		{"verification/verification.yaml", "close_after: 30 days", "close_after: 3000 days", "longer than any law's"},
		{"consent/messages.yaml", "events: [inquiry", "events: [purchase, inquiry", "opens a window already"},
		{"retention/de.yaml", "period: 10 years", "period: 10 hours", "records are kept for"},
		{"retention/de.yaml", "ground: legal_claims", "ground: habit", `"habit" is not a known value`},
		{"ladders/ladders.yaml", "after: 24h", "after: -100h", "in order of time"},
		{"ladders/ladders.yaml", "reminders: [14d", "reminders: [0d", "some time before"},
		{"ladders/ladders.yaml", "repeat: 24h", "repeat: 1s", "helps nobody"},
		{"ladders/ladders.yaml", "repeat: 24h", "repeat: daily", "no length of time"},
		{"ladders/ladders.yaml", "roles: [assignee]", "roles: []", "nobody is told"},
		{"verification/verification.yaml", "digits: 6", "digits: 3", "between 6 and 12"},
		{"verification/verification.yaml", "attempts: 5", "attempts: 99", "between 1 and 10"},
		{"verification/verification.yaml", "attempts: 5", "attempts: many", "is not a whole number"},
	} {
		content := builtIn(t, c.file)
		require.Contains(t, content, c.old)
		problems := refused(t, c.file, strings.Replace(content, c.old, c.spoiled, 1))
		require.Contains(t, problems.Error(), c.reason, c.spoiled)
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	bomb := "versions:\n  - &a [x, x]\n  - &b [*a, *a]\n  - [*b, *b]\n"
	for content, reason := range map[string]string{
		"":                                  "empty",
		"versions: []\n---\nversions: []\n": "more than one YAML document",
		bomb:                                "anchors and aliases are not allowed",
		strings.Repeat("#", 1<<20+1):        "larger than 1 MiB",
		"versions: [" + strings.Repeat("{},", 300_000) + "]\n": "from here on problems are not listed",
		"- a\n- b\n": "expected keys with values",
	} {
		require.Contains(t, refused(t, "regimes/x.yaml", content).Error(), reason)
	}
	require.Contains(t, refused(t, "ladders/notes.txt", "hello").Error(), "only files that end in .yaml")
}

func TestAnEmptyFolderIsRefused(t *testing.T) {
	t.Parallel()
	_, err := policies.Load(fstest.MapFS{})
	require.ErrorContains(t, err, "no regime in the folder regimes")
	_, err = policies.Load(brokenFS{})
	require.ErrorContains(t, err, "disk on fire")
}

// brokenFS fails to list anything.
type brokenFS struct{}

func (brokenFS) Open(string) (fs.File, error) { return nil, errors.New("disk on fire") }
