package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// apiKeyCommand is `docket apikey`.
func (v *verbs) apiKeyCommand() *cobra.Command {
	return group("apikey", "The tenant's API keys", v.apiKeyCreate(), v.apiKeyList(), v.apiKeyRevoke())
}

func (v *verbs) apiKeyCreate() *cobra.Command {
	var in client.NewKey
	var staff, expires string
	cmd := v.online("create --name NAME --role ROLE", "Make an API key; its secret is shown this once", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			at, err := s.moment("expires", expires)
			if err != nil {
				return err
			}
			if !at.IsZero() {
				in.ExpiresAt = &at
			}
			if staff != "" {
				member, err := s.StaffNamed(ctx, staff)
				if err != nil {
					return err
				}
				in.StaffID = &member.ID
			}
			key, err := s.CreateKey(ctx, in)
			if err != nil {
				return err
			}
			return s.showKey(key)
		})
	flags := cmd.Flags()
	flags.StringVar(&in.Name, "name", "", "what the key is for")
	flags.StringVar(&in.Role, "role", "", "admin, dpo, agent or auditor")
	flags.StringVar(&staff, "staff", "", "the member of staff who uses it, by e-mail address or id; absent for a program")
	flags.StringSliceVar(&in.Scopes, "scope", nil, "narrow the key to a tag of the operations with :read or :write, such as requests:read; may be given again")
	flags.StringVar(&expires, "expires", "", "the day or time at which it ends: 2027-01-01")
	_ = cmd.MarkFlagRequired("name")
	_ = cmd.MarkFlagRequired("role")
	return cmd
}

func (s *session) showKey(key client.CreatedKey) error {
	err := s.show(key, func(w io.Writer) { pairs(w, [2]string{"id", key.ID.String()}, [2]string{"key", key.Key}) })
	if err == nil {
		_, err = fmt.Fprintln(s.errs, "Keep the key now: it cannot be shown again. Give it to commands in DOCKET_API_KEY or DOCKET_API_KEY_FILE.")
	}
	return err
}

func (v *verbs) apiKeyList() *cobra.Command {
	return v.online("list", "List the API keys, without their secrets", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.Keys(ctx)
		if err != nil {
			return err
		}
		return listing[client.Key]{
			head: "ID\tNAME\tROLE\tSTATE\tMADE\tLAST USED\tEXPIRES",
			row: func(k client.Key) []string {
				return []string{k.ID.String(), k.Name, k.Role, s.keyState(k), s.at(k.CreatedAt), s.atIf(k.LastUsedAt), s.atIf(k.ExpiresAt)}
			},
		}.print(s, page)
	})
}

func (s *session) keyState(k client.Key) string {
	switch {
	case k.RevokedAt != nil:
		return "revoked"
	case k.ExpiresAt != nil && !s.clock.Now().Before(*k.ExpiresAt):
		return "expired"
	default:
		return "active"
	}
}

func (v *verbs) apiKeyRevoke() *cobra.Command {
	return v.online("revoke KEY", "End an API key for good; it is named by id, or by a name that only one key in use has", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			id, err := s.keyNamed(ctx, args[0])
			if err != nil {
				return err
			}
			if err := s.RevokeKey(ctx, id); err != nil {
				return err
			}
			s.say("The key %s no longer works.", id)
			return nil
		})
}

// keyNamed finds a key. Whoever gives the secret itself by mistake is not told it back.
func (s *session) keyNamed(ctx context.Context, name string) (uuid.UUID, error) {
	if id, err := uuid.Parse(name); err == nil {
		return id, nil
	}
	if strings.HasPrefix(name, "dk_") {
		return uuid.Nil, errors.New("that is a key's secret, which is in the shell's history now: name the key by its id (docket apikey list), and revoke it")
	}
	page, err := s.Keys(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	var found []uuid.UUID
	for _, k := range page.Items {
		if k.Name == name && k.RevokedAt == nil {
			found = append(found, k.ID)
		}
	}
	if len(found) != 1 {
		return uuid.Nil, fmt.Errorf("%s in use have this name: name one by its id (docket apikey list)", several(len(found), "key"))
	}
	return found[0], nil
}
