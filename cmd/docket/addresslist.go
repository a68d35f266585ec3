package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/mail"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/seal"
)

// longestAddress is how many characters the API takes for an address.
const longestAddress = 320

// addressesIn reads a list with an address on each line, all of it before anybody is asked. Blank lines are passed over, and counted. What is wrong is
// said with its line, and without what stands there.
func addressesIn(in io.Reader) (all []listed, err error) {
	lines := bufio.NewScanner(in)
	n := 1
	for ; lines.Scan(); n++ {
		address := lines.Text()
		if n == 1 {
			address = strings.TrimPrefix(address, "\ufeff")
		}
		if address = strings.TrimSpace(address); address == "" {
			continue
		}
		if !isAddress(address) {
			return nil, fmt.Errorf("line %d is no e-mail address: have one on each line and nothing else", n)
		}
		all = append(all, listed{n, address})
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d has more than 64 KB: have one e-mail address on each line, with line breaks between them, and nothing else", n)
	case err != nil:
		return nil, fmt.Errorf("read the list: %w", err)
	}
	return all, nil
}

// isAddress says whether a line is an address that both mail and the register take.
func isAddress(line string) bool {
	parsed, err := mail.ParseAddress(line)
	if err != nil || parsed.Address != line || utf8.RuneCountInString(line) > longestAddress {
		return false
	}
	_, err = seal.NormalEmail(line)
	return err == nil
}

// lined says by its line of the list what a server takes no address for that this program took for one.
func lined(err error, some []listed) error {
	var problem *client.Problem
	if !errors.As(err, &problem) {
		return err
	}
	for _, f := range problem.Errors {
		_, place, inside := strings.Cut(f.Location, "[")
		index, _, _ := strings.Cut(place, "]")
		if i, err := strconv.Atoi(index); inside && err == nil && i >= 0 && i < len(some) {
			return fmt.Errorf("the server did not take line %d: %s", some[i].line, f.Message)
		}
	}
	return err
}

// openList opens a list of addresses; "-" is standard input.
func (s *session) openList(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(s.in), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the list: %w", err)
	}
	return file, nil
}

// printPassed prints the addresses that may be used, and says beside them in a few words how many may not, by what stands against them.
func (s *session) printPassed(passed []string, words string, against map[string]int) error {
	out := bufio.NewWriter(s.out)
	for _, address := range passed {
		_, _ = out.WriteString(address + "\n") // Flush tells
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the addresses: %w", err)
	}
	for _, what := range slices.Sorted(maps.Keys(against)) {
		words += fmt.Sprintf("; %s: %d", what, against[what])
	}
	_, err := fmt.Fprintln(s.errs, words)
	return err
}
