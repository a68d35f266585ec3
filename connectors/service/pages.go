package service

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// pages sends a read's request, and those for what follows it, and hands the rows on page by page. It comes to an end: the place of a page is
// asked for once, and there is a limit to how many there are.
type pages struct {
	*client
	read  *dataset.ServiceRead
	where string
	// seen are the places that were asked for.
	seen map[string]bool
	// at counts pages, rows those on them.
	at, rows int
}

// each calls take for the rows of every page.
func (p *pages) each(ctx context.Context, o *order, take func(rows []json.RawMessage) error) error {
	o.repeatable = true // reading is safe, whatever its method
	o.accepts = p.read.Nobody
	p.first(o)
	p.seen = map[string]bool{o.place(): true}
	for {
		a, err := p.answered(ctx, o, p.read.Async)
		if err != nil {
			return err
		}
		rows, err := p.rowsOf(a)
		if err != nil {
			return err
		}
		if err := take(rows); err != nil {
			return err
		}
		p.at, p.rows = p.at+1, p.rows+len(rows)
		more, err := p.next(o, a, len(rows))
		if err != nil || !more {
			return err
		}
		if p.at == p.limits.Pages {
			return answerFault(p.where, fmt.Sprintf("there are more than %d pages", p.limits.Pages), "raise limits.pages in the service document if there really are")
		}
		place := o.place()
		if p.seen[place] {
			return answerFault(p.where, "the pages lead in a circle", "correct paging in the service document")
		}
		p.seen[place] = true
	}
}

// rowsOf takes the rows out of an answer.
func (p *pages) rowsOf(a *answer) ([]json.RawMessage, error) {
	if a.status < 200 || a.status > 299 { // one that means nobody, or behind the last page
		return nil, nil
	}
	if len(a.body) == 0 {
		if p.read.Empty || slices.Contains(p.read.Nobody, a.status) {
			return nil, nil
		}
		return nil, answerFault(p.where, "an answer has no body", "list empty under nobody if it means that there is no such row")
	}
	rows, ok := rowsAt(a.body, p.read.Rows)
	if !ok {
		return nil, answerFault(p.where, "an answer has no rows where the service document says", "correct rows in the service document")
	}
	return rows, nil
}

// first readies the request for the first page.
func (p *pages) first(o *order) {
	g := p.read.Paging
	if g == nil {
		return
	}
	if g.SizeParameter != "" {
		o.set(g, g.SizeParameter, g.Size)
	}
	switch g.Kind {
	case dataset.PagingPage:
		o.set(g, g.Parameter, g.First)
	case dataset.PagingOffset:
		o.set(g, g.Parameter, 0)
	case dataset.PagingCursor, dataset.PagingLink, dataset.PagingURL:
	}
}

// next readies the request for the page behind an answer; false when there is none. Where nothing in the answer says so, the last page is the one
// without rows: one with fewer than were asked for may only show that the service gives fewer.
func (p *pages) next(o *order, a *answer, rows int) (bool, error) {
	g := p.read.Paging
	if g == nil || len(a.body) == 0 {
		return false, nil
	}
	switch g.Kind {
	case dataset.PagingPage:
		o.set(g, g.Parameter, g.First+p.at)
		return rows > 0, nil
	case dataset.PagingOffset:
		o.set(g, g.Parameter, p.rows)
		return rows > 0, nil
	case dataset.PagingCursor:
		cursor := document.At(a.body, g.Next)
		if k := document.Kind(cursor); k == 0 || k == 'n' || k == 't' || document.Text(cursor) == "" {
			return false, nil
		} else if k != '"' && k != '0' {
			return false, answerFault(p.where, "the next cursor is no single value", "correct paging.next in the service document")
		}
		if document.Kind(cursor) == '0' {
			o.set(g, g.Parameter, json.Number(document.Text(cursor)))
		} else {
			o.set(g, g.Parameter, document.Text(cursor))
		}
		return true, nil
	case dataset.PagingLink:
		return p.follow(o, nextLink(a.header.Values("Link")))
	case dataset.PagingURL:
		link := document.At(a.body, g.Next)
		if document.Kind(link) != '"' {
			return false, nil
		}
		return p.follow(o, document.Text(link))
	}
	return false, nil
}

// follow has the next request go to an address that the service gave, which must be its own.
func (p *pages) follow(o *order, link string) (bool, error) {
	if link == "" {
		return false, nil
	}
	u, err := p.own(o.url, link, p.where)
	if err != nil {
		return false, err
	}
	o.url = u
	return true, nil
}

// own reads an address that an answer gave. Only the service's own origin is gone to: to all others the secrets would be handed out.
func (c *client) own(from *url.URL, link, where string) (*url.URL, error) {
	u, err := from.Parse(link)
	if err != nil || u.Scheme != c.base.Scheme || !strings.EqualFold(u.Host, c.base.Host) || u.User != nil {
		return nil, answerFault(where, "an answer leads to another address than the service's own", "ask whoever runs the service; it is not followed")
	}
	u.Fragment = ""
	if c.doc.Auth.Kind == dataset.AuthQuery { // some services repeat it in their links
		q := u.Query()
		q.Del(c.doc.Auth.Name)
		u.RawQuery = q.Encode()
	}
	return u, nil
}

// set puts a parameter of paging in its place.
func (o *order) set(g *dataset.ServicePaging, name string, value any) {
	if !g.InBody {
		q := o.url.Query()
		switch v := value.(type) {
		case int:
			q.Set(name, strconv.Itoa(v))
		case json.Number:
			q.Set(name, v.String())
		case string:
			q.Set(name, v)
		}
		o.url.RawQuery = q.Encode()
		return
	}
	if o.form != nil {
		o.form.Set(name, strings.Trim(fmt.Sprint(value), `"`))
		return
	}
	body, is := o.body.(map[string]any)
	if !is {
		body = map[string]any{}
	}
	body[name] = value
	o.body = body
}

// place tells one page from another. It is kept in memory only.
func (o *order) place() string {
	body, _, _ := o.written()
	return o.url.String() + "\x00" + string(body)
}

// nextLink finds rel="next" in the header Link (RFC 8288).
func nextLink(headers []string) string {
	for _, header := range headers {
		for header != "" {
			_, rest, found := strings.Cut(header, "<")
			if !found {
				break
			}
			target, rest, found := strings.Cut(rest, ">")
			if !found {
				break
			}
			params, next := rest, ""
			if i := strings.Index(rest, "<"); i >= 0 {
				params, next = rest[:i], rest[i:]
			}
			for param := range strings.SplitSeq(strings.TrimRight(strings.TrimSpace(params), ","), ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
				if strings.EqualFold(strings.TrimSpace(name), "rel") && strings.Contains(" "+strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`))+" ", " next ") {
					return target
				}
			}
			header = next
		}
	}
	return ""
}
