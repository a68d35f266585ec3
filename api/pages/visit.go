package pages

import (
	"bytes"
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// policy lets a page do nothing but show itself and send its forms here.
const policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// visit is one request for a page.
type visit struct {
	*gin.Context
	site     *site
	tenant   storage.Tenant
	language string
	// picked is the language that the person has just chosen for themselves.
	picked string
	sent   sent
	// wait is how long to wait before what was sent is taken, 0 for not at all.
	wait time.Duration
}

// page finds the tenant, holds the visitor to the limits and answers what goes wrong with a page.
func (s *site) page(do func(*visit) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("Content-Security-Policy", policy)
		v := &visit{Context: c, site: s, language: s.words.choose(c.Query("lang"), "", c.GetHeader("Accept-Language"))}
		if !s.mayCome(v) {
			return
		}
		tenant, err := s.Desk.DB().TenantBySlug(c.Request.Context(), c.Param("tenant"))
		if err == nil {
			v.tenant = tenant
			if _, chosen := s.words[c.Query("lang")]; !chosen && c.GetHeader("Accept-Language") == "" {
				v.language = s.words.choose(tenant.Language, "", "")
			}
			if c.Request.Method == http.MethodPost {
				defer v.forget()
				if !v.sendsJSON() {
					v.receive()
				}
			}
			err = v.within(do)
		}
		if err != nil {
			v.fail(err)
		}
	}
}

// mayCome holds the visitor to the limits, with a page that asks to wait. Who typed something gets it back, as long as they may look
// at pages: then what they sent is read, and not taken.
func (s *site) mayCome(v *visit) bool {
	limiter, origin, post := s.look, throttle.Origin(v.ClientIP()), v.Request.Method == http.MethodPost
	if post {
		limiter = s.send
	}
	ok, wait := limiter.Allow(origin)
	if !ok && post && (v.FullPath() == replyRoute || TakesDocuments(v.FullPath())) {
		ok, _ = s.look.Allow(origin)
		v.wait = wait
	}
	if !ok {
		v.busy(wait)
	}
	return ok
}

// workTime bounds the work on a form once it is here; others are bounded with all of the API.
const workTime = 40 * time.Second

func (v *visit) within(do func(*visit) error) error {
	if !TakesDocuments(v.FullPath()) {
		return do(v)
	}
	ctx, cancel := context.WithTimeout(v.Request.Context(), workTime)
	defer cancel()
	v.Request = v.Request.WithContext(ctx)
	return do(v)
}

// fail answers an error with a page that says what to do. Which link it was that does not work stays untold.
func (v *visit) fail(err error) {
	switch {
	case OwnLink(v.FullPath()) && (errors.Is(err, casework.ErrLinkDead) || errors.Is(err, casework.ErrLinkForgotten)):
		v.failOwn(err)
	case errors.Is(err, casework.ErrLinkDead):
		v.show(http.StatusNotFound, "plain", view{Title: v.say("dead.title"), Lines: []string{v.say("dead.text"), v.say("dead.next", "contact", v.contact())}})
	case errors.Is(err, storage.ErrNotFound):
		v.show(http.StatusNotFound, "plain", view{Title: v.say("missing.title"), Lines: []string{v.say("missing.text")}})
	case errors.Is(err, storage.ErrUnavailable), errors.Is(err, objects.ErrUnavailable):
		v.site.Log.Warn("a page waits for a server", zap.String("route", v.FullPath()), zap.Stringer("tenant", v.tenant.ID), zap.Error(err))
		_ = v.trouble() // it has shown itself
	default:
		v.site.Log.Error("a page failed", zap.String("route", v.FullPath()), zap.Stringer("tenant", v.tenant.ID), zap.Error(err))
		v.show(http.StatusInternalServerError, "plain", view{Title: v.say("trouble.title"), Lines: []string{v.say("trouble.text")}})
	}
}

// trouble is for when a part of ours does not answer.
func (v *visit) trouble() error {
	v.Header("Retry-After", "120")
	v.show(http.StatusServiceUnavailable, "plain", view{Title: v.say("trouble.title"), Lines: []string{v.say("trouble.text")}})
	return nil
}

// busy asks to wait.
func (v *visit) busy(wait time.Duration) {
	minutes := v.later(wait)
	v.show(http.StatusTooManyRequests, "plain", view{Title: v.say("busy.title"), Lines: []string{v.say("busy.text", "minutes", minutes)}})
}

// busyFault asks to wait beside what was typed.
func (v *visit) busyFault(wait time.Duration) fault {
	return fault{Text: v.say("error.busy", "minutes", v.later(wait))}
}

// later says when to come back, and gives it in minutes.
func (v *visit) later(wait time.Duration) (minutes string) {
	v.Header("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return strconv.Itoa(int(math.Ceil(wait.Minutes())))
}

func (v *visit) say(key string, values ...string) string {
	return v.site.words.say(v.language, key, values...)
}

// contact is where the person can turn.
func (v *visit) contact() string {
	if v.tenant.Profile.Contact != "" {
		return v.tenant.Profile.Contact
	}
	return v.tenant.Name
}

// show renders a page whole before the first byte of it goes out.
func (v *visit) show(status int, name string, page view) {
	v.forget() // whoever reads the page may send the next form
	page.visit = v
	var out bytes.Buffer
	if err := v.site.templates.ExecuteTemplate(&out, name, page); err != nil {
		v.site.Log.Error("a page could not be rendered", zap.String("page", name), zap.Error(err))
		v.String(http.StatusInternalServerError, "%s", v.say("trouble.text"))
		return
	}
	v.Header("Content-Language", v.language)
	v.Header("Vary", "Accept-Language")
	v.Data(status, "text/html; charset=utf-8", out.Bytes())
}
