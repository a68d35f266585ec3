package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// requesterCommand is `docket requester`.
func (v *verbs) requesterCommand() *cobra.Command {
	return group("requester", "Companies whose programs file requests: controllers (OpenDSR) and authorised agents (Data Rights Protocol)",
		v.requesterList(), v.requesterAdd(), v.requesterChange(), v.requesterKey(), v.requesterEnd(), v.requesterImport(), v.requesterCertificate())
}

func (v *verbs) requesterList() *cobra.Command {
	return v.online("list", "List who may file requests by a protocol, and what their word counts for", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.Requesters(ctx)
		if err != nil {
			return err
		}
		return listing[client.Requester]{
			head: "ID\tPROTOCOL\tHANDLE\tNAME\tSTATE\tVOUCHES FOR\tRESULTS\tCALLBACKS OR KEY",
			row: func(r client.Requester) []string {
				results := map[bool]string{true: "may fetch", false: "no"}[r.Results]
				return []string{r.ID.String(), r.Protocol, r.Handle, r.Name, requesterState(r), strings.Join(r.Vouches, ","), results, r.Domain + r.VerifyKey}
			},
			empty: "Nobody may file requests by a protocol. docket requester add lets a company in.",
		}.print(s, page)
	})
}

func requesterState(r client.Requester) string {
	switch {
	case r.EndedAt != nil:
		return "ended"
	case !r.HasKey:
		return "not paired yet"
	default:
		return "active"
	}
}

// requesterFlags are those of what can be changed.
func requesterFlags(cmd *cobra.Command, in *client.RequesterChange) {
	flags := cmd.Flags()
	flags.StringVar(&in.Name, "name", "", "the company's name")
	flags.StringVar(&in.Domain, "domain", "", "of a controller: the domain that its callbacks lead to")
	flags.StringVar(&in.VerifyKey, "verify-key", "", "of an agent: its Ed25519 public key, 32 bytes in base64")
	flags.StringVar(&in.WebURL, "web-url", "", "the company's page")
	flags.StringSliceVar(&in.Vouches, "vouches", nil, "what its word is to prove of a person: email, and beside it phone_number and customer_id; without it people are asked as always")
	flags.BoolVar(&in.Results, "results", false, "let it fetch the answer, which goes to the person as well")
}

func (v *verbs) requesterAdd() *cobra.Command {
	var in client.NewRequester
	cmd := v.online("add PROTOCOL HANDLE --name NAME", "Let a company's program file requests; a controller's key is shown this once", cobra.ExactArgs(2),
		func(ctx context.Context, s *session, args []string) error {
			in.Protocol, in.Handle = args[0], args[1]
			made, err := s.CreateRequester(ctx, in)
			if err != nil {
				return err
			}
			return s.showRequesterKey(made)
		})
	cmd.Long = cmd.Short + `. PROTOCOL is opendsr for a controller or drp for an authorised agent,
HANDLE its name there: the controller_id, or the agent's id in the network's directory.

  docket requester add opendsr shop --name "Shop AG" --domain shop.example --vouches email,customer_id
  docket requester add drp EXAMPLE_AGENT --name "Example Agent" --verify-key KEY --web-url https://agent.example`
	requesterFlags(cmd, &in.RequesterChange)
	_ = cmd.MarkFlagRequired("name")
	return cmd
}

func (s *session) showRequesterKey(made client.CreatedRequester) error {
	err := s.show(made, func(w io.Writer) { pairs(w, [2]string{"id", made.ID.String()}, [2]string{"key", made.Key}) })
	if err == nil && made.Key != "" {
		_, err = fmt.Fprintln(s.errs, "Keep the key now: it cannot be shown again. The controller sends it as a bearer's, or as the password beside its handle.")
	}
	return err
}

func (v *verbs) requesterChange() *cobra.Command {
	var in client.RequesterChange
	var nothing bool
	cmd := v.online("change REQUESTER", "Change a requester, and what its word counts for; it is named by handle or id", cobra.ExactArgs(1), nil)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := v.open(cmd)
		if err != nil {
			return err
		}
		return s.explained(s.changeRequester(cmd, args[0], in, nothing))
	}
	requesterFlags(cmd, &in)
	cmd.Flags().BoolVar(&nothing, "vouches-nothing", false, "let its word prove nothing any more")
	cmd.Long = cmd.Short + ". What is not given stays. --results=false takes the results away."
	return cmd
}

// changeRequester changes what was given and leaves the rest as it is.
func (s *session) changeRequester(cmd *cobra.Command, name string, in client.RequesterChange, nothing bool) error {
	was, err := s.requesterNamed(cmd.Context(), name)
	if err != nil {
		return err
	}
	is := client.RequesterChange{Name: was.Name, Domain: was.Domain, WebURL: was.WebURL, VerifyKey: was.VerifyKey, Vouches: was.Vouches, Results: was.Results}
	for flag, set := range map[string]func(){
		"name": func() { is.Name = in.Name }, "domain": func() { is.Domain = in.Domain }, "web-url": func() { is.WebURL = in.WebURL },
		"verify-key": func() { is.VerifyKey = in.VerifyKey }, "vouches": func() { is.Vouches = in.Vouches }, "results": func() { is.Results = in.Results },
	} {
		if cmd.Flags().Changed(flag) {
			set()
		}
	}
	if nothing {
		is.Vouches = nil
	}
	after, err := s.ChangeRequester(cmd.Context(), was.ID, is)
	if err != nil {
		return err
	}
	return s.show(after, func(w io.Writer) {
		pairs(w, [2]string{"id", after.ID.String()}, [2]string{"protocol", after.Protocol}, [2]string{"handle", after.Handle}, [2]string{"name", after.Name},
			[2]string{"domain", after.Domain}, [2]string{"verify key", after.VerifyKey}, [2]string{"web url", after.WebURL},
			[2]string{"vouches for", strings.Join(after.Vouches, ",")}, [2]string{"results", map[bool]string{true: "may fetch", false: "no"}[after.Results]})
	})
}

// requesterNamed finds a requester that may file, by its id or its handle.
func (s *session) requesterNamed(ctx context.Context, name string) (client.Requester, error) {
	page, err := s.Requesters(ctx)
	if err != nil {
		return client.Requester{}, err
	}
	found := slices.DeleteFunc(page.Items, func(r client.Requester) bool { return r.EndedAt != nil || r.Handle != name && r.ID.String() != name })
	switch len(found) {
	case 0:
		return client.Requester{}, errors.New("there is no such requester that may file; docket requester list shows them")
	case 1:
		return found[0], nil
	default:
		return client.Requester{}, errors.New("a controller and an agent are both called so: give the id, which docket requester list shows")
	}
}

func (v *verbs) requesterKey() *cobra.Command {
	return v.online("key REQUESTER", "Make another key for a controller, shown this once; the one before is good too for a day", cobra.ExactArgs(1),
		v.ofRequester(func(ctx context.Context, s *session, id uuid.UUID) error {
			made, err := s.ReplaceRequesterKey(ctx, id)
			if err != nil {
				return err
			}
			return s.showRequesterKey(made)
		}))
}

func (v *verbs) requesterEnd() *cobra.Command {
	return v.online("end REQUESTER", "Let a requester file no more and hear no more; what it filed goes on", cobra.ExactArgs(1),
		v.ofRequester(func(ctx context.Context, s *session, id uuid.UUID) error {
			if err := s.EndRequester(ctx, id); err != nil {
				return err
			}
			s.say("The requester %s may file no more.", id)
			return nil
		}))
}

// ofRequester finds the requester that the argument names.
func (v *verbs) ofRequester(do func(context.Context, *session, uuid.UUID) error) work {
	return func(ctx context.Context, s *session, args []string) error {
		r, err := s.requesterNamed(ctx, args[0])
		if err != nil {
			return err
		}
		return do(ctx, s, r.ID)
	}
}

func (v *verbs) requesterImport() *cobra.Command {
	var vouches []string
	cmd := v.online("import FILE", "Register the agents of a network's directory; those that are there are brought up to date, none is removed", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			text, err := s.content(args[0])
			if err != nil {
				return err
			}
			out, err := s.ImportAgents(ctx, client.Directory{Directory: text, Vouches: vouches})
			if err != nil {
				return err
			}
			return s.show(out, func(w io.Writer) {
				pairs(w, [2]string{"added", strings.Join(out.Added, " ")}, [2]string{"changed", strings.Join(out.Changed, " ")}, [2]string{"unchanged", strings.Join(out.Unchanged, " ")})
			})
		})
	cmd.Long = cmd.Short + ". FILE is the JSON that the\nnetwork gives out, an array of entries with id, name, verify_key and web_url; - reads standard input. All of it is registered, or nothing."
	cmd.Flags().StringSliceVar(&vouches, "vouches", nil, "what the word of new agents is to prove: email, and beside it phone_number")
	return cmd
}

func (v *verbs) requesterCertificate() *cobra.Command {
	var set string
	var replace, request bool
	cmd := v.online("certificate", "Show the certificate by which controllers check what they are told, or put another into its place", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			key, err := s.processorKey(ctx, set, replace)
			if err != nil {
				return err
			}
			if request {
				_, err = fmt.Fprint(s.out, key.SigningRequest)
				return err
			}
			return s.show(key, func(w io.Writer) {
				signed := map[bool]string{true: "the key itself; have an authority sign --request", false: "an authority"}[key.SelfSigned]
				pairs(w, [2]string{"base url", key.BaseURL}, [2]string{"domain", key.Domain}, [2]string{"certificate", key.CertificateURL},
					[2]string{"sha256", key.Fingerprint}, [2]string{"signed by", signed}, [2]string{"good until", s.at(key.ExpiresAt)})
			})
		})
	cmd.Flags().StringVar(&set, "set", "", "a chain in PEM that an authority has signed, the key's own certificate first: @FILE")
	cmd.Flags().BoolVar(&replace, "replace-key", false, "make another key; the one before is destroyed, and its certificate can still be fetched")
	cmd.Flags().BoolVar(&request, "request", false, "print the request for a certificate of an authority (PKCS #10)")
	cmd.MarkFlagsMutuallyExclusive("set", "replace-key")
	return cmd
}

func (s *session) processorKey(ctx context.Context, set string, replace bool) (client.ProcessorKey, error) {
	switch {
	case replace:
		return s.ReplaceProcessorKey(ctx)
	case set != "":
		chain, err := s.text("set", set)
		if err != nil {
			return client.ProcessorKey{}, err
		}
		return s.SetProcessorCertificate(ctx, client.Certificate{Certificate: chain + "\n"})
	default:
		return s.ProcessorKey(ctx)
	}
}
