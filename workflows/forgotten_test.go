package workflows_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// bird sings in everything that is said of the person, each time with another ending.
const bird = "wielewaal"

// dialled is the person's telephone number without what people write around it.
const dialled = "309918273"

// Endings of what is said in every story. The others are of some.
var everywhere = []string{"naam", "achter", "post", "klant", "straat", "notitie", "vraag", "antwoord", "bijlage"}

// story is a request that comes to a terminal state, in which whatever can be said of a person is said.
type story struct {
	outcome privacy.Outcome
	file    func(*casework.NewRequest)
	// also are the endings of what is said in this story alone.
	also []string
	// lead plays it; heard keeps what can be opened of the person at that moment.
	lead func(p *play, heard func())
	// then is what comes after the request was closed.
	then func(p *play)
}

// of gives a word of the person.
func of(ending string) string { return bird + ending }

// sung is the person of every story.
func sung(n *casework.NewRequest) {
	n.Person = storage.Person{Name: of("naam") + " " + of("achter"), Email: of("post") + "-" + uuid.NewString()[:8] + "@example.org", Phone: "+49 " + dialled, CustomerID: of("klant")}
	n.Details = "I live in " + of("straat") + " 7."
}

func stories() map[string]story {
	return map[string]story{
		"fulfilled, access": {
			outcome: privacy.OutcomeFulfilled, also: []string{"ding", "weg", "scan", "voogd", "volmacht", "terug"},
			file: func(n *casework.NewRequest) {
				n.Agent = &casework.Agent{Representative: storage.Representative{Name: of("voogd"), Email: "agent@example.org", Standing: of("volmacht")}}
			},
			lead: func(p *play, heard func()) {
				p.filed()
				p.at(30*time.Minute, func() { p.scans(); heard() })
				p.at(time.Hour, func() { p.accepted(casetest.Command(contract.ConfirmIdentity)) })
				p.at(2*time.Hour, func() { p.redacts(); p.told() })
				p.at(3*time.Hour, func() { heard(); p.reviewed() })
				p.at(4*time.Hour, heard)
			},
		},
		"fulfilled, portability": {
			outcome: privacy.OutcomeFulfilled, also: []string{"winkel", "fiets"}, file: func(n *casework.NewRequest) { casetest.Proven(n); n.Right = privacy.Portability },
			lead: func(p *play, heard func()) {
				p.Shop.Changeable()
				p.at(time.Hour, p.reviewed)
				p.at(2*time.Hour, func() { p.passesOn(); heard() })
			},
		},
		"fulfilled, erasure": {
			outcome: privacy.OutcomeFulfilled, file: erasing, also: []string{"reden"},
			lead: func(p *play, heard func()) {
				p.Shop.Changeable()
				p.at(time.Hour, func() { p.keeps() })
				p.at(2*time.Hour, func() { heard(); p.proposed() })
				p.at(3*time.Hour, p.approved)
			},
		},
		"fulfilled, rectification": {
			outcome: privacy.OutcomeFulfilled, also: []string{"nieuw", "paspoort", "loonstrook", "bestand"}, file: func(n *casework.NewRequest) { casetest.Proven(n); n.Right = privacy.Rectification },
			lead: func(p *play, heard func()) {
				p.Shop.Correctable()
				p.at(time.Hour, func() { p.renames(); p.sendsPayslip(); heard(); p.accepted(p.correct(bo)) })
			},
		},
		"refused, with a statement": {
			outcome: privacy.OutcomeRefused, also: []string{"mening"}, file: func(n *casework.NewRequest) { casetest.Proven(n); n.Right = privacy.Rectification },
			lead: func(p *play, heard func()) {
				p.Shop.Correctable()
				p.at(time.Hour, func() { heard(); p.refuses(privacy.DataAccurate) })
			},
			then: func(p *play) {
				who := audit.Actor{Kind: audit.Subject, ID: p.Ref.Case.String()}
				require.NoError(p.t, p.Desk.MakeStatement(p.t.Context(), p.Ref, who, "s", "I disagree, says "+of("mening")))
				p.goes()
			},
		},
		"refused, with an appeal": {
			outcome: privacy.OutcomeRefused, also: []string{"beroep", "uitleg"}, file: under("us-co"),
			lead: func(p *play, heard func()) {
				p.at(time.Hour, func() { heard(); p.refuses(privacy.ManifestlyExcessive) })
			},
			then: func(p *play) {
				id, err := p.appeals("a", "I asked once, says "+of("beroep"))
				require.NoError(p.t, err)
				require.NoError(p.t, p.Desk.DB().Change(p.t.Context(), p.Tenant, person(bo), func(ctx context.Context, tx *storage.Tx) error {
					return p.Desk.DecideAppeal(ctx, tx, p.Ref, "decide", id, storage.AppealDenied, "It stays so, "+of("uitleg"))
				}))
				p.goes()
			},
		},
		"refused, after weighing": {
			outcome: privacy.OutcomeRefused, also: []string{"belang"}, file: func(n *casework.NewRequest) {
				casetest.Proven(n)
				asking(privacy.Objection, against(privacy.LimitInterests))(n)
			},
			lead: func(p *play, heard func()) {
				p.at(time.Hour, func() { p.weighs(); heard(); p.refuses(privacy.CompellingGrounds) })
			},
			then: func(p *play) { p.after(p.t, 10*day).ended(p.t, 1) }, // the limit, which stands until the person could have read of it
		},
		"withdrawn": {
			outcome: privacy.OutcomeWithdrawn, file: casetest.Proven,
			lead: func(p *play, heard func()) {
				p.at(time.Hour, func() { heard(); p.accepted(casetest.Command(contract.Withdraw)) })
			},
		},
		"cancelled": {
			outcome: privacy.OutcomeCancelled, file: casetest.Proven,
			lead: func(p *play, heard func()) {
				p.at(time.Hour, func() { heard(); p.accepted(casetest.Command(contract.Cancel, casetest.Because("filed_twice"))) })
			},
		},
		"unverified": {
			outcome: privacy.OutcomeUnverified, file: func(*casework.NewRequest) {},
			lead: func(p *play, heard func()) { p.at(time.Hour, heard) },
		},
	}
}

// When a case's own time is over, nothing of the person is in a dump of the register or in the object store, however the case ended and whatever was said in it.
// The log still verifies, and the reports count the case as before.
func TestADumpDoesNotNameWhoWasForgotten(t *testing.T) {
	t.Parallel()
	for name, s := range stories() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlay(t, stage{request: []func(*casework.NewRequest){sung, s.file}})
			p.Shop.Exec(`UPDATE orders SET item = '` + of("ding") + ` ' || id`)
			last, held := s.play(t, p)
			var said []string
			for _, ending := range append(slices.Clone(everywhere), s.also...) {
				said = append(said, of(ending))
				require.Contains(t, held, of(ending), "it was never kept, and so it would not be found")
			}
			search := tracesOf(append(said, bird, dialled)...)
			take := last.planted(append(said, dialled)...)
			require.Subset(t, words(search.inStores(last)), append(said, dialled), "what is planted is found")
			take()
			none(t, search.inStores(last))
			before, row := last.counts(), last.Case()

			later := last.after(t, 40*31*day)
			later.forgets()
			require.NotNil(t, later.Case().ForgottenAt)
			require.Empty(t, later.sealed(row.SubjectID), "nothing that was sealed is left")
			none(t, search.inStores(later))
			require.Equal(t, before, later.counts(), "the reports still count it")
			log := later.log()
			for path, file := range log {
				none(t, search.in("log, "+path, file.Data))
			}
			onRecord(t, later)
		})
	}
}

// play plays a story to its end, and gives the play that comes last and everything that could be opened of the person on the way.
func (s story) play(t *testing.T, p *play) (last *play, held string) {
	t.Helper()
	var heard strings.Builder
	listen := func() { heard.WriteString(p.opened()) }
	p.at(20*time.Minute, p.talks)
	s.lead(p, listen)
	p.run()
	require.Equal(t, s.outcome, p.Outcome())
	if last = p; s.then != nil {
		last = p.after(t, day)
		s.then(last)
	}
	heard.WriteString(last.opened())
	return last, heard.String()
}

// counts is what the reports say of the time in which the case came in.
func (p *play) counts() (out []storage.TimelinessLine) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = tx.Timeliness(ctx, []time.Time{monday().AddDate(0, 0, -1), monday().AddDate(0, 1, 0)})
		return err
	})
	require.Len(p.t, out, 1)
	return out
}

// log takes the log out, as anybody may, and verifies it.
func (p *play) log() fstest.MapFS {
	p.t.Helper()
	ctx, tenant := p.t.Context(), p.Tenant.String()
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(p.t, err)
	signer, err := audit.NewSigner("docket.test", secret)
	require.NoError(p.t, err)
	require.NoError(p.t, p.DB.InLog(ctx, p.Tenant, func(log *storage.LogTx) error {
		if _, err := (audit.Sequencer{}).Integrate(ctx, log, tenant, 10_000); err != nil {
			return err
		}
		_, err := signer.Checkpoint(ctx, log, tenant)
		return err
	}))
	key, err := signer.VerifierKey(tenant)
	require.NoError(p.t, err)
	files := exportedFiles{}
	_, err = audit.Export(ctx, p.DB.LogReader(p.Tenant, key), files)
	require.NoError(p.t, err)
	report, err := audit.Verify(fstest.MapFS(files), key)
	require.NoError(p.t, err)
	require.Positive(p.t, report.Checkpoint.Size)
	return fstest.MapFS(files)
}

// exportedFiles are the files of an exported log.
type exportedFiles fstest.MapFS

// Put implements audit.Sink.
func (f exportedFiles) Put(_ context.Context, path string, data []byte) error {
	f[path] = &fstest.MapFile{Data: bytes.Clone(data)}
	return nil
}
