package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

const (
	consentStreamRoute = "/v1/consent/check/stream"
	ndjsonType         = "application/x-ndjson"
	// streamsOfTenant and streamsAtOnce bound how many streams of addresses one server answers at a time.
	streamsOfTenant = 2
	streamsAtOnce   = 8
	// streamPause is after how long somebody may try again who found no room for a stream.
	streamPause = 30 * time.Second
)

// ConsentStreamAsk is the message, in the address of the call: the body is the list.
type ConsentStreamAsk struct {
	Purpose   string `query:"purpose" required:"true" minLength:"1" maxLength:"62" doc:"The key of the purpose."`
	Channel   string `query:"channel" enum:"email,sms,phone,post,push" doc:"email when absent."`
	Class     string `query:"class" enum:"commercial,transactional,asking_consent,charitable,fundraising" doc:"What the message is; what the purpose says when absent."`
	Country   string `query:"country" pattern:"^[A-Z]{2}$" doc:"Where the recipients live; without it, what is known of each."`
	Day       string `query:"day" maxLength:"10" doc:"The day of sending, as 2006-01-02; today when absent."`
	Relevant  bool   `query:"relevant_to_role" doc:"The message concerns the person's business or official role."`
	Corporate bool   `query:"corporate" doc:"The subscribers are companies and no individuals."`
	Tracking  bool   `query:"tracking" doc:"Ask, too, whether it may be seen what is opened and followed."`
}

type consentStreamIn struct {
	ContentType string `header:"Content-Type" doc:"text/plain (when absent): an address on each line. application/x-ndjson: a JSON string on each line, or an object with address. text/csv: a first line that names the columns."`
	Column      string `query:"column" maxLength:"200" doc:"Of text/csv: the column with the addresses."`
	ConsentStreamAsk
}

// StreamedAnswer is a line of the answer: what is said of one line of the list.
type StreamedAnswer struct {
	Line int `json:"line" doc:"Of the list, from 1. Blank lines have no answer."`
	ConsentVerdict
	Often    string `json:"frequency,omitempty" enum:"any,weekly,monthly" doc:"How often the person wants to hear of you at most, where they have said."`
	Tracking *bool  `json:"tracking,omitempty" doc:"Whether it may be seen what is opened and followed, when that was asked."`
}

// streamedFault says that a line holds no address. The lines before it and behind it have their answers.
type streamedFault struct {
	Line    int    `json:"line"`
	Allowed bool   `json:"allowed"`
	Fault   string `json:"fault"`
}

// streamEnd is the last line of every answer that is whole.
type streamEnd struct {
	Done    bool      `json:"done"`
	Checked int       `json:"checked"`
	Allowed int       `json:"allowed_count"`
	Faulty  int       `json:"faulty"`
	Line    int       `json:"last_line"`
	Problem string    `json:"problem,omitempty"`
	At      time.Time `json:"at"`
}

func (s *server) consentStreamOperations() {
	register(s, operation{
		id: "check-consent-stream", method: http.MethodPost, path: consentStreamRoute, tag: "consents", takes: "text/plain", takesToo: []string{ndjsonType, "text/csv"},
		errors:  []int{http.StatusTooManyRequests, http.StatusUnsupportedMediaType},
		summary: "To which addresses of a list of any length may this message be sent now? Answered line by line while the list is read, in its order; who asked about how many is on record",
		describe: func(op *huma.Operation) {
			text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
			op.RequestBody = &huma.RequestBody{Required: true, Description: "The list, as long as it is. Read the answer while you send: what is not taken is not read on.", Content: map[string]*huma.MediaType{
				"text/plain": text, ndjsonType: text, "text/csv": text,
			}}
			op.Responses["200"] = &huma.Response{
				Description: `A line for each line of the list that is not blank: the answer, or {"line":…,"allowed":false,"fault":…} where it holds no address. The last line says whether that was all: {"done":true,"checked":…,"allowed_count":…,"faulty":…,"last_line":…,"at":…}, or done false with the problem, and last_line is the last that was answered. Without such a line the stream broke off.`,
				Content:     map[string]*huma.MediaType{ndjsonType: {Schema: s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[StreamedAnswer](), true, "StreamedAnswer")}},
			}
		},
	}, s.checkConsentStream)
}

func (in *consentStreamIn) question() (casework.MessageQuestion, error) {
	q := casework.MessageQuestion{
		Purpose: in.Purpose, Channel: casework.ChannelOf(in.Channel), Class: privacy.MessageClass(in.Class), Country: in.Country,
		Relevant: in.Relevant, Corporate: in.Corporate, Tracking: in.Tracking,
	}
	if in.Day != "" {
		day, err := privacy.ParseDate(in.Day)
		if err != nil {
			return q, invalid("query.day", "is no day: write it as 2026-05-03")
		}
		q.Day = day
	}
	return q, nil
}

// checkConsentStream looks at the question; everything else happens while the list comes in.
func (s *server) checkConsentStream(ctx context.Context, who *caller, in *consentStreamIn) (*huma.StreamResponse, error) {
	q, err := in.question()
	if err != nil {
		return nil, err
	}
	kind, err := listKind(in.ContentType)
	if err != nil {
		return nil, err
	}
	if (kind == "text/csv") != (in.Column != "") {
		return nil, invalid("query.column", "names the column with the addresses, of text/csv and of nothing else")
	}
	err = s.db.Read(ctx, who.tenant.ID, func(_ context.Context, tx *storage.Tx) error {
		_, err := casework.PurposeOf(tx.Tenant(), q.Purpose)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !s.listStreams.enter(who.tenant.ID) {
		p := problem(http.StatusTooManyRequests, "too-many", fmt.Sprintf("%d streams of addresses are under way for you, or the server has as many as it can serve. Wait for one to end.", streamsOfTenant))
		p.retryAfter = streamPause
		return nil, p
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer s.listStreams.leave(who.tenant.ID)
		newListStream(s, hc, who, q).answer(hc.Context(), kind, in.Column)
	}}, nil
}

// streamRoom counts the streams of addresses that are under way.
type streamRoom struct {
	mu      sync.Mutex
	all     int
	tenants map[uuid.UUID]int
}

func (r *streamRoom) enter(tenant uuid.UUID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all >= streamsAtOnce || r.tenants[tenant] >= streamsOfTenant {
		return false
	}
	if r.tenants == nil {
		r.tenants = map[uuid.UUID]int{}
	}
	r.all++
	r.tenants[tenant]++
	return true
}

func (r *streamRoom) leave(tenant uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all--
	if r.tenants[tenant]--; r.tenants[tenant] == 0 {
		delete(r.tenants, tenant)
	}
}
