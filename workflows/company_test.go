package workflows_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/workflow"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// company is another company with a Docket of its own: a register, a shop, and the real API behind an address on this machine. It is asked by OpenDSR,
// as a processor, and goes by the clock of the play in which it is asked.
type company struct {
	*casetest.World
	p                     *play
	url, key, certificate string
	who                   uuid.UUID
	door                  door
}

// door is what stands before the company's API, where a test wants something to go wrong.
type door struct {
	// shut answers nothing.
	shut atomic.Bool
	// losing happens where a request was taken in, and has the answer to whoever filed it get lost; nil for none.
	losing atomic.Pointer[func()]
}

func newCompany(p *play) *company {
	p.t.Helper()
	c := &company{p: p, World: casetest.New(p.t, p.Clock)}
	server := httptest.NewUnstartedServer(nil)
	book, err := policies.Embedded()
	require.NoError(p.t, err)
	public := "http://" + server.Listener.Addr().String()
	c.Desk = casework.New(c.DB, c.Objects, book, casework.Links{Public: public}, p.Clock)
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(p.t, err)
	signer, err := audit.NewSigner("company.test", secret)
	require.NoError(p.t, err)
	handler, err := api.New(api.Config{
		Desk: c.Desk, Objects: c.Objects, Policies: book, Signer: signer, Version: "test", PublicURL: public, Clock: p.Clock, Log: zap.NewNop(),
		Temporal: atOnce{c}, Carry: func(ctx context.Context, w io.Writer, open func(context.Context) (io.ReadCloser, error)) error {
			return packaging.Carry(ctx, w, open)
		},
	})
	require.NoError(p.t, err)
	server.Config.Handler = c.behind(handler)
	server.Start()
	p.t.Cleanup(server.Close)
	c.Read(func(_ context.Context, tx *storage.Tx) error {
		c.url = public + "/opendsr/" + tx.Tenant().Slug + "/v2"
		return nil
	})
	c.lets(casetest.PublicURL)
	return c
}

// lets registers the controller at an address, as an administrator does.
func (c *company) lets(address string) {
	var hash []byte
	var err error
	c.key, hash, err = partner.NewKey()
	require.NoError(c.T, err)
	domain := c.Desk.Domain()
	private, certificate, ends, err := opendsr.NewKey(rand.Reader, domain, c.Clock.Now())
	require.NoError(c.T, err)
	c.certificate = certificate
	c.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		if _, err := tx.ReplaceProcessorKey(ctx, storage.ProcessorKey{Domain: domain, Certificate: certificate, Private: private, ExpiresAt: ends}); err != nil {
			return err
		}
		c.who, err = tx.AddRequester(ctx, storage.NewRequester{
			Protocol: storage.ProtocolOpenDSR, Handle: "shop", Name: "Beispiel GmbH", Domain: strings.TrimPrefix(address, "https://"), SecretHash: hash,
			Vouches: []string{storage.VouchEmail, storage.VouchCustomer}, Results: true,
		})
		return err
	})
}

// behind puts the door before the API.
func (c *company) behind(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.door.shut.Load() {
			panic(http.ErrAbortHandler)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if losing := c.door.losing.Load(); losing != nil && r.Method == http.MethodPost {
			(*losing)()
			panic(http.ErrAbortHandler)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// document is what the controller writes down about the company.
func (c *company) document() (document, secrets string) {
	return fmt.Sprintf("asked:\n  of: Printing House\n  url: %s\n  domain: %s\n  auth: {kind: bearer}\n  certificate: |\n    %s\n",
		c.url, c.Desk.Domain(), strings.ReplaceAll(strings.TrimSpace(c.certificate), "\n", "\n    ")), "token=" + c.key
}

// filed lists the company's cases, oldest first.
func (c *company) filed() (all []uuid.UUID) {
	c.T.Helper()
	rows, err := c.Register.Owner(c.T).Query(c.T.Context(), "SELECT id FROM cases ORDER BY id")
	require.NoError(c.T, err)
	defer rows.Close()
	for rows.Next() {
		var id uuid.UUID
		require.NoError(c.T, rows.Scan(&id))
		all = append(all, id)
	}
	require.NoError(c.T, rows.Err())
	return all
}

// newest is what the company was asked last.
func (c *company) newest() *casetest.Request {
	c.T.Helper()
	all := c.filed()
	require.NotEmpty(c.T, all, "the company was asked")
	r := &casetest.Request{World: c.World, Ref: contract.Ref{Tenant: c.Tenant, Case: all[len(all)-1]}}
	c.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, r.Case().SubjectID)
		if err != nil {
			return err
		}
		r.Person, err = tx.Person(ctx, subject)
		return err
	})
	return r
}

// works has the company see to what it was asked last, for an afternoon. do says when somebody there does what.
func (c *company) works(do func(*play)) {
	c.T.Helper()
	r := c.newest()
	c.p.aside(r, contract.RequestID(r.Ref.Case), 6*time.Hour, do, func(ctx workflow.Context) error {
		return workflows.Request(ctx, contract.RequestInput{Ref: r.Ref, Run: 1, Version: contract.NewestVersion})
	})
}

// fetched is what the company hands over as results of what it was asked last.
func (c *company) fetched(remote uuid.UUID) []byte {
	c.T.Helper()
	request, err := http.NewRequestWithContext(c.T.Context(), http.MethodGet, c.url+"/requests/"+remote.String()+"/results", nil)
	require.NoError(c.T, err)
	request.Header.Set("Authorization", "Bearer "+c.key)
	response, err := http.DefaultClient.Do(request)
	require.NoError(c.T, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(c.T, err)
	require.Equal(c.T, http.StatusOK, response.StatusCode, "%s", body)
	return body
}

// atOnce is the Temporal of a company whose requests are played: nothing begins by itself, and a command is carried out in the register.
type atOnce struct{ c *company }

var _ engine.Workflows = atOnce{}

func (atOnce) CheckHealth(context.Context, *client.CheckHealthRequest) (*client.CheckHealthResponse, error) {
	return &client.CheckHealthResponse{}, nil
}

func (atOnce) ExecuteWorkflow(context.Context, client.StartWorkflowOptions, any, ...any) (client.WorkflowRun, error) {
	return nil, nil //nolint:nilnil // nobody waits for its end
}

func (atOnce) SignalWithStartWorkflow(context.Context, string, string, any, client.StartWorkflowOptions, any, ...any) (client.WorkflowRun, error) {
	return nil, nil //nolint:nilnil // nobody waits for its end
}

func (atOnce) SignalWorkflow(context.Context, string, string, string, any) error { return nil }

func (t atOnce) UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	command, ok := options.Args[0].(contract.Command)
	if !ok {
		return nil, fmt.Errorf("%s is no command", options.UpdateName)
	}
	id, err := uuid.Parse(options.WorkflowID[strings.LastIndexByte(options.WorkflowID, '/')+1:])
	if err != nil {
		return nil, fmt.Errorf("the case of a command: %w", err)
	}
	_, err = t.c.Desk.Do(ctx, contract.CommandInput{Ref: contract.Ref{Tenant: t.c.Tenant, Case: id}, Command: command})
	return over{err: err}, nil
}

// over is the answer to a command that was carried out.
type over struct {
	client.WorkflowUpdateHandle
	err error
}

func (o over) Get(context.Context, any) error { return o.err }

func meetCompany(p *play) other { return newCompany(p) }

func (c *company) asked(*elsewhere) int { return len(c.filed()) }

// told is what the company has been told of the person.
func (c *company) told(*elsewhere) map[string]string {
	person, told := c.newest().Person, map[string]string{}
	for identity, value := range map[string]string{"email": person.Email, "phone_number": person.Phone, "customer_id": person.CustomerID, "name": person.Name} {
		if value != "" {
			told[identity] = value
		}
	}
	return told
}

// answer has the company's staff see to the request so that it comes to an outcome, and gives the package that it hands over.
func (c *company) answer(a *elsewhere, outcome privacy.InquiryOutcome, _ string) []byte {
	r := c.newest()
	copies := a.askedAbout(a.printer).Purpose == privacy.InquireCopy
	if outcome != privacy.InquiryNothing {
		c.Shop.Stock(r.Person, 2)
	}
	if !copies {
		c.Shop.Changeable()
	}
	if outcome == privacy.InquiryPartly {
		hold := &play{t: a.t, Request: r}
		hold.hold(r.Person)
	}
	c.works(func(there *play) {
		switch {
		case outcome == privacy.InquiryRefused:
			there.at(time.Hour, func() {
				there.accepted(casetest.Command(contract.Refuse, by(bo, "dpo"), casetest.Because(string(privacy.ManifestlyExcessive))))
			})
		case copies:
			there.at(time.Hour, there.reviewed)
		default:
			there.at(time.Hour, there.proposed)
			there.at(2*time.Hour, there.approved)
		}
	})
	if !copies || outcome == privacy.InquiryRefused {
		return nil
	}
	return c.fetched(a.askedAbout(a.printer).Remote)
}

// spared says that the company's request was taken back.
func (c *company) spared(*elsewhere) bool { return c.newest().Outcome() == privacy.OutcomeWithdrawn }
