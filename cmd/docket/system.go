package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

const targetHelp = `

The target is how to reach the system: postgres://user:password@host:port/database, or mysql:// and mongodb:// likewise. It holds a password, so give it as
--target @FILE or --target - (standard input) and not in the flag itself. It is sealed, and never shown again.
Of an object store (--kind s3) it holds its secrets: access_key=… and secret_key=…, each on a line of its own. The service document says which objects
belong to whom. Of a service behind HTTP (--kind http) it holds the secrets that its service document's auth takes: token=…, or user=… and password=…, or client_id=…
and client_secret=…, each on a line of its own. The service document is a YAML file that says how the service is reached (docs/connectors.md).
Of a system that somebody else has (--kind opendsr, email or manual) it holds what an OpenDSR processor's auth takes, and else nothing: leave it out. The document
says who is asked, for which rights, and what they are told of the person (docs/inquiries.md).
The declaration is a YAML file: purposes, recipients, retention (Art. 15(1) GDPR), what erasing means, and where limits are marked: in a field, or by a place on a list.`

// systemCommand is `docket system`.
func (v *verbs) systemCommand() *cobra.Command {
	return group("system", "The systems that hold personal data",
		v.systemCreate(), v.systemList(), v.systemShow(), v.systemChange(), v.systemTest(), v.systemPreview())
}

func (v *verbs) systemCreate() *cobra.Command {
	var in client.NewSystem
	var target, way, declaration, service string
	cmd := v.online("create --key KEY --name NAME --target @FILE --declaration FILE", "Add a system", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) (err error) {
			if in.Target, err = s.text("target", target); err != nil {
				return err
			}
			if in.Change, err = s.text("change-target", way); err != nil {
				return err
			}
			if in.Declaration, err = s.content(declaration); err != nil {
				return fmt.Errorf("--declaration: %w", err)
			}
			if in.Service, err = s.optional("service", service); err != nil {
				return err
			}
			system, err := s.CreateSystem(ctx, in)
			if err != nil {
				return err
			}
			return s.showSystem(system)
		})
	cmd.Long = cmd.Short + "." + targetHelp
	flags := cmd.Flags()
	flags.StringVar(&in.Key, "key", "", "its short name: small letters, digits, - and _")
	flags.StringVar(&in.Name, "name", "", "its name for people")
	flags.StringVar(&in.Kind, "kind", "postgres", "its kind: postgres, mysql for MySQL and MariaDB, mongodb, http, s3 for object stores; opendsr, email or manual where somebody else has it and is asked")
	addTextFlag(cmd, &target, "target", "how to reach it")
	addTextFlag(cmd, &way, "change-target", "how to reach it with a role that may change it, for erasing")
	flags.StringVar(&service, "service", "", "YAML file of its document, for the kinds http, s3, opendsr, email and manual; - reads standard input")
	flags.StringVar(&declaration, "declaration", "", "YAML file of its declaration; - reads standard input")
	for _, name := range []string{"key", "name", "declaration"} {
		_ = cmd.MarkFlagRequired(name)
	}
	return cmd
}

func (v *verbs) systemList() *cobra.Command {
	return v.online("list", "List the systems", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.Systems(ctx)
		if err != nil {
			return err
		}
		return listing[client.System]{
			head:  "KEY\tNAME\tKIND\tSTATE\tADDRESS",
			row:   func(y client.System) []string { return []string{y.Key, y.Name, y.Kind, y.State, y.Address} },
			empty: "There are no systems. docket system create adds one.",
		}.print(s, page)
	})
}

func (v *verbs) systemShow() *cobra.Command {
	return v.online("show SYSTEM", "Show a system, named by key or id, without its credentials", cobra.ExactArgs(1),
		onNamed(func(_ context.Context, s *session, system client.System, _ []string) error {
			err := s.showSystem(system)
			s.say("\n%s", printable(system.Declaration))
			if system.Service != "" {
				s.say("\n%s", printable(system.Service))
			}
			return err
		}))
}

// onNamed finds the system that the first argument names, and hands over the others.
func onNamed(do func(ctx context.Context, s *session, system client.System, args []string) error) work {
	return func(ctx context.Context, s *session, args []string) error {
		system, err := s.SystemNamed(ctx, args[0])
		if err != nil {
			return err
		}
		return do(ctx, s, system, args[1:])
	}
}

func (s *session) showSystem(system client.System) error {
	return s.show(system, func(w io.Writer) {
		pairs(w, [2]string{"key", system.Key}, [2]string{"id", system.ID.String()}, [2]string{"name", system.Name},
			[2]string{"kind", system.Kind}, [2]string{"state", system.State}, [2]string{"address", system.Address})
	})
}

func (v *verbs) systemChange() *cobra.Command {
	var name, state, target, way, declaration, service string
	cmd := v.online("change SYSTEM", "Change a system; what is not given stays", cobra.ExactArgs(1),
		onNamed(func(ctx context.Context, s *session, system client.System, _ []string) error {
			address, err := s.text("target", target)
			if err != nil {
				return err
			}
			changing, err := s.text("change-target", way)
			if err != nil {
				return err
			}
			text, err := s.optional("declaration", declaration)
			if err != nil {
				return err
			}
			document, err := s.optional("service", service)
			if err != nil {
				return err
			}
			change := client.SystemChange{Name: given(name), Target: given(address), Change: given(changing), Declaration: given(text), Service: given(document), State: given(state)}
			if change == (client.SystemChange{}) {
				return errors.New("nothing to change: give --name, --target, --change-target, --service, --declaration or --state")
			}
			changed, err := s.ChangeSystem(ctx, system.ID, change)
			if err != nil {
				return err
			}
			return s.showSystem(changed)
		}))
	cmd.Long = cmd.Short + "." + targetHelp
	cmd.Flags().StringVar(&name, "name", "", "its name for people")
	cmd.Flags().StringVar(&state, "state", "", "active or disabled")
	addTextFlag(cmd, &target, "target", "how to reach it")
	addTextFlag(cmd, &way, "change-target", "how to reach it with a role that may change it, for erasing")
	cmd.Flags().StringVar(&service, "service", "", "YAML file of its service document; - reads standard input")
	cmd.Flags().StringVar(&declaration, "declaration", "", "YAML file of its declaration; - reads standard input")
	return cmd
}

// optional reads a file that a flag names, when it does.
func (s *session) optional(flag, file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := s.content(file)
	if err != nil {
		return "", fmt.Errorf("--%s: %w", flag, err)
	}
	return text, nil
}

// given is nil for what was not said.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (v *verbs) systemTest() *cobra.Command {
	return v.online("test SYSTEM", "Try the connection and compare the annotation with what is there; status 1 when something is wrong", cobra.ExactArgs(1),
		onNamed(func(ctx context.Context, s *session, system client.System, _ []string) error {
			check, err := s.TestSystem(ctx, system.ID)
			if err != nil {
				return err
			}
			return s.checked(system, check)
		}))
}

func (v *verbs) systemPreview() *cobra.Command {
	return v.online("preview SYSTEM REQUEST", "Count what a request would touch in a system, without reading a value", cobra.ExactArgs(2),
		onNamed(func(ctx context.Context, s *session, system client.System, args []string) error {
			request, err := s.RequestID(ctx, args[0])
			if err != nil {
				return err
			}
			check, err := s.PreviewSystem(ctx, system.ID, request)
			if err != nil {
				return err
			}
			return s.checked(system, check)
		}))
}

// checked prints what a system said; findings make the exit status 1.
func (s *session) checked(system client.System, check client.Check) error {
	err := s.show(check, func(w io.Writer) {
		if len(check.Counts) > 0 {
			_, _ = fmt.Fprintln(w, "DATASET\tCOLLECTION\tROWS")
		}
		for _, c := range check.Counts {
			row(w, c.Dataset, c.Collection, fmt.Sprint(c.Rows))
		}
		for _, f := range check.Findings {
			_, _ = fmt.Fprintf(w, "%s  %s\n  %s\n  %s\n", printable(f.Code), printable(f.Where), printable(f.What), printable(f.Do))
		}
		if check.OK {
			_, _ = fmt.Fprintf(w, "%s can be reached and fits its annotation.\n", printable(system.Key))
		}
	})
	if err == nil && !check.OK {
		err = fmt.Errorf("%s: %s", system.Key, several(len(check.Findings), "finding"))
	}
	return err
}
