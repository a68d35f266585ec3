package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// channel is a way in which whoever has a system that nobody here reads is asked about it, with somebody real at the other end.
type channel struct {
	kind string
	meet func(*play) other
	// lacks are the rows of the contract, or parts of them, that the channel can't have, with the reason. The row shows what happens in its place.
	lacks map[lack]string
}

// lack is something that a channel can't do.
type lack string

const (
	sayingPartly  lack = "to say that a copy is not whole"
	sayingNothing lack = "to say that nothing is held"
	passingOn     lack = "to be told of corrections and limits"
	reminding     lack = "to be reminded"
)

// channels are those that there are.
func channels() []channel {
	return []channel{
		{kind: dataset.AskedOpenDSR, meet: meetCompany, lacks: map[lack]string{
			sayingPartly:  "the protocol says of a copy that it is completed, and no more",
			sayingNothing: "the protocol says that a request is completed, also where there was nothing; of a copy a cover comes, which says so",
			passingOn:     "the protocol has no words for corrections and limits: a member of staff tells the processor",
			reminding:     "a program is looked at again and again, and not reminded",
		}},
		{kind: dataset.AskedEmail, meet: meetVendor},
		{kind: dataset.AskedManual, meet: meetColleagues, lacks: map[lack]string{
			reminding: "whoever is to ask has a task, which stands until the answer is entered",
		}},
	}
}

// other is whoever is at the other end of a channel.
type other interface {
	// document and secrets are what the system is filed with, up to the end of what is asked of them.
	document() (document, secrets string)
	// asked counts how often they were asked, told is what they know of the person by what they were asked last, by identity.
	asked(*elsewhere) int
	told(*elsewhere) map[string]string
	// answer has them answer what they were asked last, with the file that they send of a copy.
	answer(*elsewhere, privacy.InquiryOutcome, string) []byte
	// spared says that they know that no answer to what they were asked last is needed any more.
	spared(*elsewhere) bool
}

// TestChannels holds all of them to one contract: what is asked of whoever has a system, when, how often, and what comes of each answer.
func TestChannels(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]func(*testing.T, channel){
		"a good system and a broken one are told apart":     tellsGoodFromBroken,
		"a copy gets into the package":                      copiesIntoThePackage,
		"holding nothing is an answer":                      saysThatNothingIsHeld,
		"what is said of it reaches the person":             saysWhyNothingIsHeld,
		"a copy in part is said to be one":                  copiesInPart,
		"a refused copy is asked for again":                 asksAgainAfterARefusal,
		"a refused copy is left out":                        leavesOutWhoRefuses,
		"nobody is told what is not proven":                 tellsWhatIsProven,
		"asked once, however often and whatever breaks off": asksOnce,
		"erased there":                                             erases,
		"nothing to erase there":                                   erasesNothing,
		"a part is kept there":                                     erasesInPart,
		"an erasure goes on after a refusal":                       goesOnAfterARefusal,
		"an erasure goes on without an answer":                     goesOnWithoutAnAnswer,
		"erased by hand after a refusal":                           erasesByHand,
		"a hold keeps it unasked":                                  keepsUnderAHold,
		"an emergency stop keeps it unasked and unreminded":        standsStillInAnEmergency,
		"a correction is passed on, and not waited for":            passesOnCorrections,
		"a restriction and its end are passed on":                  passesOnLimits,
		"reminders, and at the end somebody of the staff":          reminds,
		"a request that ends takes the question back":              takesBack,
		"recipients hear of an erasure over the channel (Art. 19)": tellsRecipients,
	} {
		for _, c := range channels() {
			t.Run(name+"/"+c.kind, func(t *testing.T) {
				t.Parallel()
				row(t, c)
			})
		}
	}
}

// can says whether the channel can do something; where it can't, the reason stands in the test's log.
func (c channel) can(t *testing.T, what lack) bool {
	t.Helper()
	reason, lacks := c.lacks[what]
	if lacks {
		t.Logf("%s lacks a way %s: %s", c.kind, what, reason)
	}
	return !lacks
}

// elsewhere is a play in which somebody else has a system, beside the shop.
type elsewhere struct {
	*play
	channel
	other   other
	printer uuid.UUID
	// owed are the moments of the play that have not come yet.
	owed int
}

// at is a moment of the play that has to come: a request that ends before it has gone another way than the test says.
func (a *elsewhere) at(after time.Duration, do func()) {
	a.owed++
	a.play.at(after, func() {
		a.owed--
		do()
	})
}

// run plays to the end.
func (a *elsewhere) run() {
	a.t.Helper()
	a.play.run()
	require.Zero(a.t, a.owed, "the request ended before all of this was to happen")
}

// asks adds the system of a channel to a play. more are lines that stand in its document, too.
func (c channel) asks(p *play, more ...string) *elsewhere {
	p.t.Helper()
	a := &elsewhere{play: p, channel: c, other: c.meet(p)}
	document, secrets := a.other.document()
	a.printer = p.askable("printer", c.kind, document+strings.Join(more, ""), secrets)
	return a
}

// copying is a request to see the data of somebody whose e-mail address is proven.
func (c channel) copying(t *testing.T, more ...string) *elsewhere {
	t.Helper()
	return c.asks(newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}}), more...)
}

// erasing is a request to erase, with the plan proposed after an hour and approved after two.
func (c channel) erasing(t *testing.T, more ...string) *elsewhere {
	t.Helper()
	a := c.asks(newErasure(t, stage{}), more...)
	a.at(time.Hour, a.proposed)
	a.at(2*time.Hour, a.approved)
	return a
}

// looks has the workflow of the newest inquiry about the system look at it, and the request hear of what came of that.
func (a *elsewhere) looks() {
	a.t.Helper()
	a.looksAt(a.askedAbout(a.printer).ID)
	a.told()
}

// looksAt has the workflow of an inquiry look at it.
func (a *elsewhere) looksAt(inquiry uuid.UUID) {
	a.t.Helper()
	a.aside(a.Request, contract.InquiryID(inquiry), 30*time.Second, func(*play) {}, func(ctx workflow.Context) error {
		return workflows.Inquiry(ctx, contract.InquiryInput{Ref: a.Ref, Inquiry: inquiry})
	})
}

// answered has them answer after three hours of the play, and the answer found after twelve: the other end takes its time.
func (a *elsewhere) answered(outcome privacy.InquiryOutcome, words string) (file *[]byte) {
	file = new([]byte)
	a.at(3*time.Hour, a.looks)
	a.at(4*time.Hour, func() { *file = a.other.answer(a, outcome, words) })
	a.at(12*time.Hour, a.looks)
	return file
}

// checks tries the system as docket system test does.
func (a *elsewhere) checks() (findings []contract.Finding) {
	a.t.Helper()
	next := a.again(a.t)
	next.env.ExecuteWorkflow(contract.CheckWorkflow, contract.CheckInput{Tenant: a.Tenant, System: a.printer})
	require.NoError(a.t, next.env.GetWorkflowError())
	var result contract.CheckResult
	require.NoError(a.t, next.env.GetWorkflowResult(&result))
	return result.Findings
}

// filed changes the system's document.
func (a *elsewhere) filed(change func(document string) string) {
	a.t.Helper()
	a.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, a.printer)
		if err != nil {
			return err
		}
		system.Service = change(system.Service)
		return tx.UpdateSystem(ctx, system)
	})
}
