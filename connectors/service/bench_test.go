package service_test

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors/service"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy/dataset"
)

const secretToken = "open-sesame-canary"

// bench is a service on loopback that keeps its rows in a database of the test's own.
type bench struct {
	server     *httptest.Server
	db         *pgxpool.Pool
	references map[string][]dataset.ForeignKey
	listing    sync.Mutex
}

func newBench(t *testing.T) *bench {
	t.Helper()
	db, err := pgxpool.New(t.Context(), localtest.Database(t))
	require.NoError(t, err)
	t.Cleanup(db.Close)
	_, err = db.Exec(t.Context(), `CREATE TABLE rows (id bigserial PRIMARY KEY, collection text NOT NULL, body json NOT NULL)`)
	require.NoError(t, err)
	b := &bench{db: db, references: map[string][]dataset.ForeignKey{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /{collection}", b.list)
	routes.HandleFunc("GET /{collection}/{key}", b.one)
	routes.HandleFunc("DELETE /{collection}/{id}", b.remove)
	routes.HandleFunc("PATCH /{collection}/{id}", b.change)
	routes.HandleFunc("POST /{collection}", b.enter)
	b.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+secretToken {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		routes.ServeHTTP(w, r)
	}))
	t.Cleanup(b.server.Close)
	return b
}

// connector opens the bench. Config's document names the service as URL.
func (b *bench) connector(t *testing.T, cfg service.Config) *service.Connector {
	t.Helper()
	return open(t, b.server, cfg)
}

// open opens a server on loopback, which the test allows.
func open(t *testing.T, server *httptest.Server, cfg service.Config) *service.Connector {
	t.Helper()
	return opened(t, server, cfg)
}

func opened(t require.TestingT, server *httptest.Server, cfg service.Config) *service.Connector {
	cfg.Document = strings.ReplaceAll(cfg.Document, "URL", server.URL)
	if cfg.Secrets == "" {
		cfg.Secrets = "token=" + secretToken
	}
	cfg.Authorities = x509.NewCertPool()
	if c := server.Certificate(); c != nil {
		cfg.Authorities.AddCert(c)
	}
	if cfg.MayReach == nil {
		cfg.MayReach = func(netip.Addr) bool { return true }
	}
	c, err := service.New(cfg)
	require.NoError(t, err)
	return c
}

type storedRow struct {
	id   int64
	body json.RawMessage
}

func (b *bench) add(t *testing.T, collection, body string) {
	t.Helper()
	_, err := b.db.Exec(t.Context(), `INSERT INTO rows (collection, body) VALUES ($1, $2::text::json)`, collection, body)
	require.NoError(t, err)
}

// stored reads a whole collection past the service.
func (b *bench) stored(t *testing.T, collection string) []storedRow {
	t.Helper()
	rows, err := b.db.Query(t.Context(), `SELECT id, body::text FROM rows WHERE collection = $1 ORDER BY id`, collection)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, scanRow)
	require.NoError(t, err)
	return out
}

func scanRow(row pgx.CollectableRow) (r storedRow, err error) {
	var text string
	err = row.Scan(&r.id, &text)
	r.body = json.RawMessage(text)
	return r, err
}

// found are the rows of a collection in whose field a value stands; addresses are compared without regard to case.
func (b *bench) found(r *http.Request, collection, by, value string) ([]storedRow, error) {
	rows, err := b.db.Query(r.Context(), `SELECT id, body::text FROM rows WHERE collection = $1 ORDER BY id`, collection)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, scanRow)
	return slices.DeleteFunc(all, func(row storedRow) bool {
		var v any
		return json.Unmarshal(row.body, &v) != nil || !stands(v, strings.Split(by, "."), value)
	}), err
}

func stands(v any, path []string, value string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return stands(e, path, value) })
	case map[string]any:
		return len(path) > 0 && stands(v[path[0]], path[1:], value)
	case float64:
		return len(path) == 0 && strconv.FormatFloat(v, 'f', -1, 64) == value
	case string:
		return len(path) == 0 && strings.EqualFold(v, value)
	}
	return false
}

// withID is a row as the service answers it, which gives each an id of its own.
func (r storedRow) withID() string {
	return fmt.Sprintf(`{"_id": %d, %s`, r.id, strings.TrimPrefix(string(r.body), "{"))
}

// list answers one page, in whichever way it is asked for the next.
func (b *bench) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	rows, err := b.found(r, r.PathValue("collection"), q.Get("by"), q.Get("value"))
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	number := func(name string, def int) int {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil {
			return def
		}
		return n
	}
	limit := number("limit", 10)
	from := number("offset", 0) + number("page", 0)*limit + number("after", 0)
	if q.Get("by") == "id" || !q.Has("limit") && r.PathValue("collection") == "people" {
		limit = 1000
	}
	to := min(from+limit, len(rows))
	from = min(from, len(rows))
	meta := `{"next": null, "link": null}`
	if to < len(rows) {
		next := *r.URL
		n := next.Query()
		n.Set("after", strconv.Itoa(to))
		next.RawQuery = n.Encode()
		link, _ := json.Marshal(next.String())
		meta = fmt.Sprintf(`{"next": "%d", "link": %s}`, to, link)
		w.Header().Set("Link", `<https://elsewhere.example/>; rel="prev", <`+next.String()+`>; rel="next"`)
	}
	items := make([]string, 0, to-from)
	for _, row := range rows[from:to] {
		items = append(items, row.withID())
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = io.WriteString(w, `{"data": {"items": [`+strings.Join(items, ",\n")+`]}, "meta": `+meta+`}`)
}

// one answers a row by its own id.
func (b *bench) one(w http.ResponseWriter, r *http.Request) {
	rows, err := b.found(r, r.PathValue("collection"), "id", r.PathValue("key"))
	if err != nil || len(rows) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, rows[0].withID())
}

// remove deletes a row, unless others refer to it.
func (b *bench) remove(w http.ResponseWriter, r *http.Request) {
	for from, keys := range b.references {
		for _, k := range keys {
			var refers bool
			err := b.db.QueryRow(r.Context(), `SELECT EXISTS (SELECT FROM rows f, rows t WHERE f.collection = $1 AND t.collection = $2 AND t.id::text = $3 AND f.body ->> $4 = t.body ->> $5)`,
				from, k.Table, r.PathValue("id"), k.Columns[0], k.To[0]).Scan(&refers)
			if k.Table == r.PathValue("collection") && (err != nil || refers) {
				http.Error(w, `{"error": "canary-7f3a"}`, http.StatusConflict)
				return
			}
		}
	}
	b.changed(w, r, `DELETE FROM rows WHERE collection = $1 AND id::text = $2`)
}

// enter puts an address on a list, with whatever else its rows have; one that is there is a conflict.
func (b *bench) enter(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Email string `json:"email"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Email == "" || strings.ContainsRune(in.Email, 0) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	body, _ := json.Marshal(map[string]any{"email": in.Email, "invited_by": nil, "note": nil})
	b.listing.Lock()
	defer b.listing.Unlock()
	rows, err := b.found(r, r.PathValue("collection"), "email", in.Email)
	if err == nil && len(rows) > 0 {
		w.WriteHeader(http.StatusConflict)
		return
	}
	if _, err := b.db.Exec(r.Context(), `INSERT INTO rows (collection, body) VALUES ($1, $2::text::json)`, r.PathValue("collection"), string(body)); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// change puts members in place of a row's.
func (b *bench) change(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Set map[string]json.RawMessage `json:"set"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var text string
	if err := b.db.QueryRow(r.Context(), `SELECT body::text FROM rows WHERE id::text = $1`, r.PathValue("id")).Scan(&text); err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal([]byte(text), &members)
	parts := []string{}
	for name, value := range members {
		if v, changed := in.Set[name]; changed {
			value = v
		}
		parts = append(parts, fmt.Sprintf("%q: %s", name, value))
	}
	b.changed(w, r, `UPDATE rows SET body = $3::text::json WHERE collection = $1 AND id::text = $2`, "{"+strings.Join(parts, ", ")+"}")
}

func (b *bench) changed(w http.ResponseWriter, r *http.Request, sql string, args ...any) {
	tag, err := b.db.Exec(r.Context(), sql, append([]any{r.PathValue("collection"), r.PathValue("id")}, args...)...)
	switch {
	case err != nil:
		w.WriteHeader(http.StatusInternalServerError)
	case tag.RowsAffected() == 0:
		w.WriteHeader(http.StatusNotFound)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}
