package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// feedLength is how many obligations a calendar is shown, soonest first.
const feedLength = 500

type feedLine struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Shows     string     `json:"shows" enum:"mine,all"`
	CreatedAt time.Time  `json:"created_at"`
	LastUsed  *time.Time `json:"last_used_at,omitempty"`
}

type createFeed struct {
	Body struct {
		Shows string `json:"shows" enum:"mine,all" default:"mine" doc:"Only requests that are assigned to oneself, or all."`
	}
}

type createdFeed struct {
	ID  uuid.UUID `json:"id" format:"uuid"`
	URL string    `json:"url" doc:"For the calendar program. Shown this once: whoever has it reads what is owed." example:"https://privacy.example.com/acme/calendar/….ics"`
}

type feedID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

func (s *server) feedOperations() {
	noPerson := []int{http.StatusConflict}
	register(s, operation{id: "list-calendar-feeds", method: http.MethodGet, path: "/v1/calendar-feeds", summary: "One's own calendar feeds", tag: "people", errors: noPerson}, s.feeds)
	register(s, operation{
		id: "create-calendar-feed", method: http.MethodPost, path: "/v1/calendar-feeds", tag: "people", status: http.StatusCreated, errors: noPerson,
		summary: "Make an address at which a calendar reads what is owed; it is shown once",
	}, s.createFeed)
	register(s, operation{
		id: "revoke-calendar-feed", method: http.MethodDelete, path: "/v1/calendar-feeds/{id}", summary: "End a calendar feed of one's own", tag: "people",
		errors: append(noPerson, http.StatusNotFound),
	}, s.revokeFeed)
}

// oneself is the member of staff who calls; a program has no calendar.
func oneself(who *caller) (uuid.UUID, error) {
	if self := who.staffID(); self != nil {
		return *self, nil
	}
	return uuid.Nil, refused(http.StatusConflict, "no-person", "This key belongs to a program. Sign in, or use a key of a member of staff.")
}

func (s *server) feeds(ctx context.Context, who *caller, _ *struct{}) (*page[feedLine], error) {
	self, err := oneself(who)
	if err != nil {
		return nil, err
	}
	var rows []storage.FeedLine
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err = tx.Feeds(ctx, self)
		return err
	})
	return newPage(each(rows, func(f storage.FeedLine) feedLine {
		return feedLine{ID: f.ID, Shows: f.Shows, CreatedAt: f.CreatedAt, LastUsed: f.LastUsedAt}
	}), ""), err
}

func (s *server) createFeed(ctx context.Context, who *caller, in *createFeed) (*shown[createdFeed], error) {
	self, err := oneself(who)
	if err != nil {
		return nil, err
	}
	token, hash, err := casework.NewToken()
	if err != nil {
		return nil, err
	}
	out := &shown[createdFeed]{Body: createdFeed{URL: s.Desk.Public() + "/" + who.tenant.Slug + "/calendar/" + token + ".ics"}}
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		out.Body.ID, err = tx.AddFeed(ctx, self, hash, in.Body.Shows)
		return err
	})
	return out, err
}

func (s *server) revokeFeed(ctx context.Context, who *caller, in *feedID) (*struct{}, error) {
	self, err := oneself(who)
	if err != nil {
		return nil, err
	}
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error { return tx.EndFeed(ctx, self, in.ID) })
}

// calendarFile answers a calendar program. It knows its address alone, so the answer has references and dates, and nothing about a person.
func (s *server) calendarFile(c *gin.Context) {
	if ok, _ := s.doors.Allow(throttle.Origin(c.ClientIP())); !ok {
		problem(http.StatusTooManyRequests, "too-many", "There were many tries from this address. Wait before asking again.").write(c.Writer)
		return
	}
	token, isFile := strings.CutSuffix(c.Param("file"), ".ics")
	tenant, err := s.db.TenantBySlug(c.Request.Context(), c.Param("tenant"))
	var lines []storage.BoardLine
	if err == nil && isFile {
		lines, err = s.owedFor(c.Request.Context(), tenant, token)
	}
	switch {
	case errors.Is(err, storage.ErrNotFound), !isFile:
		problem(http.StatusNotFound, "not-found", "This calendar address does not work, or does not work any more. Make another in the console.").write(c.Writer)
	case err != nil:
		s.Log.Error("a calendar was not answered", zap.String("correlation", correlation(c.Request.Context())), zap.Error(err))
		problemOf(err).write(c.Writer)
	default:
		c.Data(http.StatusOK, "text/calendar; charset=utf-8", []byte(s.calendarOf(tenant, lines)))
	}
}

func (s *server) owedFor(ctx context.Context, tenant storage.Tenant, token string) (lines []storage.BoardLine, err error) {
	err = s.db.Change(ctx, tenant.ID, audit.Actor{}, func(ctx context.Context, tx *storage.Tx) error {
		feed, err := tx.FeedByToken(ctx, casework.TokenHash(token))
		if err != nil {
			return err
		}
		filter := storage.BoardFilter{Limit: feedLength}
		if feed.Shows == storage.FeedMine {
			filter.Assignee = &feed.StaffID
		}
		lines, err = tx.Board(ctx, filter)
		return err
	})
	return lines, err
}

// calendarOf writes each obligation as an event of the whole day on which it falls due, where the tenant is.
func (s *server) calendarOf(tenant storage.Tenant, lines []storage.BoardLine) string {
	cal := ics.NewCalendarFor("docket")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName("Docket, " + tenant.Name)
	cal.SetXPublishedTTL("PT15M")
	cal.SetRefreshInterval("PT15M")
	for _, l := range lines {
		due := l.Due.In(tenant.Zone)
		event := cal.AddEvent(l.ID.String() + "@docket")
		event.SetDtStampTime(s.Clock.Now())
		event.SetAllDayStartAt(due)
		event.SetAllDayEndAt(due.AddDate(0, 0, 1))
		event.SetSummary(l.Reference + ": " + casework.ObligationWords(privacy.ObligationKind(l.Kind)))
		event.SetDescription(l.RequestRight + " under " + l.Regime + ", due " + due.Format("2 January 2006, 15:04 MST") + ", " + l.State)
		event.SetURL(s.Desk.Public() + "/console/requests/" + l.CaseID.String())
		event.SetTimeTransparency(ics.TransparencyTransparent)
	}
	return cal.Serialize()
}
