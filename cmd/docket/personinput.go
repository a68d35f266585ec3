package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// personInput is how a command is told who somebody is: by a file, by flags, or in answers to questions.
type personInput struct {
	file   string
	person client.Person
}

func (p *personInput) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&p.file, "person-file", "", `JSON file with name, email, phone and customer_id; - reads standard input`)
	flags.StringVar(&p.person.Name, "name", "", "name (see the warning about flags)")
	flags.StringVar(&p.person.Email, "email", "", "e-mail address (see the warning about flags)")
	flags.StringVar(&p.person.Phone, "phone", "", "telephone number (see the warning about flags)")
	cmd.MarkFlagsMutuallyExclusive("person-file", "name")
	cmd.MarkFlagsMutuallyExclusive("person-file", "email")
	cmd.MarkFlagsMutuallyExclusive("person-file", "phone")
}

// customerFlag adds the number that the company knows the person by.
func (p *personInput) customerFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.person.CustomerID, "customer-id", "", "what the company knows the person by (see the warning about flags)")
	cmd.MarkFlagsMutuallyExclusive("person-file", "customer-id")
}

// read gives the person; questions are asked when nothing was said and somebody is there to answer.
func (p *personInput) read(s *session, questions ...question) (client.Person, error) {
	switch {
	case p.file != "":
		return s.personFile(p.file)
	case p.person != client.Person{}:
		return p.person, nil
	case s.asks && !s.texted:
		return s.askPerson(questions)
	default:
		return client.Person{}, errors.New("it is not said who the person is: give --person-file FILE, or - for standard input")
	}
}

// personFile reads a person. What is wrong is told without the values.
func (s *session) personFile(path string) (client.Person, error) {
	text, err := s.content(path)
	if err != nil {
		return client.Person{}, fmt.Errorf("--person-file: %w", err)
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	var person client.Person
	if err := decoder.Decode(&person); err != nil {
		return client.Person{}, fmt.Errorf(`--person-file: expected {"name": …, "email": …, "phone": …, "customer_id": …}: %w`, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return client.Person{}, errors.New("--person-file: something stands behind the person")
	}
	return person, nil
}

// question asks for one part of a person.
type question struct {
	words string
	to    func(*client.Person) *string
}

func askName() question {
	return question{"Name", func(p *client.Person) *string { return &p.Name }}
}

func askEmail() question {
	return question{"E-mail address", func(p *client.Person) *string { return &p.Email }}
}

func askPhone() question {
	return question{"Telephone number", func(p *client.Person) *string { return &p.Phone }}
}

func askCustomerID() question {
	return question{"Customer number", func(p *client.Person) *string { return &p.CustomerID }}
}

func (s *session) askPerson(questions []question) (client.Person, error) {
	var person client.Person
	s.texted = true
	lines := bufio.NewReader(io.LimitReader(s.in, maxText))
	_, _ = fmt.Fprintln(s.errs, "Who is it? An empty line leaves something out.")
	for _, q := range questions {
		_, _ = fmt.Fprintf(s.errs, "%s: ", q.words)
		line, err := lines.ReadString('\n')
		if err != nil {
			return client.Person{}, fmt.Errorf("read the answer: %w", err)
		}
		*q.to(&person) = strings.TrimSpace(line)
	}
	return person, nil
}
