package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// pagingFlags say how much of a list to print.
type pagingFlags struct {
	limit  int
	all    bool
	cursor string
}

func (p *pagingFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&p.limit, "limit", 50, "how many to list at most")
	cmd.Flags().BoolVar(&p.all, "all", false, "list everything")
	cmd.Flags().StringVar(&p.cursor, "cursor", "", "go on where an earlier list ended (its next_cursor)")
	cmd.MarkFlagsMutuallyExclusive("limit", "all")
}

// collect reads as many pages as are wanted.
func collect[T any](ctx context.Context, p pagingFlags, list func(context.Context, client.Paging) (client.Page[T], error)) (client.Page[T], error) {
	if p.all {
		return client.Collect(ctx, 0, p.cursor, list)
	}
	if p.limit < 1 {
		return client.Page[T]{}, errors.New("--limit must be at least 1; --all lists everything")
	}
	return client.Collect(ctx, p.limit, p.cursor, list)
}
