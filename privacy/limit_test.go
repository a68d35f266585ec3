package privacy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

func TestAskIsCompletedByItsRight(t *testing.T) {
	t.Parallel()
	all := []privacy.LimitKind{privacy.LimitSale, privacy.LimitAdvertising, privacy.LimitProfiling}
	for name, c := range map[string]struct {
		right   privacy.Right
		ask     privacy.Ask
		against []privacy.LimitKind
		refused bool
	}{
		"restriction":                    {privacy.Restriction, privacy.Ask{Ground: privacy.AccuracyContested}, []privacy.LimitKind{privacy.LimitRestriction}, false},
		"restriction without a ground":   {privacy.Restriction, privacy.Ask{}, nil, true},
		"restriction on another ground":  {privacy.Restriction, privacy.Ask{Ground: "boredom"}, nil, true},
		"objection":                      {privacy.Objection, privacy.Ask{Against: []privacy.LimitKind{privacy.LimitInterests, privacy.LimitMarketing, privacy.LimitInterests}}, []privacy.LimitKind{privacy.LimitMarketing, privacy.LimitInterests}, false},
		"objection to nothing":           {privacy.Objection, privacy.Ask{}, nil, true},
		"objection to a sale":            {privacy.Objection, privacy.Ask{Against: []privacy.LimitKind{privacy.LimitSale}}, nil, true},
		"objection with a ground":        {privacy.Objection, privacy.Ask{Ground: privacy.UnlawfulUse, Against: []privacy.LimitKind{privacy.LimitMarketing}}, nil, true},
		"opt-out of all":                 {privacy.OptOut, privacy.Ask{}, all, false},
		"opt-out of one":                 {privacy.OptOut, privacy.Ask{Against: all[:1]}, all[:1], false},
		"opt-out of what is no opt-out":  {privacy.OptOut, privacy.Ask{Against: []privacy.LimitKind{privacy.LimitResearch}}, nil, true},
		"limit of use":                   {privacy.LimitUse, privacy.Ask{}, []privacy.LimitKind{privacy.LimitSensitiveData}, false},
		"limit of another use":           {privacy.LimitUse, privacy.Ask{Against: all}, nil, true},
		"access":                         {privacy.Access, privacy.Ask{}, nil, false},
		"access against something":       {privacy.Access, privacy.Ask{Against: all}, nil, true},
		"access on a restriction ground": {privacy.Access, privacy.Ask{Ground: privacy.UnlawfulUse}, nil, true},
	} {
		done, err := c.ask.Complete(c.right)
		if c.refused {
			var rule *privacy.RuleError
			require.ErrorAs(t, err, &rule, name)
			require.Equal(t, privacy.CodeAsk, rule.Code, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, c.against, done.Against, name)
	}
}

func TestWhatStandsAtOnceAndWhatIsWeighed(t *testing.T) {
	t.Parallel()
	mixed := privacy.Ask{Against: []privacy.LimitKind{privacy.LimitMarketing, privacy.LimitInterests}}
	require.Equal(t, []privacy.LimitKind{privacy.LimitMarketing}, mixed.AtOnce(privacy.Objection))
	require.Equal(t, []privacy.LimitKind{privacy.LimitInterests}, mixed.Weighed(privacy.Objection))

	asks := privacy.RightRule{NeedsIdentity: true}
	require.True(t, mixed.NeedsIdentity(privacy.Objection, asks))
	marketing := privacy.Ask{Against: []privacy.LimitKind{privacy.LimitMarketing}}
	require.False(t, marketing.NeedsIdentity(privacy.Objection, asks), "Art. 21(3): at once, whoever asks")
	require.True(t, privacy.Ask{}.NeedsIdentity(privacy.Access, asks))
	require.False(t, privacy.Ask{Against: []privacy.LimitKind{privacy.LimitSale}}.NeedsIdentity(privacy.OptOut, privacy.RightRule{}), "11 CCR 7026(d)")

	profiling := []privacy.LimitKind{privacy.LimitProfiling}
	require.Empty(t, privacy.Ask{Against: profiling}.Weighed(privacy.OptOut), "an opt-out is not weighed")
	require.Equal(t, profiling, privacy.Ask{Against: profiling}.Weighed(privacy.Objection), "an objection to profiling is")
}

func TestMayUse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit privacy.LimitKind
		use   privacy.Use
		want  privacy.BlockReason
	}{
		"18: an order":                    {privacy.LimitRestriction, privacy.Use{Purpose: privacy.UseService, Basis: "contract"}, privacy.BlockedRestricted},
		"18(2): storing":                  {privacy.LimitRestriction, privacy.Use{Purpose: privacy.UseOther, Operation: privacy.OpStore}, ""},
		"18(2): consent":                  {privacy.LimitRestriction, privacy.Use{Purpose: privacy.UseMarketing, Basis: "consent"}, ""},
		"18(2): a claim":                  {privacy.LimitRestriction, privacy.Use{Purpose: privacy.UseOther, Operation: privacy.OpLegalClaim}, ""},
		"18(2): another person":           {privacy.LimitRestriction, privacy.Use{Purpose: privacy.UseOther, Operation: privacy.OpProtectPerson}, ""},
		"18: a made-up operation":         {privacy.LimitRestriction, privacy.Use{Purpose: privacy.UseOther, Operation: "because"}, privacy.BlockedRestricted},
		"21(3): marketing":                {privacy.LimitMarketing, privacy.Use{Purpose: privacy.UseMarketing, Basis: "consent"}, privacy.BlockedPurpose},
		"21(3): advertising at a person":  {privacy.LimitMarketing, privacy.Use{Purpose: privacy.UseAdvertising}, privacy.BlockedPurpose},
		"21(3): an order goes on":         {privacy.LimitMarketing, privacy.Use{Purpose: privacy.UseService}, ""},
		"21(1): the basis":                {privacy.LimitInterests, privacy.Use{Purpose: privacy.UseAnalytics, Basis: "legitimate_interests"}, privacy.BlockedBasis},
		"21(1): another basis":            {privacy.LimitInterests, privacy.Use{Purpose: privacy.UseAnalytics, Basis: "contract"}, ""},
		"21(1): no basis, so closed":      {privacy.LimitInterests, privacy.Use{Purpose: privacy.UseAnalytics}, privacy.BlockedNoBasis},
		"21(1): a public task":            {privacy.LimitPublicTask, privacy.Use{Purpose: privacy.UseOther, Basis: "public_task"}, privacy.BlockedBasis},
		"21(6): research":                 {privacy.LimitResearch, privacy.Use{Purpose: privacy.UseResearch}, privacy.BlockedPurpose},
		"1798.120: sale":                  {privacy.LimitSale, privacy.Use{Purpose: privacy.UseSale}, privacy.BlockedPurpose},
		"1798.120: sharing is sale":       {privacy.LimitSale, privacy.Use{Purpose: privacy.UseSharing}, privacy.BlockedPurpose},
		"1798.120: own marketing goes on": {privacy.LimitSale, privacy.Use{Purpose: privacy.UseMarketing}, ""},
		"advertising":                     {privacy.LimitAdvertising, privacy.Use{Purpose: privacy.UseAdvertising}, privacy.BlockedPurpose},
		"profiling":                       {privacy.LimitProfiling, privacy.Use{Purpose: privacy.UseProfiling}, privacy.BlockedPurpose},
		"1798.121: sensitive, for ads":    {privacy.LimitSensitiveData, privacy.Use{Purpose: privacy.UseAnalytics, Sensitive: true}, privacy.BlockedSensitive},
		"7027(m): sensitive, as asked":    {privacy.LimitSensitiveData, privacy.Use{Purpose: privacy.UseService, Sensitive: true}, ""},
		"1798.121: what is not sensitive": {privacy.LimitSensitiveData, privacy.Use{Purpose: privacy.UseAnalytics}, ""},
	} {
		standing := []privacy.StandingLimit{{Kind: c.limit, Since: time.Unix(0, 0)}}
		blocks := privacy.MayUse(c.use, standing)
		if c.want == "" {
			require.Empty(t, blocks, name)
			continue
		}
		require.Len(t, blocks, 1, name)
		require.Equal(t, c.want, blocks[0].Why, name)
		require.Equal(t, standing[0], blocks[0].StandingLimit, name)
	}
	require.Empty(t, privacy.MayUse(privacy.Use{Purpose: privacy.UseSale}, nil), "nothing stands against anything where there is no limit")
}

func TestEveryLimitHasARuleAndStandsAgainstSomething(t *testing.T) {
	t.Parallel()
	for _, k := range privacy.LimitKinds() {
		require.NotEmpty(t, k.Citation().Text, k)
		blocked := 0
		for _, p := range privacy.UsePurposes() {
			blocked += len(privacy.MayUse(privacy.Use{Purpose: p, Sensitive: true}, []privacy.StandingLimit{{Kind: k}}))
		}
		require.Positive(t, blocked, k)
	}
}
