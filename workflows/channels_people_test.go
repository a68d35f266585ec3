package workflows_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// vendor is asked by a letter, and answers on the page behind its link.
type vendor struct{}

func meetVendor(*play) other { return vendor{} }

func (vendor) document() (document, secrets string) {
	return "asked:\n  of: Printing House\n  email: privacy@printing.example\n", ""
}

func (vendor) asked(a *elsewhere) int { return len(a.Letters(notify.KindInquiry)) }

func (v vendor) told(a *elsewhere) map[string]string {
	about, err := a.Desk.ShowAsked(a.t.Context(), a.askedBy(a.letterTo(notify.KindInquiry)))
	require.NoError(a.t, err)
	return about.Known
}

func (vendor) answer(a *elsewhere, outcome privacy.InquiryOutcome, words string) (file []byte) {
	at := a.askedBy(a.letterTo(notify.KindInquiry))
	if at.Purpose == privacy.InquireCopy && (outcome == privacy.InquiryDone || outcome == privacy.InquiryPartly) {
		file = fmt.Appendf(nil, "street,city\r\n\x00\xff%s", uuid.New())
		require.NoError(a.t, a.Desk.AddInquiryFile(a.t.Context(), at.Ref, casework.AddresseeActor(at.ID), at.ID, "answer.csv", bytes.NewReader(file)))
	}
	require.NoError(a.t, a.answers(at, outcome, words))
	return file
}

func (vendor) spared(a *elsewhere) bool {
	at := a.askedBy(a.letterTo(notify.KindInquiry))
	return at.State == storage.InquiryClosed && len(a.Letters(notify.KindInquiryClosed)) == 1
}

// colleagues are asked by a member of the staff, who has a task for it.
type colleagues struct{}

func meetColleagues(*play) other { return colleagues{} }

func (colleagues) document() (document, secrets string) {
	return "asked:\n  of: Printing House\n  instructions: Ring them and name the customer.\n", ""
}

func (colleagues) tasks(a *elsewhere) (all []storage.CaseTask) {
	a.Read(func(ctx context.Context, tx *storage.Tx) error {
		tasks, err := tx.CaseTasks(ctx, a.Ref.Case)
		for _, task := range tasks {
			if strings.HasSuffix(task.Key, "/ask") {
				all = append(all, task)
			}
		}
		return err
	})
	return all
}

func (c colleagues) asked(a *elsewhere) int { return len(c.tasks(a)) }

// told is what the one who asks may say: staff see all of the person, and the inquiry says what of it.
func (colleagues) told(a *elsewhere) map[string]string {
	require.Equal(a.t, "Ring them and name the customer.", a.askedAbout(a.printer).Body.Instructions)
	known, told := casework.KnownBy(a.Person, a.Case()), map[string]string{}
	for _, identity := range a.askedAbout(a.printer).Identities {
		if known[identity] != "" {
			told[identity] = known[identity]
		}
	}
	return told
}

func (colleagues) answer(a *elsewhere, outcome privacy.InquiryOutcome, words string) (file []byte) {
	i, who := a.askedAbout(a.printer), audit.Actor{Kind: audit.Person, ID: uuid.NewString(), Role: "dpo"}
	if i.Purpose == privacy.InquireCopy && (outcome == privacy.InquiryDone || outcome == privacy.InquiryPartly) {
		file = fmt.Appendf(nil, "by hand\n\x00\xfe%s", uuid.New())
		require.NoError(a.t, a.Desk.AddInquiryFile(a.t.Context(), a.Ref, who, i.ID, "answer.csv", bytes.NewReader(file)))
	}
	require.NoError(a.t, a.Desk.DB().Change(a.t.Context(), a.Tenant, who, func(ctx context.Context, tx *storage.Tx) error {
		return a.Desk.AnswerInquiry(ctx, tx, a.Ref, uuid.NewString(), casework.InquiryAnswer{Inquiry: i.ID, Outcome: outcome, Words: words})
	}))
	return file
}

func (c colleagues) spared(a *elsewhere) bool {
	for _, task := range c.tasks(a) {
		if task.State == "open" {
			return false
		}
	}
	return true
}
