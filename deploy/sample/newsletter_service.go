package sample

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// NewsletterService is the newsletter provider's API, small as it is: JSON over HTTP, with a token that reads and one that changes, and three kinds of
// paging. It keeps what LoadNewsletter made.
type NewsletterService struct {
	db             *pgxpool.Pool
	reads, changes string
	routes         *http.ServeMux
}

// OpenNewsletter opens the service on the database that LoadNewsletter made.
func OpenNewsletter(ctx context.Context, adminDSN, prefix string) (*NewsletterService, error) {
	reads, changes, err := newsletterTokens(adminDSN)
	if err != nil {
		return nil, err
	}
	dsn, err := url.Parse(adminDSN)
	if err != nil {
		return nil, errors.New("the admin DSN is no URL")
	}
	secret, _ := dsn.User.Password()
	changer := prefix + "_newsletter_changer"
	dsn.User, dsn.Path = url.UserPassword(changer, rolePassword(secret, changer)), "/"+prefix+"_newsletter"
	db, err := pgxpool.New(ctx, dsn.String())
	if err != nil {
		return nil, fmt.Errorf("open the newsletter's database: %w", err)
	}
	s := &NewsletterService{db: db, reads: reads, changes: changes, routes: http.NewServeMux()}
	s.routes.HandleFunc("GET /v1/account", func(w http.ResponseWriter, _ *http.Request) { say(w, json.RawMessage(`{"account": "halden-birk"}`)) })
	s.routes.HandleFunc("GET /v1/subscribers", s.subscribers)
	s.routes.HandleFunc("GET /v1/subscribers/{id}", func(w http.ResponseWriter, r *http.Request) { s.one(w, r, subscriberJSON+` WHERE id = $1`) })
	s.routes.HandleFunc("PATCH /v1/subscribers/{id}", s.changeSubscriber)
	s.routes.HandleFunc("GET /v1/subscribers/{id}/sendings", s.sendings)
	s.routes.HandleFunc("DELETE /v1/sendings/{id}", func(w http.ResponseWriter, r *http.Request) { s.change(w, r, `DELETE FROM sendings WHERE id = $1`) })
	s.routes.HandleFunc("GET /v1/mailings/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.one(w, r, `SELECT json_build_object('id', id, 'subject', subject, 'sent_on', sent_on) FROM mailings WHERE id = $1`)
	})
	s.routes.HandleFunc("GET /v1/replies", s.replies)
	s.routes.HandleFunc("GET /v1/blocked", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		s.list(w, r, "blocked", nil, blockedJSON+` WHERE NOT $2 OR lower(email) = lower($1) ORDER BY id`, q.Get("email"), q.Has("email"))
	})
	s.routes.HandleFunc("POST /v1/blocked", s.block)
	s.routes.HandleFunc("PATCH /v1/replies/{id}", s.changeReply)
	return s, nil
}

// Close lets go of the database.
func (s *NewsletterService) Close() { s.db.Close() }

// ServeHTTP lets in whoever has a token.
func (s *NewsletterService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch shown := r.Header.Get("Authorization"); {
	case shown != "Bearer "+s.reads && shown != "Bearer "+s.changes:
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method != http.MethodGet && shown != "Bearer "+s.changes:
		w.WriteHeader(http.StatusForbidden)
	default:
		s.routes.ServeHTTP(w, r)
	}
}

const (
	subscriberJSON = `SELECT json_build_object('id', id, 'email', email, 'attributes', json_build_object('first_name', first_name, 'language', language),
		'topics', topics, 'consent', consent, 'signed_up', signed_up) FROM subscribers`
	sendingJSON = `SELECT json_build_object('id', id, 'mailing_id', mailing_id, 'sent_at', sent_at, 'opened_at', opened_at, 'clicks', clicks) FROM sendings`
	blockedJSON = `SELECT json_build_object('id', id, 'email', email, 'since', since) FROM blocked`
	replyJSON   = `SELECT json_build_object('id', id, 'subscriber_id', subscriber_id, 'sender', sender, 'received_at', received_at, 'body', body) FROM replies`
)

// atOnce is how many rows a page has.
const atOnce = 5

// subscribers finds one by the address, or lists all of them page by page.
func (s *NewsletterService) subscribers(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Has("email") {
		s.list(w, r, "subscribers", nil, subscriberJSON+` WHERE lower(email) = lower($1) ORDER BY id`, q.Get("email"))
		return
	}
	size := min(max(number(q.Get("per_page")), 1), 500)
	s.list(w, r, "subscribers", nil, subscriberJSON+` ORDER BY id LIMIT $1 OFFSET $2`, size, (max(number(q.Get("page")), 1)-1)*size)
}

// sendings are paged by a cursor, and don't repeat whose they are.
func (s *NewsletterService) sendings(w http.ResponseWriter, r *http.Request) {
	after := number(r.URL.Query().Get("after"))
	s.list(w, r, "sendings", func(rows []json.RawMessage, out map[string]any) {
		var last struct {
			ID int `json:"id"`
		}
		if len(rows) == atOnce && json.Unmarshal(rows[atOnce-1], &last) == nil {
			out["next"] = last.ID
		}
	}, sendingJSON+` WHERE subscriber_id = $1 AND id > $2 ORDER BY id LIMIT $3`, number(r.PathValue("id")), after, atOnce)
}

// replies are paged by links.
func (s *NewsletterService) replies(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from := number(q.Get("from"))
	s.list(w, r, "replies", func(rows []json.RawMessage, _ map[string]any) {
		if len(rows) == atOnce {
			q.Set("from", strconv.Itoa(from+atOnce))
			w.Header().Set("Link", "</v1/replies?"+q.Encode()+`>; rel="next"`)
		}
	}, replyJSON+` WHERE subscriber_id = $1 ORDER BY id LIMIT $2 OFFSET $3`, number(q.Get("subscriber")), atOnce, from)
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // what is none is nobody's
	return n
}

// list answers rows under a name.
func (s *NewsletterService) list(w http.ResponseWriter, r *http.Request, name string, more func([]json.RawMessage, map[string]any), sql string, args ...any) {
	rows, err := s.db.Query(r.Context(), sql, args...)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[json.RawMessage])
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if found == nil {
		found = []json.RawMessage{}
	}
	out := map[string]any{name: found}
	if more != nil {
		more(found, out)
	}
	say(w, out)
}

// one answers a single row.
func (s *NewsletterService) one(w http.ResponseWriter, r *http.Request, sql string) {
	var row json.RawMessage
	switch err := s.db.QueryRow(r.Context(), sql, number(r.PathValue("id"))).Scan(&row); {
	case errors.Is(err, pgx.ErrNoRows):
		w.WriteHeader(http.StatusNotFound)
	case err != nil:
		w.WriteHeader(http.StatusInternalServerError)
	default:
		say(w, row)
	}
}

func say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // whoever asked has gone
}

// changeSubscriber takes what is given and keeps the rest.
func (s *NewsletterService) changeSubscriber(w http.ResponseWriter, r *http.Request) {
	var in map[string]json.RawMessage
	if !understood(w, r, &in) {
		return
	}
	var attributes map[string]json.RawMessage
	if given := in["attributes"]; given != nil && json.Unmarshal(given, &attributes) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.change(w, r, `UPDATE subscribers SET email = CASE WHEN $2::jsonb ? 'email' THEN $2::jsonb ->> 'email' ELSE email END,
		first_name = CASE WHEN $3::jsonb ? 'first_name' THEN $3::jsonb ->> 'first_name' ELSE first_name END,
		language = CASE WHEN $3::jsonb ? 'language' THEN $3::jsonb ->> 'language' ELSE language END,
		topics = CASE WHEN $2::jsonb ? 'topics' THEN (SELECT array_agg(e) FROM jsonb_array_elements_text(nullif($2::jsonb -> 'topics', 'null')) e) ELSE topics END,
		consent = CASE WHEN $2::jsonb ? 'consent' THEN nullif($2::jsonb -> 'consent', 'null') ELSE consent END,
		signed_up = CASE WHEN $2::jsonb ? 'signed_up' THEN ($2::jsonb ->> 'signed_up')::timestamptz ELSE signed_up END WHERE id = $1`, in, orEmpty(attributes))
}

func (s *NewsletterService) changeReply(w http.ResponseWriter, r *http.Request) {
	var in map[string]json.RawMessage
	if understood(w, r, &in) {
		s.change(w, r, `UPDATE replies SET sender = CASE WHEN $2::jsonb ? 'sender' THEN $2::jsonb ->> 'sender' ELSE sender END,
			body = CASE WHEN $2::jsonb ? 'body' THEN $2::jsonb ->> 'body' ELSE body END,
			received_at = CASE WHEN $2::jsonb ->> 'received_at' IS NOT NULL THEN ($2::jsonb ->> 'received_at')::timestamptz ELSE received_at END WHERE id = $1`, in)
	}
}

// block puts an address on the list of those that are not written to; one that is there is a conflict.
func (s *NewsletterService) block(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Email string `json:"email"`
	}
	if !understood(w, r, &in) {
		return
	}
	tag, err := s.db.Exec(r.Context(), `INSERT INTO blocked (email) SELECT $1::text WHERE $1::text LIKE '%_@_%' ON CONFLICT DO NOTHING`, in.Email)
	switch {
	case err != nil || !strings.Contains(in.Email, "@"):
		w.WriteHeader(http.StatusUnprocessableEntity)
	case tag.RowsAffected() == 0:
		w.WriteHeader(http.StatusConflict)
	default:
		w.WriteHeader(http.StatusCreated)
	}
}

func orEmpty(m map[string]json.RawMessage) map[string]json.RawMessage {
	if m == nil {
		return map[string]json.RawMessage{}
	}
	return m
}

func understood(w http.ResponseWriter, r *http.Request, into any) bool {
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(into) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return false
	}
	return true
}

// change carries a statement out on one row.
func (s *NewsletterService) change(w http.ResponseWriter, r *http.Request, sql string, args ...any) {
	tag, err := s.db.Exec(r.Context(), sql, append([]any{number(r.PathValue("id"))}, args...)...)
	switch {
	case err != nil:
		w.WriteHeader(http.StatusUnprocessableEntity)
	case tag.RowsAffected() == 0:
		w.WriteHeader(http.StatusNotFound)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}
