// Package api is Docket's face to the outside: the REST interface under /v1 for staff and their programs, the public
// pages for the people behind the requests, and what operators look at. It reads from the register, changes it through
// casework, and reaches the workflows through their contract alone.
package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/api/live"
	"github.com/privacy-docket/docket/api/pages"
	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// Policies are the rules in force, as they are listed and explained.
type Policies interface {
	casework.Rules
	Regimes() []privacy.Summary
	Versions(id string) ([]*privacy.Regime, error)
	Ladders() []privacy.Ladder
	Mail() privacy.MailRules
}

// Config is what the API needs.
type Config struct {
	Desk     *casework.Desk
	Objects  *objects.Store
	Policies Policies
	// Temporal may be a lazy client: the API starts and takes requests in while Temporal is down.
	Temporal engine.Workflows
	// Signer gives the keys that audit checkpoints are verified with.
	Signer *audit.Signer
	// Codec serves /codec for Temporal's own page; nil leaves it out. CodecOrigins are the pages that may call it;
	// CodecLoopback lets whoever is on this machine call it without a key, for the local stack.
	Codec         *seal.PayloadCodec
	CodecOrigins  []string
	CodecLoopback bool
	// Proxies are the networks whose X-Forwarded-For is believed; none by default.
	Proxies []string
	// WebhooksLocal lets webhooks lead into the own network: the operator's choice, never a tenant's.
	WebhooksLocal bool
	Version       string
	// MailFrom is who letters come from, Slack whether notices can be posted there: for the screens to say.
	MailFrom string
	Slack    bool
	// SlackSigningSecret shows that a press of a button comes from Slack; without it nothing is taken in. SlackReplies is where
	// answers to a press go; "" is Slack's own address.
	SlackSigningSecret, SlackReplies string
	// PublicURL is where people find the pages and the console: passkeys are bound to its host, and cookies to its kind.
	PublicURL string
	// PrivateIssuers lets providers of single sign-on be on this machine or in a private network.
	PrivateIssuers bool
	Clock          clockwork.Clock
	Log            *zap.Logger
	// Carry writes of a package what another controller is given, which fetches it by a link. It is needed.
	Carry pages.Carry
	// DNS looks up the records of domains that messages come from; nil leaves signatures and domains unverified.
	DNS preflight.Resolver
	// Limits are for the public side; the zero value means the defaults.
	Limits Limits
	// Draining is closed when the server is about to stop: streams without an end end then. Nil never is.
	Draining <-chan struct{}
}

// server is the API in one piece.
type server struct {
	Config
	db       *storage.DB
	engine   *engine.Engine
	huma     huma.API
	metrics  *metrics
	strikes  *throttle.Limiter
	doors    *throttle.Limiter
	starter  *starter
	live     *live.Hub
	problems []error
	// preflight checks messages, as many at a time as checks has room for.
	preflight *preflight.Checker
	checks    chan struct{}
	// snippets are the forms for tenants' own pages.
	snippets *pages.Snippets
	// listStreams are the streams of addresses that are under way.
	listStreams streamRoom
	// known are the operations by their names.
	known map[string]operation

	jar       jar
	passwords *signin.Passwords
	passkeys  *signin.Passkeys
	providers *signin.Providers
	// wall is a clock that nobody sets: answers that must not tell anything by their time are held back by it.
	wall clockwork.Clock
}

// New builds the API. An operation without a permission, or a permission without an operation, is an error.
func New(c Config) (http.Handler, error) {
	s, router, err := build(c)
	if err != nil {
		return nil, err
	}
	if err := s.complete(); err != nil {
		return nil, err
	}
	return router, nil
}

var errNoCarry = errors.New("the API needs Carry, which writes what other controllers fetch")

func build(c Config) (*server, *gin.Engine, error) {
	if c.Carry == nil {
		return nil, nil, errNoCarry
	}
	c.Limits = c.Limits.defaults()
	s := &server{
		Config: c, db: c.Desk.DB(), engine: engine.New(c.Temporal), metrics: newMetrics(),
		strikes: throttle.New(c.Limits.BadKeys, c.Clock), doors: throttle.New(c.Limits.Open, c.Clock), known: map[string]operation{}, jar: newJar(c.PublicURL), wall: clockwork.NewRealClock(),
		passkeys:  signin.NewPasskeys(c.PublicURL),
		providers: signin.NewProviders(c.PrivateIssuers),
	}
	var err error
	if s.passwords, err = signin.NewPasswords(); err != nil {
		return nil, nil, err
	}
	if s.preflight, err = preflight.New(c.Policies.Mail(), c.DNS); err != nil {
		return nil, nil, err
	}
	if s.snippets, err = pages.NewSnippets(); err != nil {
		return nil, nil, err
	}
	s.checks = make(chan struct{}, checksAtOnce)
	s.live = live.New(liveRegister{s.db}, c.Limits.Live, c.Clock, c.Log)
	s.starter = newStarter(s.startNow, s.db, c.Clock, c.Log)
	router, err := s.router()
	if err != nil {
		return nil, nil, err
	}
	s.huma = humagin.New(router, document(c.Version))
	s.operations()
	s.refuseBlanks()
	s.plain(router)
	s.slackRoutes(router)
	s.partners(router)
	if err := console(router); err != nil {
		return nil, nil, err
	}
	err = pages.Register(router, pages.Config{
		Desk: c.Desk, Engine: s.engine, Rules: c.Policies, Clock: c.Clock, Log: c.Log, Limits: c.Limits.Pages, MayStart: s.starter.allow, Accept: s.accept, Local: c.WebhooksLocal, Carry: c.Carry,
	})
	return s, router, err
}

// router is gin with what every answer goes through.
func (s *server) router() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode) // its other mode prints every route to standard output
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.RedirectTrailingSlash = false
	if err := router.SetTrustedProxies(s.Proxies); err != nil {
		return nil, fmt.Errorf("read the trusted proxies: %w", err)
	}
	router.Use(s.observe, s.recovered, secured, s.sameOrigin(), written, limited)
	router.NoRoute(func(c *gin.Context) {
		problem(http.StatusNotFound, "not-found", "There is nothing under this address.").write(c.Writer)
	})
	router.NoMethod(func(c *gin.Context) {
		problem(http.StatusMethodNotAllowed, "method-not-allowed", "This address exists and does not take this method.").write(c.Writer)
	})
	return router, nil
}

// operations registers everything under /v1.
func (s *server) operations() {
	s.caseOperations()
	s.installedOperations()
	s.signInOperations()
	s.sessionOperations()
	s.accountOperations()
	s.factorOperations()
	s.passkeyOperations()
	s.singleSignOnOperations()
	s.peopleOperations()
	s.invitationOperations()
	s.resetOperations()
	s.tenantsOperations()
	s.feedOperations()
	s.installationOperations()
	s.eventOperations()
	s.bulkOperations()
	s.reportOperations()
}

// caseOperations registers what is done with cases.
func (s *server) caseOperations() {
	s.intakeOperations()
	s.requestOperations()
	s.timelineOperations()
	s.obligationOperations()
	s.messageOperations()
	s.conversationOperations()
	s.commandOperations()
	s.deskOperations()
	s.redactionOperations()
	s.erasureOperations()
	s.consentOperations()
	s.documentOperations()
	s.taskOperations()
}

// installedOperations registers what stands behind the cases, and what else a tenant has.
func (s *server) installedOperations() {
	s.systemOperations()
	s.stopOperations()
	s.datasetOperations()
	s.scanOperations()
	s.tenantOperations()
	s.keyOperations()
	s.auditOperations()
	s.policyOperations()
	s.calendarOperations()
	s.letterOperations()
	s.webhookOperations()
	s.mailDomainOperations()
	s.mailCheckOperations()
	s.requesterOperations()
	s.processorOperations()
}

// complete compares the permissions with the operations there are.
func (s *server) complete() error {
	known := map[string]bool{}
	for _, path := range s.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op != nil {
				known[op.OperationID] = true
			}
		}
	}
	for id := range permissions() {
		if !known[id] {
			s.problems = append(s.problems, fmt.Errorf("the permission %q belongs to no operation", id))
		}
	}
	return errors.Join(s.problems...)
}
