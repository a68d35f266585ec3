// Package pages are the public pages: the form, the status of a request, the code and the download. They are rendered on
// the server, work without JavaScript and load nothing from elsewhere. Their addresses hold tokens, which are never logged.
package pages

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Config is what the pages need.
type Config struct {
	Desk   *casework.Desk
	Engine *engine.Engine
	Rules  casework.Rules
	Clock  clockwork.Clock
	Log    *zap.Logger
	Limits Limits
	// MayStart says whether this process will start the workflow of a request itself; Accept is told of each accepted one.
	MayStart func() bool
	Accept   func(ref contract.Ref, run int32, channel string, ours bool)
	// Local lets packages be sent into the own network, over plain http too: the operator's choice, never a tenant's or a person's.
	Local bool
	// Carry writes what another controller fetches by a link.
	Carry Carry
}

// Limits bound what strangers can make the pages do. Looking is cheap; sending costs mail or work.
type Limits struct {
	// Look is per address, for every page; Send is per address, for every form that is sent.
	Look, Send throttle.Rule
	// Tenant is for requests filed with one tenant, Mailbox for those filed for one mailbox by
	// one visitor: whoever writes in another's name must not keep that person out.
	Tenant, Mailbox throttle.Rule
	// SignUp is for sign-ups with one tenant. How many letters a mailbox gets has bounds of its own, whatever is entered.
	SignUp throttle.Rule
	// Body is how fast what is sent has to come.
	Body Pace
}

// Defaults fills in what was not chosen.
func (l Limits) Defaults() Limits {
	for rule, usual := range map[*throttle.Rule]throttle.Rule{
		&l.Look:    {Every: time.Second, Burst: 120},
		&l.Send:    {Every: 10 * time.Second, Burst: 20},
		&l.Tenant:  {Every: 2 * time.Second, Burst: 300},
		&l.Mailbox: {Every: time.Hour, Burst: 5},
		&l.SignUp:  {Every: 100 * time.Millisecond, Burst: 1000},
	} {
		if rule.Burst == 0 {
			*rule = usual
		}
	}
	if l.Body.PerSecond == 0 {
		l.Body = usualPace()
	}
	return l
}

// site is the pages in one piece.
type site struct {
	Config
	// style is what pages look like; styleMark tells one version of it from another.
	style     []byte
	styleMark string
	words     words
	templates *template.Template
	look      *throttle.Limiter
	send      *throttle.Limiter
	tenants   *throttle.Limiter
	mailboxes *throttle.Limiter
	signUps   *throttle.Limiter
	// shelf has the places in memory for documents.
	shelf *shelf
	// archives knows what those are that other controllers fetch.
	archives *archives
	// wall is the time of connections.
	wall clockwork.Clock
}

// Register adds the pages to the router.
func Register(router *gin.Engine, c Config) error {
	said, err := readWords()
	if err != nil {
		return err
	}
	templates, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return fmt.Errorf("read the pages' templates: %w", err)
	}
	style, err := files.ReadFile("templates/style.css")
	if err != nil {
		return fmt.Errorf("read the pages' style: %w", err)
	}
	sum := sha256.Sum256(style)
	c.Limits = c.Limits.Defaults()
	s := &site{
		Config: c, words: said, templates: templates, shelf: &shelf{held: map[string]struct{}{}}, archives: &archives{carry: c.Carry, known: map[uuid.UUID]archive{}}, wall: clockwork.NewRealClock(), style: style, styleMark: hex.EncodeToString(sum[:4]), look: throttle.New(c.Limits.Look, c.Clock), send: throttle.New(c.Limits.Send, c.Clock),
		tenants: throttle.New(c.Limits.Tenant, c.Clock), mailboxes: throttle.New(c.Limits.Mailbox, c.Clock), signUps: throttle.New(c.Limits.SignUp, c.Clock),
	}
	s.routes(router)
	return nil
}

func (s *site) routes(router *gin.Engine) {
	router.GET("/assets/pages.css", s.stylesheet)
	router.GET("/:tenant/pages.css", s.page(s.ownStylesheet))
	router.GET(formRoute, s.page(s.showForm))
	router.POST(formRoute, s.page(s.takeForm))
	router.GET(signUpRoute, s.page(s.showSignUp))
	router.POST(signUpRoute, s.page(s.takeSignUp))
	router.OPTIONS(signUpRoute, s.page(s.preflightSignUp))
	router.GET("/:tenant/status/:token", s.page(s.status))
	router.POST("/:tenant/status/:token/code", s.page(s.answerCode))
	router.POST("/:tenant/status/:token/resend", s.page(s.resendCode))
	for _, r := range s.rooms() {
		at := "/:tenant/status/:token/" + r.name
		router.GET(at, s.page(s.door(r)))
		router.POST(at, s.page(s.enter(r)))
		router.POST(at+"/code", s.page(s.sendKey(r)))
	}
	router.POST(replyRoute, s.page(s.reply))
	router.POST("/:tenant/status/:token/data/correct", s.page(s.correctData))
	router.POST("/:tenant/status/:token/transmit/send", s.page(s.transmit))
	router.POST(sendRoute, s.page(s.takeDocument))
	for _, b := range s.letterboxes() {
		router.POST("/:tenant/status/:token/"+b.name+"/make", s.page(s.takeLetter(b)))
	}
	router.GET("/:tenant/status/:token/withdraw", s.page(s.askWithdraw))
	router.POST("/:tenant/status/:token/withdraw", s.page(s.withdraw))
	router.GET(askedRoute, s.page(s.showAsked))
	router.POST(askedRoute, s.page(s.openAsked))
	router.POST(answerRoute, s.page(s.takeAnswer))
	router.POST("/:tenant/status/:token/transmit/link", s.page(s.makeLink))
	router.POST("/:tenant/status/:token/transmit/end", s.page(s.endLink))
	router.HEAD(fetchRoute, s.page(s.lookFetch))
	router.GET(fetchRoute, s.page(s.openFetch))
	router.POST(fetchRoute, s.page(s.fetchByLink))
	router.GET("/:tenant/download/:token", s.page(s.download))
	router.POST("/:tenant/download/:token/code", s.page(s.downloadCode))
	router.POST("/:tenant/download/:token", s.page(s.fetch))
	s.ownRoutes(router)
}

//go:embed templates locale
var files embed.FS

// stylesheet is the one file that pages load.
func (s *site) stylesheet(c *gin.Context) { sendStyle(c, s.style) }

// ownStylesheet is the same in the colour of the tenant.
func (s *site) ownStylesheet(v *visit) error {
	style := s.style
	if colour := v.tenant.Settings.Colour; colour != "" {
		own, err := ownColours(colour)
		if err != nil {
			return err
		}
		style = append(slices.Clone(style), own...)
	}
	sendStyle(v.Context, style)
	return nil
}

// sendStyle may be kept: the address has a mark of what it says.
func sendStyle(c *gin.Context, style []byte) {
	c.Header("Cache-Control", "public, max-age=604800")
	c.Data(http.StatusOK, "text/css; charset=utf-8", style)
}
