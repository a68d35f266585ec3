// Package visitor uses the public pages as a person without JavaScript does: opens a page, fills in a form, sends it.
package visitor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Visitor is one person with a browser.
type Visitor struct {
	// Header is sent with everything, as a proxy on the way would add it.
	Header http.Header
	// Transport carries everything; nil is http.DefaultTransport.
	Transport http.RoundTripper

	jar http.CookieJar
}

// New makes a visitor who has been nowhere yet.
func New() (*Visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("make a cookie jar: %w", err)
	}
	return &Visitor{Header: http.Header{}, jar: jar}, nil
}

// Sheet is a page as the visitor sees it.
type Sheet struct {
	// Title is its heading, Alert what it says is wrong.
	Title, Alert string
	// Status is the HTTP status it came with.
	Status int

	address *url.URL
	forms   []webForm
}

// Offers says whether the page has a form whose action ends with suffix.
func (s *Sheet) Offers(suffix string) bool { return s.form(suffix) >= 0 }

func (s *Sheet) form(suffix string) int {
	return slices.IndexFunc(s.forms, func(f webForm) bool { return strings.HasSuffix(strings.SplitN(f.action, "?", 2)[0], suffix) })
}

// Refused is a page that says no.
type Refused struct{ *Sheet }

func (r *Refused) Error() string {
	return fmt.Sprintf("the page %q answered %d: %s", r.Title, r.Status, r.Alert)
}

type webForm struct {
	action string
	values url.Values
}

// ErrNoForm says that the page does not offer what the visitor wants to send.
var ErrNoForm = errors.New("the page has no form to send this with")

// Open gets a page.
func (v *Visitor) Open(ctx context.Context, address string) (*Sheet, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	response, err := v.do(request) //nolint:bodyclose // readSheet, or the caller, closes it
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	return readSheet(response)
}

// Send fills in the first form whose action ends with suffix and sends it. The answer is the caller's to read and close.
func (v *Visitor) Send(ctx context.Context, s *Sheet, suffix string, fill url.Values) (*http.Response, error) {
	i := s.form(suffix)
	if i < 0 {
		return nil, fmt.Errorf("%w (%s)", ErrNoForm, s.Title)
	}
	values := maps.Clone(s.forms[i].values)
	for name, value := range fill {
		values[name] = value
	}
	target, err := s.address.Parse(s.forms[i].action)
	if err != nil {
		return nil, fmt.Errorf("read the form's address: %w", err)
	}
	return v.post(ctx, target.String(), strings.NewReader(values.Encode()), "application/x-www-form-urlencoded")
}

// post sends a body as a browser sends a form of the same site.
func (v *Visitor) post(ctx context.Context, target string, body io.Reader, media string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, body)
	if err != nil {
		return nil, fmt.Errorf("send the form: %w", err)
	}
	request.Header.Set("Content-Type", media)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	response, err := v.do(request)
	if err != nil {
		return nil, fmt.Errorf("send the form: %w", err)
	}
	return response, nil
}

func (v *Visitor) do(request *http.Request) (*http.Response, error) {
	for name, values := range v.Header {
		request.Header[name] = values
	}
	browser := http.Client{Jar: v.jar, Transport: v.Transport}
	return browser.Do(request)
}

// Submit is Send for forms that answer with a page.
func (v *Visitor) Submit(ctx context.Context, s *Sheet, suffix string, fill url.Values) (*Sheet, error) {
	response, err := v.Send(ctx, s, suffix, fill) //nolint:bodyclose // readSheet closes it
	if err != nil {
		return nil, err
	}
	return readSheet(response)
}

func readSheet(response *http.Response) (s *Sheet, err error) {
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	root, err := html.Parse(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read a page: %w", err)
	}
	s = &Sheet{address: response.Request.URL, Status: response.StatusCode}
	s.read(root)
	if s.Status >= http.StatusBadRequest {
		return s, &Refused{s}
	}
	return s, nil
}

func (s *Sheet) read(n *html.Node) {
	if n.Type == html.ElementNode {
		switch {
		case n.Data == "h1":
			s.Title = textOf(n)
		case attribute(n, "role") == "alert":
			s.Alert = textOf(n)
		case n.Data == "form":
			s.forms = append(s.forms, webForm{action: attribute(n, "action"), values: url.Values{}})
		case n.Data == "input" && attribute(n, "type") == "hidden" && len(s.forms) > 0:
			s.forms[len(s.forms)-1].values.Set(attribute(n, "name"), attribute(n, "value"))
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		s.read(child)
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(textOf(child))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
