package main

import (
	"bufio"
	"context"
	"errors"
	"io"

	docket "github.com/privacy-docket/docket/client"
)

// streamed asks about a list in one call, and takes each answer as it comes.
func (c *consenting) streamed(ctx context.Context, n int) error {
	staff, err := docket.New(docket.Config{URL: c.url, Key: c.key})
	if err != nil {
		return err
	}
	list, fill := io.Pipe()
	go func() {
		out := bufio.NewWriter(fill)
		for i := range n {
			_, _ = out.WriteString(c.listAddress(i) + "\n") // Flush tells
		}
		_ = fill.CloseWithError(out.Flush()) // whoever reads is told
	}()
	answers := 0
	err = staff.MayWriteStream(ctx, docket.ConsentAsk{Purpose: "news"}, list, func(l docket.ConsentStreamLine) error {
		if answers++; l.Line != answers || l.Fault != "" {
			return errors.New("an answer is not where it belongs")
		}
		return nil
	})
	if err = errors.Join(err, list.Close()); err == nil && answers != n {
		return errors.New("the answers are not as many as the addresses")
	}
	return err
}
