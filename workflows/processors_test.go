package workflows_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// processor is another company's program that speaks OpenDSR. It signs what it answers.
type processor struct {
	*httptest.Server
	t           *testing.T
	key         *rsa.PrivateKey
	certificate string

	mu       sync.Mutex
	requests map[uuid.UUID]opendsr.Request
	status   string
	// results are given out under an address of their own; cancelled are those that were taken back.
	results   string
	cancelled []uuid.UUID
	// lost has the answer to the next filing get lost, broken leaves signatures out.
	lost, broken bool
}

const processorDomain = "processor.example"

func newProcessor(t *testing.T) *processor {
	t.Helper()
	private, certificate, _, err := opendsr.NewKey(rand.Reader, processorDomain, monday())
	require.NoError(t, err)
	key, err := opendsr.ParseKey(private)
	require.NoError(t, err)
	p := &processor{t: t, key: key, certificate: certificate, requests: map[uuid.UUID]opendsr.Request{}, status: opendsr.Pending}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dsr/discovery", p.discovery)
	mux.HandleFunc("POST /dsr/requests", p.file)
	mux.HandleFunc("GET /dsr/requests/{id}", p.stands)
	mux.HandleFunc("DELETE /dsr/requests/{id}", p.cancel)
	mux.HandleFunc("GET /results/{id}", p.hand)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// document is what the controller writes down about the processor.
func (p *processor) document() string {
	return fmt.Sprintf("asked:\n  of: Mailings Inc\n  url: %s/dsr\n  domain: %s\n  auth: {kind: bearer}\n  certificate: |\n    %s\n",
		p.URL, processorDomain, strings.ReplaceAll(strings.TrimSpace(p.certificate), "\n", "\n    "))
}

func (p *processor) say(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	signature, err := opendsr.Sign(p.key, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if !p.broken {
		opendsr.OpenDSR.SetHeaders(w.Header(), processorDomain, signature)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (p *processor) discovery(w http.ResponseWriter, _ *http.Request) {
	p.say(w, http.StatusOK, opendsr.Discover(opendsr.OpenDSR, p.URL+"/certificate.pem"))
}

func (p *processor) file(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Authorization") != "Bearer secret" {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	request, err := opendsr.Parse(body, opendsr.OpenDSR)
	if _, twice := p.requests[request.ID]; twice || err != nil {
		http.Error(w, "there is one, or it is none", http.StatusBadRequest)
		return
	}
	p.requests[request.ID] = request
	if p.lost {
		p.lost = false
		http.Error(w, "lost", http.StatusBadGateway)
		return
	}
	p.say(w, http.StatusCreated, opendsr.Accepted{ControllerID: "x", Received: monday(), ID: request.ID, APIVersion: "2.0"})
}

func (p *processor) stands(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, err := opendsr.ParseID(r.PathValue("id"))
	if _, known := p.requests[id]; !known || err != nil {
		http.Error(w, "none", http.StatusNotFound)
		return
	}
	status := opendsr.Status{ControllerID: "x", ID: id, Status: p.status, APIVersion: "2.0"}
	if p.status == opendsr.Completed && p.results != "" {
		status.ResultsURL = p.URL + "/results/" + id.String()
	}
	if p.status == opendsr.Cancelled {
		status.Extensions = opendsr.Extensions{processorDomain: {Outcome: "refused", Reason: "unknown_person"}}
	}
	p.say(w, http.StatusOK, status)
}

func (p *processor) cancel(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, _ := opendsr.ParseID(r.PathValue("id"))
	p.cancelled = append(p.cancelled, id)
	w.WriteHeader(http.StatusAccepted)
}

func (p *processor) hand(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Disposition", `attachment; filename="mailings.json"`)
	_, _ = io.WriteString(w, p.results)
}

// becomes has the requests stand so from now on.
func (p *processor) becomes(status, results string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.results = status, results
}

// only is the one request that was filed.
func (p *processor) only() opendsr.Request {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	require.Len(p.t, p.requests, 1)
	for _, r := range p.requests {
		return r
	}
	return opendsr.Request{}
}

// askable adds a processor as a system of a live world.
func (l *live) askable(p *processor) {
	l.t.Helper()
	l.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddSystem(ctx, storage.System{
			Key: "mailings", Name: "Mailings", Kind: "opendsr", Target: "token=secret", Service: p.document(), Declaration: fmt.Sprintf(askedDeclaration, "mailings"),
		})
		return err
	})
}

func (f *following) inquiries() (all []storage.Inquiry) {
	f.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, f.Case().SubjectID)
		if err != nil {
			return err
		}
		all, err = tx.Inquiries(ctx, f.Ref.Case, subject)
		return err
	})
	return all
}

// asked waits until the one inquiry has been sent.
func (f *following) asked() storage.Inquiry {
	f.l.t.Helper()
	f.until("somebody was asked", func() bool { return len(f.inquiries()) == 1 && f.inquiries()[0].State == storage.InquiryAsked })
	return f.inquiries()[0]
}

// A processor is sent the request, calls back, is asked how it stands, and what it holds is in the person's package. An answer that got lost on its
// way does not file twice.
func TestAccessAtAProcessor(t *testing.T) {
	t.Parallel()
	l, p := newLive(t), newProcessor(t)
	l.askable(p)
	p.lost = true
	l.work()
	l.follow(l.client)
	f := l.file(casetest.Proven)
	i := f.asked()
	sent := p.only()
	require.Equal(t, i.Remote, sent.ID)
	require.Equal(t, []string{opendsr.Access, opendsr.GDPR, f.Person.Email}, []string{sent.Type, sent.Regulation, sent.Value(opendsr.Email)})
	require.Len(t, sent.Identities, 1, "of the person they hear what is proven, and nothing else")
	require.Contains(t, sent.Callbacks[0], "/callbacks")
	require.ErrorIs(t, l.Desk.CalledBack(t.Context(), l.Tenant, uuid.New()), storage.ErrNotFound)
	require.NoError(t, l.Desk.CalledBack(t.Context(), l.Tenant, sent.ID))
	p.becomes(opendsr.Completed, `{"mailings": 3}`)
	require.NoError(t, l.Desk.CalledBack(t.Context(), l.Tenant, sent.ID))
	f.reaches(privacy.RequestReviewing)
	require.NoError(t, f.command(casetest.Command(contract.Approve)))
	f.until("the person is written to", func() bool { return len(f.Letters(notify.KindPackageReady)) == 1 })
	files := unzipped(t, f.Fetch())
	require.Equal(t, `{"mailings": 3}`, files["files/mailings/answer/1-mailings.json"])
}

// What a processor ended without doing it is for the staff to decide about; a request that is taken back is taken back there.
func TestAProcessorThatCancels(t *testing.T) {
	t.Parallel()
	l, p := newLive(t), newProcessor(t)
	l.askable(p)
	l.work()
	l.follow(l.client)
	f := l.file(casetest.Proven)
	sent := f.asked()
	p.becomes(opendsr.Cancelled, "")
	require.NoError(t, l.Desk.CalledBack(t.Context(), l.Tenant, sent.Remote))
	f.until("the staff are asked", func() bool { return len(f.OpenTasks()) == 1 && f.OpenTasks()[0] == storage.TaskCollectionFailed })
	require.Equal(t, "The processor says: cancelled, refused (unknown_person).", f.inquiries()[0].Words)

	other := l.file(casetest.Proven, func(n *casework.NewRequest) { n.Person.Email = "somebody.else@example.org" })
	second := other.asked()
	require.NoError(t, other.command(casetest.Command(contract.Withdraw)))
	other.until("it is taken back at the processor", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.cancelled) == 1 && p.cancelled[0] == second.Remote
	})
}

// An answer that is not signed by the processor's certificate counts as none: the staff hear of it.
func TestAProcessorWhoseSignatureDoesNotHold(t *testing.T) {
	t.Parallel()
	l, p := newLive(t), newProcessor(t)
	l.askable(p)
	p.broken = true
	l.work()
	l.follow(l.client)
	f := l.file(casetest.Proven)
	f.until("the staff hear of it", func() bool { return len(f.OpenTasks()) == 1 && f.OpenTasks()[0] == storage.TaskInquiry })
	require.Equal(t, storage.InquiryOpen, f.inquiries()[0].State)
	require.Equal(t, privacy.RequestCollecting, f.State())
}
