package main

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) requestDocuments() *cobra.Command {
	return v.online("documents REQUEST", "List what proves identity and what the person sent, without names and content", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			page, err := s.Documents(ctx, id)
			if err != nil {
				return err
			}
			return listing[client.Document]{
				head: "DOCUMENT\tKIND\tTYPE\tBYTES\tCAME\tSEEN\tDECISION\tDESTROYED",
				row: func(d client.Document) []string {
					return []string{d.ID.String(), d.Kind, d.MediaType, fmt.Sprint(d.Bytes), s.at(d.CreatedAt), s.atIf(d.SeenAt), d.Decision, s.atIf(d.DestroyedAt)}
				},
				empty: "No document came yet.",
			}.print(s, page)
		}))
}

func (v *verbs) requestDocument() *cobra.Command {
	return v.online("document REQUEST DOCUMENT FILE", "Fetch a document, named by its id, into a new file; this is recorded", cobra.ExactArgs(3),
		named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			document, err := idOf("document", args[0])
			if err != nil {
				return err
			}
			if err := s.fetchInto(args[1], func(out *os.File) error { return s.FetchDocument(ctx, id, document, out) }); err != nil {
				return err
			}
			s.say("Wrote the document to %s.", args[1])
			return nil
		}))
}
