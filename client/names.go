package client

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// referenceForm is how a request's reference looks.
var referenceForm = regexp.MustCompile(`^[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}$`)

// ErrRequestName says that what was given for a request is neither its id nor its reference. It does not repeat it: it
// may be a name.
var ErrRequestName = errors.New("a request is named by its reference, such as AR-7KQ2-M9XD, or its id; docket request search finds it by the person")

// RequestID gives the id of a request that is named by its id or its reference.
func (c *Client) RequestID(ctx context.Context, name string) (uuid.UUID, error) {
	if id, err := uuid.Parse(name); err == nil {
		return id, nil
	}
	reference := strings.ToUpper(strings.TrimSpace(name))
	if !referenceForm.MatchString(reference) {
		return uuid.Nil, ErrRequestName
	}
	who, err := c.Caller(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	find := c.walkToReference
	if slices.Contains(who.Operations, "search-requests") {
		find = c.searchReference
	}
	found, err := find(ctx, reference)
	if err != nil {
		return uuid.Nil, err
	}
	for _, line := range found.Items {
		if line.Reference == reference {
			return line.ID, nil
		}
	}
	return uuid.Nil, errors.New("there is no request " + reference + " that the key may see")
}

func (c *Client) searchReference(ctx context.Context, reference string) (Page[RequestLine], error) {
	return c.SearchRequests(ctx, Search{Reference: reference})
}

// walkToReference reads the list up to the reference, for roles that may list and not search.
func (c *Client) walkToReference(ctx context.Context, reference string) (Page[RequestLine], error) {
	return Collect(ctx, 0, "", func(ctx context.Context, paging Paging) (Page[RequestLine], error) {
		page, err := c.ListRequests(ctx, Requests{}, paging)
		if slices.ContainsFunc(page.Items, func(l RequestLine) bool { return l.Reference == reference }) {
			page.Next = ""
		}
		return page, err
	})
}

// SystemNamed gives the system that is named by its key or its id.
func (c *Client) SystemNamed(ctx context.Context, name string) (System, error) {
	systems, err := c.Systems(ctx)
	if err != nil {
		return System{}, err
	}
	for _, s := range systems.Items {
		if s.Key == name || s.ID.String() == strings.ToLower(name) {
			return s, nil
		}
	}
	return System{}, errors.New("there is no system with this key or id; docket system list shows them")
}

// StaffNamed gives the member of staff that is named by e-mail address or id. Its error does not repeat the address.
func (c *Client) StaffNamed(ctx context.Context, name string) (Staff, error) {
	staff, err := c.Staff(ctx)
	if err != nil {
		return Staff{}, err
	}
	for _, member := range staff.Items {
		if strings.EqualFold(member.Email, name) || member.ID.String() == strings.ToLower(name) {
			return member, nil
		}
	}
	return Staff{}, errors.New("there is no member of staff with this e-mail address or id; docket staff list shows them")
}
