package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) mailCommand() *cobra.Command {
	return group("mail", "Check messages before they go out, and verify the domains they come from",
		v.mailCheck(), group("domain", "The domains from which the tenant sends", v.mailDomainAdd(), v.mailDomains(), v.mailDomainVerify(), v.mailDomainRemove()))
}

func (v *verbs) mailDomainAdd() *cobra.Command {
	return v.online("add DOMAIN", "Add a domain, and print the record to put into DNS", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		added, err := s.AddMailDomain(ctx, client.NewMailDomain{Domain: args[0]})
		if err != nil {
			return err
		}
		if err := s.showDomain(added); err != nil {
			return err
		}
		s.say("\nPut the record into DNS, then: docket mail domain verify %s", added.Domain)
		return nil
	})
}

func (s *session) showDomain(d client.MailDomain) error {
	return s.show(d, func(w io.Writer) {
		pairs(w, [2]string{"domain", d.Domain}, [2]string{"state", d.State}, [2]string{"record", d.Record.Name + " " + d.Record.Type}, [2]string{"value", d.Record.Value})
		if d.SeenAt != nil {
			pairs(w, [2]string{"last seen", s.at(*d.SeenAt)})
		}
		if d.MissingSince != nil {
			pairs(w, [2]string{"missing since", s.at(*d.MissingSince)})
		}
	})
}

func (v *verbs) mailDomains() *cobra.Command {
	return v.online("list", "List the domains with their records", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		all, err := s.MailDomains(ctx)
		if err != nil {
			return err
		}
		return listing[client.MailDomain]{
			head: "DOMAIN\tSTATE\tRECORD\tVALUE\tID",
			row: func(d client.MailDomain) []string {
				return []string{d.Domain, d.State, d.Record.Name, d.Record.Value, d.ID.String()}
			},
			empty: "No domains yet. docket mail domain add example.com adds one.",
		}.print(s, all)
	})
}

func (v *verbs) mailDomainVerify() *cobra.Command {
	return v.online("verify DOMAIN", "Look whether the record of a domain is in DNS now", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := s.domainCalled(ctx, args[0])
		if err != nil {
			return err
		}
		checked, err := s.VerifyMailDomain(ctx, id)
		if err != nil {
			return err
		}
		if err := s.showDomain(checked); err != nil {
			return err
		}
		if checked.State == "verified" && checked.MissingSince == nil {
			return nil
		}
		return fmt.Errorf("the record %s with the value %s is not in DNS; it can take an hour until a new one is seen everywhere", checked.Record.Name, checked.Record.Value)
	})
}

func (v *verbs) mailDomainRemove() *cobra.Command {
	return v.online("remove DOMAIN", "Remove a domain", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := s.domainCalled(ctx, args[0])
		if err != nil {
			return err
		}
		if err := s.RemoveMailDomain(ctx, id); err != nil {
			return err
		}
		s.say("Removed. Its record can be taken out of DNS.")
		return nil
	})
}

var errNoSuchDomain = errors.New("the tenant has no such domain; docket mail domain list shows them")

// domainCalled finds a domain by its name or its id.
func (s *session) domainCalled(ctx context.Context, name string) (uuid.UUID, error) {
	all, err := s.MailDomains(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	for _, d := range all.Items {
		if d.ID.String() == name || sameDomain(d.Domain, name) {
			return d.ID, nil
		}
	}
	return uuid.Nil, errNoSuchDomain
}
