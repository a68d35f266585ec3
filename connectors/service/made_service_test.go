package service_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// madeRow is one with its members, as it is and as it is still shown so many times; gone rows are none any more.
type madeRow struct {
	uid     string
	members map[string]any
	gone    bool
	was     map[string]any
	lag     int
}

func (c *madeCollection) add(members map[string]any) {
	c.next++
	if c.update.merge {
		unsaid(members)
	}
	c.rows = append(c.rows, &madeRow{uid: fmt.Sprintf("%d", 70+c.next), members: members})
}

// unsaid takes members without a value away: a service that merges can't hold them.
func unsaid(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if unsaid(inner); inner == nil {
				delete(v, name)
			}
		}
	case []any:
		for _, inner := range v {
			unsaid(inner)
		}
	}
}

// kept are the rows that are there.
func (c *madeCollection) kept() []*madeRow {
	return slices.DeleteFunc(slices.Clone(c.rows), func(r *madeRow) bool { return r.gone })
}

func (c *madeCollection) row(uid string) *madeRow {
	for _, r := range c.rows {
		if r.uid == uid && !r.gone {
			return r
		}
	}
	return nil
}

// turn changes a row, which is shown for a while as it was.
func (c *madeCollection) turn(r *madeRow, members map[string]any) {
	if c.lag > 0 && r.was == nil {
		r.was, r.lag = r.members, c.lag
	}
	r.members, r.gone = members, members == nil
}

func (c *madeCollection) remove(uid string) int {
	r := c.row(uid)
	if r == nil {
		return c.delete.gone
	}
	c.turn(r, nil)
	return http.StatusNoContent
}

func (c *madeCollection) removeAll(value string) int {
	status := c.delete.gone
	for _, r := range c.kept() {
		if c.holds(r.members, c.deletedBy, value) {
			c.turn(r, nil)
			status = http.StatusOK
		}
	}
	return status
}

// change lays what was sent over a row, or puts it in its place.
func (c *madeCollection) change(uid string, given map[string]any) int {
	r := c.row(uid)
	if r == nil {
		return c.update.gone
	}
	for _, name := range strings.FieldsFunc(c.update.at, func(r rune) bool { return r == '.' }) {
		inner, is := given[name].(map[string]any)
		if !is {
			return http.StatusBadRequest
		}
		given = inner
	}
	members := map[string]any{}
	if !c.update.whole {
		maps.Copy(members, r.members)
	}
	for _, read := range c.reads { // what is implied is not sent
		if value, there := r.members[read.by]; there && read.implied {
			members[read.by] = value
		}
	}
	attributes, _ := given["attributes"].(map[string]any)
	for _, from := range []map[string]any{given, attributes} {
		for name, v := range from {
			if name == "attributes" || name == "uid" || name == "reason" && c.update.at == "" {
				continue
			}
			c.lay(members, name, v)
		}
	}
	c.turn(r, members)
	return http.StatusOK
}

// lay puts a member over another; in a merge as RFC 7396 has it.
func (c *madeCollection) lay(over map[string]any, name string, v any) {
	inner, is := v.(map[string]any)
	switch below, was := over[name].(map[string]any); {
	case c.update.merge && v == nil:
		delete(over, name)
	case c.update.merge && is && was:
		below = maps.Clone(below)
		for name, v := range inner {
			c.lay(below, name, v)
		}
		over[name] = below
	default:
		over[name] = v
	}
}

// shown are the rows as the service shows them now.
func (c *madeCollection) shown(by, value string) (out []map[string]any) {
	for _, r := range c.rows {
		members := r.members
		if r.was != nil {
			members = r.was
		}
		if members == nil || by != "" && !c.holds(members, by, value) {
			continue
		}
		if r.was != nil {
			if r.lag--; r.lag == 0 {
				r.was = nil
			}
		}
		out = append(out, c.dressed(r.uid, members))
	}
	return out
}

// holds reports whether a value stands in a row's field, or something that looks like it.
func (c *madeCollection) holds(members map[string]any, by, value string) bool {
	return c.stands(members, strings.Split(by, "."), strings.ToLower(value))
}

func (c *madeCollection) stands(v any, path []string, value string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return c.stands(e, path, value) })
	case map[string]any:
		return len(path) > 0 && c.stands(v[path[0]], path[1:], value)
	}
	text := strings.ToLower(plain(v))
	return v != nil && len(path) == 0 && (text == value || c.sloppy && strings.Contains(text, value))
}

// dressed is a row as it is answered.
func (c *madeCollection) dressed(uid string, members map[string]any) map[string]any {
	out, attributes := map[string]any{"uid": uid}, map[string]any{}
	for name, v := range members {
		switch implied := slices.ContainsFunc(c.reads, func(r *madeRead) bool { return r.implied && r.by == name }); {
		case implied:
		case c.wrapped[name]:
			attributes[name] = v
		default:
			out[name] = v
		}
	}
	out["attributes"] = attributes
	return out
}

// list answers a page.
func (c *madeCollection) list(r *http.Request, q url.Values, header http.Header) (status int, answer []byte) {
	i := slices.IndexFunc(c.reads, func(r *madeRead) bool { return r.by == q.Get("by") })
	if i < 0 {
		return http.StatusBadRequest, nil
	}
	read := c.reads[i]
	rows := c.shown(read.by, q.Get("q"))
	if read.rows == "$" {
		if len(rows) == 0 {
			return http.StatusNotFound, nil
		}
		return http.StatusOK, marshalled(rows[0])
	}
	from, to, next := read.page(q, len(rows))
	meta := map[string]any{"next": nil, "link": nil}
	if to < len(rows) {
		meta["next"] = next
		u := *r.URL
		more := u.Query()
		more.Set("after", strconv.Itoa(to))
		u.RawQuery = more.Encode()
		meta["link"] = u.String()
		if read.paging == "link" {
			header.Set("Link", `<https://elsewhere.example/>; rel="prev", <`+u.String()+`>; rel="next"`)
		}
	}
	return http.StatusOK, marshalled(read.around(rows[from:to], meta))
}

// page is which rows stand on the one that is asked for, and the cursor behind it.
func (r *madeRead) page(q url.Values, rows int) (from, to int, next any) {
	number := func(name string) int { n, _ := strconv.Atoi(q.Get(name)); return n }
	size := r.most
	if n := number("size"); n > 0 {
		size = min(size, n)
	}
	switch r.paging {
	case "":
		return 0, rows, nil
	case "page":
		from = (number("page") - r.first) * size
	case "offset":
		from = number("offset")
	case "cursor":
		text, _ := base64.StdEncoding.DecodeString(q.Get("after"))
		from, _ = strconv.Atoi(string(text))
	default:
		from = number("after")
	}
	from = max(0, min(from, rows))
	to = min(from+size, rows)
	if r.paging == "cursor" {
		return from, to, base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(to)))
	}
	return from, to, to
}

// around is an answer with rows where the document says.
func (r *madeRead) around(rows []map[string]any, meta any) any {
	list := make([]any, len(rows))
	for i, row := range rows {
		if list[i] = row; r.rows == "data.rows[*].row" {
			list[i] = map[string]any{"row": row}
		}
	}
	switch r.rows {
	case "[*]":
		return list
	case "items[*]":
		return map[string]any{"items": list, "meta": meta}
	}
	return map[string]any{"data": map[string]any{"rows": list}, "meta": meta}
}

// exactly reads JSON with every digit of its numbers.
func exactly(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

func marshalled(v any) []byte {
	raw, _ := json.Marshal(v) // what was read as JSON
	return raw
}

// plain is a single value as a text.
func plain(v any) string {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case string:
		return v
	}
	return ""
}
