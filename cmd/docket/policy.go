package main

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	_ "time/tzdata" // due days end in the controller's zone, also on machines without a zone database

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/policies/vectors"
	"github.com/privacy-docket/docket/privacy"
)

// newPolicyCommand is `docket policy`: what the policies say, whether they are sound, and whether the law keeps to
// counsel's vectors.
func newPolicyCommand() *cobra.Command {
	policy := &cobra.Command{Use: "policy", Short: "Explain, list, check and test the rules of the laws"}
	policy.AddCommand(newPolicyExplainCommand(), newPolicyListCommand(), newPolicyCheckCommand(), newPolicyTestCommand())
	return policy
}

func newPolicyListCommand() *cobra.Command {
	var folder string
	var asJSON bool
	list := &cobra.Command{
		Use:   "list",
		Short: "List every regime and version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			book, err := openPolicies(folder)
			if err != nil {
				return err
			}
			if asJSON {
				return printPolicyJSON(cmd.OutOrStdout(), book.Regimes())
			}
			return listRegimes(cmd.OutOrStdout(), book.Regimes())
		},
	}
	list.Flags().StringVar(&folder, "policies", "", "folder of policies instead of the built-in ones")
	list.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return list
}

func listRegimes(w io.Writer, regimes []privacy.Summary) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "REGIME\tVERSION\tFROM\tTO\tNAME")
	for _, r := range regimes {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Version, r.ValidFrom, r.ValidTo, r.Name)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the regimes: %w", err)
	}
	return nil
}

func newPolicyCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check DIR",
		Short: "Read a folder of policies and report every problem with file, line and reason",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			book, err := openPolicies(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: sound, %d versions of regimes\n", args[0], len(book.Regimes()))
			return nil
		},
	}
}

func newPolicyTestCommand() *cobra.Command {
	var folder string
	test := &cobra.Command{
		Use:   "test FILE...",
		Short: "Run test vectors, a line for each failure; exit status 1 when there is one",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			book, err := openPolicies(folder)
			if err != nil {
				return err
			}
			return runPolicyVectors(cmd.OutOrStdout(), vectors.New(book), args)
		},
	}
	test.Flags().StringVar(&folder, "policies", "", "folder of policies instead of the built-in ones")
	return test
}

// runPolicyVectors runs every file and ends with the tally alone on a line. A file that cannot be read is one failure.
func runPolicyVectors(w io.Writer, runner *vectors.Runner, files []string) error {
	passed, failed := 0, 0
	for _, file := range files {
		results, err := runPolicyVectorFile(runner, file)
		if err != nil {
			failed++
			fmt.Fprintf(w, "FAIL %s: %s\n", file, err)
			continue
		}
		for _, r := range results {
			if r.Failure == "" {
				passed++
				continue
			}
			failed++
			fmt.Fprintf(w, "FAIL %s: %s (%s): %s\n", file, r.ID, r.Rule, policyLine(r.Failure))
		}
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		return &exitError{status: 1} // the tally is the last line
	}
	return nil
}

func runPolicyVectorFile(runner *vectors.Runner, file string) ([]vectors.Result, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading vectors: %w", err)
	}
	return runner.Run(data)
}

// openPolicies reads the built-in policies, or those of a folder.
func openPolicies(folder string) (*policies.Book, error) {
	if folder == "" {
		return policies.Embedded()
	}
	info, err := os.Stat(folder)
	if err != nil {
		return nil, fmt.Errorf("opening the folder of policies: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("opening the folder of policies: %s is not a folder", folder)
	}
	book, err := policies.Load(os.DirFS(folder))
	if err != nil {
		return nil, fmt.Errorf("the policies in %s are refused:\n%w", folder, err)
	}
	return book, nil
}
