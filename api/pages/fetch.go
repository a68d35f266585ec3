package pages

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
)

// fetchRoute is where another controller fetches what a person takes along, by a link alone.
const fetchRoute = "/:tenant/fetch/:token"

const mediaZip = "application/zip"

// fetchAgain is after how long to ask again where all fetches that are left are under way.
const fetchAgain = time.Minute

// fetchable finds what the link leads to. Every link that does not work has one face, for which 404 says no more than that there is nothing: 410 would tell
// whoever tries that there was something.
func (s *site) fetchable(v *visit) (at casework.Fetchable, done bool, err error) {
	at, err = s.Desk.FetchableBy(v.Request.Context(), v.tenant.ID, v.Param("token"))
	if err = linkDead(err); errors.Is(err, casework.ErrLinkDead) {
		v.fetchDead()
		return at, true, nil
	}
	return at, false, err
}

func (v *visit) fetchDead() {
	v.show(http.StatusNotFound, "plain", view{Title: v.say("dead.title"), Outside: true, Lines: []string{v.say("fetch.dead"), v.say("fetch.dead.next")}})
}

// wantsPage says whether a browser asks. Programs that look at links for people, to see what they are, mostly ask as browsers do.
func wantsPage(accept string) bool {
	accept = strings.ToLower(accept)
	return strings.Contains(accept, "text/html") && !strings.Contains(accept, mediaZip)
}

// lookFetch says what a fetch would bring, and counts nothing.
func (s *site) lookFetch(v *visit) error {
	at, done, err := s.fetchable(v)
	if err != nil || done {
		return err
	}
	v.Header("Vary", "Accept")
	if wantsPage(v.GetHeader("Accept")) {
		v.Header("Content-Type", "text/html; charset=utf-8")
		v.Status(http.StatusOK)
		return nil
	}
	what, err := s.archives.measure(v.Request.Context(), at)
	if err != nil {
		return linkDead(err)
	}
	v.promise(at, what)
	v.Status(http.StatusOK)
	return nil
}

// openFetch gives a program the archive, and a browser a page with a button.
func (s *site) openFetch(v *visit) error {
	v.Header("Vary", "Accept")
	if !wantsPage(v.GetHeader("Accept")) {
		return s.fetchByLink(v)
	}
	at, done, err := s.fetchable(v)
	if err != nil || done {
		return err
	}
	here := "/" + v.tenant.Slug + "/fetch/" + v.Param("token")
	v.show(http.StatusOK, "fetch", view{
		Title: v.say("fetch.title"), Here: here, Base: here, Outside: true, Lines: []string{
			v.say("fetch.text", "controller", v.tenant.Name),
			v.say("fetch.until", "date", notify.FormatMoment(notify.Language(v.language), at.Expires.In(v.tenant.Zone)), "left", strconv.Itoa(max(at.Left, 0))),
		},
	})
	return nil
}

// fetchByLink sends the archive to whoever has the link. What breaks off is on record, and does not count as a fetch.
func (s *site) fetchByLink(v *visit) error {
	at, done, err := s.fetchable(v)
	if err != nil || done {
		return err
	}
	ctx := v.Request.Context()
	what, err := s.archives.measure(ctx, at)
	if err != nil {
		return linkDead(err)
	}
	fetching, err := at.Begin(ctx)
	switch {
	case errors.Is(err, casework.ErrFetching):
		v.busy(fetchAgain)
		return nil
	case errors.Is(linkDead(err), casework.ErrLinkDead):
		v.fetchDead()
		return nil
	case err != nil:
		return err
	}
	v.promise(at, what)
	v.Status(http.StatusOK)
	out := newOutgoing(v.Writer, func() error { return fetching.GoesOn(ctx) })
	sending := s.Carry(ctx, out, at.Open)
	whole := sending == nil && out.archive() == what && v.gone(ctx) == nil
	var sum []byte
	if whole {
		sum = what.sum[:]
	}
	finished := fetching.Finish(ctx, out.sent, sum)
	if err := errors.Join(sending, finished); err != nil || !whole {
		s.Log.Warn("a fetch by link did not end well", zap.Bool("whole", whole), zap.Error(err))
	}
	if !whole {
		panic(http.ErrAbortHandler) // a broken transfer must not look like a whole one
	}
	return nil
}

// gone pushes out what is on its way, and says whether whoever asked has gone meanwhile.
func (v *visit) gone(ctx context.Context) error {
	return errors.Join(http.NewResponseController(v.Writer).Flush(), ctx.Err())
}

// promise says what comes. There are no parts to be had: each fetch is one of all of it.
func (v *visit) promise(at casework.Fetchable, what archive) {
	v.Header("Content-Type", mediaZip)
	v.Header("Content-Length", strconv.FormatInt(what.size, 10))
	v.Header("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(what.sum[:])+":") // RFC 9530
	v.Header("Content-Disposition", `attachment; filename="`+at.Reference+`.zip"`)
	v.Header("Accept-Ranges", "none")
}
