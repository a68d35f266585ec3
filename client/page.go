package client

import (
	"context"
	"errors"
	"net/url"
	"strconv"
)

// PageSize is the most that the server gives in one page.
const PageSize = 200

// Page is a part of a list.
type Page[T any] struct {
	Items []T `json:"items"`
	// Next continues the list; empty at its end.
	Next string `json:"next_cursor,omitempty"`
}

// Paging says which part of a list to give. The zero value is its beginning.
type Paging struct {
	Cursor string
	// Limit is 1 to PageSize; zero leaves it to the server.
	Limit int
}

func (p Paging) query() url.Values {
	q := url.Values{}
	set(q, "cursor", p.Cursor)
	if p.Limit > 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	return q
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

// Collect reads a list page by page until it has limit items, or all when limit is zero. Next is set when more follow.
func Collect[T any](ctx context.Context, limit int, cursor string, list func(context.Context, Paging) (Page[T], error)) (Page[T], error) {
	out := Page[T]{Items: []T{}, Next: cursor}
	for {
		size := PageSize
		if limit > 0 {
			size = min(PageSize, limit-len(out.Items))
		}
		page, err := list(ctx, Paging{Cursor: out.Next, Limit: size})
		if err != nil {
			return out, err
		}
		if page.Next != "" && page.Next == out.Next {
			return out, errors.New("the server gave the same cursor twice, so the list would never end: report it")
		}
		out.Items, out.Next = append(out.Items, page.Items...), page.Next
		if out.Next == "" || (limit > 0 && len(out.Items) >= limit) {
			return out, nil
		}
	}
}
