package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// Where the links of people's own lead. The token in them is all that is needed: nobody signs in, and no cookie counts.
const (
	unsubscribeRoute = "/u/:token"
	preferencesRoute = "/p/:token"
	confirmRoute     = "/c/:token"
)

// OwnLink says whether a route is that of a link of a person's own.
func OwnLink(route string) bool {
	return route == unsubscribeRoute || route == preferencesRoute || route == confirmRoute
}

// own is what the pages of such links show.
type own struct {
	// What is the messages that the link is for, and Ended when they ended.
	What, Ended string
	Reasons     []choice
	// Choose is the address of the page where one can choose; empty on that page itself.
	Choose string
	// Undo is the pass by which what was just ended can be taken up again, and Back what that is.
	Undo string
	Back []ownOffer

	// Offers are what one can agree to, Tracking that of being seen.
	Offers, Tracking      []ownOffer
	Often, Pause, Tongues []choice
	// Paused says until when nothing comes; Spoken is the language that is chosen.
	Paused, Spoken string
}

// ownOffer is a purpose with the words that one agrees to.
type ownOffer struct {
	Title, Words string
	// Long says that the words are folded away, and Summary is what stands for them then.
	Long    bool
	Summary string
	// Text names the version of the words, for the form.
	Text string
	Ways []choice
}

func (s *site) ownRoutes(router *gin.Engine) {
	for route, of := range map[string]struct {
		kind      consent.LinkKind
		look, act func(*visit, casework.OwnLink) error
	}{
		unsubscribeRoute: {consent.LinkUnsubscribe, s.showUnsubscribe, s.unsubscribe},
		preferencesRoute: {consent.LinkPreferences, s.showPreferences, s.savePreferences},
		confirmRoute:     {consent.LinkConfirm, s.showConfirm, s.answerConfirm},
	} {
		router.GET(route, s.own(of.kind, of.look))
		router.HEAD(route, s.own(of.kind, of.look))
		router.POST(route, s.own(of.kind, of.act))
	}
}

// own finds whose link it is. Whatever is wrong with one that nobody has signed, the answer is the same.
func (s *site) own(kind consent.LinkKind, do func(*visit, casework.OwnLink) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("Content-Security-Policy", policy)
		c.Header("Referrer-Policy", "no-referrer")
		v := &visit{Context: c, site: s, language: s.words.choose(c.Query("lang"), "", c.GetHeader("Accept-Language"))}
		link, err := s.ownLink(v, kind)
		if err == nil && !v.Writer.Written() {
			v.tenant = link.Of
			v.speak("")
			err = s.withOwn(v, link, do)
		}
		if err != nil {
			v.fail(err)
		}
	}
}

// ownLink opens the link of the address. Who only looks, at links that are none, is bounded by where they come from; acting is not: mailbox providers act for
// millions of people from a few addresses.
func (s *site) ownLink(v *visit, kind consent.LinkKind) (link casework.OwnLink, err error) {
	origin, looking := throttle.Origin(v.ClientIP()), v.Request.Method != http.MethodPost
	if looking {
		if ok, wait := s.look.Allow(origin); !ok {
			v.busy(wait)
			return link, nil
		}
	}
	link, err = s.Desk.OpenLink(v.Request.Context(), v.Param("token"), kind)
	if looking && err == nil {
		s.look.GiveBack(origin)
	}
	return link, err
}

// withOwn does what the link is for, unless it was revoked, or its person looks at it all the time.
func (s *site) withOwn(v *visit, link casework.OwnLink, do func(*visit, casework.OwnLink) error) error {
	if link.Revoked() {
		v.plain(http.StatusGone, "own.revoked")
		return nil
	}
	if v.Request.Method != http.MethodPost {
		if ok, wait := s.look.Allow(link.Person.String()); !ok {
			v.busy(wait)
			return nil
		}
	}
	return do(v, link)
}

// speak chooses the language of the page: the one that was just chosen, the one asked for in the address, that of the person, the browser's, the controller's.
func (v *visit) speak(known string) {
	accepted := v.GetHeader("Accept-Language")
	if accepted == "" {
		accepted = v.tenant.Language
	}
	known, _, _ = strings.Cut(known, "-")
	asked := v.Query("lang")
	if v.picked != "" {
		asked = v.picked
	}
	v.language = v.site.words.choose(asked, known, accepted)
}

// speaks is speak for whoever needs to know the language.
func (v *visit) speaks(known string) string {
	v.speak(known)
	return v.language
}

// plain shows a title, a text and what to do next.
func (v *visit) plain(status int, key string) {
	v.show(status, "plain", view{Title: v.say(key + ".title"), Lines: []string{
		v.say(key+".text", "controller", v.tenant.Name), v.say(key+".next", "contact", v.contact()),
	}})
}

// failOwn answers for a link that does not work. One that nobody has signed tells nothing, not even whose it pretends to be.
func (v *visit) failOwn(err error) {
	if errors.Is(err, casework.ErrLinkForgotten) {
		v.plain(http.StatusGone, "own.gone")
		return
	}
	v.tenant = storage.Tenant{}
	v.plain(http.StatusNotFound, "own.dead")
}

// evidence is what shows that somebody did something on a page. The address of the page is left out: it has the token in it.
func (v *visit) evidence() storage.ConsentEvidence {
	agent := strings.ToValidUTF8(v.Request.UserAgent(), "")
	if len(agent) > maxAgent {
		agent = strings.ToValidUTF8(agent[:maxAgent], "")
	}
	return storage.ConsentEvidence{IP: v.ClientIP(), UserAgent: agent, Fields: map[string]string{"page_language": v.language}}
}

const maxAgent = 500

// ownBase is the address of the page of a link.
func (v *visit) ownBase() string {
	first, _, _ := strings.Cut(strings.TrimPrefix(v.FullPath(), "/"), "/")
	return "/" + first + "/" + url.PathEscape(v.Param("token"))
}

// called is what a purpose on a channel is called on the page.
func (v *visit) called(c casework.Choice, choices casework.OwnChoices) string {
	return v.title(c.Purpose, choices) + " (" + v.say("channel."+string(c.Channel)) + ")"
}

func (v *visit) title(purpose int32, choices casework.OwnChoices) string {
	if purpose == storage.Everything {
		return v.say("unsub.every")
	}
	for _, o := range choices.Offers {
		if o.Purpose == purpose && o.Text.Title != "" {
			return o.Text.Title
		}
	}
	for _, p := range v.tenant.Purposes {
		if p.Number == purpose {
			return p.Key
		}
	}
	return v.say("unsub.every")
}

// allCalled lists what several are called.
func (v *visit) allCalled(all []casework.Choice, choices casework.OwnChoices) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = v.called(c, choices)
	}
	return strings.Join(names, "; ")
}
