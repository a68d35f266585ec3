package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// taskCommand is `docket task`.
func (v *verbs) taskCommand() *cobra.Command {
	var kind string
	var paging pagingFlags
	list := v.online("list", "List what is to be done by people, oldest first", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := collect(ctx, paging, func(ctx context.Context, p client.Paging) (client.Page[client.Task], error) {
			return s.Tasks(ctx, kind, p)
		})
		if err != nil {
			return err
		}
		return listing[client.Task]{
			head: "REQUEST\tTASK\tABOUT\tROLE\tNEXT DUE\tSINCE\tANSWERS",
			row: func(t client.Task) []string {
				return []string{t.Reference, t.Kind, t.Addressee, t.Role, s.due(t.NextDue), s.at(t.CreatedAt), strings.Join(t.Answers, ", ")}
			},
			empty: "Nothing waits for a person.",
		}.print(s, page)
	})
	list.Flags().StringVar(&kind, "kind", "", "only this kind: review, plan_review, approval, identity_check, collection_failed, erasure_failed, inquiry …")
	paging.add(list)
	return group("task", "What is to be done by people", list)
}
