package mailcatcher

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	gomessage "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // decodes what is not UTF-8
	gomail "github.com/emersion/go-message/mail"
)

// parse takes a mail apart. What can't be read is named in Problem and the rest is kept: a catcher refuses nothing.
func parse(raw []byte) Message {
	m := Message{Headers: []Header{}, Attachments: []Attachment{}}
	reader, err := gomail.CreateReader(bytes.NewReader(raw))
	if reader == nil { // an unknown charset gives a reader and an error, an unknown encoding no reader
		m.Problem = err.Error()
		return m
	}
	defer reader.Close() //nolint:errcheck // reads from memory
	fields := reader.Header.Fields()
	for fields.Next() {
		m.Headers = append(m.Headers, Header{Name: fields.Key(), Value: decoded(fields)})
	}
	m.Subject = m.Header("Subject")
	if err := m.readParts(reader); err != nil {
		m.Problem = err.Error()
	}
	return m
}

func decoded(fields gomessage.HeaderFields) string {
	text, err := fields.Text()
	if err != nil {
		return fields.Value()
	}
	return text
}

func (m *Message) readParts(reader *gomail.Reader) error {
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !gomessage.IsUnknownCharset(err) && !gomessage.IsUnknownEncoding(err) {
			return fmt.Errorf("read a part: %w", err)
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return fmt.Errorf("read a part: %w", err)
		}
		m.keepPart(part.Header, body)
	}
}

// keepPart takes the first text and the first HTML part as the bodies; the rest is listed.
func (m *Message) keepPart(header gomail.PartHeader, body []byte) {
	switch h := header.(type) {
	case *gomail.InlineHeader:
		kind, _, err := h.ContentType()
		switch {
		case (err != nil || kind == "text/plain") && m.Text == "":
			m.Text = strings.ReplaceAll(string(body), "\r\n", "\n")
		case kind == "text/html" && m.HTML == "":
			m.HTML = string(body)
		default:
			m.Attachments = append(m.Attachments, Attachment{Type: kind, Size: len(body)})
		}
	case *gomail.AttachmentHeader:
		kind, _, _ := h.ContentType() // an unreadable type is shown as none
		name, _ := h.Filename()
		m.Attachments = append(m.Attachments, Attachment{Name: name, Type: kind, Size: len(body)})
	}
}
