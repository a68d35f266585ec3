package vectors_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// one runs a single vector and gives its failure.
func one(t *testing.T, vector string) string {
	t.Helper()
	results, err := runner(t).Run([]byte("[" + vector + "]"))
	require.NoError(t, err)
	require.Len(t, results, 1)
	return results[0].Failure
}

func TestBadVectorsFailAndSayWhy(t *testing.T) {
	t.Parallel()
	for vector, why := range map[string]string{
		`{"id":"a","rule":"no.such.rule","input":{},"expect":{"due":null}}`: `unknown rule "no.such.rule"`,
		`{"rule":"eu.reg1182.days","input":{},"expect":{"due":null}}`:       "id is missing",
		`{"id":"a","input":{},"expect":{"due":null}}`:                       "rule is missing",
		`{"id":"a","rule":"eu.reg1182.days","expect":{"due":null}}`:         "input is missing",
		`{"id":"a","rule":"eu.reg1182.days","input":{},"expect":{}}`:        "could not fail",
		`{"id":"a","rule":"eu.reg1182.days","input":[],"expect":{}}`:        "malformed vector",
		`7`: "malformed vector",
		`{"id":"a","rule":"eu.reg1182.days","input":{"event":"2025-02-30","days":1},"expect":{"due":null}}`:                                                  "input event",
		`{"id":"a","rule":"eu.reg1182.days","input":{"event":"2025-02-03","days":"many"},"expect":{"due":null}}`:                                             "input days",
		`{"id":"a","rule":"eu.reg1182.days","input":{"event":"2025-02-03"},"expect":{"due":null}}`:                                                           "a length",
		`{"id":"a","rule":"eu.gdpr.art12_3.response_due","input":{"received":null,"calendar":"DE"},"expect":{"due":null}}`:                                   "input received: missing or null",
		`{"id":"a","rule":"eu.gdpr.art12_3.response_due","input":{"received":"2026-01-31"},"expect":{"due":null}}`:                                           "name its calendar",
		`{"id":"a","rule":"eu.gdpr.art12_3.response_due","input":{"received":"2026-01-31","calendar":"DE","holidays":["soon"]},"expect":{"due":null}}`:       "input holidays",
		`{"id":"a","rule":"eu.gdpr.art33_1.notify_due","input":{"aware_local":"yesterday","tz":"Europe/Berlin"},"expect":{"strict_due":null}}`:               "input aware_local",
		`{"id":"a","rule":"eu.gdpr.art33_1.notify_due","input":{"aware_local":"2026-01-01T10:00Z","tz":"Mars"},"expect":{"strict_due":null}}`:                "input tz",
		`{"id":"a","rule":"eu.gdpr.art17.decision","input":{"ground":"whim"},"expect":{"decision":"erase"}}`:                                                 `"whim" is no limb`,
		`{"id":"a","rule":"eu.gdpr.art33_34.decision","input":{"risk":"some"},"expect":{"register":true}}`:                                                   "none of unlikely, risk, high",
		`{"id":"a","rule":"de.ao147.retention","input":{"kind":"poem","created":"2025-01-01"},"expect":{"years":1}}`:                                         `cover "poem"`,
		`{"id":"a","rule":"ca.casl.may_send","input":{"basis":"friendship","send":"2026-01-01"},"expect":{"permitted":true}}`:                                "opens no window",
		`{"id":"a","rule":"us.ca.ccpa.verification_tier","input":{"request":"hug"},"expect":{"level":"none"}}`:                                               `no tier for the request "hug"`,
		`{"id":"a","rule":"eu.reg1182.days","input":{"event":"2025-04-04","days":1,"calendar":"DE","holidays":[]},"expect":{"due":"2025-04-08"}}`:            `due: want "2025-04-08", got "2025-04-07"`,
		`{"id":"a","rule":"eu.reg1182.days","input":{"event":"2025-04-04","days":1,"calendar":"DE","holidays":[]},"expect":{"due":"2025-04-07","more":"x"}}`: `more: want "x", got null`,
	} {
		require.Contains(t, one(t, vector), why, vector)
	}
	for _, data := range []string{"", "{}", "[]", "[1"} {
		_, err := runner(t).Run([]byte(data))
		require.Error(t, err, data)
	}
}

// TestVectorsHoldOnTheBuiltInHolidays takes the holiday lists out of the vectors: the calendars must agree with them.
func TestVectorsHoldOnTheBuiltInHolidays(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../testdata/vectors.json")
	require.NoError(t, err)
	var list []map[string]any
	require.NoError(t, json.Unmarshal(data, &list))
	for _, v := range list {
		input, ok := v["input"].(map[string]any)
		require.True(t, ok)
		delete(input, "holidays")
		delete(input, "non_working")
	}
	bare, err := json.Marshal(list)
	require.NoError(t, err)
	results, err := runner(t).Run(bare)
	require.NoError(t, err)
	for _, r := range results {
		require.Empty(t, r.Failure, r.ID)
	}
}

// TestRulesBeyondTheVectors are inputs that the shared vectors do not have.
func TestRulesBeyondTheVectors(t *testing.T) {
	t.Parallel()
	for name, vector := range map[string]string{
		"open suspension":            `"rule":"eu.gdpr.identity_pause.response_due","input":{"received":"2026-06-10","info_requested":"2026-06-10","info_received":null,"calendar":"DE","holidays":[]},"expect":{"due":null,"earliest_safe":"2026-07-10","paused":true}`,
		"open clarification":         `"rule":"uk.gdpr.art12A_5.response_due","input":{"received":"2026-03-02","clarification_requested":"2026-03-05","clarification_received":null,"months":1,"calendar":"GB-ENG","holidays":[]},"expect":{"due":null,"excluded_days":null,"paused":true}`,
		"neither identity nor fee":   `"rule":"uk.gdpr.art12A_2.response_due","input":{"received":"2026-02-10","id_info_received":null,"fee_paid":null,"calendar":"GB-ENG","holidays":[]},"expect":{"relevant_time":"2026-02-10","due":"2026-03-10"}`,
		"501 residents":              `"rule":"us.ca.civ1798_82.notice_due","input":{"discovered":"2026-02-10","individuals_notified":"2026-03-10","ca_residents":501},"expect":{"individual_notice_due":"2026-03-12","ag_sample_due":"2026-03-25"}`,
		"fee not accepted":           `"rule":"ch.dsv.art19.response_due_with_fee","input":{"fee_notified":"2026-03-02","confirmed":null},"expect":{"confirmation_limit":"2026-03-12","due":null,"withdrawn":true}`,
		"fee accepted too late":      `"rule":"ch.dsv.art19.response_due_with_fee","input":{"fee_notified":"2026-03-02","confirmed":"2026-03-13"},"expect":{"due":null,"withdrawn":true}`,
		"dora capped":                `"rule":"eu.dora.initial_notification_due","input":{"aware":"2026-03-02T08:00Z","classified_major":"2026-03-03T06:00Z"},"expect":{"due":"2026-03-03T08:00Z"}`,
		"nis2 before the notice":     `"rule":"eu.nis2.art23.deadlines","input":{"aware":"2026-03-27T18:30+01:00","notification_submitted":null,"tz":"Europe/Berlin"},"expect":{"early_warning_due":"2026-03-28T18:30+01:00","final_report_due":null}`,
		"small agent by flag":        `"rule":"br.anpd.res15_2024.notice_due","input":{"known":"2026-04-16","small_agent":true,"calendar":"BR","holidays":["2026-04-21"]},"expect":{"due":"2026-04-27"}`,
		"small agent counted once":   `"rule":"br.anpd.res15_2024.notice_due","input":{"known":"2026-04-16","business_days":6,"small_agent":true,"calendar":"BR","holidays":["2026-04-21"]},"expect":{"due":"2026-04-27"}`,
		"no length given":            `"rule":"us.va.vcdpa.response_due","input":{"received":"2026-03-02"},"expect":{"due":"2026-04-16","extended_due":"2026-05-31"}`,
		"PIPEDA extension":           `"rule":"ca.pipeda.s8_3.response_due","input":{"received":"2026-03-05","extension_days":30,"calendar":"CA-FED","holidays":[]},"expect":{"due":"2026-04-04","extended_due":"2026-05-04"}`,
		"trap 8, Aug 31":             `"rule":"ca.casl.may_send","input":{"basis":"implied","event":"inquiry","event_date":"2026-02-28","send":"2026-08-31"},"expect":{"permitted":true}`,
		"trap 8, Sep 1":              `"rule":"ca.casl.may_send","input":{"basis":"implied_inquiry","event_date":"2026-02-28","send":"2026-09-01"},"expect":{"permitted":false}`,
		"message before the event":   `"rule":"ca.casl.may_send","input":{"basis":"purchase","purchase_date":"2026-06-02","send":"2026-06-01"},"expect":{"permitted":false}`,
		"withdrawn":                  `"rule":"ca.casl.may_send","input":{"basis":"express","given":"2015-01-01","withdrawn":"2026-05-20","send":"2026-06-01"},"expect":{"permitted":false}`,
		"withdrawn later":            `"rule":"ca.casl.may_send","input":{"basis":"express","given":"2015-01-01","withdrawn":"2026-06-02","send":"2026-06-01"},"expect":{"permitted":true}`,
		"books":                      `"rule":"de.ao147.retention","input":{"kind":"books","created":"2025-03-14"},"expect":{"years":10,"retain_through":"2035-12-31","earliest_delete":"2036-01-01"}`,
		"annual accounts":            `"rule":"de.ao147.retention","input":{"kind":"annual_accounts","created":"2025-12-31"},"expect":{"years":10,"retain_through":"2035-12-31"}`,
		"payroll":                    `"rule":"de.ao147.retention","input":{"kind":"payroll","created":"2025-03-14"},"expect":{"years":6}`,
		"BEG IV reaches open ones":   `"rule":"de.ao147.retention","input":{"kind":"voucher","created":"2017-03-14"},"expect":{"years":8,"retain_through":"2025-12-31"}`,
		"BEG IV, period run out":     `"rule":"de.ao147.retention","input":{"kind":"voucher","created":"2014-03-14"},"expect":{"years":10,"retain_through":"2024-12-31"}`,
		"assessment still open":      `"rule":"de.ao147.retention","input":{"kind":"voucher","created":"2017-03-14","assessment_open":true},"expect":{"blocked":true,"earliest_delete":null}`,
		"29 February":                `"rule":"br.anpd.incident_record.retention","input":{"recorded":"2024-02-29"},"expect":{"years":5,"retain_through":"2029-02-28"}`,
		"processor":                  `"rule":"eu.gdpr.art33_34.decision","input":{"role":"processor"},"expect":{"notify_controller":true,"notify_sa":false,"notify_subjects":false}`,
		"categories with an account": `"rule":"us.ca.ccpa.verification_tier","input":{"request":"know_specific","account":true},"expect":{"level":"existing_authentication","declaration":false}`,
		"deletion of sensitive data": `"rule":"us.ca.ccpa.verification_tier","input":{"request":"delete","account":false,"sensitivity":"high"},"expect":{"level":"reasonably_high","min_data_points":3}`,
		"deletion of other data":     `"rule":"us.ca.ccpa.verification_tier","input":{"request":"delete","account":false,"sensitivity":"low"},"expect":{"level":"reasonable","min_data_points":2}`,
		"limit":                      `"rule":"us.ca.ccpa.verification_tier","input":{"request":"limit","account":true},"expect":{"level":"none"}`,
	} {
		require.Empty(t, one(t, `{"id":"x",`+vector+`}`), name)
	}
}
