package workflows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// owedSince gives the notices that were not there before, by the names of who must hear.
func (p *play) owedSince(before []storage.RecipientNotice) (names []string, owed []storage.RecipientNotice) {
	p.t.Helper()
	known := map[string]bool{}
	for _, n := range before {
		known[n.ID.String()] = true
	}
	for _, n := range p.notices() {
		if !known[n.ID.String()] {
			names, owed = append(names, n.Recipient), append(owed, n)
		}
	}
	return names, owed
}

// Art. 19 GDPR: recipients hear of what is erased years later, too. Where the request is forgotten by then the staff tell them, and what says whose
// data it was stays until they have.
func TestArt19RecipientsHearOfWhatIsErasedLaterAlsoOfAForgottenRequest(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.disclosing(func(*storage.System) {})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	var before []storage.RecipientNotice
	p.at(4*year, func() {
		before = p.notices()
		p.forgets()
		require.Nil(t, p.Case().ForgottenAt, "somebody is still to be told of what was erased at first")
		for _, n := range before {
			telling := casework.RecipientTelling{Notice: n.ID, State: privacy.RecipientTold, Note: "By mail."}
			require.NoError(t, p.tell(n.ID.String(), telling))
		}
	})
	p.at(4*year+3*day, p.forgets)
	p.at(9*year, func() {
		d, err := p.deferralOnly()
		require.NoError(t, err)
		require.False(t, d.Done, "it waits for those who must hear")
		require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`), "nothing of the person's is left")
		require.NotNil(t, p.Case().ForgottenAt)
		letters := p.Letters(notify.KindRecipientsToTell)
		require.Greater(t, len(letters), 1, "the officer is reminded")
		names, owed := p.owedSince(before)
		require.Contains(t, names, "Partner AG")
		require.Contains(t, unwrapped(letters[0].Text), "Partner AG")
		for i, n := range owed {
			require.Equal(t, "to_tell", n.State)
			telling := casework.RecipientTelling{Notice: n.ID, State: privacy.RecipientTold, Note: "By mail."}
			require.ErrorContains(t, p.tell(n.ID.String(), telling), "leave the note out")
			if telling.Note = ""; i > 0 {
				telling.State, telling.Reason = privacy.RecipientNotTold, privacy.ReasonImpossible
			}
			require.NoError(t, p.tell(n.ID.String(), telling))
		}
	})
	p.run()
	d, err := p.deferralOnly()
	require.NoError(t, err)
	require.True(t, d.Done)
}

// While the request is on file, recipients with a mailbox are written to in its name, and nothing waits for them.
func TestArt19RecipientsAreWrittenToOfWhatIsErasedLater(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.disclosing(func(s *storage.System) {
		s.Declaration = strings.Replace(s.Declaration, "{en: Analysis}, country: DE,", "{en: Analysis}, email: dpo@partner.example, country: DE,", 1)
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	var before []storage.RecipientNotice
	p.at(year, func() { before = p.notices() })
	p.run()
	require.True(t, p.deferral().Done)
	names, _ := p.owedSince(before)
	require.Contains(t, names, "Partner AG")
	require.Empty(t, p.Letters(notify.KindRecipientsToTell))
	asked := 0
	for _, i := range p.inquiries() {
		if i.Addressee == "Partner AG" {
			asked++
			require.Equal(t, privacy.InquireErase, i.Purpose)
		}
	}
	require.Equal(t, 2, asked, "of what was erased at first, and of what was erased later")
}
