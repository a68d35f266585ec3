package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/audit"
)

func newVerifyCertificateCommand() *cobra.Command {
	var key, log string
	cmd := &cobra.Command{
		Use:   "verify-certificate FILE --key KEY",
		Short: "Check the certificate of an erasure offline, and say what it certifies",
		Long: `Check the certificate of an erasure, a file written by docket erasure certificate or the signed note itself, without a
database or a network.

The key is that of the audit log, <origin>+<hash>+<key>, or a file that holds it. Get it from the operator by another way
than the certificate. With --log, an exported log (a folder or a .zip file), the log is verified too: it must have grown
out of the one that the certificate was signed over, and the events that the certificate names must be in it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return verifyCertificate(cmd.OutOrStdout(), args[0], key, log)
		},
	}
	addKeyFlag(cmd, &key)
	cmd.Flags().StringVar(&log, "log", "", "exported log in which the events must be")
	return cmd
}

// maxCertificate bounds what is read: a certificate of thousands of collections is smaller.
const maxCertificate = 64 << 20

func verifyCertificate(w io.Writer, path, key, log string) error {
	verifierKey, err := readVerifierKey(key)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading the certificate: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(file, maxCertificate))
	if err != nil {
		return fmt.Errorf("reading the certificate: %w", err)
	}
	c, err := audit.OpenCertificate(data, verifierKey)
	if err != nil {
		return err
	}
	if err := checkInLog(w, c, verifierKey, log); err != nil {
		return err
	}
	printCertificate(w, c)
	return nil
}

func checkInLog(w io.Writer, c audit.Certificate, verifierKey, log string) error {
	if log == "" {
		fmt.Fprintf(w, "verified  the signature, for %s\n          its %d events were not looked for: give the exported log with --log\n", c.Log.Origin, len(c.Log.Events))
		return nil
	}
	fsys, done, err := openExport(log)
	if err != nil {
		return err
	}
	defer done()
	report, err := audit.VerifyCertified(fsys, verifierKey, c)
	if err == nil {
		fmt.Fprintf(w, "verified  the signature, and %d events in the log of %d, for %s\n", len(c.Log.Events), report.Size, c.Log.Origin)
	}
	return err
}

func printCertificate(w io.Writer, c audit.Certificate) {
	t := c.Totals
	pairs(w, [2]string{"tenant", printable(c.Tenant.Name)}, [2]string{"request", printable(c.Request.Reference)},
		[2]string{"law", printable(c.Request.Law + ", " + c.Request.Citation)},
		[2]string{"approved", fmt.Sprintf("%s by %s %s", c.Plan.Approved.At.Format(time.RFC3339), printable(c.Plan.Approved.Role), printable(c.Plan.Approved.ID))},
		[2]string{"done", fmt.Sprintf("%s to %s", c.Plan.Begun.Format(time.RFC3339), c.Plan.Ended.Format(time.RFC3339))},
		[2]string{"rows", fmt.Sprintf("%d deleted, %d masked, %d trimmed, %d in part; %d kept", t.Deleted, t.Masked, t.Trimmed, t.InPart, t.Kept)},
		[2]string{"plan", printable(c.Plan.SHA256)})
	for _, s := range c.Systems {
		fmt.Fprintf(w, "\n%s (%s): %s\n", printable(s.Name), printable(s.Key), map[string]string{
			audit.CertifiedDone: "erased by Docket and read back", audit.CertifiedByHand: "by hand", audit.CertifiedNothing: "nothing to do",
			audit.CertifiedAsked: "asked of " + printable(s.Asked) + ", who said: " + printable(s.Answer),
		}[s.How])
		for _, l := range s.Collections {
			fmt.Fprintf(w, "  %s.%s  %d deleted, %d masked, %d trimmed, %d in part%s\n", printable(l.Dataset), printable(l.Collection), l.Deleted, l.Masked, l.Trimmed, l.InPart, found(l.ReadBack))
			if l.AtLeast {
				fmt.Fprintln(w, "    at least: the work was broken off and taken up again")
			}
			if len(l.NotErased) > 0 {
				fmt.Fprintf(w, "    not erased, as decided: %s\n", printable(strings.Join(l.NotErased, ", ")))
			}
			for _, k := range l.Kept {
				fmt.Fprintf(w, "    keeps %d: %s\n", k.Rows, printable(strings.TrimSpace(k.Citation+untilDay(k.Until))))
			}
		}
	}
}

func found(r *audit.CertifiedReading) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf(", read back: %d untreated, %d stay", r.Untreated, r.Kept)
}

func untilDay(day string) string {
	if day == "" {
		return ""
	}
	return " until " + day
}

func (v *verbs) erasureCertificate() *cobra.Command {
	var out string
	cmd := v.online("certificate REQUEST", "Fetch the signed certificate of an erasure; as a PDF when --out ends in .pdf", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			text, err := s.certificate(ctx, id, strings.HasSuffix(out, ".pdf"))
			if err != nil {
				return err
			}
			if out == "" {
				_, err = s.out.Write(text)
				return err
			}
			if _, err := os.Lstat(out); err == nil {
				return errors.New("there is something at " + out + " already: name a new file")
			}
			if err := os.WriteFile(out, text, 0o600); err != nil {
				return fmt.Errorf("write the certificate: %w", err)
			}
			s.say("Wrote the certificate to %s.", out)
			return nil
		}))
	cmd.Long = cmd.Short + `.

It says what was done in every system, by whose decision, what is kept under which law until when, and which events of the audit log show it;
nothing about the person. docket audit verify-certificate checks it. The PDF only shows it.`
	cmd.Flags().StringVar(&out, "out", "", "file to write, by default standard output")
	return cmd
}

func (s *session) certificate(ctx context.Context, id uuid.UUID, paper bool) ([]byte, error) {
	if !paper {
		text, err := s.ErasureCertificate(ctx, id)
		return append(text, '\n'), err
	}
	var drawn bytes.Buffer
	err := s.PrintErasureCertificate(ctx, id, &drawn)
	return drawn.Bytes(), err
}
