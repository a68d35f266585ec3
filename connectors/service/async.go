package service

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Defaults of waiting for a job.
const (
	jobEvery  = 2 * time.Second
	jobWithin = 10 * time.Minute
)

// answered sends a request, and waits for the job that it began where the service document says that it begins one.
func (c *client) answered(ctx context.Context, o *order, async *dataset.ServiceAsync) (*answer, error) {
	a, err := c.do(ctx, o)
	if err != nil || async == nil || a.status != http.StatusAccepted {
		return a, err
	}
	link := a.header.Get("Location")
	if async.Status != nil {
		link = document.Text(document.At(a.body, async.Status))
	}
	if link == "" {
		return nil, answerFault(o.where, "a job was begun and the answer doesn't say where it can be asked after", "correct async.status in the service document")
	}
	poll, err := c.asked(o, link)
	if err != nil {
		return nil, err
	}
	every, within := async.Every, async.Within
	or(&every, jobEvery)
	or(&within, jobWithin)
	for waited := time.Duration(0); ; waited += every {
		if waited > within {
			return nil, &connectors.Error{Code: connectors.ErrTimeout, Where: o.where, What: "a job at the service did not come to its end in time", Do: "try again; raise async.within in the service document if it takes so long"}
		}
		if err := c.Limits().Wait(ctx, every); err != nil {
			return nil, records.Stopped(o.where, err)
		}
		if a, err = c.do(ctx, poll); err != nil {
			return nil, err
		}
		over, err := ended(async, a, o.where)
		if err != nil {
			return nil, err
		}
		if over {
			return c.result(ctx, o, async, a)
		}
	}
}

// asked is the request that asks after a job.
func (c *client) asked(o *order, link string) (*order, error) {
	u, err := c.own(o.url, link, o.where)
	if err != nil {
		return nil, err
	}
	return &order{method: http.MethodGet, url: u, header: o.header, repeatable: true, where: o.where, accepts: []int{http.StatusSeeOther}}, nil
}

// ended says whether a job has come to its end.
func ended(async *dataset.ServiceAsync, a *answer, where string) (bool, error) {
	if async.State == nil {
		return a.status != http.StatusAccepted, nil
	}
	state := document.Text(document.At(a.body, async.State))
	if slices.Contains(async.Failed, state) {
		return false, &connectors.Error{Code: connectors.ErrServer, Where: where, What: "a job at the service failed", Do: "try again; if it goes on, ask whoever runs the service"}
	}
	return slices.Contains(async.Done, state), nil
}

// result brings what the job made.
func (c *client) result(ctx context.Context, o *order, async *dataset.ServiceAsync, a *answer) (*answer, error) {
	link := ""
	switch {
	case async.Result != nil:
		link = document.Text(document.At(a.body, async.Result))
	case a.status == http.StatusSeeOther:
		link = a.header.Get("Location")
	default:
		return a, nil
	}
	if link == "" {
		return nil, answerFault(o.where, "a job is done and doesn't say where what it made is", "correct async.result in the service document")
	}
	fetch, err := c.asked(o, link)
	if err != nil {
		return nil, err
	}
	return c.do(ctx, fetch)
}
