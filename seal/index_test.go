package seal_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/seal"
)

func TestNormalEmail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"ada@example.com":             "ada@example.com",
		"  Ada@Example.COM \n":        "ada@example.com",
		"Ada.Love+Tag@Example.com":    "ada.love+tag@example.com",
		"ada@bücher.example":          "ada@xn--bcher-kva.example",
		"ada@xn--bcher-kva.example":   "ada@xn--bcher-kva.example",
		"ada@BÜCHER.example":          "ada@xn--bcher-kva.example",
		"ada@bu\u0308cher.example":    "ada@xn--bcher-kva.example",
		"ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ":             "ada@example.com",
		"ADA@faß.de":                  "ada@xn--fa-hia.de",
		"ada@example.com.":            "ada@example.com",
		`a@b@example.com`:             "a@b@example.com",
		"jose\u0301@example.com":      "jos\u00e9@example.com",
		"under_score@my_host.example": "under_score@my_host.example",
	} {
		got, err := seal.NormalEmail(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for _, bad := range []string{"", "ada", "@example.com", "ada@", "ada @example.com", "Ada <ada@example.com>", "a@b,c@d", "ada@..", "ada@.com", "a\x00b@example.com", "a\u200bb@example.com",
		"\u0130da@example.com", "ada@m\u0130crosoft.example", "\u212Aate@example.com", "ada@\u017Fhop.example", "\u0131da@example.com"} {
		_, err := seal.NormalEmail(bad)
		require.ErrorIs(t, err, seal.ErrNotIndexable, "%q", bad)
	}
}

func TestNormalEmailIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		address := rapid.String().Draw(r, "local") + "@" + rapid.StringMatching(`[a-zA-Z0-9ßäÖé]{1,10}\.[a-z]{2,5}`).Draw(r, "domain")
		once, err := seal.NormalEmail(address)
		if err != nil {
			require.ErrorIs(r, err, seal.ErrNotIndexable)
			return
		}
		twice, err := seal.NormalEmail(once)
		require.NoError(r, err)
		require.Equal(r, once, twice)
	})
}

func TestNormalPhone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ number, country, want string }{
		{"+49 30 123456", "", "+4930123456"},
		{"+49 (0)30 12 34 56", "", "+4930123456"},
		{"0049-30/123456", "", "+4930123456"},
		{"030 123456", "49", "+4930123456"},
		{"(030) 123-456", "49", "+4930123456"},
		{"tel:+49-30-123456", "49", "+4930123456"},
		{"(415) 555-2671", "1", "+14155552671"},
		{"1-415-555-2671", "1", "+14155552671"},
		{"011 49 30 123456", "1", "+4930123456"},
		{"06 1234 5678", "39", "+390612345678"},
		{"8 (912) 345-67-89", "7", "+79123456789"},
		{"06 1 234 5678", "36", "+3612345678"},
		{"07 07 12 34 56", "225", "+2250707123456"},
		{"612 34 56 78", "34", "+34612345678"},
		{"＋４９ ３０ １２３４５６", "", "+4930123456"},
		{"01 23 45 67 89", "33", "+33123456789"},
	} {
		got, err := seal.NormalPhone(tc.number, tc.country)
		require.NoError(t, err, tc.number)
		require.Equal(t, tc.want, got, tc.number)
	}
	for _, bad := range []struct{ number, country string }{
		{"", "49"}, {"030 123456", ""}, {"call me", "49"}, {"+49 30 123456 x7", ""}, {"+1", ""}, {"+1234567890123456", ""}, {"+0123456789", ""}, {"++4930123456", ""},
	} {
		_, err := seal.NormalPhone(bad.number, bad.country)
		require.ErrorIs(t, err, seal.ErrNotIndexable, "%q", bad.number)
	}
}

func TestNameTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"":                      nil,
		" - ":                   nil,
		"Ada Lovelace":          {"ada", "lovelace"},
		"LOVELACE, Ada":         {"lovelace", "ada"},
		"Jürgen Groß":           {"jurgen", "gross"},
		"Ju\u0308rgen":          {"jurgen"},
		"O'Brien":               {"obrien"},
		"O’Brien":               {"obrien"},
		"Anne-Marie de la Cruz": {"anne", "marie", "de", "la", "cruz"},
		"Ana Ana":               {"ana"},
		"Søren Łukasz Þór":      {"soren", "lukasz", "thor"},
		"İbrahim Yıldız":        {"ibrahim", "yildiz"},
		"ΣΊΣΥΦΟΣ":               {"σισυφοσ"},
		"Ёлка":                  {"елка"},
		"김 민준":                  {"김", "민준"},
		"हिन्दी":                {"हिन्दी"},
		"Ａｄａ":                   {"ada"},
		"Nguyễn Thị Minh":       {"nguyen", "thi", "minh"},
	} {
		require.Equal(t, want, seal.NameTokens(in), in)
	}
}

func TestNameTokensAreStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		for _, token := range seal.NameTokens(rapid.String().Draw(r, "name")) {
			require.Equal(r, []string{token}, seal.NameTokens(token))
		}
	})
}

func TestBlindIndex(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	wrapped, err := master.NewTenantKeys("tenant-a")
	require.NoError(t, err)
	a, err := master.TenantKeys(wrapped, "tenant-a")
	require.NoError(t, err)
	reopened, err := master.TenantKeys(wrapped, "tenant-a")
	require.NoError(t, err)
	b := newTenant(t, master, "tenant-b")

	email, err := a.EmailIndex("Ada@Example.com")
	require.NoError(t, err)
	require.Len(t, email, 16)
	same, err := reopened.EmailIndex(" ada@example.com")
	require.NoError(t, err)
	require.Equal(t, email, same, "stable over restarts and spellings")
	other, err := b.EmailIndex("ada@example.com")
	require.NoError(t, err)
	require.NotEqual(t, email, other, "another tenant can't search with it")
	asName, err := a.BlindIndex(seal.IndexName, "ada@example.com")
	require.NoError(t, err)
	require.NotEqual(t, email, asName, "kinds are apart")

	phone, err := a.PhoneIndex("030 123456", "49")
	require.NoError(t, err)
	abroad, err := a.PhoneIndex("+49 30 123456", "1")
	require.NoError(t, err)
	require.Equal(t, phone, abroad)
	full, err := a.NameIndexes("Ada King Lovelace")
	require.NoError(t, err)
	part, err := a.NameIndexes("LOVELACE")
	require.NoError(t, err)
	require.Len(t, full, 3)
	require.Equal(t, full[2], part[0])
	_, err = a.BlindIndex(seal.IndexEmail, "")
	require.ErrorIs(t, err, seal.ErrEmpty)
}

func TestNormalisationErrorsCarryNoValue(t *testing.T) {
	t.Parallel()
	tenant := newTenant(t, newMaster(t), "tenant")
	_, err := tenant.EmailIndex(canary)
	require.ErrorIs(t, err, seal.ErrNotIndexable)
	require.NotContains(t, err.Error(), canary)
	_, err = tenant.EmailIndex("x@" + canary + "..de")
	require.ErrorIs(t, err, seal.ErrNotIndexable)
	require.NotContains(t, err.Error(), canary)
	_, err = tenant.PhoneIndex(canary, "49")
	require.ErrorIs(t, err, seal.ErrNotIndexable)
	require.NotContains(t, err.Error(), canary)
}
