// Package web holds the staff console as it was built, and serves it under /console/.
package web

import (
	"crypto/rand"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Prefix is where the console lies.
const Prefix = "/console/"

// dist has a placeholder in it, so that the program builds on machines without Node; make web fills dist/console.
//
//go:embed all:dist
var dist embed.FS

// Handler serves the console: its files, and its one page for every other address under Prefix, because the console
// itself knows which screens there are.
func Handler() (http.Handler, error) {
	files, err := fs.Sub(dist, "dist/console")
	if err != nil {
		return nil, err
	}
	return handler(files)
}

func handler(files fs.FS) (http.Handler, error) {
	text, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return http.HandlerFunc(notBuilt), nil
	}
	if err != nil {
		return nil, err
	}
	index, err := template.New("index").Parse(string(text))
	if err != nil {
		return nil, err
	}
	return &console{files: files, index: index}, nil
}

type console struct {
	files fs.FS
	index *template.Template
}

func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), strings.TrimSuffix(Prefix, "/"))
	name = strings.TrimPrefix(name, "/")
	switch {
	case strings.HasPrefix(name, "assets/"):
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // the name has a hash of the content
		c.file(w, r, name)
	case name == "icon.svg":
		w.Header().Set("Cache-Control", "public, max-age=3600")
		c.file(w, r, name)
	default:
		c.page(w, r)
	}
}

// file answers with the smallest form of a file that the browser takes.
func (c *console) file(w http.ResponseWriter, r *http.Request, name string) {
	w.Header().Set("Vary", "Accept-Encoding")
	for _, form := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		if form.encoding != "" && !accepts(r.Header.Get("Accept-Encoding"), form.encoding) {
			continue
		}
		body, err := fs.ReadFile(c.files, name+form.suffix)
		if err != nil {
			continue
		}
		if form.encoding != "" {
			w.Header().Set("Content-Encoding", form.encoding)
		}
		w.Header().Set("Content-Type", mediaType(name))
		_, _ = w.Write(body) //nolint:gosec // G705: what is written is an embedded file, whatever the request says; a browser that has gone cannot be told
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "There is no such file in this console. Load the page again: it may have been built anew.", http.StatusNotFound)
}

// accepts reads an Accept-Encoding header.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		weight = strings.ReplaceAll(weight, " ", "")
		if strings.EqualFold(name, encoding) && strings.TrimRight(weight, "0") != "q=" && strings.TrimRight(weight, "0") != "q=0." {
			return true
		}
	}
	return false
}

func mediaType(name string) string {
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// page answers with the one page. Its nonce lets the style elements in that the components make, and no others.
func (c *console) page(w http.ResponseWriter, _ *http.Request) {
	nonce := newNonce()
	w.Header().Set("Content-Security-Policy", policy(nonce))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = c.index.Execute(w, struct{ Nonce string }{nonce}) // a browser that has gone cannot be told
}

// policy lets the console load its own files and talk to its own server, nothing else.
func policy(nonce string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data: blob:",
		"connect-src 'self'",
		"font-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

func newNonce() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

// notBuilt says what to do where the console is missing. It is no error of the server: the API works without.
func notBuilt(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Docket</title>` +
		`<h1>The console is not in this program</h1><p>It was built without it. Run <code>make web</code>, which needs Node 18.20 or later, ` +
		`then <code>make build</code>, and start the server again. The API under <code>/v1</code> and the public pages work without the console.</p></html>`))
}
