package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// visitor uses the public pages as a person without JavaScript does: opens a page, fills in a form, sends it.
type visitor struct{ client *http.Client }

func newVisitor() (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("make a cookie jar: %w", err)
	}
	return &visitor{client: &http.Client{Jar: jar}}, nil
}

// sheet is a page as the visitor sees it.
type sheet struct {
	address *url.URL
	status  int
	title   string
	alert   string
	forms   []webForm
}

type webForm struct {
	action string
	values url.Values
}

var errNoForm = errors.New("the page has no form to send this with")

// open gets a page.
func (v *visitor) open(ctx context.Context, address string) (*sheet, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	response, err := v.client.Do(request) //nolint:bodyclose // readSheet, or the caller, closes it
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	return readSheet(response)
}

// send fills in the first form whose action ends with suffix and sends it. The answer is the caller's to read and close.
func (v *visitor) send(ctx context.Context, s *sheet, suffix string, fill url.Values) (*http.Response, error) {
	i := slices.IndexFunc(s.forms, func(f webForm) bool { return strings.HasSuffix(strings.SplitN(f.action, "?", 2)[0], suffix) })
	if i < 0 {
		return nil, fmt.Errorf("%w (%s)", errNoForm, s.title)
	}
	values := s.forms[i].values
	for name, value := range fill {
		values[name] = value
	}
	target, err := s.address.Parse(s.forms[i].action)
	if err != nil {
		return nil, fmt.Errorf("read the form's address: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, fmt.Errorf("send the form: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	response, err := v.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("send the form: %w", err)
	}
	return response, nil
}

// submit is send for forms that answer with a page.
func (v *visitor) submit(ctx context.Context, s *sheet, suffix string, fill url.Values) (*sheet, error) {
	response, err := v.send(ctx, s, suffix, fill) //nolint:bodyclose // readSheet closes it
	if err != nil {
		return nil, err
	}
	return readSheet(response)
}

func readSheet(response *http.Response) (s *sheet, err error) {
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	root, err := html.Parse(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read a page: %w", err)
	}
	s = &sheet{address: response.Request.URL, status: response.StatusCode}
	s.read(root)
	if s.status >= http.StatusBadRequest {
		return s, fmt.Errorf("the page %q answered %d: %s", s.title, s.status, s.alert)
	}
	return s, nil
}

func (s *sheet) read(n *html.Node) {
	if n.Type == html.ElementNode {
		switch {
		case n.Data == "h1":
			s.title = textOf(n)
		case attribute(n, "role") == "alert":
			s.alert = textOf(n)
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
